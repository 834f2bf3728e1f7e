import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { importRows } from '../../db/schema/imports.ts'
import type { StagedRow } from '../../imports/staging.ts'
import type { ImportTarget, RowStatus } from '../../imports/target.ts'
import { type UnitOn, unitsOn } from '../access/units.ts'
import { containing } from '../kernel/filter.ts'
import { keyset, type Page, type Place, paged, pageSize } from '../kernel/paging.ts'

/** What of a batch's rows is looked at; its keys are those of the address. */
export type ReviewFilter = Place & {
  status?: string | undefined
  /** Name, number or place as written, or the worksheet's own row number. */
  q?: string | undefined
  /** Field that a problem is about. */
  field?: string | undefined
  /** Key of a group of problems. */
  about?: string | undefined
  /** Code of the owner. */
  unit?: string | undefined
}

/** Rows whose problems say the same but for what they quote. */
export type ProblemGroup = {
  key: string
  field: string | null
  severity: 'wrong' | 'told'
  message: string
  count: number
  /** The first rows, by the worksheet's own numbers. */
  rows: number[]
}

/** All that is said of a row, as `problemsOf` has it. */
const said = sql`jsonb_to_recordset(case when import_rows.edits = '{}' then import_rows.problems || import_rows.findings
  else import_rows.findings end) as p(field text, message text, severity text)`
const alike = sql`regexp_replace(regexp_replace(p.message, '「[^」]*」', '「…」', 'g'), '[0-9][0-9.,:-]*', '…', 'g')`
const group = sql`left(md5(concat(p.field, chr(31), ${alike})), 12)`

/** Where a row's text may be found: what names it, what it is known by, and its place. */
function searched({ name, identities, fields }: ImportTarget<Tx>): string[] {
  const keys = new Set([name, ...identities.flatMap((identity) => identity.fields)])
  return fields
    .filter(({ key, kind }) => keys.has(key) && ['text', 'longText', 'unit', 'division'].includes(kind))
    .map(({ key }) => key)
}

function conditions(batchId: string, target: ImportTarget<Tx>, filter: ReviewFilter, unit: UnitOn | undefined): SQL {
  const all = [sql`import_rows.batch_id = ${batchId}`]
  const { q, field, about } = filter
  if (q) {
    const places = searched(target).map(
      (key) => sql`coalesce(import_rows.edits ->> ${key}, import_rows.values ->> ${key}) ilike ${containing(q)}`,
    )
    if (/^\d{1,7}$/.test(q)) places.push(sql`import_rows.row = ${Number(q)}`)
    all.push(sql`(${sql.join(places, sql` or `)})`)
  }
  if (field) all.push(sql`exists (select from ${said} where coalesce(p.field, '-') = ${field})`)
  if (about) all.push(sql`exists (select from ${said} where ${group} = ${about})`)
  if (filter.unit) {
    const owner = sql`import_rows.resolved ->> 'ownerUnit'`
    all.push(
      unit
        ? sql`coalesce(${owner} = ${unit.id}, import_rows.values ->> 'ownerUnit' = ${unit.name}, false)`
        : sql`false`,
    )
  }
  return sql.join(all, sql` and `)
}

/** One page of a batch's rows by the file's own row numbers; of tables side by side the left one first. */
export async function reviewRows(
  tx: Tx,
  batchId: string,
  target: ImportTarget<Tx>,
  filter: ReviewFilter,
  unit: UnitOn | undefined,
): Promise<{ page: Page<StagedRow>; counts: Record<string, number> | null }> {
  const order = {
    by: sql`(${importRows.block}::numeric * 2000000 + ${importRows.row})`,
    type: 'numeric',
    id: sql`${importRows.id}`,
    descending: false,
  } as const
  const { where, orderBy } = keyset(order, filter)
  const matching = conditions(batchId, target, filter, unit)
  const rows = await tx
    .select()
    .from(importRows)
    .where(
      sql`${matching} and ${filter.status ? sql`${importRows.status} = ${filter.status}` : sql`true`} and ${where ?? sql`true`}`,
    )
    .orderBy(orderBy)
    .limit(pageSize + 1)
  const page = paged(rows, filter, (row) => ({ value: String(row.block * 2_000_000 + row.row), id: row.id }))
  const narrowed = filter.q || filter.field || filter.about || filter.unit
  if (!narrowed) return { page, counts: null }
  const found = await tx.execute<{ status: RowStatus; count: number }>(
    sql`select status, count(*)::int as count from import_rows where ${matching} group by status`,
  )
  return { page, counts: Object.fromEntries(found.map(({ status, count }) => [status, count])) }
}

/** What is wrong, and what is told, over the whole batch; rows that are skipped need no mending. */
export async function problemGroups(tx: Tx, batchId: string): Promise<ProblemGroup[]> {
  return tx.execute<ProblemGroup>(sql`
    select key, field, severity, count(distinct id)::int as count,
      case when min(message) = max(message) then min(message) else alike end as message,
      (array_agg(row order by block, row))[1:40] as rows
    from (
      select import_rows.id, import_rows.block, import_rows.row, p.*, ${alike} as alike, ${group} as key
      from import_rows, ${said}
      where import_rows.batch_id = ${batchId} and import_rows.handling is distinct from 'skip'
        and (import_rows.problems <> '[]' or import_rows.findings <> '[]')) said
    group by key, field, severity, alike
    order by severity desc, count(distinct id) desc, key limit 60`)
}

/** Rows that people changed, skipped or told apart: reading the file again forgets it. */
export async function touchedRows(tx: Tx, batchId: string): Promise<number> {
  const [found] = await tx.execute<{ count: number }>(
    sql`select count(*)::int as count from import_rows where batch_id = ${batchId} and (edits <> '{}' or handling is not null)`,
  )
  return found?.count ?? 0
}

/** The units that own a batch's rows, where its target has owners. */
export async function ownersOf(tx: Tx, batchId: string, target: ImportTarget<Tx>, today: string): Promise<UnitOn[]> {
  if (!target.fields.some(({ key }) => key === 'ownerUnit')) return []
  return unitsOn(
    tx,
    today,
    sql`u.id in (select (resolved ->> 'ownerUnit')::bigint from import_rows where batch_id = ${batchId})`,
  )
}

/** One row by its place in the worksheet. */
export async function findRow(tx: Tx, batchId: string, place: Spot): Promise<StagedRow | undefined> {
  const [row] = await rowsAt(tx, batchId, [place])
  return row
}

/** A row's place: the worksheet's own row number, and which of the tables side by side. */
export type Spot = { row: number; block: number }

export async function rowsAt(tx: Tx, batchId: string, places: readonly Spot[]): Promise<StagedRow[]> {
  if (places.length === 0) return []
  const pairs = sql.join(
    places.map(({ block, row }) => sql`(${block}::int, ${row}::int)`),
    sql`, `,
  )
  return tx
    .select()
    .from(importRows)
    .where(sql`${importRows.batchId} = ${batchId} and (${importRows.block}, ${importRows.row}) in (${pairs})`)
    .orderBy(importRows.block, importRows.row)
}
