import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { baselineLines } from '../../../db/schema/compilations.ts'
import { countLines } from '../../../db/schema/inventory.ts'
import { NotFound, RuleBroken, Stale } from '../../kernel/errors.ts'
import { type Acting, changed, record } from '../../kernel/events.ts'
import { openCount } from '../lines/open.ts'

export type Entry = typeof baselineLines.$inferSelect
export type EntryAt = { countId: string; no: number; version: number }

/** Says which line an entry of the earlier census is. */
export async function matchEntry(tx: Tx, acting: Acting, at: EntryAt, lineNo: number): Promise<Entry> {
  const entry = await openEntry(tx, acting, at)
  const [line] = await tx
    .select({ id: countLines.id, no: countLines.no, name: countLines.name })
    .from(countLines)
    .where(sql`${countLines.countId} = ${at.countId} and ${countLines.no} = ${lineNo}`)
  if (!line) throw new RuleBroken([{ field: 'line', text: `清查单里没有第 ${lineNo} 行，请重新选择。` }])
  const [other] = await tx
    .select({ no: baselineLines.no, name: baselineLines.name })
    .from(baselineLines)
    .where(sql`${baselineLines.lineId} = ${line.id} and ${baselineLines.id} <> ${entry.id}`)
  if (other) {
    const text = `第 ${line.no} 行${line.name}已对应第 ${other.no} 项${other.name}，请先撤销那一项的对应，或另选一行。`
    throw new RuleBroken([{ field: 'line', text }])
  }
  return decide(tx, acting, entry, 'count.match', { lineId: line.id, matchedBy: 'hand', settledReason: null }, line.no)
}

/** Says why an entry is rightly not in the register any more. */
export async function settleEntry(tx: Tx, acting: Acting, at: EntryAt, reason: string): Promise<Entry> {
  const entry = await openEntry(tx, acting, at)
  const settled = { lineId: null, matchedBy: null, settledReason: reason, settledBy: acting.actor.personId }
  return decide(tx, acting, entry, 'count.settle', settled)
}

/** Takes back what was found or said of an entry; it is not matched by itself again. */
export async function reopenEntry(tx: Tx, acting: Acting, at: EntryAt): Promise<Entry> {
  const entry = await openEntry(tx, acting, at)
  if (entry.lineId === null && entry.settledReason === null) throw new RuleBroken('这一项还没有对应，也没有写去向。')
  const open = { lineId: null, matchedBy: null, settledReason: null, settledBy: null }
  return decide(tx, acting, entry, 'count.unmatch', open)
}

async function openEntry(tx: Tx, acting: Acting, { countId, no, version }: EntryAt): Promise<Entry> {
  await openCount(tx, acting.actor, countId, 'share')
  const [entry] = await tx
    .select()
    .from(baselineLines)
    .where(sql`${baselineLines.countId} = ${countId} and ${baselineLines.no} = ${no}`)
    .for('update')
  if (!entry) throw new NotFound()
  if (entry.version !== version) throw new Stale()
  return entry
}

async function decide(
  tx: Tx,
  acting: Acting,
  entry: Entry,
  action: string,
  next: Partial<typeof baselineLines.$inferInsert>,
  lineNo: number | null = null,
): Promise<Entry> {
  const [before] = await tx
    .select({ no: countLines.no })
    .from(countLines)
    .where(eq(countLines.id, entry.lineId ?? '0'))
  const [saved] = await tx
    .update(baselineLines)
    .set({ ...next, version: sql`${baselineLines.version} + 1` })
    .where(eq(baselineLines.id, entry.id))
    .returning()
  if (!saved) throw new Stale()
  const place = (no: number | null | undefined) => (no ? `第 ${no} 行` : null)
  const changes = changed(
    { 对应: place(before?.no), 去向: entry.settledReason },
    { 对应: place(lineNo), 去向: saved.settledReason },
  )
  await record(
    tx,
    acting,
    { kind: 'count', id: entry.countId },
    { action, detail: { entry: entry.no, name: entry.name, ...(changes ? { changes } : {}) } },
  )
  return saved
}
