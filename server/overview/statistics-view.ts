import { cardTypes } from '../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import type { SheetNames } from '../assets/sheet-rows.ts'
import { plus } from '../kernel/money.ts'
import type { Figure } from './statistics-queries.ts'

/** Beyond this many units, a page shows one line per unit. */
const mostDetailed = 40

/** The figures as the page draws them: sums by type, then each unit with its types; stationed units by themselves. */
export function statisticsView(figures: readonly Figure[], names: SheetNames, linkOf: LinkOf) {
  const parts = [false, true].map((stationed) => {
    const part = figures.filter((figure) => figure.stationed === stationed)
    const total = part.find((figure) => figure.unit === null && figure.cardType === null)
    const units = part.filter((figure) => figure.unit !== null && figure.cardType === null)
    const detailed = units.length <= mostDetailed
    return {
      total: total && Number(total.count) > 0 ? total : null,
      detailed,
      types: part.filter((figure) => figure.unit === null && figure.cardType !== null).map((figure) => line(figure)),
      units: units.map((unit) => ({
        ...line(unit),
        types: detailed
          ? part.filter((figure) => figure.unit === unit.unit && figure.cardType !== null).map((figure) => line(figure))
          : [],
      })),
    }
  })
  const totals = figures.filter((figure) => figure.unit === null && figure.cardType === null)
  const laterCount = totals.reduce((sum, figure) => sum + Number(figure.laterCount), 0)
  return {
    own: parts[0],
    stationed: parts[1],
    later: laterCount > 0 ? { count: laterCount, cost: plus(...totals.map((figure) => figure.laterCost)) } : null,
  }

  function line(figure: Figure) {
    const label = figure.cardType === null ? names.unit(figure.unit) : choiceLabel(cardTypes, figure.cardType)
    const hint = figure.laterCount === '0' ? null : `后补 ${figure.laterCount} 宗`
    return { label, href: linkOf(figure.unit, figure.cardType), hint, figure }
  }
}

export type LinkOf = (unit: string | null, cardType: string | null) => string | null

export const figureColumns = [
  { key: 'count', label: '宗数', format: 'count' },
  { key: 'landArea', label: '占地面积', unit: '㎡', format: 'area' },
  { key: 'floorArea', label: '建筑面积', unit: '㎡', format: 'area' },
  { key: 'idleArea', label: '闲置面积', unit: '㎡', format: 'area' },
  { key: 'cost', label: '原值', unit: '元', format: 'money' },
  { key: 'depreciation', label: '累计折旧', unit: '元', format: 'money' },
  { key: 'netValue', label: '净值', unit: '元', format: 'money' },
  { key: 'annualRent', label: '年租金', unit: '元', format: 'money' },
] as const
