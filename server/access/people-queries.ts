import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { people } from '../../db/schema/access.ts'
import { events } from '../../db/schema/kernel.ts'
import type { Role, Track } from '../kernel/actor.ts'
import type { Clock } from '../kernel/clock.ts'
import { containing } from '../kernel/filter.ts'
import { keyset, type Page, type Place, paged, pageSize } from '../kernel/paging.ts'
import { roleText } from './units.ts'

export type PersonLine = {
  id: string
  account: string
  name: string
  disabled: boolean
  hasPassword: boolean
  mustChange: boolean
  /** The roles of today, in words. */
  roles: { text: string }[]
  lastSignIn: string | null
}

/** What the list can be narrowed to. */
export const peopleStates = [
  { value: 'unused', label: '90 天未登录' },
  { value: 'waiting', label: '等待开通' },
  { value: 'bare', label: '未授岗位' },
  { value: 'disabled', label: '已停用' },
] as const

const unusedDays = 90

/** Accounts by name or account, in the order of accounts, with the roles they hold today. */
export async function listPeople(
  tx: Tx,
  { q: search, state }: { q: string; state: string },
  place: Place,
  clock: Clock,
): Promise<Page<PersonLine>> {
  const today = clock.today()
  const order = { by: sql`p.account`, type: 'text', id: sql`p.id`, descending: false } as const
  const { where, orderBy } = keyset(order, place)
  const pattern = containing(search.trim())
  const found = await tx.execute<
    Omit<PersonLine, 'roles'> & { roles: { role: Role; track: Track | 'both'; unit: string }[] }
  >(sql`
    select p.id, p.account, p.name, p.disabled_at is not null as disabled,
      p.password_hash is not null as "hasPassword", p.must_change_password as "mustChange",
      (select e.at from events e where e.person_id = p.id and e.action = 'person.sign-in'
        order by e.at desc, e.id desc limit 1) as "lastSignIn",
      coalesce((
        select jsonb_agg(jsonb_build_object('role', m.role, 'track', m.track, 'unit', u.name) order by m.id)
        from memberships m
        join unit_periods u on u.unit_id = m.unit_id
          and u.valid_from <= ${today} and (u.valid_to is null or u.valid_to > ${today})
        where m.person_id = p.id and m.valid_from <= ${today} and (m.valid_to is null or m.valid_to >= ${today})
      ), '[]') as roles
    from people p
    where (p.name like ${pattern} or p.account like ${pattern.toLowerCase()}) and ${inState(state, clock)} and ${where ?? sql`true`}
    order by ${orderBy} limit ${pageSize + 1}`)
  const lines = found.map(({ roles, ...line }) => ({
    ...line,
    roles: roles.map(({ role, track, unit }) => ({ text: `${roleText(role, track)} · ${unit}` })),
  }))
  return paged(lines, place, ({ account, id }) => ({ value: account, id }))
}

function inState(state: string, clock: Clock): SQL {
  const since = new Date(clock.now().getTime() - unusedDays * 86_400_000).toISOString()
  switch (state) {
    case 'unused':
      return sql`p.disabled_at is null and p.created_at < ${since} and not exists (
        select from events e where e.person_id = p.id and e.action = 'person.sign-in' and e.at >= ${since})`
    case 'waiting':
      return sql`p.disabled_at is null and p.password_hash is null`
    case 'bare':
      return sql`p.disabled_at is null and not exists (
        select from memberships m where m.person_id = p.id
          and (m.valid_to is null or m.valid_to >= ${clock.today()}))`
    case 'disabled':
      return sql`p.disabled_at is not null`
    default:
      return sql`true`
  }
}

/** Who made the account, and when; null: the operator 系统 set it up. */
export async function makerOf(tx: Tx, personId: string): Promise<{ madeBy: string | null; madeAt: Date | null }> {
  const [made] = await tx
    .select({ madeBy: events.actorName, madeAt: events.at })
    .from(events)
    .where(and(eq(events.personId, personId), eq(events.action, 'person.add')))
    .limit(1)
  return made ?? { madeBy: null, madeAt: null }
}

export async function lastSignInOf(tx: Tx, personId: string): Promise<Date | null> {
  const [last] = await tx
    .select({ at: events.at })
    .from(events)
    .where(and(eq(events.personId, personId), eq(events.action, 'person.sign-in')))
    .orderBy(desc(events.at), desc(events.id))
    .limit(1)
  return last?.at ?? null
}

export async function personByAccount(tx: Tx, account: string) {
  const [person] = await tx.select().from(people).where(eq(people.account, account))
  return person
}

export type MembershipLine = {
  id: string
  text: string
  validFrom: string
  validTo: string | null
  grantedBy: string | null
  when: 'past' | 'present' | 'future'
}

/** Every role a person ever held, the latest first. */
export async function membershipsOf(tx: Tx, personId: string, today: string): Promise<MembershipLine[]> {
  const rows = await tx.execute<
    Omit<MembershipLine, 'text' | 'when'> & { role: Role; track: Track | 'both'; unit: string }
  >(sql`
    select m.id, m.role, m.track, m.valid_from as "validFrom", m.valid_to as "validTo", g.name as "grantedBy",
      (select n.name from unit_periods n where n.unit_id = m.unit_id
        order by (n.valid_from <= ${today}) desc, n.valid_from desc limit 1) as unit
    from memberships m left join people g on g.id = m.granted_by
    where m.person_id = ${personId}
    order by m.valid_from desc, m.id desc`)
  return rows.map(({ role, track, unit, ...row }) => ({
    ...row,
    text: `${roleText(role, track)} · ${unit}`,
    when: row.validFrom > today ? 'future' : row.validTo !== null && row.validTo < today ? 'past' : 'present',
  }))
}
