import { sql } from 'drizzle-orm'
import type { Invariant } from './invariant.ts'

/** Every state of a card with its parts as rows, under the aliases h and p. */
const partsOfStates = sql`card_history h cross join lateral jsonb_to_recordset(h.parts)
  as p(no int, name text, area numeric, usage text, "idleSince" text)`

/** Every part number that an open hold covers, under the aliases h and n; holds of the whole card have none. */
const partsHeld = sql`holds h cross join lateral generate_series(lower(h.parts), upper(h.parts) - 1) as n(no)`

export const partInvariants: readonly Invariant[] = [
  {
    name: '部位面积合计不大于资产面积',
    broken: () => sql`
      select h.code || '：' || sum(p.area) || ' > ' || coalesce(max(m.area)::text, '未知') as what
      from ${partsOfStates}
      cross join lateral (
        select case when h.card_type in ('land', 'resource') then h.land_area else h.floor_area end as area) m
      group by h.card_id, h.code, h.version having sum(p.area) > coalesce(max(m.area), 0) or min(p.area) <= 0`,
  },
  {
    name: '部位的号码和名称在一张卡片上不重复，也不超过已用的号码',
    broken: () => sql`
      select h.code || '：' || string_agg(p.no || ' ' || p.name, '、' order by p.no) as what
      from ${partsOfStates} join cards c on c.id = h.card_id
      group by h.card_id, h.code, h.version
      having count(distinct p.no) < count(*) or count(distinct p.name) < count(*) or max(p.no) > max(c.last_part)`,
  },
  {
    name: '使用状况和闲置面积与部位一致',
    broken: () => sql`
      select h.code || '：' || coalesce(max(h.usage), '无') || ' ' || coalesce(max(h.idle_area)::text, '无') || ' ≠ '
        || (array_agg(p.usage order by p.area desc, p.no))[1] || ' '
        || coalesce(sum(p.area) filter (where p.usage = 'idle'), 0) as what
      from ${partsOfStates}
      group by h.card_id, h.code, h.version
      having max(h.usage) is distinct from (array_agg(p.usage order by p.area desc, p.no))[1]
        or max(h.idle_area) is distinct from coalesce(sum(p.area) filter (where p.usage = 'idle'), 0)`,
  },
  {
    name: '被占用的部位都在卡片上',
    broken: () => sql`
      select c.code || '：部位 ' || n.no || '（' || h.document_no || '）' as what
      from ${partsHeld} join cards c on c.id = h.card_id
      where h.released_at is null and not exists (
        select from jsonb_to_recordset(c.parts) as p(no int) where p.no = n.no)`,
  },
  {
    name: '生效中的限制登记占用其资产或部位',
    broken: () => sql`
      select r.no || ' 没有占用 ' || c.code || coalesce(' 部位 ' || wanted.no, '') as what
      from restrictions r join cards c on c.id = r.card_id
      cross join lateral (
        select unnest(r.part_nos) as no union all select null where cardinality(r.part_nos) = 0) wanted
      where r.state = 'in_force' and not exists (
        select from holds h where h.card_id = r.card_id and h.kind = r.kind and h.released_at is null
          and h.document_kind = 'restriction' and h.document_id = r.id
          and h.parts @> coalesce(int4range(wanted.no, wanted.no + 1), '(,)'))`,
  },
  {
    name: '已解除的限制登记不再占用资产',
    broken: () => sql`
      select h.document_no || ' 仍占用 ' || c.code as what
      from holds h join cards c on c.id = h.card_id left join restrictions r on r.id = h.document_id
      where h.released_at is null and h.document_kind = 'restriction' and r.state is distinct from 'in_force'`,
  },
  {
    name: '限制登记的状态与最后一步一致',
    broken: () => sql`
      select r.no || '：' || r.state || ' ≠ ' || coalesce(s.to_state, '无') as what
      from restrictions r left join lateral (
        select e.to_state from events e where e.restriction_id = r.id and e.to_state is not null
        order by e.at desc, e.id desc limit 1) s on true
      where r.state is distinct from s.to_state`,
  },
]
