import { and, eq, ne, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { importBatches } from '../../db/schema/imports.ts'
import { type Answers, answersOf, type Recalled } from '../../imports/answers.ts'
import { type Interpretation, interpret } from '../../imports/interpreting/interpret.ts'
import { limits } from '../../imports/reading/limits.ts'
import type { Column } from '../../imports/recognising/columns.ts'
import { countRows, stageRows, sumRows } from '../../imports/staging.ts'
import type { Batch, CommitMode, ImportTarget, MatchCounts, Question } from '../../imports/target.ts'
import type { Track } from '../kernel/actor.ts'
import { RuleBroken, Stale } from '../kernel/errors.ts'
import { type Acting, record } from '../kernel/events.ts'
import { documentNumber, takeNumbers } from '../kernel/numbers.ts'
import { registerFile, type StoredFile } from '../records/files.ts'

export type Upload = {
  file: StoredFile
  fileName: string
  unitId: string
  track: Track
  effectiveOn: string
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
}

export type ReadOptions = {
  /** What was decided for an earlier file with the same headers. */
  recall?: (fingerprint: string) => Promise<Recalled | null>
  /** Whether open questions are answered by the guess instead of by a person. */
  guessed?: boolean
}
export type BatchRow = typeof importBatches.$inferSelect

/**
 * Enters an uploaded file as a batch of its own. It gets its number once it has been read: who takes one holds up
 * everybody else who imports until the end of the transaction.
 */
export async function openBatch(tx: Tx, acting: Acting, target: string, upload: Upload): Promise<Batch> {
  const { clock } = acting
  if (upload.effectiveOn > clock.today()) {
    throw new RuleBroken([{ field: 'effectiveOn', text: `数据日期不能晚于今天 ${clock.today()}，请改正。` }])
  }
  await registerFile(tx, upload.file, clock.now())
  const [row] = await tx
    .insert(importBatches)
    .values({
      no: crypto.randomUUID(),
      state: 'uploaded',
      target,
      unitId: upload.unitId,
      track: upload.track,
      sha256: upload.file.sha256,
      fileName: upload.fileName,
      effectiveOn: upload.effectiveOn,
      uploadedBy: acting.actor.personId,
      createdAt: clock.now(),
    })
    .returning()
  if (!row) throw new Error('the batch was not written')
  await record(
    tx,
    acting,
    { kind: 'batch', id: row.id },
    { action: 'import.upload', detail: { fileName: upload.fileName } },
  )
  return batchOf(row)
}

/** Gives a batch that has been read its number. */
export async function numberBatch(tx: Tx, acting: Acting, batch: Batch): Promise<Batch> {
  const no = await documentNumber(tx, 'DR', acting.clock.today())
  await tx.update(importBatches).set({ no }).where(eq(importBatches.id, batch.id))
  return { ...batch, no }
}

/** Reads the batch's file, stages its rows and matches them; may be repeated until the batch is committed. */
export async function readBatch(
  tx: Tx,
  batch: Batch,
  path: string,
  target: ImportTarget<Tx>,
  options: ReadOptions = {},
): Promise<void> {
  await allowTime(tx)
  const { recall, guessed } = options
  const read = await interpret(path, target, {
    answers: batch.answers,
    ...(recall ? { recall } : {}),
    defaults: { track: batch.track },
  })
  await stageRows(tx, batch.id, read.rows())
  const { worksheet, answers } = read.recognition
  const { questions } = await matched(tx, { ...batch, answers }, target)
  const reading = readingOf(read, questions)
  const open = guessed !== true && reading.questions.some(({ answered }) => answered === undefined)
  await settle(tx, batch, target, { reading, worksheet, answers, state: open ? 'mapping' : 'checked' })
}

/** The transaction waits for the reading process without a word, and sums of a million rows take longer than a page may. */
async function allowTime(tx: Tx): Promise<void> {
  const patience = `${limits.seconds + 60}s`
  await tx.execute(
    sql`select set_config('idle_in_transaction_session_timeout', ${patience}, true), set_config('statement_timeout', ${patience}, true)`,
  )
}

/**
 * Commits in one transaction: matched again against the register as it is now, then applied. In `all` mode one wrong
 * row keeps everything out; in `good` mode wrong rows stay behind.
 */
export async function commitBatch(
  tx: Tx,
  acting: Acting,
  target: ImportTarget<Tx>,
  id: string,
  input: { version: number; mode: CommitMode },
): Promise<MatchCounts> {
  const row = await lockBatch(tx, id, input.version)
  if (row.state !== 'checked') throw new RuleBroken('这批数据已经处理过，不能再次导入。')
  const batch = batchOf(row)
  // One commit at a time: of two files that hold the same assets, the later one finds the earlier one's cards.
  await takeNumbers(tx, 'import commits')
  await matched(tx, batch, target)
  const counts = await countRows(tx, id)
  if (input.mode === 'all' && counts.wrong > 0) {
    throw new RuleBroken(`还有 ${counts.wrong} 行有错，请在原表改好后重新上传，或选择“只导入正确的行”。`)
  }
  if (counts.new + counts.changed === 0) throw new RuleBroken('没有可导入的行：没有新增，也没有变化。')
  await target.verbs?.apply(tx, batch)
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
      detail: { counts, mode: input.mode },
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

/** A committed batch of the same file for the same unit and track, when there is one. */
export async function sameFile(tx: Tx, row: BatchRow): Promise<{ no: string; committedAt: Date | null } | undefined> {
  const [same] = await tx
    .select({ no: importBatches.no, committedAt: importBatches.committedAt })
    .from(importBatches)
    .where(
      and(
        eq(importBatches.sha256, row.sha256),
        eq(importBatches.unitId, row.unitId),
        sql`${importBatches.track} is not distinct from ${row.track}`,
        eq(importBatches.state, 'committed'),
        ne(importBatches.id, row.id),
      ),
    )
    .limit(1)
  return same
}

export function batchOf(row: BatchRow): Batch {
  const { id, no, target, unitId, effectiveOn } = row
  return { id, no, target, unitId, track: row.track as Track, effectiveOn, answers: answersOf(row.answers) }
}

async function matched(tx: Tx, batch: Batch, target: ImportTarget<Tx>): Promise<{ questions: Question[] }> {
  return target.verbs ? target.verbs.match(tx, batch) : { questions: [] }
}

function readingOf({ recognition, summary }: Interpretation, questions: Question[]): Reading {
  return {
    headerRows: recognition.headerRows,
    columns: recognition.columns.map(({ rival: _rival, ...column }) => column),
    totals: summary.totals,
    questions: [...summary.questions, ...questions],
    notices: summary.notices,
    fingerprint: recognition.fingerprint,
    ...(recognition.recalled ? { recalled: true } : {}),
    read: summary.read,
    ...(recognition.blocks.length > 1 ? { shifts: recognition.blocks.map(({ shift }) => shift) } : {}),
  }
}

const figures = new Set(['money', 'area', 'quantity', 'integer'])

async function settle(
  tx: Tx,
  batch: Batch,
  target: ImportTarget<Tx>,
  read: { reading: Reading; worksheet: string; answers: Answers; state: 'mapping' | 'checked' },
): Promise<void> {
  const { reading } = read
  const fields = reading.columns
    .map(({ field }) => target.fields.find(({ key }) => key === field))
    .flatMap((field) => (field && figures.has(field.kind) ? field.key : []))
  await tx
    .update(importBatches)
    .set({
      ...read,
      counts: await countRows(tx, batch.id),
      sums: await sumRows(tx, batch.id, fields),
      version: sql`${importBatches.version} + 1`,
    })
    .where(eq(importBatches.id, batch.id))
}

export async function lockBatch(tx: Tx, id: string, version: number): Promise<BatchRow> {
  const [row] = await tx.select().from(importBatches).where(eq(importBatches.id, id)).for('update')
  if (!row || row.version !== version) throw new Stale()
  return row
}
