import Big from 'big.js'
import type { Column, Sheet } from './sheet.ts'

/** The lines of 固定和无形资产存量情况表, each with those it is the sum of; 未分类 is printed only where something is in it. */
export const stockLines = [
  { key: 'all', label: '合计', adds: ['fixed', 'intangible', 'unsorted'] },
  { key: 'fixed', label: '一、固定资产', adds: ['premises', 'general', 'special', 'relics', 'books', 'furniture'] },
  { key: 'premises', label: '(一)土地、房屋及构筑物' },
  { key: 'general', label: '(二)通用设备' },
  { key: 'special', label: '(三)专用设备' },
  { key: 'relics', label: '(四)文物和陈列品' },
  { key: 'books', label: '(五)图书档案' },
  { key: 'furniture', label: '(六)家具、用具、装具及动植物' },
  { key: 'intangible', label: '二、无形资产' },
  { key: 'unsorted', label: '未分类' },
] as const satisfies readonly { key: string; label: string; adds?: readonly string[] }[]
export type StockLineKey = (typeof stockLines)[number]['key']
/** What cards fall into. */
export type StockClass = Exclude<StockLineKey, 'all' | 'fixed'>

/** The states that closing figures are told apart by; 其他 is printed only where something is in it. */
export const stockStates = {
  inUse: '在用',
  let: '出租出借',
  idle: '闲置',
  awaiting: '待处置(待报废、毁损等)',
  other: '其他(对外投资、未填使用状况)',
} as const
export type StockState = keyof typeof stockStates

export const stockMeasures = ['quantity', 'cost', 'depreciation', 'netValue'] as const
export type StockMeasure = (typeof stockMeasures)[number]
export type StockAmounts = Readonly<Record<StockMeasure, string | null>>

/** Groups of four columns: the opening, the closing, and the closing by state. */
export type StockGroup = 'opening' | 'closing' | StockState
export type StockFigures = Readonly<Record<StockGroup, StockAmounts>>
export type StockLine = { key: StockLineKey; label: string; figures: StockFigures }

const measureHeaders: Record<StockMeasure, string> = {
  quantity: '数量',
  cost: '价值',
  depreciation: '累计折旧摊销',
  netValue: '净值',
}

/** So that the header stays in one line. */
const narrowest: Record<StockMeasure, number> = { quantity: 6, cost: 9, depreciation: 13, netValue: 9 }

/** What stands in a row under a group and a measure: closing.netValue. */
export function stockKey(group: StockGroup, measure: StockMeasure): string {
  return `${group}.${measure}`
}

export const stockTitle = '固定和无形资产存量情况表'

/** Narrow sheets are printed larger, so a column is as wide as its longest figure asks for. */
export function stockSheet(lines: readonly StockLine[], states: readonly StockState[]): Sheet {
  const groups: StockGroup[] = ['opening', 'closing', ...states]
  return {
    key: 'stock',
    title: stockTitle,
    columns: [
      { key: 'label', header: '项目', kind: 'text', width: 18 },
      { key: 'serial', header: '行次', kind: 'serial', width: 5 },
      ...groups.flatMap((group) => stockMeasures.map((measure) => figureColumn(group, measure, lines, states))),
    ],
    unitLine: '单位：元',
    signatures: [
      { key: 'unit', label: '填报单位(盖章)' },
      { key: 'head', label: '单位负责人' },
      { key: 'reviewer', label: '审核人' },
      { key: 'preparer', label: '填表人' },
      { key: 'date', label: '填报日期' },
    ],
    paper: 'A4',
    orientation: 'landscape',
  }
}

/** A line as the writer prints it. */
export function stockRow({ label, figures }: StockLine): Record<string, string | null> {
  const amounts = Object.entries(figures).flatMap(([group, figure]) =>
    stockMeasures.map((measure) => [stockKey(group as StockGroup, measure), figure[measure]] as const),
  )
  return { label, ...Object.fromEntries(amounts) }
}

/** Which of the printed lines, counted from 1, the line before them is the sum of. */
export function stockSumLines(lines: readonly StockLine[]): Record<number, readonly number[]> {
  const places = new Map<string, number>(lines.map(({ key }, index) => [key, index + 1]))
  return Object.fromEntries(
    stockLines.flatMap((line) => {
      const place = places.get(line.key)
      if (place === undefined || !('adds' in line)) return []
      return [[place, line.adds.flatMap((key) => places.get(key) ?? [])]]
    }),
  )
}

function figureColumn(
  group: StockGroup,
  measure: StockMeasure,
  lines: readonly StockLine[],
  states: readonly StockState[],
): Column {
  const longest = Math.max(0, ...lines.map(({ figures }) => printedLength(figures[group][measure], measure)))
  const money = measure !== 'quantity'
  return {
    key: stockKey(group, measure),
    ...(group === 'opening'
      ? { group: '期初账面数' }
      : { over: '期末账面数', group: group === 'closing' ? '合计' : stockStates[group] }),
    header: measureHeaders[measure],
    kind: money ? 'money' : 'quantity',
    ...(money ? { unit: '元' } : {}),
    width: Math.max(narrowest[measure], longest + 2),
    ...(group === 'closing' ? { adds: states.map((state) => stockKey(state, measure)) } : {}),
  }
}

function printedLength(figure: string | null, measure: StockMeasure): number {
  if (figure === null) return 0
  if (measure === 'quantity') return new Big(figure).toFixed().length
  const whole = figure.replace(/\..*/, '').length
  return whole + Math.floor((whole - 1) / 3) + 3
}
