import { type SQL, sql } from 'drizzle-orm'
import type { Invariant } from './invariant.ts'

/** What voids a card, and nothing else does. */
const voiding = sql`('card.merged-away', 'card.split-back', 'card.import-undone')`
/** What a card begins with. */
const creating = sql`('card.create', 'card.import', 'card.split-off', 'card.found')`

const divided: readonly SQL[] = [
  sql`quantity`,
  sql`cost`,
  sql`depreciation`,
  sql`net_value`,
  sql`annual_rent`,
  sql`land_area`,
  sql`floor_area`,
  sql`idle_area`,
]
const summed: Readonly<Record<string, SQL>> = {
  cost: sql`cost`,
  depreciation: sql`depreciation`,
  netValue: sql`net_value`,
  landArea: sql`land_area`,
  floorArea: sql`floor_area`,
  idleArea: sql`idle_area`,
  quantity: sql`quantity`,
}

/** Card codes and sums through splits, merges and their undoing: nothing appears and nothing is lost. */
export const identityInvariants: readonly Invariant[] = [
  {
    name: '并入的编号通向一张在册的卡片',
    broken: () => sql`
      with recursive onward as (
        select id as spent, merged_into_id as id from cards where merged_into_id is not null
        union
        select o.spent, c.merged_into_id from onward o join cards c on c.id = o.id where c.merged_into_id is not null
      )
      select c.code as what from cards c where c.merged_into_id is not null and not exists (
        select from onward o join cards l on l.id = o.id
        where o.spent = c.id and l.merged_into_id is null and not l.voided)`,
  },
  {
    name: '作废的卡片都有去处，有去处的都已作废',
    broken: () => sql`
      select c.code || '：' || case when c.voided then '作废' else '在册' end || '，' || coalesce(e.action, '无事件') as what
      from cards c
      left join card_versions v on v.card_id = c.id and v.version = c.version - 1
      left join events e on e.id = v.event_id
      where c.voided <> coalesce(e.action in ${voiding}, false)
        or (c.merged_into_id is not null) <> coalesce(e.action = 'card.merged-away', false)`,
  },
  {
    name: '每张卡片由一件事件建立',
    broken: () => sql`
      select c.code || '：' || count(e.id) || ' 件' as what
      from cards c left join events e on e.card_id = c.id and e.action in ${creating}
      group by c.id, c.code, c.split_from_id
      having count(e.id) <> 1 or bool_or(e.action = 'card.split-off') <> (c.split_from_id is not null)`,
  },
  {
    name: '拆出的加留下的等于拆分前的',
    broken: () => sql`
      select b.code || '：拆分于第 ' || b.version || ' 版' as what
      from events e join card_history b on b.card_id = e.card_id
      join card_versions v on v.event_id = e.id and v.card_id = b.card_id and v.version = b.version
      join card_history a on a.card_id = b.card_id and a.version = b.version + 1
      cross join lateral (
        select count(*) as pieces, ${list((column) => sql`coalesce(sum(p.${column}), 0) as ${column}`)}
        from jsonb_array_elements(e.detail -> 'pieces') d
        join card_history p on p.code = d ->> 'code' and p.version = 1) p
      where e.action = 'card.split' and (p.pieces <> jsonb_array_length(e.detail -> 'pieces')
        or ${any((column) => sql`coalesce(b.${column}, 0) <> coalesce(a.${column}, 0) + p.${column}`)})`,
  },
  {
    name: '合并后的加移出的等于合并前的',
    broken: () => sql`
      select b.code || '：并入 ' || (e.detail -> 'document' ->> 'no') as what
      from events e join card_history b on b.card_id = e.card_id
      join card_versions v on v.event_id = e.id and v.card_id = b.card_id and v.version = b.version
      join card_history a on a.card_id = b.card_id and a.version = b.version + 1
      left join card_history o on o.code = e.detail -> 'document' ->> 'no' and o.version = (e.detail ->> 'otherVersion')::int
      where e.action = 'card.merge' and (o.card_id is null or ${sql.join(
        Object.entries(summed).map(
          ([key, column]) => sql`coalesce(b.${column}, 0) + coalesce(o.${column}, 0)
            <> coalesce(a.${column}, 0) + coalesce((e.detail -> 'removed' ->> ${key})::numeric, 0)`,
        ),
        sql` or `,
      )})`,
  },
  {
    name: '撤销拆分、撤销合并后恢复原来的数',
    broken: () => sql`
      select b.code || '：' || u.action as what
      from events u join events e on e.id = coalesce(u.detail ->> 'split', u.detail ->> 'merge')::bigint
      join card_versions v on v.event_id = e.id
      join card_history b on b.card_id = v.card_id and b.version = v.version
      join card_versions w on w.event_id = u.id
      join card_history a on a.card_id = w.card_id and a.version = w.version + 1
      where u.action in ('card.unsplit', 'card.unmerge')
        and ${any((column) => sql`b.${column} is distinct from a.${column}`)}`,
  },
]

function list(of: (column: SQL) => SQL): SQL {
  return sql.join(divided.map(of), sql`, `)
}

function any(of: (column: SQL) => SQL): SQL {
  return sql`(${sql.join(divided.map(of), sql` or `)})`
}
