import type { Column, Sheet } from './sheet.ts'
import { cardColumn, serialColumn, typeColumn } from './sheet.ts'

const columns = [
  serialColumn,
  typeColumn('booked', { header: '登账状态', width: 8 }),
  cardColumn('usage', { header: '资产状态', width: 8 }),
  cardColumn('code', { width: 15 }),
  cardColumn('originalCode', { width: 13 }),
  cardColumn('name', { width: 18 }),
  cardColumn('specification', { width: 13 }),
  typeColumn('brand', { width: 9 }),
  cardColumn('quantity', { width: 7 }),
  { key: 'unitPrice', header: '单价(元)', kind: 'money', unit: '元', width: 14 },
  cardColumn('cost', { header: '价值(元)', width: 16 }),
  cardColumn('acquiredOn', { header: '购置日期', width: 13 }),
  cardColumn('location', { header: '存放地点', width: 18 }),
  cardColumn('source', { header: '取得方式', width: 9 }),
  cardColumn('unitOfMeasure', { width: 6 }),
  cardColumn('voucherNo', { width: 11 }),
  cardColumn('usingUnit', { header: '使用部门', width: 14 }),
  cardColumn('keeper', { header: '使用人', width: 9 }),
  { key: 'managingDepartment', header: '管理部门', kind: 'text', width: 12 },
  typeColumn('bookedOn', { header: '财务入账日期', width: 13 }),
  cardColumn('remark', { width: 16 }),
] as const satisfies readonly Column[]

/** A card of the list; `serial` is counted by the writer. */
export type CardsRow = Readonly<Record<Exclude<(typeof columns)[number]['key'], 'serial'>, string | null>>

/** 单位资产卡片, the list that asset systems of administrative units export. */
export const cardsSheet: Sheet = {
  key: 'cards',
  title: '单位资产卡片',
  columns,
  unitLine: '单位：元',
  signatures: [
    { key: 'unit', label: '单位(盖章)' },
    { key: 'reviewer', label: '审核人' },
    { key: 'preparer', label: '制表人' },
    { key: 'date', label: '制表日期' },
  ],
  paper: 'A4',
  orientation: 'landscape',
  filter: true,
}
