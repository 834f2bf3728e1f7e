import { cardTypes, usages } from './card-choices.ts'
import { type CountTotals, countSignatures, figureColumns } from './count-summary.ts'
import type { Column, Sheet } from './sheet.ts'
import { cardColumn, serialColumn } from './sheet.ts'

const amount = { Cost: '金额' } as const

/**
 * 固定资产清查明细表: the official header was not found, so these are the classic columns in their usual order. The unit
 * takes a column only where there are several.
 */
export function countDetailSheet(totals: CountTotals, several: boolean): Sheet {
  const columns: readonly Column[] = [
    { ...serialColumn, width: 4 },
    ...(several ? [{ key: 'unit', header: '单位', kind: 'text', width: 12 } as const] : []),
    cardColumn('code', { width: 15 }),
    cardColumn('name', { width: 14 }),
    { key: 'cardType', header: '类别', kind: 'choice', choices: cardTypes, width: 6 },
    cardColumn('specification', { width: 9 }),
    cardColumn('unitOfMeasure', { width: 5 }),
    cardColumn('acquiredOn', { header: '取得日期', width: 9 }),
    ...figureColumns('book', totals),
    ...figureColumns('counted', totals),
    ...(['surplus', 'missing', 'scrap'] as const).flatMap((group) =>
      figureColumns(group, totals, ['Quantity', 'Cost'], amount),
    ),
    { key: 'reason', header: '盈亏原因', kind: 'longText', width: 12 },
    { key: 'usage', header: '使用状况', kind: 'choice', choices: usages, width: 6 },
    { key: 'location', header: '存放地点', kind: 'text', width: 10 },
    { key: 'keeper', header: '责任人', kind: 'text', width: 6 },
    { key: 'remark', header: '备注', kind: 'longText', width: 10 },
  ]
  return {
    key: 'count-detail',
    title: '固定资产清查明细表',
    columns,
    unitLine: '单位：元',
    signatures: countSignatures,
    paper: 'A4',
    orientation: 'landscape',
  }
}
