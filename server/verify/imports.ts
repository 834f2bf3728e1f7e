import { sql } from 'drizzle-orm'
import type { Invariant } from './invariant.ts'

/** What an import leaves behind, and an undone one: nothing of its own but what is told, and what it changed as it was. */
export const importInvariants: readonly Invariant[] = [
  {
    name: '导入的行都属于已有的批次',
    broken: () => sql`
      select '第 ' || r.row || ' 行' as what from import_rows r left join import_batches b on b.id = r.batch_id
      where b.id is null`,
  },
  {
    name: '批量修改都写明原因，不新增卡片',
    broken: () => sql`
      select b.no || case when b.reason is null then ' 没有原因' when b.origin = 'file' then ' 不是批量修改' else ' 有新增' end as what
      from import_batches b
      where (b.origin = 'edit') <> (b.reason is not null)
        or b.origin = 'edit' and b.state in ('committed', 'undone')
          and exists (select from import_rows r where r.batch_id = b.id and r.status = 'new')`,
  },
  {
    name: '撤销的批次新增的卡片都已作废，注明保留的除外',
    broken: () => sql`
      select b.no || ' 第 ' || r.row || ' 行：' || c.code || case when c.voided then ' 已作废' else ' 在册' end as what
      from import_batches b join import_rows r on r.batch_id = b.id and r.status = 'new'
      join cards c on c.id = r.entry_id
      left join card_versions v on v.card_id = c.id and v.version = c.version - 1
      left join events e on e.id = v.event_id and e.action = 'card.import-undone' and e.detail -> 'document' ->> 'no' = b.no
      where b.state = 'undone' and b.target = 'cards' and (r.kept is null) <> (c.voided and e.id is not null)`,
  },
  {
    name: '撤销导入后恢复导入前的内容',
    broken: () => sql`
      select a.code || '：' || (u.detail -> 'document' ->> 'no') || ' 恢复到第 ' || (u.detail ->> 'restores') || ' 版' as what
      from events u join card_versions w on w.event_id = u.id
      join card_history a on a.card_id = w.card_id and a.version = w.version + 1
      left join card_history b on b.card_id = w.card_id and b.version = (u.detail ->> 'restores')::int
      where u.action = 'card.import-reverted'
        and to_jsonb(b) - ${dated}::text[] is distinct from to_jsonb(a) - ${dated}::text[]`,
  },
  {
    name: '撤销导入的件数与卡片事件和保留的行一致',
    broken: () => sql`
      with told as (
        select detail -> 'document' ->> 'no' as no, count(*) filter (where action = 'card.import-undone') as voided,
          count(*) filter (where action = 'card.import-reverted') as restored
        from events where card_id is not null and action in ('card.import-undone', 'card.import-reverted') group by 1),
      kept as (select batch_id, count(*) as kept from import_rows where kept is not null group by 1)
      select coalesce(b.no, t.no) || '：作废 ' || coalesce(t.voided, 0) || '，恢复 ' || coalesce(t.restored, 0) || '，保留 '
        || coalesce(k.kept, 0) as what
      from import_batches b full join told t on t.no = b.no left join kept k on k.batch_id = b.id
      left join events e on e.batch_id = b.id and e.action = 'import.undo'
      where (coalesce(b.state, '') = 'undone' or t.no is not null or k.kept is not null)
        and (e.detail -> 'counts') is distinct from jsonb_build_object('voided', coalesce(t.voided, 0),
          'restored', coalesce(t.restored, 0), 'kept', coalesce(k.kept, 0))`,
  },
  {
    name: '撤销的批次与撤销的记录一致',
    broken: () => sql`
      select b.no || '：' || b.state || '，' || count(e.id) || ' 件' as what
      from import_batches b left join events e on e.batch_id = b.id and e.action = 'import.undo'
      group by b.id, b.no, b.state, b.undone_at
      having (b.state = 'undone') <> (count(e.id) = 1) or (b.state = 'undone') <> (b.undone_at is not null)`,
  },
]

/** What tells two equal states of one card apart. */
const dated = '{valid_from,valid_to,version,recorded_at}'
