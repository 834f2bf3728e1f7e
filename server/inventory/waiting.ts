import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { keyArray } from '../access/scope.ts'
import type { Actor, Role } from '../kernel/actor.ts'
import { keyset, type Place, paged, pageSize } from '../kernel/paging.ts'
import { loadCalendar } from '../records/calendar-queries.ts'
import { countdown } from '../records/countdown.ts'

export const waitingPath = '/inventory/waiting'

/** Counts and compilations whose next step is this person's: to be counted, checked, or filed. */
export async function inventoryWaiting(tx: Tx, actor: Actor, today: string) {
  const keep = keysAs(actor, 'keeper')
  const [found] = await tx.execute<
    Record<'open' | 'reminded' | 'check' | 'lateCheck' | 'file' | 'lateFile', number>
  >(sql`
    select k.*, c.*, f.* from (
      select count(*)::int as open, count(*) filter (where t.reminded_at is not null)::int as reminded
      from counts t where t.state = 'counting' and t.scope_key = any(${keep})) k,
    (select count(*)::int as check, count(*) filter (where d.due_on < ${today})::int as "lateCheck"
      from counts t left join deadlines d on d.count_id = t.id and ${running('check')} where ${toCheck(actor, today)}) c,
    (select count(*)::int as file, count(*) filter (where d.due_on < ${today})::int as "lateFile"
      from compilations m left join deadlines d on d.compilation_id = m.id and ${running('file')} where ${toFile(actor)}) f`)
  const { open = 0, reminded = 0, check = 0, lateCheck = 0, file = 0, lateFile = 0 } = found ?? {}
  const late = (count: number) => (count > 0 ? `已逾期 ${count} 件` : '')
  return [
    { title: '清查：待盘点', href: '/inventory', count: open, note: reminded > 0 ? `已催办 ${reminded} 件` : '' },
    { title: '清查：待审核', href: `${waitingPath}?for=check`, count: check, note: late(lateCheck) },
    { title: '清查：待备案', href: `${waitingPath}?for=file`, count: file, note: late(lateFile) },
  ]
}

export type Waiting = {
  id: string
  no: string
  unit: string
  call: string
  /** Of a compilation. */
  counts: number
  handedInOn: string | null
  dueOn: string | null
  unitOfTime: string | null
  place: string
}

/** What waits to be checked, or filed, by this person: what is due first on top. */
export async function listWaiting(tx: Tx, actor: Actor, what: 'check' | 'file', place: Place, today: string) {
  const by = sql`coalesce(d.due_on, date '9999-12-31')`
  const { where, orderBy } = keyset({ by, type: 'date', id: sql`t.id`, descending: false }, place)
  const clock = sql`d.due_on::text as "dueOn", d.unit as "unitOfTime", ${by}::text as place`
  const rows = await tx.execute<Waiting>(
    what === 'check'
      ? sql`
    select t.id::text as id, t.no, t.unit_name as unit, c.title as call, 0 as counts, ${handedIn(sql`e.count_id`, 'count.submit')}, ${clock}
    from counts t join calls c on c.id = t.call_id left join deadlines d on d.count_id = t.id and ${running('check')}
    where ${toCheck(actor, today)} and ${where ?? sql`true`} order by ${orderBy} limit ${pageSize + 1}`
      : sql`
    select t.id::text as id, t.no, p.name as unit, c.title as call,
      (select count(*)::int from counts x where x.compilation_id = t.id) as counts, ${handedIn(sql`e.compilation_id`, 'compilation.submit')}, ${clock}
    from compilations t join calls c on c.id = t.call_id
    join unit_periods p on p.unit_id = t.unit_id and p.valid_from <= ${today} and (p.valid_to is null or p.valid_to > ${today})
    left join deadlines d on d.compilation_id = t.id and ${running('file')}
    where ${toFile(actor, sql`t`)} and ${where ?? sql`true`} order by ${orderBy} limit ${pageSize + 1}`,
  )
  const calendar = await loadCalendar(tx)
  const page = paged([...rows], place, (row) => ({ value: row.place, id: row.id }))
  return {
    ...page,
    rows: page.rows.map(({ unitOfTime, ...row }) => ({
      ...row,
      clock: row.dueOn ? countdown(calendar, today, { dueOn: row.dueOn, unit: unitOfTime }) : null,
    })),
  }
}

/**
 * Counts `t` that this person checks, as partiesOf in counts/queries.ts has it: the township's lead; the department of a
 * stationed unit; the county its own units and the offices that lead. Not who handed them in.
 */
function toCheck(actor: Actor, today: string): SQL {
  const countyLevel = sql`t.unit_kind in ('county_department', 'state_company')`
  const leads = sql`exists (select from memberships k where k.unit_id = t.unit_id and k.role = 'lead'
    and k.valid_from <= ${today} and (k.valid_to is null or k.valid_to >= ${today}))`
  return sql`t.state = 'submitted' and (
      (t.scope_key = any(${keysAs(actor, 'lead')}) and t.unit_kind <> 'stationed' and not ${countyLevel})
      or (t.unit_kind = 'stationed' and ${keyOf(sql`t.parent_id`, sql`t.track`)} = any(${keysAs(actor, 'keeper')}))
      or (t.scope_key = any(${keysAs(actor, 'approver')}) and (${countyLevel} or ${leads})))
    and ${notMine(actor, sql`e.count_id = t.id and e.action = 'count.submit'`)}`
}

/** Compilations that the county files; not who handed them in. */
function toFile(actor: Actor, m: SQL = sql`m`): SQL {
  return sql`${m}.state = 'submitted' and ${keyOf(sql`${m}.unit_id`, sql`${m}.track`)} = any(${keysAs(actor, 'approver')})
    and ${notMine(actor, sql`e.compilation_id = ${m}.id and e.action = 'compilation.submit'`)}`
}

function notMine({ personId }: Actor, submitted: SQL): SQL {
  return sql`not exists (select from events e where ${submitted} and e.to_state is not null and e.actor_id = ${personId}::bigint)`
}

function handedIn(subject: SQL, action: string): SQL {
  return sql`(select (max(e.at) at time zone 'Asia/Shanghai')::date::text from events e
    where ${subject} = t.id and e.action = ${action} and e.to_state is not null) as "handedInOn"`
}

function running(key: string): SQL {
  return sql`d.key = ${key} and d.met_on is null and d.cancelled_on is null`
}

function keyOf(unitId: SQL, track: SQL): SQL {
  return sql`(${unitId} * 2 + case ${track} when 'collective' then 1 else 0 end)`
}

function keysAs({ grants }: Actor, role: Role): SQL {
  return keyArray(new Set(grants.filter((grant) => grant.role === role).flatMap(({ keys }) => [...keys])))
}
