import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { importBatches } from '../../db/schema/imports.ts'
import { limits } from '../../imports/reading/limits.ts'
import type { CommitMode } from '../../imports/target.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { type Acting, record } from '../kernel/events.ts'
import { askToStop, enqueue, type GivenUp, openJobsOf, refuseWhileOpen } from '../kernel/jobs.ts'
import { type BatchRow, cancelBatch, lockBatch } from './actions.ts'
import { mayDecide } from './offers.ts'
import { refuseUndo, type Undo } from './undo.ts'

/** Batches whose file may be read anew: nothing of them is in the register. */
const readable = ['uploaded', 'reading', 'mapping', 'checked', 'failed', 'cancelled']

/** `decided`: people have said how the file is meant, and what was said of earlier files does not count. */
export type ReadArgs = { decided?: boolean }

/** Has a batch's file read, as its answers say now. Who waits for it wakes the workers after the transaction. */
export async function askToRead(tx: Tx, acting: Acting, id: string, args: ReadArgs = {}): Promise<void> {
  if ((await openJobsOf(tx, acting.actor.personId)) >= limits.waiting) {
    throw new RuleBroken(`您已有 ${limits.waiting} 个导入没有办完，请等办完几个再上传。`)
  }
  await enqueue(tx, acting, { kind: 'import.read', batchId: id, args })
}

/** Reads a file again that was not read to its end; the bytes are at hand. */
export async function readAgain(tx: Tx, acting: Acting, id: string, version: number): Promise<void> {
  await refuseWhileOpen(tx, id)
  const row = await lockBatch(tx, id, version)
  if (!readable.includes(row.state)) throw new RuleBroken('这批数据已经处理过，不能重新读取。')
  await moveTo(tx, id, 'uploaded')
  await record(
    tx,
    acting,
    { kind: 'batch', id },
    { action: 'import.read-again', fromState: row.state, toState: 'uploaded' },
  )
  await askToRead(tx, acting, id)
}

/** Has a reviewed batch committed. */
export async function askToCommit(
  tx: Tx,
  acting: Acting,
  id: string,
  input: { version: number; mode: CommitMode },
): Promise<void> {
  await refuseWhileOpen(tx, id)
  const row = await lockBatch(tx, id, input.version)
  if (row.state !== 'checked') throw new RuleBroken('这批数据已经处理过，不能再次导入。')
  await enqueue(tx, acting, { kind: 'import.commit', batchId: id, args: input })
}

/** Has a committed batch taken back. */
export async function askToUndo(tx: Tx, acting: Acting, id: string, input: Undo): Promise<void> {
  await refuseWhileOpen(tx, id)
  refuseUndo(await lockBatch(tx, id, input.version))
  await enqueue(tx, acting, { kind: 'import.undo', batchId: id, args: input })
}

/** Stops what is being done with a batch; where nothing is, gives up a reviewed one. Tells what becomes of it. */
export async function stopBatch(
  tx: Tx,
  acting: Acting,
  id: string,
  version: number,
): Promise<'cancelled' | 'stopping' | 'checked'> {
  const job = await askToStop(tx, id)
  if (!job) {
    await cancelBatch(tx, acting, id, version)
    return 'cancelled'
  }
  const reads = job.kind === 'import.read'
  await record(tx, acting, { kind: 'batch', id }, { action: reads ? 'import.cancel' : 'import.stop' })
  if (!job.ended) return 'stopping'
  if (reads) await giveUpReading(tx, acting, id, { state: 'cancelled' })
  return reads ? 'cancelled' : 'checked'
}

/** The batch as the reading job finds it, told to everybody as being read. */
export async function beginReading(tx: Tx, { actor }: Acting, id: string): Promise<BatchRow> {
  const [row] = await tx.select().from(importBatches).where(eq(importBatches.id, id)).for('no key update')
  if (!row || !readable.includes(row.state)) throw new RuleBroken('这批数据已经处理过，不能重新读取。')
  refuseForeign(actor, row)
  await tx.update(importBatches).set({ state: 'reading' }).where(eq(importBatches.id, id))
  return row
}

/** Whoever asked may have lost the role since. */
export function refuseForeign(actor: Acting['actor'], row: BatchRow): void {
  if (!mayDecide(actor, row)) {
    throw new RuleBroken('提交人已不再经办这个单位，没有办理。请由经办人重新提交。')
  }
}

/** What becomes of a batch whose file is not read after all. */
export async function giveUpReading(tx: Tx, acting: Acting, id: string, end: GivenUp): Promise<void> {
  await moveTo(tx, id, end.state, end.state === 'failed' ? end.sentence : null)
  if (end.state === 'cancelled') return
  const told = { action: 'import.fail', fromState: 'reading', toState: 'failed', comment: end.sentence }
  await record(tx, acting, { kind: 'batch', id }, told)
}

async function moveTo(tx: Tx, id: string, state: string, failure: string | null = null): Promise<void> {
  await tx
    .update(importBatches)
    .set({ state, failure, version: sql`${importBatches.version} + 1` })
    .where(eq(importBatches.id, id))
}
