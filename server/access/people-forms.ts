import type { Tx } from '../../db/client.ts'
import { type Role, roles, type Track, trackLabels } from '../kernel/actor.ts'
import { type Problem, RuleBroken } from '../kernel/errors.ts'
import { type Answers, type FormField, readForm, type Values } from '../kernel/forms.ts'
import { accountOf } from './passwords.ts'
import type { NewMembership, NewPerson } from './people-actions.ts'
import type { Contact } from './people-endings.ts'
import { accountProblem, nameProblem, phoneProblem } from './people-rules.ts'
import { choicesOf, notesOf, readUnit } from './unit-forms.ts'

export const roleChoices = choicesOf(roles)
export const trackChoices = choicesOf({ both: '国有和集体', ...trackLabels })

const contact: readonly FormField[] = [
  { key: 'name', label: '姓名', kind: 'text', max: 40, required: true },
  { key: 'phone', label: '联系电话', kind: 'text', max: 20 },
]
const person: readonly FormField[] = [
  { key: 'account', label: '账号', kind: 'text', max: 40, required: true },
  ...contact,
]

const membership: readonly FormField[] = [
  { key: 'unit', label: '单位', kind: 'unit', max: 100, required: true },
  { key: 'role', label: '岗位', kind: 'choice', choices: roleChoices, required: true },
  { key: 'track', label: '条线', kind: 'choice', choices: trackChoices, required: true },
  { key: 'validFrom', label: '开始日期', kind: 'day', required: true },
  { key: 'validTo', label: '最后一天', kind: 'day' },
]

export function readPerson(answers: Answers): NewPerson {
  const { values, problems } = readForm(person, answers)
  const account = accountOf(values.account ?? '')
  if (values.account) add(problems, 'account', accountProblem(account))
  checkContact(values, problems)
  refuse(problems)
  return { account, name: values.name ?? '', phone: values.phone ?? null, password: null }
}

/** Name and phone of an account that is there, and the version the form was drawn from. */
export function readContact(answers: Answers): Contact & { version: number } {
  const { values, problems } = readForm(contact, answers)
  checkContact(values, problems)
  refuse(problems)
  return { name: values.name ?? '', phone: values.phone ?? null, version: Number(answers.version) }
}

function checkContact(values: Values, problems: Problem[]): void {
  if (values.name) add(problems, 'name', nameProblem(values.name))
  if (values.phone) add(problems, 'phone', phoneProblem(values.phone))
}

function add(problems: Problem[], field: string, text: string | null): void {
  if (text !== null) problems.push({ field, text })
}

export async function readMembership(
  tx: Tx,
  answers: Answers,
  today: string,
): Promise<Omit<NewMembership, 'personId'> & { unitName: string; notes: string }> {
  const { values, problems } = readForm(membership, answers)
  const from = values.validFrom ?? null
  const unit = await readUnit(tx, 'unit', values, problems, from !== null && from > today ? from : today)
  refuse(problems)
  return {
    unitId: unit?.id ?? '',
    unitName: unit?.name ?? '',
    notes: notesOf(unit),
    role: values.role as Role,
    track: values.track as Track | 'both',
    validFrom: from ?? today,
    validTo: values.validTo ?? null,
  }
}

export function readRevocation(answers: Answers): { membershipId: string; lastDay: string | null } {
  const { values, problems } = readForm(
    [
      { key: 'membership', label: '要收回的岗位', kind: 'text', required: true },
      { key: 'lastDay', label: '最后一天', kind: 'day' },
    ],
    answers,
  )
  const chosen = values.membership ?? ''
  if (chosen !== '' && !/^\d{1,18}$/.test(chosen)) {
    problems.push({ field: 'membership', text: '请选择要收回的岗位。' })
  }
  refuse(problems)
  return { membershipId: chosen, lastDay: values.lastDay ?? null }
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new RuleBroken(problems)
}
