import { type SQL, sql } from 'drizzle-orm'
import type { Invariant } from './invariant.ts'

/** A document's state is where its last step led. */
function stateOf(name: string, table: SQL, column: SQL): Invariant {
  return {
    name,
    broken: () => sql`
      select d.no || '：' || d.state || ' ≠ ' || coalesce(s.to_state, '无') as what
      from ${table} d left join lateral (
        select e.to_state from events e where ${column} = d.id and e.to_state is not null
        order by e.at desc, e.id desc limit 1) s on true
      where d.state is distinct from s.to_state`,
  }
}

export const inventoryInvariants: readonly Invariant[] = [
  stateOf('清查通知的状态与最后一步一致', sql`calls`, sql`e.call_id`),
  stateOf('单位清查的状态与最后一步一致', sql`counts`, sql`e.count_id`),
  stateOf('清查汇总的状态与最后一步一致', sql`compilations`, sql`e.compilation_id`),
  {
    name: '盘点中的单位有提交时限在走',
    broken: () => sql`
      select t.no as what from counts t where t.state = 'counting' and not exists (
        select from deadlines d where d.count_id = t.id and d.key = 'submit' and d.met_on is null and d.cancelled_on is null)`,
  },
  {
    name: '盘点明细的价值等于各部分之和',
    broken: () => sql`
      select t.no || ' 第 ' || l.no || ' 项' as what from count_lines l join counts t on t.id = l.count_id
      where coalesce(l.missing_cost, 0) + coalesce(l.scrap_cost, 0) + coalesce(l.undetermined_cost, 0)
          > coalesce(l.book_cost, 0) + coalesce(l.surplus_cost, 0)
        or l.missing_quantity + l.scrap_quantity + l.undetermined_quantity = l.book_quantity and l.origin = 'booked'
          and l.book_cost is not null
          and coalesce(l.missing_cost, 0) + coalesce(l.scrap_cost, 0) + coalesce(l.undetermined_cost, 0) <> l.book_cost`,
  },
  {
    name: '已提交的清查没有漏盘的明细',
    broken: () => sql`
      select t.no || ' 第 ' || l.no || ' 项' as what from counts t join count_lines l on l.count_id = t.id
      where t.state not in ('counting', 'cancelled') and l.counted_quantity is null`,
  },
  {
    name: '备案时的汇总数等于明细之和',
    broken: () => sql`
      with now as (
        select t.compilation_id, t.unit_code as unit, l.card_type, count(*)::text as lines,
          coalesce(sum(l.book_cost), 0)::text as book, coalesce(sum(l.counted_quantity), 0)::text as counted
        from counts t join count_lines l on l.count_id = t.id group by 1, 2, 3),
      kept as (
        select m.id, m.no, f ->> 'unit' as unit, f ->> 'cardType' as card_type, f -> 'figures' as figures
        from compilations m cross join lateral jsonb_array_elements(m.frozen) f where m.state = 'filed')
      select coalesce(k.no, m.no) || '：' || coalesce(k.unit, n.unit) || ' ' || coalesce(k.card_type, n.card_type) as what
      from kept k full join (now n join compilations m on m.id = n.compilation_id and m.state = 'filed')
        on n.compilation_id = k.id and n.unit = k.unit and n.card_type = k.card_type
      where k.id is null or n.compilation_id is null or k.figures ->> 'lines' <> n.lines
        or k.figures ->> 'book_cost' <> n.book or k.figures ->> 'counted_quantity' <> n.counted`,
  },
  {
    name: '已备案的差异都记入了台账',
    broken: () => sql`
      select t.no || ' 第 ' || l.no || ' 项' as what
      from counts t join count_lines l on l.count_id = t.id left join cards c on c.id = l.card_id
      where t.state = 'filed' and not coalesce(c.voided, false)
        and (l.origin = 'surplus' or l.missing_quantity + l.scrap_quantity + l.undetermined_quantity > 0)
        and not exists (
          select from events e where e.card_id = l.card_id and e.action in ('card.count', 'card.found', 'card.split')
            and e.detail -> 'document' ->> 'no' = t.no)`,
  },
]
