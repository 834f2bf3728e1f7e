import { eq } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { cards } from '../../db/schema/assets.ts'
import { importBatches } from '../../db/schema/imports.ts'
import { matchRows } from '../../imports/matching.ts'
import { withoutBlanks } from '../../imports/resolved.ts'
import { countRows, stageRows } from '../../imports/staging.ts'
import type { Batch, ImportTarget, InterpretedRow } from '../../imports/target.ts'
import { unwatched } from '../../imports/watch.ts'
import { changeCard } from '../../server/assets/actions.ts'
import { type CardValues, valuesOf } from '../../server/assets/card.ts'
import { cardTarget } from '../../server/assets/import-target.ts'
import { cardUses } from '../../server/card-uses.ts'
import { batchOf, commitBatch, fieldsOf, numberBatch, openBatch } from '../../server/imports/actions.ts'
import { undoBatch } from '../../server/imports/undo.ts'
import type { Acting } from '../../server/kernel/events.ts'

export type SheetRow = {
  values: Partial<CardValues> & { code?: string | null }
  extras?: Record<string, string>
  written?: Record<string, string>
}

export const cardsTarget = (acting: Acting): ImportTarget<Tx> => cardTarget('510923', acting, cardUses)

/** Rows of cards as a file would have brought them, staged and matched: the batch waits to be committed at version 1. */
export async function stagedBatch(
  tx: Tx,
  acting: Acting,
  { unitId, rows, effectiveOn }: { unitId: string; rows: readonly SheetRow[]; effectiveOn: string },
): Promise<Batch> {
  const upload = {
    ...{ fileName: '台账.xlsx', unitId, track: 'collective' as const, effectiveOn },
    file: { sha256: crypto.randomUUID().replaceAll('-', '').repeat(2), size: 1 },
  }
  const opened = await numberBatch(tx, acting, await openBatch(tx, acting, 'cards', upload))
  const columns = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))].map((field, at) => ({
    ...{ column: `C${at}`, header: field, field, unit: null, sure: true },
  }))
  const reading = {
    headerRows: [1],
    columns,
    totals: [],
    questions: [],
    notices: [],
    fingerprint: '',
    read: rows.length,
  }
  const batch = { ...opened, ...fieldsOf(columns) }
  const target = cardsTarget(acting)
  const { verbs } = target
  if (!verbs) throw new Error('cards have verbs')
  const resolver = await verbs.open(tx, batch)
  await stageRows(tx, batch.id, interpreted(rows), resolver, verbs.reserve)
  await matchRows(tx, batch, target, verbs, resolver, unwatched)
  const [row] = await tx
    .update(importBatches)
    .set({ state: 'checked', worksheet: '台账', reading, counts: await countRows(tx, batch.id) })
    .where(eq(importBatches.id, batch.id))
    .returning()
  if (!row) throw new Error('the batch is gone')
  return batchOf(row)
}

/** An import of three cards that was undone but for one: 石磨 changed and is back, 新磨 is gone, 留磨 was edited in between. */
export async function undoneImport(tx: Tx, acting: Acting, unitId: string): Promise<Batch> {
  const target = cardsTarget(acting)
  const bring = async (rows: readonly SheetRow[]) => {
    const batch = await stagedBatch(tx, acting, { unitId, rows, effectiveOn: '2026-03-05' })
    await commitBatch(tx, acting, target, batch.id, { version: 1, mode: 'all' })
    return batch
  }
  await bring([{ values: { name: '石磨', originalCode: 'SM-1', cost: '80.00' } }])
  const batch = await bring([
    { values: { name: '石磨', originalCode: 'SM-1', cost: '90.00' } },
    { values: { name: '新磨', originalCode: 'SM-2', cost: '10.00' } },
    { values: { name: '留磨', originalCode: 'SM-3', cost: '20.00' } },
  ])
  const [card] = await tx.select().from(cards).where(eq(cards.name, '留磨'))
  if (!card) throw new Error('no 留磨')
  const effect = { action: 'card.edit', effectiveOn: '2026-03-06' }
  await changeCard(tx, acting, card, { ...valuesOf(card), remark: '已核实' }, effect)
  await undoBatch(tx, acting, target, batch.id, { version: 2, reason: '传错了文件' })
  return batch
}

async function* interpreted(rows: readonly SheetRow[]): AsyncGenerator<InterpretedRow> {
  for (const [at, { values, extras = {}, written = {} }] of rows.entries()) {
    yield { row: at + 2, values: withoutBlanks(values), extras, written, problems: [] }
  }
}
