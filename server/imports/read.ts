import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { importBatches } from '../../db/schema/imports.ts'
import type { Answers, Recalled } from '../../imports/answers.ts'
import { type Interpretation, interpret } from '../../imports/interpreting/interpret.ts'
import { matchRows } from '../../imports/matching.ts'
import { limits } from '../../imports/reading/limits.ts'
import { countRows, stageRows, sumRows } from '../../imports/staging.ts'
import type { Batch, ImportTarget, MatchCounts, Question } from '../../imports/target.ts'
import { unwatched, type Watch } from '../../imports/watch.ts'
import { fieldsOf, type Reading } from './actions.ts'

export type ReadOptions = {
  /** What was decided for an earlier file with the same headers. */
  recall?: (fingerprint: string) => Promise<Recalled | null>
  /** Whether open questions are answered by the guess instead of by a person. */
  guessed?: boolean
}

/**
 * Reads the batch's file, stages its rows and matches them; may be repeated until the batch is committed. Tells whether
 * people have to say how something is meant, or review what it comes to.
 */
export async function readBatch(
  tx: Tx,
  batch: Batch,
  path: string,
  target: ImportTarget<Tx>,
  options: ReadOptions = {},
  watch: Watch = unwatched,
): Promise<'mapping' | 'checked'> {
  await allowTime(tx)
  const { recall, guessed } = options
  const defaults: Record<string, string> = batch.track === null ? {} : { track: batch.track }
  const onShare = (share: number) => watch.progress({ phase: '正在读取', rows: 0, of: null, share })
  // Rows that are resolved are checked then, with all that is known of them.
  const plain = target.verbs ? { ...target, check: () => [] } : target
  const read = await interpret(path, plain, {
    ...(recall ? { recall } : {}),
    answers: batch.answers,
    defaults,
    onShare,
  })
  const { worksheet, answers } = read.recognition
  const { verbs } = target
  const { titles } = read.recognition
  const known = { ...batch, ...fieldsOf(read.recognition.columns), answers, titles }
  const resolver = verbs ? await verbs.open(tx, known) : null
  await stageRows(tx, batch.id, read.rows(), resolver, verbs?.reserve, watch)
  if (verbs && resolver) await matchRows(tx, known, target, verbs, resolver, watch)
  const questions = [...((await verbs?.questions?.(tx, known)) ?? []), ...(resolver?.questions() ?? [])]
  const counts = await countRows(tx, batch.id)
  const reading = readingOf(read, questions, counts)
  reading.notices.push(...((await verbs?.notices?.(tx, known)) ?? []))
  const open = guessed !== true && reading.questions.some(({ answered }) => answered === undefined)
  const state = open ? 'mapping' : 'checked'
  await settle(tx, batch, target, { reading, counts, worksheet, answers, state })
  return state
}

/** The transaction waits for the reading process without a word, and sums of a million rows take longer than a page may. */
async function allowTime(tx: Tx): Promise<void> {
  const patience = `${limits.seconds + 60}s`
  await tx.execute(
    sql`select set_config('idle_in_transaction_session_timeout', ${patience}, true), set_config('statement_timeout', ${patience}, true)`,
  )
}

/** Where every row is as it is stored, neither the unit of its figures nor what a column means is in doubt. */
function isDoubted({ kind, answered }: Question, { unchanged, ...others }: MatchCounts): boolean {
  const settled = kind === 'unit' || kind === 'column'
  return !settled || answered === true || unchanged === 0 || Object.values(others).some((count) => count > 0)
}

function readingOf({ recognition, summary }: Interpretation, questions: Question[], counts: MatchCounts): Reading {
  return {
    headerRows: recognition.headerRows,
    columns: recognition.columns.map(({ rival: _rival, ...column }) => column),
    totals: summary.totals,
    questions: [...summary.questions, ...questions].filter((question) => isDoubted(question, counts)),
    notices: [...summary.notices],
    ...(recognition.titles.length > 0 ? { titles: recognition.titles } : {}),
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
  read: { reading: Reading; counts: MatchCounts; worksheet: string; answers: Answers; state: 'mapping' | 'checked' },
): Promise<void> {
  const { reading } = read
  const fields = reading.columns
    .map(({ field }) => target.fields.find(({ key }) => key === field))
    .flatMap((field) => (field && figures.has(field.kind) ? field.key : []))
  await tx
    .update(importBatches)
    .set({
      ...read,
      sums: await sumRows(tx, batch.id, fields),
      version: sql`${importBatches.version} + 1`,
    })
    .where(eq(importBatches.id, batch.id))
}
