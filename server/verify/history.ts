import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { inForce } from '../assets/as-of.ts'
import { standingOn, sumChanges } from '../assets/changes.ts'
import { balanceOf } from '../assets/changes-view.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Invariant } from './invariant.ts'

/** History has no foreign keys: see the schema of events. */
export const historyInvariants: readonly Invariant[] = [
  {
    name: '变动记录所写的对象和人员都在',
    broken: () => sql`
      select '第 ' || e.id || ' 条：' || m.name as what from events e cross join lateral (values
        ('card_id', e.card_id is not null and not exists (select from cards where id = e.card_id)),
        ('determination_id', e.determination_id is not null
          and not exists (select from determinations where id = e.determination_id)),
        ('unit_id', e.unit_id is not null and not exists (select from units where id = e.unit_id)),
        ('person_id', e.person_id is not null and not exists (select from people where id = e.person_id)),
        ('batch_id', e.batch_id is not null and not exists (select from import_batches where id = e.batch_id)),
        ('restriction_id', e.restriction_id is not null
          and not exists (select from restrictions where id = e.restriction_id)),
        ('decision_id', e.decision_id is not null and not exists (select from decisions where id = e.decision_id)),
        ('actor_id', e.actor_id is not null and not exists (select from people where id = e.actor_id)),
        ('actor_unit_id', e.actor_unit_id is not null and not exists (select from units where id = e.actor_unit_id)))
        m (name, missing)
      where m.missing`,
  },
  {
    name: '历史版本所写的卡片、单位、区划和事件都在',
    broken: () => sql`
      select coalesce(c.code, v.card_id::text) || '：第 ' || v.version || ' 版' as what
      from card_versions v left join cards c on c.id = v.card_id left join events e on e.id = v.event_id
      left join units o on o.id = v.owner_unit_id left join units u on u.id = v.user_unit_id
      left join divisions d on d.code = v.division_code
      where c.id is null or e.id is null or o.id is null or d.code is null
        or (v.user_unit_id is not null and u.id is null)`,
  },
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
