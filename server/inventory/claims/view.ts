import { claimCategories, claimKinds } from '../../../imports/sheets/claim-choices.ts'
import { choiceLabel } from '../../../imports/sheets/fields.ts'
import { compare, minus } from '../../kernel/money.ts'
import { fromStored } from '../../kernel/partial-date.ts'
import type { ClaimLineRow } from './queries.ts'

/** A claim or debt as the table of a count prints it. */
export function claimRowView(row: ClaimLineRow) {
  const found = row.claimId === null
  return {
    no: row.no,
    id: `claim-${row.no}`,
    found,
    ledgerNo: row.no_,
    kind: choiceLabel(claimKinds, row.kind),
    category: choiceLabel(claimCategories, row.category),
    counterparty: row.counterparty,
    about: [fromStored(row.occurredOn, row.occurredPrecision), row.purpose].filter(Boolean).join(' · '),
    booked: found ? null : row.bookAmount,
    counted: row.countedAmount ?? '',
    reason: row.reason ?? '',
    remark: row.remark ?? '',
    outcome: outcomeOf(row),
    returned: row.returned,
    moved: row.moved ? `台账现为 ${row.now} 元` : null,
    who: row.countedName,
    at: row.countedAt,
    version: row.version,
  }
}

function outcomeOf({ claimId, bookAmount, countedAmount }: ClaimLineRow): { text: string; tone: string } {
  if (claimId === null) return { text: '账外', tone: 'info' }
  if (countedAmount === null) return { text: '未核对', tone: 'neutral' }
  const by = compare(countedAmount, bookAmount)
  if (by === 0) return { text: '相符', tone: 'success' }
  const difference = by > 0 ? minus(countedAmount, bookAmount) : minus(bookAmount, countedAmount)
  return { text: `${by > 0 ? '调增' : '调减'} ${difference}`, tone: 'warning' }
}
