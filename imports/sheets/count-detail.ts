import { cardTypes, usages } from './card-choices.ts'
import { countSignatures, figureColumns } from './count-summary.ts'
import type { Column, Sheet } from './sheet.ts'
import { cardColumn, serialColumn } from './sheet.ts'

const amount = { Cost: '金额(元)' } as const

/** 固定资产清查明细表: the official header was not found, so these are the classic columns in their usual order. */
const columns: readonly Column[] = [
  serialColumn,
  { key: 'unit', header: '单位', kind: 'text', width: 16 },
  cardColumn('code', { width: 16 }),
  cardColumn('name', { width: 18 }),
  { key: 'cardType', header: '类别', kind: 'choice', choices: cardTypes, width: 8 },
  cardColumn('specification', { width: 12 }),
  cardColumn('unitOfMeasure', { width: 6 }),
  cardColumn('acquiredOn', { header: '取得日期', width: 11 }),
  ...figureColumns('book'),
  ...figureColumns('counted'),
  ...figureColumns('surplus', ['Quantity', 'Cost'], amount),
  ...figureColumns('missing', ['Quantity', 'Cost'], amount),
  ...figureColumns('scrap', ['Quantity', 'Cost'], amount),
  { key: 'reason', header: '盈亏原因', kind: 'longText', width: 16 },
  { key: 'usage', header: '使用状况', kind: 'choice', choices: usages, width: 8 },
  { key: 'location', header: '存放地点', kind: 'text', width: 16 },
  { key: 'keeper', header: '责任人', kind: 'text', width: 8 },
  { key: 'remark', header: '备注', kind: 'longText', width: 14 },
]

export const countDetailSheet: Sheet = {
  key: 'count-detail',
  title: '固定资产清查明细表',
  columns,
  unitLine: '单位：元',
  signatures: countSignatures,
  paper: 'A4',
  orientation: 'landscape',
}
