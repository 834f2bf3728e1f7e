import { setImmediate } from 'node:timers/promises'
import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../db/client.ts'
import { copyInto } from '../db/copy.ts'
import { importRows, type RowProblem } from '../db/schema/imports.ts'
import { limits } from './reading/limits.ts'
import { ImportRefused } from './refused.ts'
import { otherwise } from './resolved.ts'
import type { InterpretedRow, Resolved, Resolver, RowStatus } from './target.ts'
import { unwatched, type Watch } from './watch.ts'

/** Rows per statement, and characters of theirs: a row may hold as much text as a thousand others. */
const chunk = 1000
const chunkChars = 4 * 2 ** 20
/** Rows stored at a time while a file is read, and rows between two looks at what else there is to do. */
const part = 4000
const breath = 100

/**
 * Replaces a batch's staged rows by what the file says, each with what it comes to by itself; none has been compared
 * with what is stored. `reserve` is the expression of the id that a new entry will have.
 */
export async function stageRows(
  tx: Tx,
  batchId: string,
  rows: AsyncIterable<InterpretedRow>,
  resolver: Resolver | null,
  reserve = sql`null::bigint`,
  watch: Watch = unwatched,
): Promise<void> {
  await tx.execute(sql`delete from import_rows where batch_id = ${batchId}`)
  let waiting: Line[] = []
  let chars = 0
  let staged = 0
  let last: Place = { row: 0 }
  let writing: Promise<void> = Promise.resolve()
  // The database stores one part while the next one is read.
  const flush = async () => {
    await writing
    writing = storeLines(tx, batchId, waiting, reserve)
    writing.catch(() => undefined)
    waiting = []
    chars = 0
  }
  try {
    for await (const read of rows) {
      if (!follows(read, last)) throw outOfOrder(read, last)
      last = read
      const line = lineOf(read, resolver)
      for (const text of line) chars += text?.length ?? 0
      waiting.push(line)
      staged++
      if (waiting.length === part || chars > chunkChars) await flush()
      // Rows come many at a time: between them the database's answers are heard.
      if (staged % breath === 0) await setImmediate()
      if (staged % chunk === 0) {
        watch.signal.throwIfAborted()
        watch.progress({ phase: '正在读取', rows: staged, of: null })
      }
    }
  } catch (error) {
    await writing.catch(() => undefined)
    throw error
  }
  watch.progress({ phase: '正在存放', rows: staged, of: staged })
  await flush()
  await writing
}

async function storeLines(tx: Tx, batchId: string, lines: readonly Line[], reserve: SQL): Promise<void> {
  if (lines.length === 0) return
  const ids = await reserved(tx, lines.length, reserve)
  const copy = await copyInto(tx, 'import_rows', columns)
  for (const [at, line] of lines.entries()) {
    const waits = copy.row([batchId, ids[at] ?? null, ...line])
    if (waits) await waits
  }
  await copy.done()
}

type Place = Pick<InterpretedRow, 'row' | 'block'>

/** Each place once, and its number one that the database holds: during COPY it must have nothing to refuse. */
function follows({ row, block = 0 }: Place, last: Place): boolean {
  const before = last.block ?? 0
  return row <= limits.lastRow && (block > before || (block === before && row > last.row))
}

function outOfOrder({ row }: Place, last: Place): ImportRefused {
  const how = row > limits.lastRow ? '超出表格范围' : `排在第 ${last.row} 行后面`
  return new ImportRefused(`文件里的行号乱了：第 ${row} 行${how}。请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。`)
}

/** Ids for so many new entries; one answer of the database is read far quicker than a row for each. */
async function reserved(tx: Tx, count: number, reserve: SQL): Promise<readonly (string | null)[]> {
  const [found] = await tx.execute<{ ids: string | null }>(
    sql`select string_agg((${reserve})::text, ',') as ids from generate_series(1, ${count}::int)`,
  )
  return found?.ids?.split(',') ?? []
}

const columns = [
  ...(['batch_id', 'entry_id', 'row', 'block', 'status', 'values', 'resolved', 'extra', 'unplaced'] as const),
  ...(['written', 'problems', 'findings', 'keys'] as const),
]

/** A staged row as COPY takes it, from its number on. */
type Line = readonly (string | null)[]

function lineOf(
  { row, block = 0, values, extras, written, problems }: InterpretedRow,
  resolver: Resolver | null,
): Line {
  const told = problems.map(({ column, field, message, severity }) => ({ column, field, message, severity }))
  const came = resolver?.resolve({ row, block, values, extra: extras, problems: told })
  const status = came?.status ?? (told.some(({ severity }) => severity === 'wrong') ? 'wrong' : 'new')
  return [
    String(row),
    String(block),
    status,
    JSON.stringify(values),
    came ? jsonOf(came.differing) : null,
    jsonOf(extras),
    came ? jsonOf(came.unplaced) : '{}',
    jsonOf(written),
    told.length === 0 ? '[]' : JSON.stringify(told),
    came && came.findings.length > 0 ? JSON.stringify(came.findings.map(stagedFinding)) : '[]',
    came?.keys ? arrayText(came.keys) : null,
  ]
}

