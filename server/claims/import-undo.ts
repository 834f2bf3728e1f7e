import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { list, names } from '../../db/sql.ts'
import type { Batch, KeptRow, Stretch, UndoCounts, UndoVerbs } from '../../imports/target.ts'
import type { Watch } from '../../imports/watch.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { type Acting, eventColumns } from '../kernel/events.ts'
import { claimOf } from './claim.ts'
import { claimRecord, recordOf, setToRecord } from './import-apply.ts'

/** Takes an import of claims back: new ones are voided, changed ones are what they were; what was used since is kept. */
export function undoOfClaims(acting: Acting): UndoVerbs<Tx> {
  return {
    survey: async (tx, batch, stretch) => ({
      counts: await countsOf(tx, batch),
      kept: await keptRows(tx, judged(batch), stretch),
    }),
    revert: (tx, batch, reason, watch) => revert(tx, acting, batch, reason, watch),
    kept: (tx, batch, stretch) => keptRows(tx, marked(batch), stretch),
  }
}

function judged({ id }: Batch): SQL {
  return sql`
    select r.id as row_id, r.block, r.row, r.status, r.changes, k.id as entry_id, k.no, k.counterparty,
      case
        when k.voided then '后来已经作废'
        when k.ended_on is not null then '后来已经了结'
        when k.version <> case r.status when 'new' then 1 else r.entry_version + 1 end then '后来又有变动'
        when exists (select from claim_lines l join counts t on t.id = l.count_id
          where l.claim_id = k.id and l.claim_version = k.version and t.state <> 'cancelled') then '清查已列有它'
      end as reason
    from import_rows r join claims k on k.id = r.entry_id
    where r.batch_id = ${id} and r.status in ('new', 'changed')`
}

function marked({ id }: Batch): SQL {
  return sql`
    select r.block, r.row, k.no, k.counterparty, r.kept as reason
    from import_rows r join claims k on k.id = r.entry_id where r.batch_id = ${id}`
}

async function countsOf(tx: Tx, batch: Batch): Promise<UndoCounts> {
  const [counts] = await tx.execute<UndoCounts>(sql`
    select count(*) filter (where reason is null and status = 'new')::int as voided,
      count(*) filter (where reason is null and status = 'changed')::int as restored,
      count(*) filter (where reason is not null)::int as kept from (${judged(batch)}) j`)
  return counts ?? { voided: 0, restored: 0, kept: 0 }
}

async function keptRows(tx: Tx, rows: SQL, { skip, most }: Stretch): Promise<KeptRow[]> {
  return tx.execute<KeptRow>(sql`
    select j.row, j.no || ' ' || j.counterparty as name, '/claims/' || j.no as href, j.reason, null as "reasonHref"
    from (${rows}) j where j.reason is not null order by j.block, j.row offset ${skip}::int limit ${most}::int`)
}

async function revert(tx: Tx, acting: Acting, batch: Batch, reason: string, watch: Watch): Promise<UndoCounts> {
  // Nobody changes these entries from here on.
  await tx.execute(sql`
    select count(*) from (
      select from claims where id in (select entry_id from import_rows where batch_id = ${batch.id} and status in ('new', 'changed'))
      order by id for update) l`)
  const counts = await countsOf(tx, batch)
  if (counts.voided + counts.restored === 0) {
    throw new RuleBroken('这份表里的债权债务后来都有变动，不能撤销，请逐笔更正。')
  }
  watch.progress({ phase: '正在撤销', rows: 0, of: counts.voided + counts.restored })
  await tx.execute(sql`
    update import_rows r set kept = j.reason from (${judged(batch)}) j where r.id = j.row_id and j.reason is not null`)
  await tell(tx, acting, batch, reason)
  const now = sql`${acting.clock.now().toISOString()}::timestamptz`
  const own = sql`r.batch_id = ${batch.id} and r.kept is null`
  const before = await earlier(tx, batch)
  await tx.execute(sql`
    update claims k set ${setToRecord}, version = k.version + 1, updated_at = ${now}
    from jsonb_to_recordset(${JSON.stringify(before)}::jsonb) as n (${claimRecord}) where k.id = n.id`)
  await tx.execute(sql`
    update claims k set voided = true, version = k.version + 1, updated_at = ${now}
    from import_rows r where r.entry_id = k.id and r.status = 'new' and ${own}`)
  return counts
}

/** What the changed entries were, from what the rows changed of what they are. */
async function earlier(tx: Tx, { id }: Batch) {
  const rows = await tx.execute<{ id: string; values: Record<string, string | null> }>(sql`
    select k.id::text as id, jsonb_build_object('category', k.category, 'counterparty', k.counterparty,
        'amount', k.amount::text, 'purpose', k.purpose, 'dueOn', k.due_on::text, 'voucherNo', k.voucher_no,
        'remark', k.remark, 'occurredOn', left(k.occurred_on::text, case k.occurred_precision when 'year' then 4 when 'month' then 7 else 10 end))
      || (select jsonb_object_agg(c.key, c.value -> 'old') from jsonb_each(r.changes) c) as values
    from import_rows r join claims k on k.id = r.entry_id
    where r.batch_id = ${id} and r.status = 'changed' and r.kept is null`)
  return rows.map(({ id, values }) => recordOf(claimOf(values), id, null))
}

/** What goes is told the other way round than it came. */
async function tell(tx: Tx, acting: Acting, batch: Batch, reason: string): Promise<void> {
  const { action: _action, ...shared } = eventColumns(acting, { action: '', comment: reason })
  const document = JSON.stringify({ kind: 'import', no: batch.no, path: `/imports/${batch.no}` })
  await tx.execute(sql`
    insert into events (${names([...Object.keys(shared), 'action', 'claim_id', 'detail'])})
    select ${list(Object.values(shared))}, case r.status when 'new' then 'claim.void' else 'claim.edit' end, r.entry_id,
      jsonb_build_object('document', ${document}::jsonb) || case r.status when 'new' then '{}' else jsonb_build_object('changes',
        (select jsonb_object_agg(c.key, jsonb_build_object('old', c.value -> 'new', 'new', c.value -> 'old')) from jsonb_each(r.changes) c)) end
    from import_rows r where r.batch_id = ${batch.id} and r.status in ('new', 'changed') and r.kept is null
    order by r.block, r.row`)
}
