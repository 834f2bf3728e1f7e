import { RuleBroken } from '../../kernel/errors.ts'
import { type Answers, readForm } from '../../kernel/forms.ts'
import type { Checked, FoundClaim } from './actions.ts'
import { checkedFields, foundFields } from './fields.ts'
import type { ClaimLineRow } from './queries.ts'

/** Fields that a row did not have stay as they are; a blank amount means that it is as booked. */
export function readChecked(
  answers: Answers,
  line: Pick<ClaimLineRow, 'bookAmount' | 'countedAmount' | 'reason' | 'remark'>,
): Checked {
  const { values, problems } = readForm(
    checkedFields.filter(({ key }) => key in answers),
    answers,
  )
  if (problems.length > 0) throw new RuleBroken(problems)
  const counted = 'counted' in answers ? (values.counted ?? line.bookAmount) : (line.countedAmount ?? line.bookAmount)
  return {
    counted,
    reason: 'reason' in answers ? (values.reason ?? null) : line.reason,
    remark: 'remark' in answers ? (values.remark ?? null) : line.remark,
  }
}

/** What was found that no book has. */
export function readFound(answers: Answers): FoundClaim {
  const { values, problems } = readForm(foundFields, answers)
  if (problems.length > 0) throw new RuleBroken(problems)
  const { category, counterparty, counted, ...rest } = values
  return {
    ...(rest as Pick<FoundClaim, 'occurredOn' | 'purpose' | 'reason' | 'remark'>),
    ...{ category: category ?? '', counterparty: counterparty ?? '', counted: counted ?? '0' },
  }
}
