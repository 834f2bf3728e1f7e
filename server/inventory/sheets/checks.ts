import {
  type CountGroup,
  type CountMeasure,
  countGroups,
  countMeasures,
} from '../../../imports/sheets/count-summary.ts'
import type { Reckoning, Reckonings, Term } from '../../../imports/writing/reckonings.ts'
import type { printed } from './printing.ts'
import { groupsIn, markOf, type SummaryPart, summaryTab, typeLabel } from './summary.ts'

const measures = Object.keys(countMeasures) as CountMeasure[]

/** Every check of a document's figures that holds in all its workbooks, then those of one of them. */
export function checksWorksheet(
  parts: readonly SummaryPart[],
  head: ReturnType<typeof printed>,
  own: readonly Reckoning[] = [],
): Reckonings {
  const groups = groupsIn(parts.flatMap(({ total }) => total ?? []))
  const general = parts
    .filter(({ types }) => types.length > 0)
    .flatMap((part) => [
      ...part.types.flatMap(({ cardType }) => balances(part, cardType ?? '', groups)),
      ...rollUps(part, groups),
      ...netValues(part),
      ...contained(part, groups),
    ])
  return {
    meta: head.meta,
    reckonings: [...general, ...own],
    notes: ['注：左边、右边都取自本工作簿的单元格，改动数字后自动重算。'],
  }
}

const at = (mark: string, group: CountGroup, measure: CountMeasure, minus = false): Term => ({
  sheet: summaryTab,
  mark,
  column: `${group}${measure}`,
  ...(minus ? { minus } : {}),
})
const whoseOf = ({ stationed }: SummaryPart) => (stationed ? '派驻单位' : '')
const labelOf = (measure: CountMeasure) => countMeasures[measure]

/** 清查数 = 账面数 + 盘盈 − 盘亏 of one card type, in quantity and in each amount. */
function balances(part: SummaryPart, cardType: string, groups: readonly CountGroup[]): Reckoning[] {
  const mark = markOf.type(part.stationed, cardType)
  const open = groups.includes('uncounted')
  return measures.map((measure) => ({
    name: `${whoseOf(part)}${typeLabel(cardType)}：${labelOf(measure)}`,
    words: `清查数 = 账面数 + 盘盈 − 盘亏${open ? ' − 未盘' : ''}`,
    left: [at(mark, 'counted', measure)],
    right: [
      at(mark, 'book', measure),
      at(mark, 'surplus', measure),
      at(mark, 'missing', measure, true),
      ...(open ? [at(mark, 'uncounted', measure, true)] : []),
    ],
  }))
}

/** The units together come to what all their lines come to. */
function rollUps(part: SummaryPart, groups: readonly CountGroup[]): Reckoning[] {
  const { stationed } = part
  // The units of the main part stand above its 合计; those of stationed units are summed here.
  if (stationed) return []
  return groups.flatMap((group) =>
    measures.map((measure) => ({
      name: `各单位合计：${countGroups[group].replace('其中', '')}${labelOf(measure)}`,
      words: '各单位小计之和 = 按资产类别合计',
      left: [at('total', group, measure)],
      right: [at(markOf.all(false), group, measure)],
    })),
  )
}

function netValues(part: SummaryPart): Reckoning[] {
  const mark = markOf.all(part.stationed)
  return (['book', 'counted'] as const).map((group) => {
    const gap = part.total?.[`${group}Gap`] ?? '0'
    const without = Number(gap) === 0 ? '' : ` + 资料不全的资产相差数 ${gap}`
    return {
      name: `${whoseOf(part)}${countGroups[group]}：净值`,
      words: `净值 = 原值 − 累计折旧${without}`,
      left: [at(mark, group, 'Net')],
      right: [
        at(mark, group, 'Cost'),
        at(mark, group, 'Depreciation', true),
        ...(Number(gap) === 0 ? [] : [{ figure: gap }]),
      ],
    }
  })
}

/** 待报废 and 待界定 were counted; they leave only by what is decided later. */
function contained(part: SummaryPart, groups: readonly CountGroup[]): Reckoning[] {
  const mark = markOf.all(part.stationed)
  const within = groups.filter((group) => group === 'scrap' || group === 'undetermined')
  return measures.map((measure) => ({
    name: `${whoseOf(part)}待报废、待界定：${labelOf(measure)}`,
    words: `${within.map((group) => countGroups[group].replace('其中', '')).join(' + ')} ≤ 清查数`,
    left: within.map((group) => at(mark, group, measure)),
    right: [at(mark, 'counted', measure)],
    atMost: true,
  }))
}

/** A list sums to the columns of 汇总 that are about it. */
export function listChecks(
  tab: string,
  stationed: boolean,
  pairs: readonly (readonly [column: string, group: CountGroup, measure: CountMeasure])[],
  mark = 'total',
): Reckoning[] {
  return pairs.map(([column, group, measure]) => ({
    name: `${stationed ? '派驻单位' : ''}${tab}：${countGroups[group].replace('其中', '')}${labelOf(measure)}`,
    words: `${tab}合计 = 汇总${countGroups[group]}`,
    left: [{ sheet: tab, mark, column }],
    right: [at(markOf.all(stationed), group, measure)],
  }))
}
