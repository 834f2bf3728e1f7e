import { cardTypes, usages } from '../../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../../imports/sheets/fields.ts'
import { labelOf } from './differences.ts'
import { figure } from './entry.ts'
import type { LineRow } from './queries.ts'
import { outcomeOf, outcomes } from './rules.ts'

/** A line as the table of a count prints it. */
export function rowView(row: LineRow) {
  const outcome = outcomeOf(row)
  const usage = row.changes.usage ? row.changes.usage.new : row.usage
  return {
    no: row.no,
    id: `line-${row.no}`,
    surplus: row.origin === 'surplus',
    name: row.name,
    code: row.code,
    about: [choiceLabel(cardTypes, row.cardType), row.specification, row.location].filter(Boolean).join(' · '),
    booked: figure(row.bookQuantity),
    unit: row.unitOfMeasure ?? '',
    counted: row.countedQuantity === null ? '' : figure(row.countedQuantity),
    cost: row.origin === 'surplus' ? row.surplusCost : row.bookCost,
    usage: usage ?? '',
    usageLabel: usage ? choiceLabel(usages, usage) : '',
    parted: row.parted,
    reason: row.missingReason ?? '',
    outcome: { text: outcomes[outcome].label, tone: outcomes[outcome].tone },
    notes: notesOf(row),
    returned: row.returned,
    moved: row.moved,
    who: row.countedName,
    at: row.countedAt,
    photos: row.photos,
    version: row.version,
  }
}

export type RowView = ReturnType<typeof rowView>

/** 盘亏 2，待报废 1，使用状况 → 闲置 */
function notesOf(row: LineRow): string[] {
  const quantities = [
    ['盘亏', row.missingQuantity],
    ['待报废', row.scrapQuantity],
    ['待界定', row.undeterminedQuantity],
  ] as const
  const parts = quantities
    .filter(([, quantity]) => Number(quantity) > 0)
    .map(([label, quantity]) => `${label} ${figure(quantity)}`)
  const changes = Object.entries(row.changes)
    .filter(([key]) => key !== 'usage')
    .map(([key, { new: next }]) => `${labelOf(key)}改为 ${next ?? '空'}`)
  return [...(Number(row.bookQuantity) > 1 || parts.length > 1 ? parts : []), ...changes]
}

/** What a line may be used for, without what only a disposal or a count says. */
export const usageChoices = usages.filter(
  ({ value }) => !['awaiting_disposal', 'awaiting_write_off', 'disposed'].includes(value),
)
