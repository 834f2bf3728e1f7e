import { cardTypes } from '../../../imports/sheets/card-choices.ts'
import { type CountGroup, countGroups, countSummarySheet } from '../../../imports/sheets/count-summary.ts'
import { choiceLabel } from '../../../imports/sheets/fields.ts'
import type { SheetRow } from '../../../imports/sheets/sheet.ts'
import type { Section, Worksheet } from '../../../imports/writing/worksheet.ts'
import type { Extent } from './extent.ts'
import { apart, type printed } from './printing.ts'
import type { CountFigure } from './queries.ts'

export const summaryTab = '汇总'

/** The lines of 汇总 that checks speak of. */
export const markOf = {
  type: (stationed: boolean, cardType: string) => `${stationed ? 'stationed' : 'own'} ${cardType}`,
  all: (stationed: boolean) => `${stationed ? 'stationed' : 'own'} all`,
}

/** Figures of one part of the document; all of them where it has but one. */
export type SummaryPart = {
  stationed: boolean
  units: CountFigure[]
  types: CountFigure[]
  total: CountFigure | undefined
}

export function summaryParts({ mixed }: Extent, figures: readonly CountFigure[]): SummaryPart[] {
  const parts = mixed ? [false, true] : [figures[0]?.stationed ?? false]
  return parts.map((stationed) => {
    const own = figures.filter((figure) => figure.stationed === stationed)
    return {
      // Alone, stationed units are the table itself.
      stationed: mixed && stationed,
      units: own.filter(({ unit, cardType }) => unit !== null && cardType !== null),
      types: own.filter(({ unit, cardType }) => unit === null && cardType !== null),
      total: own.find(({ unit, cardType }) => unit === null && cardType === null),
    }
  })
}

/** 汇总: figures by unit and card type, then all units by card type, which must come to the same. */
export function summaryWorksheet(
  parts: readonly SummaryPart[],
  head: ReturnType<typeof printed>,
  notes: readonly string[] = [],
): Worksheet {
  const [own, stationed] = parts
  const all = parts.flatMap(({ total }) => total ?? [])
  const uncounted = all.reduce((sum, figure) => sum + Number(figure.uncountedLines), 0)
  return {
    sheet: countSummarySheet(groupsIn(all), own?.total),
    name: summaryTab,
    ...head,
    sections: own ? byUnit(own) : [],
    apart: [...(own ? byType(own) : []), ...(stationed ? [...apart(byUnit(stationed)), ...byType(stationed)] : [])],
    notes: [
      ...head.notes,
      '注：清查数 = 账面数 + 盘盈 − 盘亏 − 未盘；账面没有数量的按 1 计；没有金额的留空，不计入合计。',
      ...(uncounted > 0 ? [`注：还有 ${uncounted} 项未盘，盘点完后请重新导出。`] : []),
      ...notes,
    ],
  }
}

/** Groups in which nothing is take no place. */
export function groupsIn(all: readonly CountFigure[]): CountGroup[] {
  const optional: readonly CountGroup[] = ['uncounted', 'undetermined']
  return (Object.keys(countGroups) as CountGroup[]).filter(
    (group) => !optional.includes(group) || all.some((figure) => Number(figure[`${group}Quantity`] ?? 0) > 0),
  )
}

function byUnit(part: SummaryPart): Section[] {
  const { units } = part
  const names = [...new Set(units.map(({ unit }) => unit))]
  return names.map((unit) => {
    const own = units.filter((figure) => figure.unit === unit)
    return {
      rows: own.map((figure) => rowOf(figure)),
      subtotal: `${own[0]?.unitName ?? ''}小计`,
      ...(names.length === 1 ? { marks: marksOf(part) } : {}),
    }
  })
}

/** One unit by itself is summed by card type already. */
function byType(part: SummaryPart): Section[] {
  const { stationed, types, units } = part
  if (new Set(units.map(({ unit }) => unit)).size < 2) return []
  const whose = stationed ? '派驻单位' : '全部单位'
  return [
    {
      heading: `${whose}按资产类别合计`,
      rows: types.map((figure) => rowOf({ ...figure, unitName: whose })),
      subtotal: `${whose}类别合计`,
      marks: marksOf(part),
    },
  ]
}

function marksOf({ stationed, types }: SummaryPart) {
  return {
    rows: types.map(({ cardType }) => markOf.type(stationed, cardType ?? '')),
    subtotal: markOf.all(stationed),
  }
}

function rowOf({ unitName, stationed: _stationed, unit: _unit, ...figures }: CountFigure): SheetRow {
  return { ...figures, unit: unitName }
}

export function typeLabel(cardType: string | null): string {
  return choiceLabel(cardTypes, cardType)
}
