import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { within } from '../../access/scope.ts'
import type { Actor } from '../../kernel/actor.ts'

export type ChartRead = {
  id: string
  no: string
  state: string
  unit: string
  kind: string
  town: string
  round: number
  nothing: boolean
  reminded: boolean
  /** The unit leads its township: the county checks it. */
  leads: boolean
  compilation: string | null
  /** The notice that is up, its last day, and objections to it without an answer. */
  notice: string | null
  noticeEndsOn: string | null
  objections: number
  /** The clock that runs on the count, on its notice, or on the compilation it is part of. */
  clockKey: string | null
  dueOn: string | null
  unitOfTime: string | null
  people: string | null
}

/** Counts `t` of a call, in the actor's scope, without those that were given up. */
export function inChart(actor: Actor, callId: string): SQL {
  return sql`t.call_id = ${callId} and t.state <> 'cancelled' and ${within(actor, sql`t.scope_key`)}`
}

/** The counts with what runs on them, by township and unit. */
export async function chartRows(tx: Tx, which: SQL, today: string): Promise<ChartRead[]> {
  const inForce = sql`k.valid_from <= ${today} and (k.valid_to is null or k.valid_to >= ${today})`
  const rows = await tx.execute<ChartRead>(sql`
    select t.id::text as id, t.no, t.state, t.unit_name as unit, t.unit_kind as kind, t.round, t.nothing,
      case t.unit_kind when 'stationed' then '派驻机构' else coalesce(v.name, '县级单位') end as town,
      t.reminded_at is not null as reminded, m.no as compilation, n.no as notice, n.ends_on::text as "noticeEndsOn",
      (select count(*)::int from objections o where o.notice_id = n.id and o.answered_at is null) as objections,
      d.key as "clockKey", d.due_on::text as "dueOn", d.unit as "unitOfTime",
      exists (select from memberships k where k.unit_id = t.unit_id and k.role = 'lead' and ${inForce}) as leads,
      (select string_agg(distinct p.name || coalesce(' ' || p.phone, ''), '、') from memberships k join people p on p.id = k.person_id
        where k.unit_id = t.unit_id and k.role = 'keeper' and k.track in ('both', t.track) and p.disabled_at is null
          and ${inForce}) as people
    from counts t
    left join divisions v on v.code = left(t.division_code, 9) || '000' and v.level = 4
    left join compilations m on m.id = t.compilation_id
    left join public_notices n on n.count_id = t.id and n.state <> 'withdrawn'
    left join lateral (
      select key, due_on, unit from deadlines where count_id = t.id and met_on is null and cancelled_on is null
      union all
      select key, due_on, unit from deadlines where notice_id = n.id and met_on is null and cancelled_on is null
      union all
      select key, due_on, unit from deadlines where compilation_id = m.id and met_on is null and cancelled_on is null
      order by due_on limit 1) d on true
    where ${which} order by (t.unit_kind = 'stationed'), left(t.division_code, 9), t.unit_code`)
  return [...rows]
}

export type Happenings = {
  /** The last day of each step, by its key. */
  days: Readonly<Record<string, string>>
  /** More time was given for what is still to be handed in: the day that held first, and the last reason. */
  extended: { from: string; reason: string } | null
}

/** What happened to the counts of a chart, by their id. Steps are found among the many events of lines by their index. */
export async function happeningsOf(tx: Tx, which: SQL): Promise<Map<string, Happenings>> {
  const steps = await tx.execute<{ id: string; days: Record<string, string> }>(sql`
    select x.id, jsonb_object_agg(x.step, x.day) as days from (
      select e.count_id::text as id, split_part(e.action, '.', 2) as step,
        (max(e.at) at time zone 'Asia/Shanghai')::date::text as day
      from counts t join events e on e.count_id = t.id and e.to_state is not null
      where ${which} group by 1, 2
      union all
      select t.id::text, 'compile', (max(e.at) at time zone 'Asia/Shanghai')::date::text
      from counts t join events e on e.count_id = t.id and e.action = 'count.compile'
      where t.compilation_id is not null and ${which} group by 1) x
    group by x.id`)
  const more = await tx.execute<{ id: string; from: string; reason: string | null }>(sql`
    select t.id::text as id, (array_agg(c.value->>'old' order by e.at, e.id))[1] as from,
      (array_agg(e.comment order by e.at desc, e.id desc))[1] as reason
    from counts t
    join deadlines d on d.count_id = t.id and d.key = 'submit' and d.met_on is null and d.cancelled_on is null
    join events e on e.count_id = t.id and e.action = 'deadline.extend' and e.at >= d.created_at
    cross join jsonb_each(e.detail->'changes') c
    where ${which} group by 1`)
  const extended = new Map(more.map(({ id, from, reason }) => [id, { from, reason: reason ?? '' }]))
  return new Map(steps.map(({ id, days }) => [id, { days, extended: extended.get(id) ?? null }]))
}
