import { and, desc, eq, inArray, ne, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { importBatches } from '../../db/schema/imports.ts'
import { answersOf } from '../../imports/answers.ts'
import { matchRows } from '../../imports/matching.ts'
import type { Column } from '../../imports/recognising/columns.ts'
import { countRows } from '../../imports/staging.ts'
import type { Batch, CommitMode, ImportTarget, MatchCounts, Question, Resolver } from '../../imports/target.ts'
import { unwatched, type Watch } from '../../imports/watch.ts'
import type { Track } from '../kernel/actor.ts'
import { RuleBroken, Stale } from '../kernel/errors.ts'
import { type Acting, type Happening, record } from '../kernel/events.ts'
import { documentNumber, takeNumbers } from '../kernel/numbers.ts'
import { dayProblems } from '../kernel/past-day.ts'
import { registerFile, type StoredFile } from '../records/files.ts'
import { recount } from './recount.ts'

export type Upload = {
  file: StoredFile
  fileName: string
  unitId: string
  /** Null for what belongs to none. */
  track: Track | null
  effectiveOn: string
  /** Why, where Panhuo wrote the file down from a bulk edit. */
  reason?: string
  /** The call that a count's rows belong to. */
  callId?: string
  /** What such an edit asks for, by the field's label. */
  changes?: Readonly<Record<string, string>>
}

/** How a batch's file was read: kept with the batch, shown on its page and printed by the command. */
export type Reading = {
  headerRows: number[]
  columns: Omit<Column, 'rival'>[]
  totals: { row: number; field: string; declared: string; computed: string; agrees: boolean }[]
  questions: Question[]
  /** What a person should know of the file and need not answer. */
  notices: string[]
  fingerprint: string
  /** Whether answers to an earlier file of the same layout were taken. */
  recalled?: boolean
  read: number
  /** How many columns to the right of the first each of the tables side by side begins; absent for one table. */
  shifts?: number[]
  /** What stood above the header. */
  titles?: string[]
}

export type BatchRow = typeof importBatches.$inferSelect

/**
 * Enters an uploaded file as a batch of its own. It gets its number once it has been read: who takes one holds up
 * everybody else who imports until the end of the transaction.
 */
export async function openBatch(tx: Tx, acting: Acting, target: string, upload: Upload): Promise<Batch> {
  const { clock } = acting
  const problems = dayProblems(upload.effectiveOn, clock.today(), 'effectiveOn', '数据日期')
  if (problems.length > 0) throw new RuleBroken(problems)
  await registerFile(tx, upload.file, clock.now())
  const [row] = await tx
    .insert(importBatches)
    .values({
      no: crypto.randomUUID(),
      state: 'uploaded',
      ...{ target, unitId: upload.unitId, track: upload.track, callId: upload.callId ?? null },
      sha256: upload.file.sha256,
      fileName: upload.fileName,
      effectiveOn: upload.effectiveOn,
      ...(upload.reason === undefined ? {} : { origin: 'edit', reason: upload.reason }),
      uploadedBy: acting.actor.personId,
      createdAt: clock.now(),
    })
    .returning()
  if (!row) throw new Error('the batch was not written')
  await record(tx, acting, { kind: 'batch', id: row.id }, openingOf(upload))
  return batchOf(row)
}

function openingOf({ fileName, reason, changes = {} }: Upload): Happening {
  if (reason === undefined) return { action: 'import.upload', detail: { fileName } }
  const told = Object.entries(changes).map(([label, text]) => `${label}改为“${text}”`)
  const comment = `${told.join('，')}。依据或原因：${reason}`
  return { action: 'import.bulk-edit', comment, detail: { fileName, fields: changes, reason } }
}

/** Gives a batch that has been read its number. */
export async function numberBatch(tx: Tx, acting: Acting, batch: Batch): Promise<Batch> {
  const no = await documentNumber(tx, 'DR', acting.clock.today())
  await tx.update(importBatches).set({ no }).where(eq(importBatches.id, batch.id))
  return { ...batch, no }
}

type Commit = { version: number; mode: CommitMode }

/**
 * Commits in one transaction: matched again against the register as it is now, then applied. In `all` mode one wrong
 * row keeps everything out; in `good` mode wrong rows stay behind.
 */
export async function commitBatch(
  tx: Tx,
  acting: Acting,
  target: ImportTarget<Tx>,
  id: string,
  input: Commit,
  watch: Watch = unwatched,
): Promise<MatchCounts> {
  const { batch } = await matchedAgain(tx, target, id, input, watch)
  return commitMatched(tx, acting, target, batch, input.mode, watch)
}

/**
 * Commits what people have looked at. Where rows come to something else by now, nothing is committed: what they come to
 * is kept for another look, and their number returned.
 */
export async function commitReviewed(
  tx: Tx,
  acting: Acting,
  target: ImportTarget<Tx>,
  id: string,
  input: Commit,
  watch: Watch = unwatched,
): Promise<MatchCounts | { moved: number }> {
  const { batch, moved } = await matchedAgain(tx, target, id, input, watch)
  if (moved === 0) return commitMatched(tx, acting, target, batch, input.mode, watch)
  await recount(tx, target, batch)
  return { moved }
}

async function matchedAgain(tx: Tx, target: ImportTarget<Tx>, id: string, { version }: Commit, watch: Watch) {
  const row = await lockBatch(tx, id, version)
  if (row.state !== 'checked') throw new RuleBroken('这批数据已经处理过，不能再次导入。')
  const batch = batchOf(row)
  // One commit at a time: of two files that hold the same assets, the later one finds the earlier one's cards.
  await takeNumbers(tx, 'import commits')
  return { batch, moved: await rematch(tx, batch, target, watch) }
}

async function commitMatched(
  tx: Tx,
  acting: Acting,
  { key, verbs }: ImportTarget<Tx>,
  batch: Batch,
  mode: CommitMode,
  watch: Watch,
): Promise<MatchCounts> {
  if (!verbs) throw new Error(`nothing becomes of ${key}`)
  const { id } = batch
  const counts = await countRows(tx, id)
  if (mode === 'all' && counts.wrong > 0) {
    throw new RuleBroken(`还有 ${counts.wrong} 行有错，请逐行改好或跳过，或选择只办正确的行。`)
  }
  if (counts.new + counts.changed === 0) throw new RuleBroken('没有可导入的行：没有新增，也没有变化。')
  await verbs.apply(tx, batch, watch)
  await tx
    .update(importBatches)
    .set({ state: 'committed', counts, committedAt: acting.clock.now(), version: sql`${importBatches.version} + 1` })
    .where(eq(importBatches.id, id))
  await record(
    tx,
    acting,
    { kind: 'batch', id },
    {
      action: 'import.commit',
      fromState: 'checked',
      toState: 'committed',
      effectiveOn: batch.effectiveOn,
      detail: { counts, mode },
    },
  )
  return counts
}

export async function cancelBatch(tx: Tx, acting: Acting, id: string, version: number): Promise<void> {
  const row = await lockBatch(tx, id, version)
  if (row.state !== 'checked' && row.state !== 'mapping') throw new RuleBroken('这批数据已经处理过，不能取消。')
  await tx
    .update(importBatches)
    .set({ state: 'cancelled', version: sql`${importBatches.version} + 1` })
    .where(eq(importBatches.id, id))
  await record(
    tx,
    acting,
    { kind: 'batch', id },
    { action: 'import.cancel', fromState: row.state, toState: 'cancelled' },
  )
}

/** A batch of the same file for the same unit and track that was committed, rather than one that was undone since. */
export async function sameFile(tx: Tx, row: BatchRow): Promise<Pick<BatchRow, 'no' | 'undoneAt'> | undefined> {
  const [same] = await tx
    .select({ no: importBatches.no, undoneAt: importBatches.undoneAt })
    .from(importBatches)
    .where(
      and(
        eq(importBatches.sha256, row.sha256),
        eq(importBatches.unitId, row.unitId),
        eq(importBatches.target, row.target),
        sql`${importBatches.track} is not distinct from ${row.track}`,
        // Of a list of people each administrator takes their own part.
        sql`(${importBatches.track} is not null or ${importBatches.uploadedBy} is not distinct from ${row.uploadedBy})`,
        inArray(importBatches.state, ['committed', 'undone']),
        ne(importBatches.id, row.id),
      ),
    )
    .orderBy(importBatches.state, desc(importBatches.id))
    .limit(1)
  return same
}

export function batchOf(row: BatchRow): Batch {
  const { id, no, target, unitId, callId, effectiveOn } = row
  const { columns = [], titles = [] } = row.reading as Partial<Reading>
  return {
    ...{ id, no, target, unitId, callId, effectiveOn, titles },
    track: row.track as Track | null,
    answers: answersOf(row.answers),
    ...fieldsOf(columns),
  }
}

/** What the columns of a file were read as, with the header of each. */
export function fieldsOf(
  columns: readonly { field: string | null; header: string }[],
): Pick<Batch, 'fields' | 'headers'> {
  const read = columns.flatMap(({ field, header }) => (field === null ? [] : [[field, header] as const]))
  return { fields: read.map(([field]) => field), headers: Object.fromEntries(read) }
}

/** Matches a batch's rows against what is stored now; returns how many come to something else than people saw. */
export async function rematch(
  tx: Tx,
  batch: Batch,
  target: ImportTarget<Tx>,
  watch: Watch = unwatched,
): Promise<number> {
  const { verbs } = target
  if (!verbs) return 0
  const resolver: Resolver = await verbs.open(tx, batch)
  return matchRows(tx, batch, target, verbs, resolver, watch)
}

/** The number of the row stays: events that only name the batch need not wait. */
export async function lockBatch(tx: Tx, id: string, version: number): Promise<BatchRow> {
  const [row] = await tx.select().from(importBatches).where(eq(importBatches.id, id)).for('no key update')
  if (!row || row.version !== version) throw new Stale()
  return row
}
