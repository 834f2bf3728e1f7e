import Big from 'big.js'
import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { importRows } from '../../db/schema/imports.ts'
import { columnNumber } from '../../imports/reading/columns.ts'
import type { StagedRow } from '../../imports/staging.ts'
import type { ImportTarget } from '../../imports/target.ts'
import { isPlainUnit, plainUnit, unitsOf } from '../../imports/values/units.ts'
import { parseValue } from '../../imports/values/value.ts'
import type { RowToMend } from '../../imports/wrong-rows.ts'
import type { BatchRow, Reading } from './actions.ts'
import { columnFinder } from './batch-page.ts'
import { notesOf } from './review-view.ts'

/** Rows per query; they come in the worksheet's order, tables side by side one behind the other in each row. */
const chunk = 1000

/** Rows that are wrong, or that repeat others where these are asked for, as the workbook hands them back. */
export async function* rowsToMend(
  tx: Tx,
  batch: BatchRow,
  target: ImportTarget<Tx>,
  statuses: readonly string[],
): AsyncGenerator<RowToMend> {
  let after = { row: 0, block: 0 }
  for (;;) {
    const rows = await tx
      .select()
      .from(importRows)
      .where(
        sql`${importRows.batchId} = ${batch.id} and ${importRows.status} = any(${`{${statuses.join(',')}}`}::text[])
          and (${importRows.row}, ${importRows.block}) > (${after.row}, ${after.block})`,
      )
      .orderBy(importRows.row, importRows.block)
      .limit(chunk)
    for (const row of rows) yield toMend(row, target, batch.reading as Reading)
    const last = rows.at(-1)
    if (!last) return
    after = last
  }
}

/** How many rows there are to mend, and the last column beyond the known ones that one of them has a cell in. */
export async function reachOf(
  tx: Tx,
  batch: BatchRow,
  statuses: readonly string[],
): Promise<{ count: number; wide: number }> {
  const among = sql`batch_id = ${batch.id} and status = any(${`{${statuses.join(',')}}`}::text[])`
  const [found] = await tx.execute<{ count: number }>(
    sql`select count(*)::int as count from import_rows where ${among}`,
  )
  const letters = await tx.execute<{ letter: string }>(sql`
    select distinct substring(header from '^([A-Z]{1,3})列$') as letter
    from import_rows, jsonb_object_keys(extra) header where ${among} and header ~ '^[A-Z]{1,3}列$'`)
  return { count: found?.count ?? 0, wide: Math.max(0, ...letters.map(({ letter }) => columnNumber(letter) ?? 0)) }
}

function toMend(row: StagedRow, target: ImportTarget<Tx>, reading: Reading): RowToMend {
  const columnOf = columnFinder(reading)
  const notes = notesOf(row, { reading, target })
  const meant =
    row.status === 'duplicate' ? notes.filter(({ field }) => field === null) : notes.filter(({ wrong }) => wrong)
  const cells = new Map<string, string>()
  for (const { letter, text } of meant) {
    if (letter !== null) cells.set(letter, cells.has(letter) ? `${cells.get(letter)}${text}` : text)
  }
  const typed = Object.entries(row.edits).flatMap(([key, text]) => {
    const column = columnOf(key, row.block)
    return column === null ? [] : [[column, inColumn(text, key, target, reading)] as const]
  })
  return {
    row: row.row,
    block: row.block,
    reasons: meant.map(({ text, letter }) => `${letter ? `${letter} 列 ` : ''}${text.replace(/。$/, '')}`),
    cells,
    typed: new Map(typed),
  }
}

/** What was typed counts in the unit of the card; in a column of another unit it names its own. */
function inColumn(text: string, key: string, { fields }: ImportTarget<Tx>, { columns }: Reading): string {
  const field = fields.find((candidate) => candidate.key === key)
  const unit = columns.find((column) => column.field === key)?.unit ?? null
  if (!field || unit === null || unitsOf(field).length === 0 || isPlainUnit(field, unit)) return text
  const { value } = parseValue(text.trim(), field)
  return value === null ? text : `${new Big(value).toFixed()}${plainUnit(field)}`
}
