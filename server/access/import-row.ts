import { asked, decided } from '../../imports/answers.ts'
import type { Batch, FieldProblem, RowToResolve } from '../../imports/target.ts'
import { administratorRoles, type Role, roles, type Track } from '../kernel/actor.ts'
import type { Duty, Known } from './import-known.ts'
import { accountOf } from './passwords.ts'
import type { Held } from './people-rules.ts'
import type { UnitOn } from './units.ts'

/** A unit text that stands for nothing known, or for several units. */
export type Unclear = { text: string; candidates: readonly UnitOn[]; decided: string | null | undefined }

/** A row of a list with its names resolved: who is meant, and the post it gives them. */
export type PersonRow = {
  name: string
  /** As it is stored; the mobile number where the list has no account. */
  account: string | null
  /** Whether the list itself tells the account. */
  named: boolean
  phone: string | null
  unit: UnitOn | null
  /** Null where the row gives none, or none that is clear enough to be given. */
  post: Held | null
  /** What the row says of the post, granted or not. */
  told: Readonly<Record<string, string>>
  findings: FieldProblem[]
  unclear: Unclear | null
}

/** Roles that a list may give; administrators are granted one by one. */
const granted = (Object.keys(roles) as Role[]).filter((role) => !administratorRoles.includes(role))
const grantable = granted.map((role) => roles[role]).join('、')

type Reading = { known: Known; answers: Batch['answers']; duty: Duty; today: string }

export function readRow(row: RowToResolve, reading: Reading): PersonRow {
  const { values } = row
  const account = accountOf(values.account ?? '')
  const phone = values.phone?.normalize('NFKC').trim() ?? null
  const read: PersonRow = {
    ...{ name: values.name ?? '', phone, unit: null, post: null, findings: [], unclear: null },
    told: toldOf(values),
    account: account === '' ? mobileOf(phone) : account,
    named: account !== '',
  }
  readUnit(read, values.unit ?? null, reading)
  readPost(read, row, reading)
  return read
}

function toldOf(values: RowToResolve['values']): Record<string, string> {
  const keys = ['role', 'track', 'validFrom', 'validTo']
  return Object.fromEntries(keys.flatMap((key) => (values[key] === undefined ? [] : [[key, values[key]]])))
}

/** A mobile number is its person's alone. */
function mobileOf(phone: string | null): string | null {
  const digits = phone?.replaceAll(/^\+86|[\s-]/g, '') ?? ''
  return /^1\d{10}$/.test(digits) ? digits : null
}

function readUnit(read: PersonRow, text: string | null, { known, answers, duty }: Reading): void {
  if (text === null) {
    read.unit = known.chosen
    return
  }
  const answer = decided(answers, 'unit', text)
  const answered = typeof answer === 'string' ? known.units.coded(answer) : undefined
  const meant = known.units.meant(text)
  if (meant === 'outside' && answer === undefined) {
    read.findings.push(wrong('unit', `「${text}」不归${known.chosen.name}管理，请改正单位，或选择管它的单位重新上传。`))
    return
  }
  const candidates = meant === 'outside' ? [] : meant
  if (answer === undefined && candidates.length === 1 && candidates[0]) {
    read.unit = candidates[0]
    return
  }
  const valid = answer === null || answered !== undefined
  read.unclear = { text, candidates, decided: valid ? answer : undefined }
  read.unit = answered ?? null
  if (read.unit !== null) return
  const [found, cure] =
    candidates.length > 1
      ? [`有 ${candidates.length} 个单位叫「${asked(text)}」`, '改写单位编码']
      : [`没有找到单位「${asked(text)}」`, '改正单位']
  if (!duty.grants) read.findings.push(told('unit', `${found}，不影响建立账号，授予岗位时再选定。`))
  else if (answer === null) read.findings.push(told('unit', '单位没有选定，这一行不授予岗位。'))
  else read.findings.push(wrong('unit', `${found}，请在“对应栏目”中选定，或${cure}。`))
}

/** A right is given only where role, track and unit are written plainly or decided by a person; nothing is guessed. */
function readPost(read: PersonRow, { values, problems }: RowToResolve, { duty, today }: Reading): void {
  if (!duty.grants) return
  const unclear = (field: string) => problems.some((one) => one.field === field && one.severity === 'told')
  if (unclear('role')) {
    read.findings.push(wrong('role', `岗位要写明确才能授予，请在“对应栏目”中选定，或改为：${grantable}。`))
  }
  if (unclear('track')) {
    read.findings.push(wrong('track', '条线要写明确才能授予，请在“对应栏目”中选定，或改为：国有和集体、国有、集体。'))
  }
  for (const field of ['validFrom', 'validTo'] as const) {
    if (unclear(field)) read.findings.push(wrong(field, '日期要写明确才能授予，请写成 2026-03-01。'))
  }
  const role = values.role as Role | undefined
  if (
    role === undefined ||
    administratorRoles.includes(role) ||
    read.unit === null ||
    read.findings.some(({ severity }) => severity === 'wrong')
  )
    return
  const { unit } = read
  if (unit.state === 'closed') {
    read.findings.push(wrong('unit', `${unit.name}已于 ${unit.closedOn} 撤销，请改为承继它的单位。`))
    return
  }
  const from = values.validFrom === undefined ? today : firstDay(values.validFrom)
  const validTo = values.validTo === undefined ? null : lastDay(values.validTo)
  if (validTo !== null && validTo < today) {
    read.findings.push(wrong('validTo', `最后一天 ${validTo} 已经过去，不用再授予；请改正日期或删去这一行。`))
    return
  }
  const validFrom = from < today ? today : from
  read.post = { unitId: unit.id, role, track: (values.track ?? 'both') as Track | 'both', validFrom, validTo }
}

/** 2026 begins on 2026-01-01 and ends on 2026-12-31. */
function firstDay(date: string): string {
  return `${date}${'-01-01'.slice(date.length - 4)}`
}

function lastDay(date: string): string {
  if (date.length === 10) return date
  const [year = 0, month = 12] = date.split('-').map(Number)
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)
}

export function wrong(field: string | null, message: string): FieldProblem {
  return { field, message, severity: 'wrong' }
}

export function told(field: string | null, message: string): FieldProblem {
  return { field, message, severity: 'told' }
}
