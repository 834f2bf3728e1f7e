import { sql } from 'drizzle-orm'
import type { Invariant } from './invariant.ts'

/** Every card that is still somebody's to hand over: neither voided nor disposed of. */
const living = sql`not c.voided and c.usage is distinct from 'disposed'`

export const unitInvariants: readonly Invariant[] = [
  {
    // Overlaps are looked for elsewhere; here it is days without a row.
    name: '未撤销的单位自设立起每天都有记录',
    broken: () => sql`
      select u.code || '：' || h.valid_to || ' 起' as what from (
        select p.unit_id, p.valid_to, lead(p.valid_from) over (partition by p.unit_id order by p.valid_from) as next
        from unit_periods p) h
      join units u on u.id = h.unit_id
      where h.valid_to is not null and h.next is distinct from h.valid_to
        and not (u.state = 'closed' and h.next is null and h.valid_to >= u.closed_on)`,
  },
  {
    // Going up, the days that all rows of the way have in common; a circle is one that comes back on some day.
    name: '单位隶属任何一天都不成环',
    broken: () => sql`
      with recursive up as (
        select unit_id as first, parent_id as unit_id, daterange(valid_from, valid_to) as days
        from unit_periods where parent_id is not null
        union
        select up.first, p.parent_id, up.days * daterange(p.valid_from, p.valid_to)
        from up join unit_periods p on p.unit_id = up.unit_id and p.parent_id is not null
          and up.days && daterange(p.valid_from, p.valid_to)
        where up.unit_id <> up.first
      )
      select u.code || '：' || lower(up.days) as what from up join units u on u.id = up.first where up.unit_id = up.first`,
  },
  {
    name: '隶属单位和核算单位同期存在',
    broken: () => sql`
      select u.code || '：' || p.valid_from || ' 起的' || o.what || ' ' || coalesce(r.code, '无') as what
      from unit_periods p join units u on u.id = p.unit_id
      cross join lateral (values ('隶属单位', p.parent_id), ('核算单位', p.entity_id)) o (what, id)
      left join units r on r.id = o.id
      where o.id is not null and o.id <> p.unit_id and (r.id is null
        or p.valid_from < (select min(f.valid_from) from unit_periods f where f.unit_id = r.id)
        or (r.closed_on is not null and u.closed_on is null and (p.valid_to is null or p.valid_to > r.closed_on)))`,
  },
  {
    name: '单位状态与撤销、办结日期一致',
    broken: ({ today }) => sql`
      select code || '：' || state as what from units
      where (state = 'active') <> (dissolved_on is null) or (state = 'closed') <> (closed_on is not null)
        or closed_on < dissolved_on or dissolved_on > ${today} or closed_on > ${today}`,
  },
  {
    name: '已撤销的单位名下没有资产',
    broken: () => sql`
      select u.code || '：' || c.code as what from units u
      join cards c on (c.owner_unit_id = u.id or c.user_unit_id = u.id) and ${living}
      where u.state = 'closed'
      union
      select u.code || '：' || k.code || ' 到 ' || c.valid_to from units u
      join card_versions c on (c.owner_unit_id = u.id or c.user_unit_id = u.id) and ${living} and c.valid_to > u.closed_on
      join cards k on k.id = c.card_id
      where u.state = 'closed' and c.valid_to > c.valid_from`,
  },
  {
    name: '已撤销的单位没有在任的岗位',
    broken: () => sql`
      select u.code || '：' || h.account || ' ' || m.role as what
      from units u join memberships m on m.unit_id = u.id and (m.valid_to is null or m.valid_to >= u.closed_on)
      join people h on h.id = m.person_id
      where u.state = 'closed'`,
  },
  {
    name: '承继关系两端都在且不成环',
    broken: () => sql`
      with recursive onward as (
        select predecessor_id as first, successor_id as unit_id from unit_successions
        union
        select o.first, s.successor_id from onward o join unit_successions s on s.predecessor_id = o.unit_id
      )
      select coalesce(p.code, '无') || ' → ' || coalesce(n.code, '无') as what
      from unit_successions s left join units p on p.id = s.predecessor_id left join units n on n.id = s.successor_id
      where p.id is null or n.id is null or p.state = 'active' or s.since is distinct from p.dissolved_on
      union
      select u.code || ' → ' || u.code from onward o join units u on u.id = o.first where o.unit_id = o.first`,
  },
]
