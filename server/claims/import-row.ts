import { claimCategories, claimKinds, kindOfCategory, unsortedCategory } from '../../imports/sheets/claim-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import type { FieldProblem } from '../../imports/target.ts'
import { toStored } from '../kernel/partial-date.ts'

export const wrong = (field: string | null, message: string): FieldProblem => ({ field, message, severity: 'wrong' })
export const told = (field: string | null, message: string): FieldProblem => ({ field, message, severity: 'told' })
export const isWrong = ({ severity }: { severity: string }) => severity === 'wrong'

type Row = Readonly<Record<string, string>>
type Kind = 'claim' | 'debt'

/** What a row says is owed: to the collective or by it, how much, and of which category; blanks stay away. */
export type Owed = { kind: Kind; category: string | null; amount: string }

/**
 * Reads the sides of a ledger: one amount with its kind or category, or columns of their own for claims and debts, of
 * which the other is blank or 0.
 */
export function owedBy(values: Row, findings: FieldProblem[]): Owed | null {
  const sides = ([...['claimAmount', 'debtAmount', 'amount']] as const).filter((key) => Number(values[key] ?? 0) !== 0)
  const [side, ...more] = sides
  if (side === undefined) {
    const zero = ['claimAmount', 'debtAmount', 'amount'].some((key) => values[key] !== undefined)
    findings.push(wrong('amount', zero ? '金额是 0，已结清的不用登记。' : '没有金额，请填写。'))
    return null
  }
  if (more.length > 0) {
    findings.push(wrong(side, '一行里写了几个金额，请把债权、债务分成两行。'))
    return null
  }
  const amount = values[side] ?? ''
  if (amount.startsWith('-')) {
    findings.push(wrong(side, '金额是负数：多收、多付的请作为债务或债权另写一行。'))
    return null
  }
  const said: Kind | undefined = side === 'claimAmount' ? 'claim' : side === 'debtAmount' ? 'debt' : undefined
  const category = values.category ?? null
  const kind = said ?? (values.kind as Kind | undefined) ?? (category === null ? undefined : kindOfCategory(category))
  if (kind === undefined) {
    findings.push(wrong('kind', '没有写是债权还是债务，请填写“债权/债务”或科目类别。'))
    return null
  }
  const label = choiceLabel(claimKinds, kind)
  if (said !== undefined && values.kind !== undefined && values.kind !== said) {
    findings.push(wrong('kind', `金额写在${label}一栏，“债权/债务”却是${choiceLabel(claimKinds, values.kind)}。`))
    return null
  }
  if (category !== null && kindOfCategory(category) !== kind) {
    findings.push(
      wrong('category', `${choiceLabel(claimCategories, category)}不是${label}，请核对科目或金额所在的栏。`),
    )
    return null
  }
  return { kind, category, amount }
}

/** Days that cannot be: an origin to come is wrong, an end before the origin is told. */
export function dayFindings(values: Row, today: string): FieldProblem[] {
  const since = values.occurredOn === undefined ? null : toStored(values.occurredOn).day
  const due = values.dueOn === undefined ? null : toStored(values.dueOn).day
  return [
    ...(since !== null && since > today ? [wrong('occurredOn', `形成时间晚于今天 ${today}，请核对。`)] : []),
    ...(since !== null && due !== null && due < since ? [told('dueOn', '到期日早于形成时间，请核对。')] : []),
  ]
}

/** Where a row gives no category, an entry that is new gets the unsorted one of its kind. */
export function categoryFor({ kind, category }: Owed): string {
  return category ?? unsortedCategory[kind]
}
