import type { FieldProblem, Resolved } from '../../imports/target.ts'
import type { Actor } from '../kernel/actor.ts'
import { changed } from '../kernel/events.ts'
import type { Duty, Known, KnownPerson } from './import-known.ts'
import { type PersonRow, told, wrong } from './import-row.ts'
import { grantProblems, heldAlready } from './people-rules.ts'

export type Judging = { known: Known; duty: Duty; actor: Actor; today: string }
export type Judged = Pick<Resolved, 'findings'> & {
  /** As it would be stored, without blanks. */
  values: Record<string, string>
  changes: Record<string, { old: string | null; new: string | null }>
}

/** What a row comes to when nobody known is meant by it. */
export function judgeNewcomer(read: PersonRow, judging: Judging): Judged {
  const { known, duty } = judging
  const findings = [...read.findings]
  const { account, name, unit } = read
  const namesakes = read.named || unit === null ? [] : known.people.named(name, unit.id)
  if (namesakes.length > 1) {
    findings.push(wrong('account', `${unit?.name}有 ${namesakes.length} 位${name}，请补写账号，写明是哪一位。`))
  } else if (account === null) {
    findings.push(wrong('account', '没有写账号，也没有手机号可作账号，请补写账号。'))
  } else if (known.people.byAccount(account)) {
    findings.push(wrong('account', `账号 ${account} 已有人使用，请换一个。`))
  } else if (!duty.makes) {
    findings.push(wrong('account', `还没有账号 ${account}，请系统管理员先导入这份名单，再授予岗位。`))
  } else if (!read.named) {
    findings.push(told('account', `没有写账号，用手机号 ${account} 作账号。`))
  }
  findings.push(...postProblems(read, null, judging))
  return { values: valuesOf(read, account), findings, changes: {} }
}

/** What a row comes to for a person who has an account. */
export function judgeKnown(read: PersonRow, person: KnownPerson, judging: Judging): Judged {
  const { duty, actor } = judging
  const { account } = person
  const findings = [...read.findings]
  const other = person.name !== read.name
  if (other && (!duty.makes || !read.named)) {
    const text = `账号 ${account} 是${person.name}的，表里写的是${read.name}，请核对账号或姓名。`
    findings.push(wrong('name', text))
  }
  const contact = duty.makes
    ? changed({ name: person.name, phone: person.phone }, { name: read.name, phone: read.phone ?? person.phone })
    : undefined
  if (contact && actor.personId === person.id) {
    findings.push(wrong(null, '自己的姓名和电话请由另一位系统管理员修改。'))
  }
  if (person.disabled) {
    const text = `账号 ${account} 已停用，请系统管理员先恢复。`
    findings.push(read.post ? wrong('account', text) : told('account', text))
  }
  const held = read.post && heldAlready(person.held, read.post)
  const post = held ? null : read.post
  if (held && read.post && (held.track !== read.post.track || held.validTo !== read.post.validTo)) {
    findings.push(told('role', '已有这个岗位；条线或最后一天要改的，请在人员页面办理。'))
  }
  findings.push(...postProblems({ ...read, post }, person, judging))
  const changes = { ...contact, ...(post ? { role: { old: null, new: post.role } } : {}) }
  return { values: valuesOf({ ...read, post }, account), findings, changes }
}

/** The same rules as for the form that grants one role. */
function postProblems(
  { post, unit }: PersonRow,
  person: KnownPerson | null,
  { actor, today }: Judging,
): FieldProblem[] {
  if (post === null || unit === null) return []
  const problems = grantProblems({
    ...{ personId: person?.id ?? '', held: person?.held ?? [], madeBy: person?.madeBy ?? null },
    ...{ wanted: post, unit, actorId: actor.personId, today },
  })
  return problems.map(({ field, text }) => wrong(field, text))
}

/** What the row says, as it would be stored; with `unitId` it gives the post it tells. */
function valuesOf({ name, phone, unit, post, told }: PersonRow, account: string | null): Record<string, string> {
  const values: Record<string, string | null> = {
    ...told,
    ...{ name, account, phone, unit: unit?.name ?? null },
    ...(post ? { ...post } : {}),
  }
  return Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value === null ? [] : [[key, value]])))
}
