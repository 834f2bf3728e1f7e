import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import type { Batch, KeptRow, Stretch, UndoCounts, UndoVerbs } from '../../../imports/target.ts'
import { RuleBroken } from '../../kernel/errors.ts'
import { type Acting, record } from '../../kernel/events.ts'
import { openCount } from '../lines/open.ts'

/** Takes a baseline back: its entries go but for those that people have decided or a unit has handed in. */
export function undoOfBaseline(acting: Acting): UndoVerbs<Tx> {
  return {
    survey: async (tx, batch, stretch) => ({
      counts: await countsOf(tx, batch),
      kept: await keptRows(tx, judged(batch), stretch),
    }),
    revert: (tx, batch, reason) => revert(tx, acting, batch, reason),
    kept: (tx, batch, stretch) => keptRows(tx, marked(batch), stretch),
  }
}

function judged({ id }: Batch): SQL {
  return sql`
    select r.id as row_id, r.block, r.row, b.id as entry_id, b.name, t.id as count_id, t.no,
      case
        when t.state <> 'counting' then '清查结果已经提交'
        when b.settled_reason is not null then '已写明去向'
        when b.matched_by = 'hand' then '已由人对应'
      end as reason
    from import_rows r join baseline_lines b on b.id = r.entry_id and b.batch_id = r.batch_id
    join counts t on t.id = b.count_id where r.batch_id = ${id} and r.status = 'new'`
}

function marked({ id }: Batch): SQL {
  return sql`
    select r.block, r.row, r."values" ->> 'name' as name, t.no, r.kept as reason
    from import_rows r join baseline_lines b on b.id = r.entry_id join counts t on t.id = b.count_id
    where r.batch_id = ${id}`
}

async function countsOf(tx: Tx, batch: Batch): Promise<UndoCounts> {
  const [counts] = await tx.execute<UndoCounts>(sql`
    select count(*) filter (where reason is null)::int as voided, 0 as restored,
      count(*) filter (where reason is not null)::int as kept from (${judged(batch)}) j`)
  return counts ?? { voided: 0, restored: 0, kept: 0 }
}

async function keptRows(tx: Tx, rows: SQL, { skip, most }: Stretch): Promise<KeptRow[]> {
  return tx.execute<KeptRow>(sql`
    select k.row, k.name, '/inventory/counts/' || k.no || '/baseline' as href, k.reason, null as "reasonHref"
    from (${rows}) k where k.reason is not null order by k.block, k.row offset ${skip}::int limit ${most}::int`)
}

async function revert(tx: Tx, acting: Acting, batch: Batch, reason: string): Promise<UndoCounts> {
  const open = await tx.execute<{ id: string; rows: number }>(sql`
    select count_id::text as id, count(*)::int as rows from (${judged(batch)}) j where reason is null group by 1 order by 1`)
  for (const { id } of open) await openCount(tx, acting.actor, id, 'no key update')
  const counts = await countsOf(tx, batch)
  if (counts.voided === 0) throw new RuleBroken('这批基准清单都已由人办理或已经提交，不能撤销，请逐项处理。')
  await tx.execute(sql`
    update import_rows r set kept = j.reason from (${judged(batch)}) j where r.id = j.row_id and j.reason is not null`)
  await tx.execute(sql`
    delete from baseline_lines where id in (select entry_id from (${judged(batch)}) j where reason is null)`)
  const document = { kind: 'import', no: batch.no, path: `/imports/${batch.no}` }
  for (const { id, rows } of open) {
    const told = { action: 'count.unmatch', comment: reason, detail: { document, rows } }
    await record(tx, acting, { kind: 'count', id }, told)
  }
  return counts
}
