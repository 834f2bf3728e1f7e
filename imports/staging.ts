import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { importRows, type RowProblem } from '../db/schema/imports.ts'
import type { InterpretedRow, RowStatus } from './target.ts'

/** Rows per statement, and characters of theirs: a row may hold as much text as a thousand others. */
const chunk = 1000
const chunkChars = 4 * 2 ** 20

/** Replaces a batch's staged rows by what the file says; none has met the database yet. */
export async function stageRows(tx: Tx, batchId: string, rows: AsyncIterable<InterpretedRow>): Promise<void> {
  await tx.delete(importRows).where(eq(importRows.batchId, batchId))
  let waiting: (typeof importRows.$inferInsert)[] = []
  let chars = 0
  const flush = async () => {
    if (waiting.length > 0) await tx.insert(importRows).values(waiting)
    waiting = []
    chars = 0
  }
  for await (const { row, block, values, extras, written, problems } of rows) {
    waiting.push({
      batchId,
      row,
      block: block ?? 0,
      status: problems.some(({ severity }) => severity === 'wrong') ? 'wrong' : 'new',
      values,
      extra: extras,
      written,
      problems: problems.map(({ column, field, message, severity }) => ({ column, field, message, severity })),
    })
    chars += lengthOf(values) + lengthOf(extras) + lengthOf(written)
    if (waiting.length === chunk || chars > chunkChars) await flush()
  }
  await flush()
}

function lengthOf(texts: Readonly<Record<string, string | null>>): number {
  let length = 0
  for (const key in texts) length += key.length + (texts[key]?.length ?? 0)
  return length
}

export type StagedRow = typeof importRows.$inferSelect

/** A batch's rows in the file's order, a chunk at a time; of tables side by side the left one first. */
export async function* stagedRows(tx: Tx, batchId: string): AsyncGenerator<StagedRow[]> {
  let after = { block: 0, row: 0 }
  for (;;) {
    const next = sql`${importRows.batchId} = ${batchId} and (${importRows.block}, ${importRows.row}) > (${after.block}, ${after.row})`
    const [end] = await tx.execute<{ block: number; row: number }>(sql`
      select block, row from (
        select block, row, row_number() over w as at,
          sum(octet_length(values::text) + octet_length(extra::text) + octet_length(written::text)) over w as chars
        from (select * from import_rows where ${next} order by block, row limit ${chunk}) r
        window w as (order by block, row)) sized
      where at = 1 or chars <= ${3 * chunkChars}
      order by block desc, row desc limit 1`)
    if (!end) return
    yield await tx
      .select()
      .from(importRows)
      .where(sql`${next} and (${importRows.block}, ${importRows.row}) <= (${end.block}, ${end.row})`)
      .orderBy(importRows.block, importRows.row)
    after = end
  }
}

/** What matching found out about a staged row. */
export type Verdict = {
  id: string
  status: RowStatus
  resolved: Record<string, string | null> | null
  changes: Record<string, { old: string | null; new: string | null }> | null
  findings: RowProblem[]
  extra: Record<string, string>
  entryId: string | null
  entryVersion: number | null
}

/** Writes the verdicts of many rows in one statement. */
export async function writeVerdicts(tx: Tx, verdicts: readonly Verdict[]): Promise<void> {
  if (verdicts.length === 0) return
  await tx.execute(sql`
    update import_rows r set status = v.status, resolved = v.resolved, changes = v.changes, findings = v.findings, extra = v.extra,
      entry_id = v."entryId", entry_version = v."entryVersion"
    from jsonb_to_recordset(${JSON.stringify(verdicts)}::jsonb)
      as v(id bigint, status text, resolved jsonb, changes jsonb, findings jsonb, extra jsonb, "entryId" bigint, "entryVersion" int)
    where r.id = v.id`)
}

/** How many rows have which status, over all five. */
export async function countRows(tx: Tx, batchId: string): Promise<Record<RowStatus, number>> {
  const counts: Record<RowStatus, number> = { new: 0, changed: 0, unchanged: 0, duplicate: 0, wrong: 0, skipped: 0 }
  const rows = await tx.execute<{ status: RowStatus; count: number }>(
    sql`select status, count(*)::int as count from import_rows where batch_id = ${batchId} group by status`,
  )
  for (const { status, count } of rows) counts[status] = count
  return counts
}

/** Σ of each figure over the rows that are not wrong, as read from the file: 元, ㎡. */
export async function sumRows(tx: Tx, batchId: string, fields: readonly string[]): Promise<Record<string, string>> {
  const rows = await tx.execute<{ field: string; sum: string }>(sql`
    select f.field, coalesce(sum((r.values ->> f.field)::numeric), 0)::text as sum
    from unnest(${`{${fields.join(',')}}`}::text[]) as f(field)
    left join import_rows r on r.batch_id = ${batchId} and r.status <> 'wrong' and r.values ->> f.field is not null
    group by f.field`)
  return Object.fromEntries(rows.map(({ field, sum }) => [field, sum]))
}
