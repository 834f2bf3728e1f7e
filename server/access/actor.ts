import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { prepared } from '../../db/prepared.ts'
import type { Actor, Grant, Role, Track } from '../kernel/actor.ts'

type Row = {
  role: Role
  track: Track | 'both'
  unit_id: string
  unit_name: string
  acts: string[]
  reads: string[]
}

/**
 * The person as of today: every membership in force with the scope keys it acts on and reads.
 * Read anew for each request, so that a role taken away ends with the next click.
 * Keeper: the unit and all managed under it. Lead, registrar, inspector: the township by location; stationed units
 * and closed ones are read, not acted on. Approver: the county. Leader: the county or the township of the unit.
 * Administrators: nothing. A password that is `isOutworn` must be changed as an initial one must.
 */
export async function loadActor(
  tx: Tx,
  personId: string,
  today: string,
  isOutworn: (changedAt: Date | null) => boolean = () => false,
): Promise<Actor | undefined> {
  const [person] = await prepared<{ name: string; must_change_password: boolean; changed_at: string | null }>(
    tx,
    sql`select name, must_change_password, password_changed_at as changed_at from people where id = ${personId} and disabled_at is null`,
  )
  if (!person) return undefined
  const grants = (await prepared<Row>(tx, grantsQuery(personId, today))).map(toGrant)
  return {
    personId,
    name: person.name,
    unitId: grants[0]?.unitId ?? null,
    unitName: grants[0]?.unitName ?? '',
    grants,
    keys: [...new Set(grants.flatMap((grant) => [...grant.reads]))],
    mustChangePassword:
      person.must_change_password || isOutworn(person.changed_at === null ? null : new Date(person.changed_at)),
  }
}

function grantsQuery(personId: string, today: string) {
  return sql`
    with recursive tree as (
      select p.unit_id, p.parent_id, p.division_code, p.name, u.kind, u.state
      from unit_periods p join units u on u.id = p.unit_id
      where p.valid_from <= ${today} and (p.valid_to is null or p.valid_to > ${today})
    ),
    held as (
      select m.id, m.role, m.track, m.unit_id, t.name as unit_name, t.division_code
      from memberships m join tree t on t.unit_id = m.unit_id
      where m.person_id = ${personId} and m.valid_from <= ${today} and (m.valid_to is null or m.valid_to >= ${today})
    ),
    managed as (
      select h.id, h.unit_id from held h where h.role = 'keeper'
      union
      select g.id, t.unit_id from managed g join tree t on t.parent_id = g.unit_id
    ),
    reach as (
      select g.id, g.unit_id, t.state <> 'closed' as acts from managed g join tree t on t.unit_id = g.unit_id
      union all
      select h.id, t.unit_id, t.kind <> 'stationed' and t.state <> 'closed'
      from held h join tree t on left(t.division_code, 9) = left(h.division_code, 9)
      where (h.role in ('lead', 'registrar', 'inspector') or (h.role = 'leader' and right(h.division_code, 6) <> '000000'))
        and t.kind not in ('county_department', 'state_company')
      union all
      select h.id, t.unit_id, t.state <> 'closed' from held h cross join tree t
      where h.role = 'approver' or (h.role = 'leader' and right(h.division_code, 6) = '000000')
    )
    select h.role, h.track, h.unit_id, h.unit_name,
      coalesce(array_agg(r.unit_id) filter (where r.acts), '{}') as acts,
      coalesce(array_agg(r.unit_id) filter (where r.unit_id is not null), '{}') as reads
    from held h left join reach r on r.id = h.id
    group by h.id, h.role, h.track, h.unit_id, h.unit_name
    order by h.id`
}

function toGrant(row: Row): Grant {
  const keysOf = (unitIds: readonly string[]) =>
    new Set(
      unitIds.flatMap((unitId) => {
        const state = BigInt(unitId) * 2n
        return row.track === 'both'
          ? [String(state), String(state + 1n)]
          : [String(row.track === 'collective' ? state + 1n : state)]
      }),
    )
  return {
    role: row.role,
    track: row.track,
    unitId: String(row.unit_id),
    unitName: row.unit_name,
    keys: keysOf(row.acts),
    reads: keysOf(row.reads),
  }
}
