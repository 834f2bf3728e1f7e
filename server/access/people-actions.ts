import { and, asc, eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { memberships, people, units } from '../../db/schema/access.ts'
import { type EventDetail, events } from '../../db/schema/kernel.ts'
import { type Role, roles, type Track } from '../kernel/actor.ts'
import { NotFound, RuleBroken } from '../kernel/errors.ts'
import { type Acting, record } from '../kernel/events.ts'
import { refuseEnded } from './enterable.ts'
import { refuseFirstWithEnd } from './last-administrator.ts'
import { accountOf, hashPassword } from './passwords.ts'
import { grantProblems, type Held, isOpenedByOperator } from './people-rules.ts'
import { roleText } from './units.ts'

export type NewPerson = {
  account: string
  name: string
  phone?: string | null
  password: string | null
  mustChange?: boolean
}

/** Makes an account without any right; someone else grants its roles. `source` tells the document it comes from. */
export async function addPerson(tx: Tx, acting: Acting, person: NewPerson, source: EventDetail = {}): Promise<string> {
  const now = acting.clock.now()
  const account = accountOf(person.account)
  const [row] = await tx
    .insert(people)
    .values({
      account,
      name: person.name,
      phone: person.phone ?? null,
      passwordHash: person.password === null ? null : await hashPassword(person.password),
      passwordChangedAt: now,
      mustChangePassword: person.mustChange ?? true,
      createdAt: now,
    })
    .onConflictDoNothing({ target: people.account })
    .returning({ id: people.id })
  if (!row) throw new RuleBroken([{ field: 'account', text: `账号 ${account} 已有人使用，请换一个。` }])
  await record(
    tx,
    acting,
    { kind: 'person', id: row.id },
    {
      action: 'person.add',
      detail: { ...source, account, name: person.name },
    },
  )
  return row.id
}

export type NewMembership = {
  personId: string
  unitId: string
  role: Role
  track: Track | 'both'
  validFrom: string
  validTo?: string | null
}

/** Grants a role from a day on; who may, and what may stand beside it, is in the rules. */
export async function grantRole(
  tx: Tx,
  acting: Acting,
  membership: NewMembership,
  source: EventDetail = {},
): Promise<string> {
  const { personId, unitId } = membership
  const wanted: Held = { ...membership, validTo: membership.validTo ?? null }
  // Two grants at once would each see the person without the other.
  const [person] = await tx.select().from(people).where(eq(people.id, personId)).for('update')
  const unit = await placeOf(tx, unitId, membership.validFrom)
  if (!person || !unit) throw new NotFound()
  if (person.disabledAt) throw new RuleBroken('这个账号已经停用，请系统管理员先恢复，再授予岗位。')
  await refuseEnded(tx, [unitId], 'unit')
  const problems = grantProblems({
    personId,
    wanted,
    unit,
    held: await heldBy(tx, personId),
    madeBy: await madeBy(tx, personId),
    actorId: acting.actor.personId,
    today: acting.clock.today(),
  })
  const byPerson = acting.actor.personId !== null
  // Who makes codes has seen them: such an account is given the role only once its person has used theirs up.
  if (byPerson && isOpenedByOperator([wanted], acting.clock.today()) && person.passwordHash === null) {
    problems.push({ field: 'role', text: `请本人先用开通码设好密码，您当面确认后再授予${roles[wanted.role]}。` })
  }
  if (problems.length > 0) throw new RuleBroken(problems)
  await refuseFirstWithEnd(tx, wanted.role, personId, wanted.validFrom, wanted.validTo)
  const [row] = await tx
    .insert(memberships)
    .values({ ...wanted, personId, grantedBy: acting.actor.personId, createdAt: acting.clock.now() })
    .returning({ id: memberships.id })
  if (!row) throw new Error('the membership was not written')
  await record(
    tx,
    acting,
    { kind: 'person', id: personId },
    {
      action: 'person.grant',
      effectiveOn: wanted.validFrom,
      detail: {
        ...source,
        role: wanted.role,
        track: wanted.track,
        unitId,
        changes: {
          membership: { old: null, new: `${roleText(wanted.role, wanted.track)} · ${unit.name}` },
          ...(wanted.validTo && { until: { old: null, new: wanted.validTo } }),
        },
      },
    },
  )
  return row.id
}

export async function heldBy(tx: Tx, personId: string): Promise<(Held & { id: string })[]> {
  const rows = await tx
    .select()
    .from(memberships)
    .where(eq(memberships.personId, personId))
    .orderBy(asc(memberships.validFrom), asc(memberships.id))
  return rows.map((row) => ({ ...row, role: row.role as Role, track: row.track as Track | 'both' }))
}

/** Who made an account: they may not also give it rights. */
export async function madeBy(tx: Tx, personId: string): Promise<string | null> {
  const [made] = await tx
    .select({ actorId: events.actorId })
    .from(events)
    .where(and(eq(events.personId, personId), eq(events.action, 'person.add')))
  return made?.actorId ?? null
}

/** Where the unit lies on a day; one that opens later, where it will lie first. */
export async function placeOf(tx: Tx, unitId: string, day: string) {
  const [place] = await tx.execute<{ kind: string; divisionCode: string; name: string }>(sql`
    select u.kind, p.division_code as "divisionCode", p.name
    from ${units} u join unit_periods p on p.unit_id = u.id
    where u.id = ${unitId}
    order by p.valid_from > ${day}, abs(p.valid_from - ${day}::date) limit 1`)
  return place
}
