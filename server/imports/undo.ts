import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { importBatches } from '../../db/schema/imports.ts'
import type { ImportTarget, UndoCounts, UndoVerbs } from '../../imports/target.ts'
import { unwatched, type Watch } from '../../imports/watch.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { type Acting, record } from '../kernel/events.ts'
import { takeNumbers } from '../kernel/numbers.ts'
import { type BatchRow, batchOf, lockBatch } from './actions.ts'
import { type OfferKey, offers } from './offers.ts'

export type Undo = { version: number; reason: string }

/**
 * Takes a committed batch back in one transaction: what it made goes, what it changed is again what it was, and what has
 * been made use of since stays, each row with the reason. The caller has checked that the actor enters for the unit.
 */
export async function undoBatch(
  tx: Tx,
  acting: Acting,
  target: ImportTarget<Tx>,
  id: string,
  { version, reason }: Undo,
  watch: Watch = unwatched,
): Promise<UndoCounts> {
  const row = await lockBatch(tx, id, version)
  refuseUndo(row)
  // One after another with all commits: none matches its rows with cards that are about to go.
  await takeNumbers(tx, 'import commits')
  const counts = await undoVerbs(target).revert(tx, batchOf(row), reason, watch)
  await tx
    .update(importBatches)
    .set({ state: 'undone', undoneAt: acting.clock.now(), version: sql`${importBatches.version} + 1` })
    .where(eq(importBatches.id, id))
  await record(
    tx,
    acting,
    { kind: 'batch', id },
    {
      action: 'import.undo',
      fromState: 'committed',
      toState: 'undone',
      effectiveOn: row.effectiveOn,
      comment: reason,
      detail: { counts },
    },
  )
  return counts
}

export function refuseUndo({ state }: Pick<BatchRow, 'state'>): void {
  if (state === 'undone') throw new RuleBroken('这批导入已经撤销过，不用再撤销。')
  if (state !== 'committed') throw new RuleBroken('只有已导入的批次才能撤销。')
}

export function undoSentence({ voided, restored, kept }: UndoCounts, target: string): string {
  const parts = [
    ...(voided > 0 ? [`${offers[target as OfferKey].undone}新增的 ${voided} 项`] : []),
    ...(restored > 0 ? [`恢复变更的 ${restored} 项`] : []),
    ...(kept > 0 ? [`保留 ${kept} 项`] : []),
  ]
  return parts.join('，')
}

export function undoVerbs({ key, verbs }: ImportTarget<Tx>): UndoVerbs<Tx> {
  if (!verbs?.undo) throw new Error(`no batch of ${key} is undone`)
  return verbs.undo
}
