import { eq, inArray, sql } from 'drizzle-orm'
import type { County, Tx } from '../../db/client.ts'
import { submissions } from '../../db/schema/kernel.ts'
import { files, paperLinks, papers } from '../../db/schema/records.ts'
import { type Acting, record } from '../kernel/events.ts'
import type { FileStore } from './files.ts'
import { linkColumns, type PaperSubjectKind, paperSubjects, tellerOf } from './paper-subjects.ts'
import { papersPastRetention } from './retention.ts'

const day = 86_400_000
/** A file that nothing speaks of may belong to a form that is just being worked on. */
export const graceDays = 7
/** No browser sends a form again after so long. */
const submissionDays = 30

const daysAgo = ({ clock }: Acting, days: number) => new Date(clock.now().getTime() - days * day)

function placeOf(link: typeof paperLinks.$inferSelect): { kind: PaperSubjectKind; id: string } {
  for (const kind of paperSubjects) {
    const id = link[linkColumns[kind]]
    if (id !== null) return { kind, id }
  }
  throw new Error(`paper link ${link.id} leads nowhere`)
}

/** Withdrawn papers whose years are over go with their rows; what becomes of their bytes is the files' affair. */
export async function sweepRows(tx: Tx, acting: Acting): Promise<{ papers: string[]; submissions: number }> {
  const over = await papersPastRetention(tx, acting.clock.today())
  for (const { id, title } of over) {
    const links = await tx.select().from(paperLinks).where(eq(paperLinks.paperId, id))
    for (const link of links) {
      const { line, ...subject } = await tellerOf(tx, placeOf(link))
      const detail = line === undefined ? {} : { line }
      await record(tx, acting, subject, { action: `${subject.kind}.paper-clear`, comment: title, detail })
    }
    await tx.delete(paperLinks).where(eq(paperLinks.paperId, id))
    await tx.delete(papers).where(eq(papers.id, id))
  }
  const grace = daysAgo(acting, graceDays)
  await tx.execute(sql`
    delete from files f where f.created_at < ${grace.toISOString()}
      and not exists (select from papers p where p.sha256 = f.sha256)
      and not exists (select from import_batches b where b.sha256 = f.sha256)`)
  const old = await tx
    .delete(submissions)
    .where(sql`${submissions.at} < ${daysAgo(acting, submissionDays).toISOString()}`)
    .returning({ token: submissions.token })
  return { papers: over.map(({ title }) => title), submissions: old.length }
}

/**
 * Bytes that no row speaks of, older than the grace: refused or broken-off uploads and swept papers leave such.
 * Whoever uploads the same file at this moment waits for the row, and then brings the bytes again.
 */
export async function* sweepFiles(
  county: County,
  store: FileStore,
  acting: Acting,
  dry: boolean,
): AsyncGenerator<string> {
  const grace = daysAgo(acting, graceDays)
  for await (const candidates of portions(store, grace)) {
    const known = await county.transaction({}, (tx) =>
      tx.select({ sha256: files.sha256 }).from(files).where(inArray(files.sha256, candidates)),
    )
    const spokenOf = new Set(known.map(({ sha256 }) => sha256))
    for (const sha256 of candidates) {
      if (spokenOf.has(sha256)) continue
      if (dry || (await county.transaction({}, (tx) => clear(tx, store, acting, sha256, grace)))) yield sha256
    }
  }
}

async function clear(tx: Tx, store: FileStore, acting: Acting, sha256: string, grace: Date): Promise<boolean> {
  const [mine] = await tx
    .insert(files)
    .values({ sha256, size: 0, createdAt: acting.clock.now() })
    .onConflictDoNothing()
    .returning({ sha256: files.sha256 })
  const found = mine && (await store.stat(sha256))
  const gone = found && found.at < grace
  if (gone) await store.remove(sha256)
  if (mine) await tx.delete(files).where(eq(files.sha256, sha256))
  return Boolean(gone)
}

const portion = 500

async function* portions(store: FileStore, before: Date): AsyncGenerator<string[]> {
  let part: string[] = []
  for await (const { sha256, at } of store.all()) {
    if (at >= before) continue
    part.push(sha256)
    if (part.length < portion) continue
    yield part
    part = []
  }
  if (part.length > 0) yield part
}