/** Most of these are empty. */
function jsonOf(record: Readonly<Record<string, string | null>>): string {
  for (const _ in record) return JSON.stringify(record)
  return '{}'
}

export function stagedFinding({ field, message, severity }: Resolved['findings'][number]): RowProblem {
  return { column: null, field, message, severity }
}

/** An array of the database, written out. */
function arrayText(keys: readonly (string | null)[]): string {
  return `{${keys.map((key) => (key === null ? 'NULL' : `"${key.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`)).join(',')}}`
}

export type StagedRow = typeof importRows.$inferSelect

/** A batch's rows in the file's order, a chunk at a time; of tables side by side the left one first. */
export async function* stagedRows(tx: Tx, batchId: string, among = sql`true`): AsyncGenerator<StagedRow[]> {
  let after = { block: 0, row: 0 }
  for (;;) {
    const next = sql`${importRows.batchId} = ${batchId} and (${importRows.block}, ${importRows.row}) > (${after.block}, ${after.row}) and ${among}`
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

/** What comparing found out about a staged row. */
export type Verdict = {
  id: string
  status: RowStatus
  /** As it would be stored, without blanks. */
  resolved: Record<string, string>
  unplaced: Record<string, string>
  changes: Record<string, { old: string | null; new: string | null }> | null
  findings: RowProblem[]
  keys: readonly (string | null)[] | null
  /** Null: the row keeps the id that was reserved for it, or gets a new one where it has none. */
  entryId: string | null
  entryVersion: number | null
}

/** Writes the verdicts of many rows in one statement. */
export async function writeVerdicts(
  tx: Tx,
  rows: readonly StagedRow[],
  verdicts: readonly Verdict[],
  reserve = sql`null::bigint`,
): Promise<void> {
  if (verdicts.length === 0) return
  const read = new Map(rows.map(({ id, values }) => [id, values]))
  const written = verdicts.map(({ resolved, ...verdict }) => {
    return { ...verdict, resolved: otherwise(read.get(verdict.id) ?? {}, resolved) }
  })
  await tx.execute(sql`
    update import_rows r set status = v.status, resolved = v.resolved, unplaced = v.unplaced, changes = v.changes,
      findings = v.findings, entry_version = v."entryVersion",
      keys = (select array_agg(k #>> '{}' order by at) from jsonb_array_elements(v.keys) with ordinality e (k, at)),
      entry_id = case when v."entryId" is not null then v."entryId"
        when r.entry_version is null and r.entry_id is not null then r.entry_id else ${reserve} end
    from jsonb_to_recordset(${JSON.stringify(written)}::jsonb)
      as v(id bigint, status text, resolved jsonb, unplaced jsonb, changes jsonb, findings jsonb, keys jsonb,
        "entryId" bigint, "entryVersion" int)
    where r.id = v.id`)
}

/** How many rows have which status, over all of them. */
export async function countRows(tx: Tx, batchId: string): Promise<Record<RowStatus, number>> {
  const counts: Record<RowStatus, number> = { new: 0, changed: 0, unchanged: 0, duplicate: 0, wrong: 0, skipped: 0 }
  const rows = await tx.execute<{ status: RowStatus; count: number }>(
    sql`select status, count(*)::int as count from import_rows where batch_id = ${batchId} group by status`,
  )
  for (const { status, count } of rows) counts[status] = count
  return counts
}

/**
 * Σ of each figure over the rows that are not wrong, as read from the file: 元, ㎡. `typed` are the values of rows that
 * people typed over.
 */
export async function sumRows(
  tx: Tx,
  batchId: string,
  fields: readonly string[],
  typed: readonly { id: string; values: Readonly<Record<string, string>> }[] = [],
): Promise<Record<string, string>> {
  const value = (field: string) => sql`(coalesce(t.values, r.values) ->> ${field})::numeric`
  const sums = sql.join(
    fields.map((field) => sql`${field}::text, coalesce(sum(${value(field)}), 0)::text`),
    sql`, `,
  )
  const [row] = await tx.execute<{ sums: Record<string, string> }>(sql`
    select jsonb_build_object(${sums}) as sums from import_rows r
    left join jsonb_to_recordset(${JSON.stringify(typed)}::jsonb) as t(id bigint, values jsonb) on t.id = r.id
    where r.batch_id = ${batchId} and r.status not in ('wrong', 'skipped')`)
  return row?.sums ?? {}
}
