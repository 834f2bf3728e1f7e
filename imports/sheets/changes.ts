import type { Column, Sheet } from './sheet.ts'
import { cardColumn, serialColumn } from './sheet.ts'

const money = (key: string, header: string) =>
  ({ key, header, kind: 'money', unit: '元', width: 16, sum: true }) as const satisfies Column
const text = (key: string, header: string, width: number) =>
  ({ key, header, kind: 'text', width }) as const satisfies Column

const balanceColumns = [
  serialColumn,
  text('label', '项目', 18),
  { key: 'count', header: '张数', kind: 'integer', width: 9 },
  { ...money('cost', '原值(元)'), sum: false },
  { ...money('depreciation', '累计折旧(元)'), sum: false },
  { ...money('netValue', '净值(元)'), sum: false },
  { key: 'landArea', header: '占地面积(㎡)', kind: 'area', unit: '㎡', width: 14 },
  { key: 'floorArea', header: '建筑面积(㎡)', kind: 'area', unit: '㎡', width: 14 },
  text('hint', '说明', 30),
] as const satisfies readonly Column[]

const changeColumns = [
  serialColumn,
  cardColumn('code', { width: 16 }),
  cardColumn('externalCode', { width: 16 }),
  cardColumn('name', { width: 18 }),
  text('owner', '权属单位', 18),
  text('kind', '变动类别', 9),
  money('oldCost', '期初原值(元)'),
  money('costUp', '原值增加(元)'),
  money('costDown', '原值减少(元)'),
  money('newCost', '期末原值(元)'),
  money('netUp', '净值增加(元)'),
  money('netDown', '净值减少(元)'),
  { key: 'content', header: '变动内容', kind: 'longText', width: 36 },
  { key: 'effective', header: '生效日期', kind: 'date', width: 13 },
  { key: 'recorded', header: '记入日期', kind: 'date', width: 13 },
  text('late', '后补', 6),
  text('basis', '依据', 24),
  { key: 'ticked', header: '外部系统已调整', kind: 'tick', ticks: 'done', width: 10, byHand: true },
] as const satisfies readonly Column[]

/** A card that changed between two days; `serial` is counted by the writer, `ticked` by whoever adjusts the other system. */
export type ChangeSheetRow = Readonly<
  Record<Exclude<(typeof changeColumns)[number]['key'], 'serial' | 'ticked'>, string | null>
>
export type BalanceSheetRow = Readonly<Record<Exclude<(typeof balanceColumns)[number]['key'], 'serial'>, string | null>>

const signatures = [
  { key: 'unit', label: '单位(盖章)' },
  { key: 'preparer', label: '制表人' },
  { key: 'date', label: '制表日期' },
] as const

/** 资产增减变动表: opening, what was added and what went, closing. */
export const balanceSheet: Sheet = {
  key: 'changes-balance',
  title: '公有资产增减变动表',
  columns: balanceColumns,
  unitLine: '单位：张、元、㎡',
  signatures,
  paper: 'A4',
  orientation: 'landscape',
}

/** The cards behind it, one line each. */
export const changesSheet: Sheet = {
  key: 'changes',
  title: '公有资产增减变动明细表',
  columns: changeColumns,
  unitLine: '单位：元',
  signatures,
  paper: 'A4',
  orientation: 'landscape',
  filter: true,
}
