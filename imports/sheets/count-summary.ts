import { cardTypes } from './card-choices.ts'
import type { Column, Sheet } from './sheet.ts'

/** 账面 + 盘盈 − 盘亏 (− 未盘) = 清查; 待报废 and 待界定 are parts of what was counted. */
export const countGroups = {
  book: '账面数',
  surplus: '盘盈',
  missing: '盘亏',
  uncounted: '未盘',
  counted: '清查数',
  scrap: '其中待报废',
  undetermined: '其中待界定',
} as const
export type CountGroup = keyof typeof countGroups

export const countMeasures = {
  Quantity: '数量',
  Cost: '原值',
  Depreciation: '累计折旧',
  Net: '净值',
} as const
export type CountMeasure = keyof typeof countMeasures
export type CountFigureKey = `${CountGroup}${CountMeasure}`

export const countFigureKeys = (Object.keys(countGroups) as CountGroup[]).flatMap((group) =>
  (Object.keys(countMeasures) as CountMeasure[]).map((measure): CountFigureKey => `${group}${measure}`),
)

/** What the figures come to: a column is as wide as its longest figure asks for, and a narrow sheet is printed larger. */
export type CountTotals = Readonly<Partial<Record<CountFigureKey, string | null>>>

/** One group of a count's figures as neighbouring columns. */
export function figureColumns(
  group: CountGroup,
  totals: CountTotals,
  measures: readonly CountMeasure[] = Object.keys(countMeasures) as CountMeasure[],
  labels: Partial<Record<CountMeasure, string>> = {},
): Column[] {
  return measures.map((measure) => {
    const key: CountFigureKey = `${group}${measure}`
    const width = Math.max(narrowest[measure], printedLength(totals[key] ?? '', measure) + 2)
    return {
      ...{ key, header: labels[measure] ?? countMeasures[measure], group: countGroups[group], width, sum: true },
      ...(measure === 'Quantity' ? { kind: 'quantity' } : { kind: 'money', unit: '元' }),
    }
  })
}

const narrowest: Record<CountMeasure, number> = { Quantity: 6, Cost: 9, Depreciation: 9, Net: 9 }

/** With the thousands set apart and two places of cents. */
function printedLength(figure: string, measure: CountMeasure): number {
  const whole = figure.replace(/\..*/, '').length
  return measure === 'Quantity' ? figure.replace(/\.?0+$/, '').length : whole + Math.floor(whole / 3) + 3
}

/** 资产清查汇总表 by unit and card type; groups in which nothing is are left out. The layout is a recommended one. */
export function countSummarySheet(groups: readonly CountGroup[], totals: CountTotals = {}): Sheet {
  return {
    key: 'count-summary',
    title: '资产清查汇总表',
    columns: [
      { key: 'unit', header: '单位', kind: 'text', width: 20 },
      { key: 'cardType', header: '资产类别', kind: 'choice', choices: cardTypes, width: 10 },
      { key: 'lines', header: '项数', kind: 'integer', width: 5, sum: true },
      ...groups.flatMap((group) => figureColumns(group, totals)),
    ],
    unitLine: '单位：项、元',
    signatures: countSignatures,
    paper: 'A4',
    orientation: 'landscape',
  }
}

export const countSignatures = [
  { key: 'unit', label: '填报单位(盖章)' },
  { key: 'head', label: '单位负责人' },
  { key: 'reviewer', label: '审核人' },
  { key: 'preparer', label: '填表人' },
  { key: 'date', label: '填报日期' },
] as const
