import { sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { keyArray } from '../../access/scope.ts'
import type { Actor } from '../../kernel/actor.ts'
import { loadCalendar } from '../../records/calendar-queries.ts'
import { countdown } from '../../records/countdown.ts'

type Row = {
  no: string
  unit: string
  title: string
  dueOn: string | null
  unitOfTime: string | null
  lines: number
  counted: number
  round: number
  reminded: boolean
}

/** 我的清查: what this person has to count as a keeper, what is due first on top. */
export async function openCountsOf(tx: Tx, actor: Actor, today: string) {
  const keys = actor.grants.filter(({ role }) => role === 'keeper').flatMap((grant) => [...grant.keys])
  if (keys.length === 0) return []
  const rows = await tx.execute<Row>(sql`
    select t.no, t.unit_name as unit, c.title, d.due_on::text as "dueOn", d.unit as "unitOfTime", l.lines, l.counted, t.round,
      t.reminded_at is not null as reminded
    from counts t join calls c on c.id = t.call_id
    left join deadlines d on d.count_id = t.id and d.key = 'submit' and d.met_on is null and d.cancelled_on is null
    cross join lateral (select count(*)::int as lines, count(counted_quantity)::int as counted
      from count_lines where count_id = t.id and origin = 'booked') l
    where t.state = 'counting' and t.scope_key = any(${keyArray(keys)})
    order by d.due_on, t.unit_code, t.no limit 100`)
  const calendar = await loadCalendar(tx)
  return rows.map(({ dueOn, unitOfTime, round, ...row }) => ({
    ...row,
    returned: round > 1,
    dueOn,
    left: row.lines - row.counted,
    clock: dueOn ? countdown(calendar, today, { dueOn, unit: unitOfTime }) : null,
  }))
}
