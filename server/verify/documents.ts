import { sql } from 'drizzle-orm'
import type { Invariant } from './invariant.ts'

export const documentInvariants: readonly Invariant[] = [
  {
    name: '已办结或退回的单据不再占用资产',
    broken: () => sql`
      select h.document_no || ' 仍占用 ' || c.code as what
      from holds h join cards c on c.id = h.card_id left join determinations d on d.id = h.document_id
      where h.released_at is null and h.document_kind = 'determination'
        and (d.id is null or d.state not in ('submitted', 'reviewed'))`,
  },
  {
    name: '办理中的权属界定占用其全部资产',
    broken: () => sql`
      select d.no || ' 没有占用 ' || c.code as what
      from determinations d join determination_cards l on l.determination_id = d.id join cards c on c.id = l.card_id
      where d.state in ('submitted', 'reviewed') and not exists (
        select from holds h where h.card_id = c.id and h.kind = 'undetermined' and h.released_at is null
          and h.document_kind = 'determination' and h.document_id = d.id)`,
  },
  {
    name: '同一资产不被同类占用两次',
    broken: () => sql`
      select c.code || '：' || h.document_no || '、' || o.document_no as what
      from holds h join holds o on o.card_id = h.card_id and o.kind = h.kind and o.parts && h.parts and o.id > h.id
      join cards c on c.id = h.card_id where h.released_at is null and o.released_at is null`,
  },
  {
    // A decision that confirms what the card says already leaves the card as it is.
    name: '已作出的权属界定落实到卡片',
    broken: () => sql`
      select d.no || '：' || c.code as what
      from determinations d join determination_cards l on l.determination_id = d.id join cards c on c.id = l.card_id
      where d.state = 'decided'
        and not exists (
          select from events e where e.card_id = c.id and e.action = 'card.determine' and e.detail -> 'document' ->> 'no' = d.no)
        and not exists (
          select from card_history h where h.card_id = c.id and h.owner_unit_id = d.decided_owner_id
            and h.track = d.decided_track and h.valid_from <= d.decided_on and (h.valid_to is null or h.valid_to > d.decided_on))`,
  },
  {
    name: '单据状态与最后一步一致',
    broken: () => sql`
      select d.no || '：' || d.state || ' ≠ ' || coalesce(s.to_state, '无') as what
      from determinations d left join lateral (
        select e.to_state from events e where e.determination_id = d.id and e.to_state is not null
        order by e.at desc, e.id desc limit 1) s on true
      where d.state is distinct from s.to_state`,
  },
  {
    name: '导入批次的行数与卡片事件数一致',
    broken: () => sql`
      select b.no || '：' || coalesce((b.counts ->> 'new')::int, 0) + coalesce((b.counts ->> 'changed')::int, 0)
        || ' 行，' || coalesce(e.written, 0) || ' 件' as what
      from import_batches b left join (
        select detail -> 'document' ->> 'no' as no, count(*) as written from events
        where card_id is not null and action in ('card.import', 'card.reimport') group by 1) e on e.no = b.no
      where b.state in ('committed', 'undone') and b.target = 'cards'
        and coalesce((b.counts ->> 'new')::int, 0) + coalesce((b.counts ->> 'changed')::int, 0) <> coalesce(e.written, 0)`,
  },
  {
    name: '未导入的批次没有改动卡片',
    broken: () => sql`
      select b.no || '：' || b.state as what from import_batches b
      where b.state not in ('committed', 'undone') and exists (
        select from events e where e.card_id is not null and e.action in ('card.import', 'card.reimport')
          and e.detail -> 'document' ->> 'no' = b.no)`,
  },
  {
    name: '待确认批次的行数与各行一致',
    broken: () => sql`
      select b.no || '：' || k.status || ' ' || k.count || ' ≠ ' || coalesce(r.count, 0) as what
      from import_batches b
      cross join lateral (select key as status, value::int as count from jsonb_each_text(b.counts)) k
      left join lateral (
        select count(*)::int as count from import_rows where batch_id = b.id and import_rows.status = k.status) r on true
      where b.state = 'checked' and k.count <> coalesce(r.count, 0)`,
  },
  {
    name: '导入中跳过的行由人决定',
    broken: () => sql`
      select b.no || ' 第 ' || r.row || ' 行' as what from import_rows r join import_batches b on b.id = r.batch_id
      where b.state in ('checked', 'committed', 'undone')
        and (r.status = 'skipped') <> (r.handling is not distinct from 'skip')`,
  },
  {
    name: '导入的行指向存在的卡片',
    broken: () => sql`
      select b.no || ' 第 ' || r.row || ' 行' as what
      from import_rows r join import_batches b on b.id = r.batch_id left join cards c on c.id = r.entry_id
      where b.target = 'cards' and (r.entry_version is not null and c.id is null
        or b.state in ('committed', 'undone') and r.status in ('new', 'changed') and c.id is null)`,
  },
  {
    name: '流水号不落后于已用的号码',
    broken: () => sql`
      with used as (
        select 'card' as name, max(right(code, 8)::bigint) as highest from cards where code ~ '^[0-9]{14}$'
        union all
        select left(no, -5), max(right(no, 4)::bigint) from (
          select no from determinations union all select no from import_batches union all select no from decisions
          union all select no from restrictions union all select no from public_notices
          union all select no from resolutions union all select no from calls
          union all select no from counts union all select no from compilations union all select no from claims) d
        where no ~ '^[A-Z]+[0-9]{4}-[0-9]{4}$' group by 1
        union all
        select 'unit ' || left(code, 13), max(substr(code, 14)::bigint) from units
        where code ~ '^[0-9]{12}[A-Z][0-9]+$' group by 1
      )
      select u.name || '：已用到 ' || u.highest || '，计数为 ' || coalesce(c.value, 0) as what
      from used u left join counters c on c.name = u.name where u.highest > coalesce(c.value, 0)`,
  },
]
