import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { memberships, people } from '../../db/schema/access.ts'
import type { EventDetail } from '../../db/schema/kernel.ts'
import type { Role, Track } from '../kernel/actor.ts'
import { NotFound, RuleBroken, Stale } from '../kernel/errors.ts'
import { type Acting, changed, record } from '../kernel/events.ts'
import { voidCodes } from './codes.ts'
import { forgetDevices } from './devices.ts'
import { dayBefore, oneAtATime, refuseLast } from './last-administrator.ts'
import { unlock } from './lockout.ts'
import { heldBy, placeOf } from './people-actions.ts'
import { closeSessionsOf } from './sessions.ts'
import { roleText } from './units.ts'

/** Ends a role after its last day, or with the next click where no day is given. */
export async function revokeRole(
  tx: Tx,
  acting: Acting,
  personId: string,
  membershipId: string,
  lastDay: string | null,
  source: EventDetail = {},
): Promise<{ text: string }> {
  refuseSelf(acting, personId, '不能收回自己的岗位，请由另一位安全管理员办理。')
  await oneAtATime(tx)
  const person = await lockPerson(tx, personId)
  const membership = (await heldBy(tx, personId)).find(({ id }) => id === membershipId)
  if (!membership) throw new NotFound()
  const today = acting.clock.today()
  if (membership.validTo !== null && membership.validTo < today) throw new RuleBroken('这个岗位已经结束，不用再收回。')
  if (lastDay !== null && lastDay < today) {
    throw new RuleBroken([{ field: 'lastDay', text: '最后一天不能早于今天；要马上收回，请不填日期。' }])
  }
  if (lastDay !== null && lastDay < membership.validFrom) {
    throw new RuleBroken([{ field: 'lastDay', text: `这个岗位从 ${membership.validFrom} 开始，最后一天不能更早。` }])
  }
  // Ending a role is no grant: a later day would pass by the rules for what may stand beside it.
  if (lastDay !== null && membership.validTo !== null && lastDay >= membership.validTo) {
    const text = `这个岗位本来就到 ${membership.validTo} 结束，最后一天请填更早的日期；要延长，请另行授予。`
    throw new RuleBroken([{ field: 'lastDay', text }])
  }
  await refuseLast(tx, membership.role, person, lastDay ?? dayBefore(today))
  const validTo = lastDay ?? dayBefore(today)
  if (validTo < membership.validFrom) await tx.delete(memberships).where(eq(memberships.id, membershipId))
  else await tx.update(memberships).set({ validTo }).where(eq(memberships.id, membershipId))
  const text = await membershipText(tx, membership, today)
  await record(
    tx,
    acting,
    { kind: 'person', id: personId },
    {
      action: 'person.revoke',
      detail: {
        ...source,
        changes: {
          membership: { old: text, new: null },
          until: { old: membership.validTo, new: lastDay ?? '立即' },
        },
      },
    },
  )
  return { text }
}

/** Nobody signs in with a disabled account, and whoever is in it is out with the next click. */
export async function disablePerson(tx: Tx, acting: Acting, personId: string, source: EventDetail = {}): Promise<void> {
  refuseSelf(acting, personId, '不能停用自己的账号，请由另一位系统管理员办理。')
  await oneAtATime(tx)
  const person = await lockPerson(tx, personId)
  if (person.disabledAt) throw new RuleBroken('这个账号已经停用。')
  const today = acting.clock.today()
  for (const { role, validTo } of await heldBy(tx, personId)) {
    if (validTo === null || validTo >= today) await refuseLast(tx, role, person, dayBefore(today))
  }
  await tx
    .update(people)
    .set({ disabledAt: acting.clock.now(), version: sql`${people.version} + 1` })
    .where(eq(people.id, personId))
  await voidCodes(tx, personId, acting.clock.now())
  await closeSessionsOf(tx, personId)
  await forgetDevices(tx, personId)
  await record(tx, acting, { kind: 'person', id: personId }, { action: 'person.disable', detail: source })
}

export type Contact = { name: string; phone: string | null }

/** A name written wrongly, another phone number: by the system administrator, against the version they saw. */
export async function editPerson(
  tx: Tx,
  acting: Acting,
  personId: string,
  next: Contact,
  version: number,
  source: EventDetail = {},
): Promise<void> {
  refuseSelf(acting, personId, '自己的姓名和电话请由另一位系统管理员修改。')
  const person = await lockPerson(tx, personId)
  if (person.version !== version) throw new Stale()
  const changes = changed({ name: person.name, phone: person.phone }, next)
  if (!changes) throw new RuleBroken('姓名和电话都没有改动。')
  await tx
    .update(people)
    .set({ ...next, version: sql`${people.version} + 1` })
    .where(eq(people.id, personId))
  await record(tx, acting, { kind: 'person', id: personId }, { action: 'person.edit', detail: { ...source, changes } })
}

export async function enablePerson(tx: Tx, acting: Acting, personId: string): Promise<void> {
  refuseSelf(acting, personId, '不能恢复自己的账号。')
  const person = await lockPerson(tx, personId)
  if (!person.disabledAt) throw new RuleBroken('这个账号没有停用。')
  await tx
    .update(people)
    .set({ disabledAt: null, version: sql`${people.version} + 1` })
    .where(eq(people.id, personId))
  await record(tx, acting, { kind: 'person', id: personId }, { action: 'person.enable' })
}

export async function unlockPerson(tx: Tx, acting: Acting, personId: string): Promise<void> {
  refuseSelf(acting, personId, '不能解锁自己的账号，请由另一位安全管理员办理。')
  const person = await lockPerson(tx, personId)
  await unlock(tx, person.account)
  await record(tx, acting, { kind: 'person', id: personId }, { action: 'person.unlock' })
}

async function membershipText(
  tx: Tx,
  membership: { role: Role; track: Track | 'both'; unitId: string },
  day: string,
): Promise<string> {
  const unit = await placeOf(tx, membership.unitId, day)
  return `${roleText(membership.role, membership.track)} · ${unit?.name ?? ''}`
}

/** The account, held until the transaction ends. */
export async function lockPerson(tx: Tx, personId: string) {
  const [person] = await tx.select().from(people).where(eq(people.id, personId)).for('update')
  if (!person) throw new NotFound()
  return person
}

export function refuseSelf(acting: Acting, personId: string, text: string): void {
  if (acting.actor.personId === null) return
  if (acting.actor.personId === personId) throw new RuleBroken(text)
}
