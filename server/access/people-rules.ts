import { administratorRoles, type Role, roles, type Track } from '../kernel/actor.ts'
import type { Problem } from '../kernel/errors.ts'

/** Their passwords begin with a code that no system administrator has seen: only the operator makes one. */
export const openedByOperator: readonly Role[] = ['security_administrator', 'audit_administrator']

export type Dated = { validFrom: string; validTo: string | null }
export type Held = Dated & { role: Role; track: Track | 'both'; unitId: string }

export type Granting = {
  personId: string
  held: readonly Held[]
  /** Who made the account; null: the operator 系统. */
  madeBy: string | null
  wanted: Held
  unit: { kind: string; divisionCode: string }
  /** Null: the operator 系统, who sets up the first accounts. */
  actorId: string | null
  today: string
}

/** Does somebody hold, now or from a later day, a role that only the operator opens the account of? */
export function isOpenedByOperator(held: readonly { role: Role; validTo?: string | null }[], today: string): boolean {
  return held.some(({ role, validTo }) => openedByOperator.includes(role) && (!validTo || validTo >= today))
}

/** What to do instead of making a code on the web. */
export function operatorSentence(account: string): string {
  return `请由运维人员在服务器上运行 bin/panhuo account reset ${account}，并由本人当场设置密码。`
}

/** Why a role cannot be granted; none when it can. 三员: no two of them on one person, none beside a business role. */
export function grantProblems({ personId, held, madeBy, wanted, unit, actorId, today }: Granting): Problem[] {
  const problems: Problem[] = []
  const say = (field: string | null, text: string) => problems.push({ field, text })
  if (actorId !== null && actorId === personId) {
    say(null, '不能给自己授予岗位，请由另一位安全管理员办理。')
  } else if (actorId !== null && actorId === madeBy) {
    say(null, '这个账号是您建立的，请由另一位安全管理员授予岗位。')
  }
  if (actorId !== null && wanted.validFrom < today) say('validFrom', `开始日期不能早于今天（${today}）。`)
  if (wanted.validTo !== null && wanted.validTo < wanted.validFrom) {
    say('validTo', '最后一天不能早于开始日期。')
  }
  const meanwhile = held.filter((other) => overlap(other, wanted))
  const apart = meanwhile.find(
    (other) => other.role !== wanted.role && (isAdministrator(other) || isAdministrator(wanted)),
  )
  if (apart) say('role', apartSentence(apart.role, wanted.role))
  if (heldAlready(held, wanted)) say('role', '这段时间已有同样的岗位，不用再授予。')
  const misplaced = placement(wanted.role, unit)
  if (misplaced) say('unit', misplaced)
  return problems
}

/** The post somebody has at the time, on the track or a part of it. */
export function heldAlready(held: readonly Held[], wanted: Held): Held | undefined {
  return held.find(
    (other) =>
      other.role === wanted.role && other.unitId === wanted.unitId && shares(other, wanted) && overlap(other, wanted),
  )
}

/** What is wrong with an account's name, as it is stored; null when nothing is. */
export function accountProblem(account: string): string | null {
  if (/^[a-z0-9][a-z0-9._-]{1,39}$/.test(account) && account !== 'new') return null
  return '账号请用 2 到 40 位字母、数字、点或横线，以字母或数字开头，如 zhangsan。'
}

/** Signs that turn the line round or are not seen would make one person look like another in the log. */
export function nameProblem(name: string): string | null {
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name) ? '姓名里有看不见的字符或换行，请删去重新输入。' : null
}

export function phoneProblem(phone: string): string | null {
  return /^[\d+\- ]{5,20}$/.test(phone) ? null : '联系电话请只写数字，可以带区号和横线。'
}

/** The scope of these roles follows from where their unit lies. */
function placement(role: Role, unit: { kind: string; divisionCode: string }): string | null {
  const county = unit.divisionCode.endsWith('000000')
  if (['lead', 'registrar', 'inspector'].includes(role) && county) {
    return `${roles[role]}岗位管一个乡镇，请选择设在乡镇的单位。`
  }
  if (role === 'approver' && unit.kind !== 'county_department') {
    return '县级岗位管全县，请选择县级部门。'
  }
  return null
}

function apartSentence(one: Role, other: Role): string {
  return administratorRoles.includes(one) && administratorRoles.includes(other)
    ? `系统、安全、审计管理员不能由同一人担任：这段时间已是${roles[one]}。`
    : `管理员不能兼任业务岗位：这段时间已有${roles[one]}岗位。`
}

function isAdministrator({ role }: { role: Role }): boolean {
  return administratorRoles.includes(role)
}

function overlap(one: Dated, other: Dated): boolean {
  return (
    (one.validTo === null || one.validTo >= other.validFrom) &&
    (other.validTo === null || other.validTo >= one.validFrom)
  )
}

function shares(one: Held, other: Held): boolean {
  return one.track === other.track || one.track === 'both' || other.track === 'both'
}
