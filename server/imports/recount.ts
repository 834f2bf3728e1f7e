import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { importBatches } from '../../db/schema/imports.ts'
import { withEdits } from '../../imports/edits.ts'
import { countRows, stagedRows, sumRows } from '../../imports/staging.ts'
import type { Batch, ImportTarget } from '../../imports/target.ts'
import { isFigure } from '../../imports/values/value.ts'

/** Writes anew how many rows of a batch come to what, and their sums: its next version, for people to look at. */
export async function recount(tx: Tx, target: ImportTarget<Tx>, batch: Batch): Promise<void> {
  const figures = target.fields.filter((field) => isFigure(field) && batch.fields.includes(field.key))
  await tx
    .update(importBatches)
    .set({
      counts: await countRows(tx, batch.id),
      sums: await sumRows(
        tx,
        batch.id,
        figures.map(({ key }) => key),
        await typedValues(tx, target, batch),
      ),
      version: sql`${importBatches.version} + 1`,
    })
    .where(eq(importBatches.id, batch.id))
}

async function typedValues(tx: Tx, target: ImportTarget<Tx>, batch: Batch) {
  const typed: { id: string; values: Readonly<Record<string, string>> }[] = []
  for await (const rows of stagedRows(tx, batch.id, sql`edits <> '{}'`)) {
    for (const row of rows) typed.push({ id: row.id, values: withEdits(row, target).values })
  }
  return typed
}
