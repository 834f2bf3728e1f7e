import type { countLines } from '../../../db/schema/inventory.ts'
import { type CardFieldKey, cardFields } from '../../../imports/sheets/card-fields.ts'
import type { Difference } from '../../kernel/errors.ts'

type Line = typeof countLines.$inferSelect

/** The count side as events and 409 pages tell it, by the label people know. */
const labels = {
  name: '资产名称',
  cardType: '资产类别',
  countedQuantity: '清查数',
  surplusCost: '原值',
  surplusDepreciation: '累计折旧',
  missingReason: '盘亏原因',
  scrapQuantity: '待报废',
  scrapReason: '报废原因',
  undeterminedQuantity: '待界定',
  undeterminedReason: '待界定原因',
  foundOn: '发现日期',
  valueBasis: '计价依据',
  valueNote: '计价说明',
  location: '坐落位置',
  unitOfMeasure: '计量单位',
  usage: '使用状况',
  condition: '完好程度',
  remark: '盘点说明',
} as const

/** Of a booked line these are the book's, and what differs is in `changes`. */
const bookSide: readonly string[] = ['name', 'cardType', 'location', 'unitOfMeasure', 'usage']

/** Label → value of the count side. */
export function told(line: Partial<Line>): Record<string, string | null> {
  const own = Object.entries(labels).flatMap(([key, label]) => {
    const value = line[key as keyof typeof labels]
    const idle =
      value === null ||
      value === undefined ||
      (key.endsWith('Quantity') && key !== 'countedQuantity' && Number(value) === 0)
    return idle || (line.origin === 'booked' && bookSide.includes(key)) ? [] : [[label, String(value)] as const]
  })
  const changes = Object.entries(line.changes ?? {}).map(([key, change]) => [labelOf(key), change.new] as const)
  return Object.fromEntries([...own, ...changes])
}

export function labelOf(key: string): string {
  return cardFields.find((field) => field.key === (key as CardFieldKey))?.label ?? key
}

/** What somebody else has saved beside what was sent now; nobody knows any more what the form was drawn from. */
export function lineDifferences(stored: Line, sent: Partial<Line>): Difference[] {
  const [theirs, yours] = [told(stored), told({ ...sent, origin: stored.origin })]
  return [...new Set([...Object.keys(theirs), ...Object.keys(yours)])]
    .filter((field) => (theirs[field] ?? null) !== (yours[field] ?? null))
    .map((field) => ({ field, old: null, new: theirs[field] ?? null, yours: yours[field] ?? null, clash: true }))
}
