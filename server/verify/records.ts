import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { deadlines } from '../../db/schema/records.ts'
import { lastDay } from '../records/calendar.ts'
import { loadCalendar } from '../records/calendar-queries.ts'
import { isOpen, spanOf } from '../records/deadlines.ts'
import type { Invariant } from './invariant.ts'

export const recordInvariants: readonly Invariant[] = [
  {
    name: '待审核、待界定的权属界定各有一个时限在走',
    broken: () => sql`
      select d.no || '：' || count(t.id) || ' 个' as what
      from determinations d left join deadlines t on t.determination_id = d.id and t.met_on is null
        and t.cancelled_on is null and t.key = case d.state when 'submitted' then 'review' else 'decision' end
      where d.state in ('submitted', 'reviewed') group by d.id, d.no having count(t.id) <> 1`,
  },
  {
    name: '不在等待的步骤没有时限在走',
    broken: () => sql`
      select coalesce(d.no, '没有单据') || '：' || t.label as what
      from deadlines t left join determinations d on d.id = t.determination_id
      where t.met_on is null and t.cancelled_on is null and t.determination_id is not null
        and t.key is distinct from case d.state when 'submitted' then 'review' when 'reviewed' then 'decision' end`,
  },
  {
    name: '代录人不是提交人',
    broken: () => sql`
      select o.no || '：' || d.no as what from decisions o join determinations d on d.id = o.determination_id
      where exists (select from events e where e.determination_id = d.id and e.action = 'determination.submit'
        and e.actor_id = o.recorded_by)`,
  },
  {
    name: '代录办结的权属界定与代录的决定一致',
    broken: () => sql`
      select coalesce(d.no, '没有单据') || '：' || coalesce(o.no, '没有代录') as what
      from (
        select distinct x.* from determinations x join events e on e.determination_id = x.id
        where e.action = 'determination.record' and x.state = 'decided') d
      full join decisions o on o.determination_id = d.id
      where o.compilation_id is null and (o.no is null or d.no is null or d.decided_on is distinct from o.decided_on
        or d.document_no is distinct from o.document_no or d.deciding_body is distinct from o.body)`,
  },
]

export const reckonedName = '时限与按现行放假安排推算的相同'

/** Running clocks that go by a rule, reckoned again. */
export async function reckonedBroken(tx: Tx): Promise<string[]> {
  const calendar = await loadCalendar(tx)
  const open = await tx.select().from(deadlines).where(isOpen)
  return open.flatMap((deadline) => {
    const span = spanOf(deadline)
    const dueOn = span ? lastDay(calendar, span) : deadline.dueOn
    return dueOn === deadline.dueOn ? [] : [`${deadline.label}（${deadline.id}）：${deadline.dueOn} ≠ ${dueOn}`]
  })
}
