import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { inForce } from '../assets/as-of.ts'
import { standingOn, sumChanges } from '../assets/changes.ts'
import { balanceOf } from '../assets/changes-view.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Invariant } from './invariant.ts'

export const historyInvariants: readonly Invariant[] = [
  {
    name: '卡片各版本的记入时间先后有序',
    broken: () => sql`
      select code || '：第 ' || version || ' 版' as what from (
        select code, version, recorded_at, lag(recorded_at) over (partition by card_id order by version) as before
        from card_history) h
      where recorded_at < before`,
  },
  {
    name: '旧版本在下一版本记入时被取代',
    broken: () => sql`
      select h.code || '：第 ' || v.version || ' 版' as what
      from card_versions v join card_history h on h.card_id = v.card_id and h.version = v.version + 1
      where h.recorded_at <> v.superseded_at`,
  },
  {
    name: '今天时点的台账就是现在的台账',
    broken: ({ today }) => sql`
      select k.code || '：今天有 ' || count(h.card_id) || ' 个状态' as what
      from cards k left join (select c.card_id, c.version from card_history c where ${inForce(today)}) h on h.card_id = k.id
      group by k.id, k.code, k.version having count(h.card_id) <> 1 or max(h.version) <> k.version`,
  },
]

export const balanceName = '任意两个月末之间，期初加增减等于期末'

/**
 * The changes from each month's end to the next that has any, against the registers of both days. What holds from one
 * to the next holds between any two of them.
 */
export async function balanceBroken(tx: Tx, actor: Actor, today: string): Promise<string[]> {
  const months = await tx.execute<{ day: string }>(sql`
    select distinct (date_trunc('month', valid_from) + interval '1 month - 1 day')::date::text as day
    from card_history where valid_from <= ${today} order by 1`)
  const ends = months.map(({ day }) => (day < today ? day : today))
  const [first] = ends
  if (first === undefined) return []
  const broken: string[] = []
  let from = `${first.slice(0, 8)}01`
  let opening = await standingOn(tx, actor, {}, from)
  for (const to of ends) {
    if (to <= from) continue
    const closing = await standingOn(tx, actor, {}, to)
    const { wrong } = balanceOf(opening, await sumChanges(tx, actor, { from, to }), closing)
    if (wrong.length > 0) broken.push(`${from} 至 ${to}：${wrong.join('、')}`)
    from = to
    opening = closing
  }
  return broken
}
