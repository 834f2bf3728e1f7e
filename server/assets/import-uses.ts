import { type SQL, sql } from 'drizzle-orm'
import type { Batch } from '../../imports/target.ts'
import type { CardUses } from './ports.ts'

/**
 * A query over the new and changed rows of a committed batch: row_id, block, row, status, card_id, and where the card is
 * kept from being undone the reason with the path of what stands in the way. Of several reasons the surest is told.
 */
export function judged(batch: Batch, uses: readonly CardUses[]): SQL {
  const touched = sql`select card_id, since from touched`
  const found = [...uses, holdUses, distinctionUses, closedUnits].map(
    (use, rank) => sql`select ${rank}::int as rank, x.* from (${use(touched)}) x`,
  )
  return sql`
    with touched as materialized (
      select r.id as row_id, r.block, r.row, r.status, r.entry_id as card_id, coalesce(r.entry_version, 0) + 1 as version,
        r.entry_version as before, b.committed_at as since
      from import_rows r join import_batches b on b.id = r.batch_id
      where r.batch_id = ${batch.id} and r.status in ('new', 'changed')),
    changed as (
      select t.card_id, coalesce(${afterwards}::jsonb ->> e.action, '导入后有过变动')
          || coalesce('：' || (e.detail -> 'document' ->> 'no'), '') as reason,
        coalesce(e.detail -> 'document' ->> 'path', '/assets/' || c.code) as path
      from touched t join cards c on c.id = t.card_id and c.version <> t.version
      left join card_versions l on l.card_id = c.id and l.version = c.version - 1
      left join events back on back.id = l.event_id and back.action = 'card.import-reverted'
      left join card_versions m on m.card_id = c.id
        and m.version = coalesce((back.detail ->> 'restores')::int, c.version) - 1
      left join events e on e.id = m.event_id
      where coalesce((back.detail ->> 'restores')::int, c.version) <> t.version),
    used as (
      select distinct on (card_id) card_id, reason, path from (
        select -1 as rank, * from changed union all ${sql.join(found, sql` union all `)}) u
      order by card_id, rank, path)
    select t.row_id, t.block, t.row, t.status, t.card_id, u.reason, u.path from touched t left join used u using (card_id)`
}

/** What changed a card after the import, by the event of it; the number of its document is added. */
const afterwards = JSON.stringify({
  'card.edit': '导入后修改过',
  'card.parts': '导入后划分过部位',
  'card.reimport': '后来的导入更新过它',
  'card.determine': '导入后按权属界定变更',
  'card.split': '导入后拆分过',
  'card.unsplit': '导入后拆分过又撤销',
  'card.merge': '导入后并入了另一张卡片',
  'card.merged-away': '导入后并入了另一张卡片',
  'card.unmerge': '导入后合并过又撤销',
  'card.merge-back': '导入后合并过又撤销',
})

/** A document that holds a card has read it; so has one that let it go since. */
const holdUses: CardUses = (touched) => sql`
  select t.card_id, '事项 ' || h.document_no || ' 占用' || case when h.released_at is null then '它' else '过它' end as reason,
    h.document_path as path
  from (${touched}) t join holds h on h.card_id = t.card_id and (h.since >= t.since or h.released_at >= t.since)`

const distinctionUses: CardUses = (touched) => sql`
  select t.card_id, '已确认与 ' || o.code || ' 是两项资产' as reason, '/assets/' || o.code as path
  from (${touched}) t join card_distinctions d on d.first_card_id = t.card_id and d.decided_at >= t.since
  join cards o on o.id = d.second_card_id
  union all
  select t.card_id, '已确认与 ' || o.code || ' 是两项资产', '/assets/' || o.code
  from (${touched}) t join card_distinctions d on d.second_card_id = t.card_id and d.decided_at >= t.since
  join cards o on o.id = d.first_card_id`

/** The state before may name a unit that has ended since. */
const closedUnits: CardUses = () => sql`
  select t.card_id, '原使用单位已撤销：' || u.code as reason, null as path
  from touched t join card_versions v on v.card_id = t.card_id and v.version = t.before
  join units u on u.id = v.user_unit_id and u.state = 'closed'`
