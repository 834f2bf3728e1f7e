import { sql } from 'drizzle-orm'
import type { Invariant } from './invariant.ts'

export const cardInvariants: readonly Invariant[] = [
  {
    name: '资产编号不重复',
    broken: () =>
      sql`select code || ' 有 ' || count(*) || ' 张卡片' as what from cards group by code having count(*) > 1`,
  },
  {
    name: '资产编号为县代码加 8 位流水号',
    broken: ({ county }) => sql`select code as what from cards where code !~ ${`^${county}[0-9]{8}$`}`,
  },
  {
    name: '每张卡片有一个现存的权属单位',
    broken: ({ today }) => sql`
      select c.code || '：权属单位今天有 ' || count(p.id) || ' 条记录' as what
      from cards c left join units u on u.id = c.owner_unit_id
      left join unit_periods p on p.unit_id = u.id and p.valid_from <= ${today} and (p.valid_to is null or p.valid_to > ${today})
      group by c.id, c.code having count(p.id) <> 1`,
  },
  {
    name: '每张卡片的所在地是已知的区划',
    broken: () => sql`
      select c.code || '：' || c.division_code as what
      from cards c left join divisions d on d.code = c.division_code where d.code is null`,
  },
  {
    name: '卡片历次版本首尾相接',
    broken: () => sql`
      select code || '：第 ' || version || ' 版' as what from (
        select code, version, valid_from, valid_to, row_number() over w as place,
          lag(valid_to) over w as left_off, count(*) over (partition by card_id) as states
        from card_history window w as (partition by card_id order by version, valid_to nulls last)
      ) h
      where version <> place or (place > 1 and left_off is distinct from valid_from)
        or (valid_to is null) <> (place = states)`,
  },
  {
    name: '每次卡片变动都有事件',
    broken: () => sql`
      select c.code || '：' || c.version || ' 版，' || count(e.id) || ' 件' as what
      from cards c left join events e on e.card_id = c.id
      group by c.id, c.code, c.version having count(e.id) < greatest(c.version, 1)`,
  },
  {
    name: '旧版本由本卡片的事件取代',
    broken: () => sql`
      select c.code || '：第 ' || v.version || ' 版' as what
      from card_versions v left join cards c on c.id = v.card_id left join events e on e.id = v.event_id
      where e.card_id is distinct from v.card_id`,
  },
  {
    // Finance returns: net value is what depreciation leaves of the cost.
    name: '净值等于原值减累计折旧',
    broken: () => sql`
      select code || '：' || net_value || ' ≠ ' || cost || ' - ' || coalesce(depreciation, 0) as what
      from cards where abs(net_value - (cost - depreciation)) > 0.01`,
  },
  {
    name: '累计折旧不超过原值',
    broken: () =>
      sql`select code || '：' || depreciation || ' > ' || cost as what from cards where depreciation > cost`,
  },
  {
    // 政府会计准则第3号: one yuan, not depreciated.
    name: '名义金额的原值为 1 元且不提折旧',
    broken: () => sql`
      select code || '：' || coalesce(cost, 0) as what from cards
      where value_kind = 'nominal' and (cost <> 1 or depreciation > 0)`,
  },
  {
    name: '金额、面积和数量不为负',
    broken: () => sql`
      select code as what from cards
      where least(cost, depreciation, land_area, floor_area, idle_area, quantity, annual_rent) < 0`,
  },
  {
    name: '卡片的生效日期不晚于今天',
    broken: ({ today }) => sql`select code || '：' || valid_from as what from cards where valid_from > ${today}`,
  },
]
