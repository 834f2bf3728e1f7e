import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { paperLinks, papers } from '../../db/schema/records.ts'
import { Forbidden, RuleBroken, Stale } from '../kernel/errors.ts'
import { type Acting, changed, record } from '../kernel/events.ts'
import { toStored } from '../kernel/partial-date.ts'
import type { Looked } from './content.ts'
import { type FileStore, type Received, registerFile } from './files.ts'
import type { Paper, PaperInPlace } from './paper-queries.ts'
import { citing, keepsCards, linkColumns, type PaperSubject, tellerOf } from './paper-subjects.ts'

export type PaperValues = {
  kind: string
  title: string
  no: string | null
  issuer: string | null
  issuedOn: string | null
}

/** Bytes that wait in the store, and what was found when somebody looked at them. */
export type PaperFile = { store: FileStore; received: Received; looked: Looked }

/** Hangs a new paper on a card or a document; its scan may come later. */
export async function addPaper(
  tx: Tx,
  acting: Acting,
  subject: PaperSubject,
  values: PaperValues,
  file: PaperFile | null,
): Promise<string> {
  if (!subject.mayAdd) throw new Forbidden()
  const kept = file ? await settleFile(tx, acting, subject, file) : {}
  const now = acting.clock.now()
  const [row] = await tx
    .insert(papers)
    .values({ ...columnsOf(values), ...kept, addedBy: acting.actor.personId, createdAt: now })
    .returning({ id: papers.id })
  if (!row) throw new Error('the paper was not written')
  await tx.insert(paperLinks).values({ paperId: row.id, ...linkTo(subject), linkedAt: now })
  await tell(tx, acting, subject, 'paper-add', { id: row.id, ...values })
  return row.id
}

/** Corrects what is said of a paper, or brings its scan. What a document rests on is only completed. */
export async function amendPaper(
  tx: Tx,
  acting: Acting,
  { paper, subjects }: PaperInPlace,
  version: number,
  values: PaperValues,
  file: PaperFile | null,
): Promise<void> {
  const [subject] = await lockPaper(tx, { paper, subjects }, version)
  const [document] = await citing(tx, paper.id)
  const changes = changed(saidOf(paper), saidOf(values))
  if (changes && !(await keepsCards(tx, paper.id, subjects))) throw new Forbidden()
  if (changes && document) {
    throw new RuleBroken(`材料已是${document.title}的依据，只能补扫描件；说明有误请另加一份并写明。`)
  }
  if (file && paper.sha256)
    throw new RuleBroken([{ field: 'file', text: '已有文件的材料不能换文件，请撤下后另加一份。' }])
  if (!changes && !file) return
  const kept = file ? await settleFile(tx, acting, subject, file) : {}
  await tx
    .update(papers)
    .set({ ...columnsOf(values), ...kept, version: sql`${papers.version} + 1` })
    .where(eq(papers.id, paper.id))
  const scan = file ? { file: { old: null, new: file.looked.name } } : {}
  for (const place of subjects) {
    await tell(tx, acting, place, 'paper-amend', { id: paper.id, ...values }, { changes: { ...changes, ...scan } })
  }
}

/** Takes a paper out of use. Its row and its bytes stay as long as such a paper must be kept. */
export async function withdrawPaper(
  tx: Tx,
  acting: Acting,
  { paper, subjects }: PaperInPlace,
  version: number,
  reason: string | null,
): Promise<void> {
  await lockPaper(tx, { paper, subjects }, version)
  if (!(await keepsCards(tx, paper.id, subjects))) throw new Forbidden()
  const documents = (await citing(tx, paper.id)).filter(({ replaced }) => !replaced)
  if (documents.length > 0) throw new RuleBroken(citedSentence(documents))
  if (!reason) throw new RuleBroken([{ field: 'reason', text: '请写明为什么撤下。' }])
  await tx
    .update(papers)
    .set({ withdrawnAt: acting.clock.now(), withdrawnReason: reason, version: sql`${papers.version} + 1` })
    .where(eq(papers.id, paper.id))
  for (const place of subjects) await tell(tx, acting, place, 'paper-withdraw', paper, { reason })
}

/** Lets a document cite a paper that hangs on one of its assets. */
export async function linkPaper(
  tx: Tx,
  acting: Acting,
  { paper, subjects }: PaperInPlace,
  subject: PaperSubject,
): Promise<void> {
  if (!subject.mayAdd) throw new Forbidden()
  const [row] = await tx.select({ at: papers.withdrawnAt }).from(papers).where(eq(papers.id, paper.id)).for('update')
  if (!row || row.at) throw new RuleBroken('材料已经撤下，不能再引用。')
  if (subjects.some(({ kind, id }) => kind === subject.kind && id === subject.id)) {
    throw new RuleBroken(`${subject.title}已经列有这份材料。`)
  }
  if (!(await isCitable(tx, paper.id, subject))) {
    throw new RuleBroken('只能引用本单据所列资产的材料；别处的材料请下载后另行添加。')
  }
  await tx
    .insert(paperLinks)
    .values({ paperId: paper.id, ...linkTo(subject), linkedAt: acting.clock.now() })
    .onConflictDoNothing()
  await tell(tx, acting, subject, 'paper-link', paper)
}

/** A document that does not rest on its papers yet lets go of one that hangs on something else as well. */
export async function unlinkPaper(
  tx: Tx,
  acting: Acting,
  { paper, subjects }: PaperInPlace,
  subject: PaperSubject,
): Promise<void> {
  if (!subject.mayAdd) throw new Forbidden()
  const documents = await citing(tx, paper.id)
  const linked = subjects.some(({ kind, id }) => kind === subject.kind && id === subject.id)
  if (documents.some(({ path }) => path === subject.path)) throw new RuleBroken(citedSentence(documents))
  if (!linked || subjects.length === 1 || subject.kind === 'card') {
    throw new RuleBroken('材料只挂在这一处，不用了请撤下。')
  }
  await tx
    .delete(paperLinks)
    .where(sql`${paperLinks.paperId} = ${paper.id} and ${paperLinks[linkColumns[subject.kind]]} = ${subject.id}`)
  await tell(tx, acting, subject, 'paper-unlink', paper)
}

async function isCitable(tx: Tx, paperId: string, { kind, id }: PaperSubject): Promise<boolean> {
  if (kind !== 'determination') return false
  const found = await tx.execute(sql`
    select from paper_links l join determination_cards dc on dc.card_id = l.card_id
    where l.paper_id = ${paperId} and dc.determination_id = ${id} limit 1`)
  return found.length > 0
}

export function citedSentence(documents: readonly Pick<PaperSubject, 'kind' | 'title'>[]): string {
  const cure = documents.some(({ kind }) => kind === 'determination') ? '' : '传错的，请先在那里添加正确的扫描件。'
  return `材料是${documents.map(({ title }) => title).join('、')}的依据，不能撤下。${cure}`
}

/** The paper's row, held; of what it hangs on, where this person may write. */
async function lockPaper(tx: Tx, { paper, subjects }: PaperInPlace, version: number): Promise<[PaperSubject]> {
  const [row] = await tx.select({ version: papers.version }).from(papers).where(eq(papers.id, paper.id)).for('update')
  const own = subjects.find(({ mayAdd }) => mayAdd)
  if (!own) throw new Forbidden()
  if (row?.version !== version) throw new Stale()
  if (paper.withdrawnAt) throw new RuleBroken('材料已经撤下，不能再改。')
  return [own]
}

/** Puts the bytes in their place; the same file is hung on the same thing once. */
async function settleFile(tx: Tx, acting: Acting, subject: PaperSubject, { store, received, looked }: PaperFile) {
  await registerFile(tx, received, acting.clock.now(), looked.looks)
  const [same] = await tx
    .select({ title: papers.title })
    .from(papers)
    .innerJoin(paperLinks, eq(paperLinks.paperId, papers.id))
    .where(
      sql`${papers.sha256} = ${received.sha256} and ${papers.withdrawnAt} is null
        and ${paperLinks[linkColumns[subject.kind]]} = ${subject.id}`,
    )
  if (same) {
    const text = `这个文件已经传过（材料“${same.title}”），不用再传；要改说明请打开那份材料。`
    throw new RuleBroken([{ field: 'file', text }])
  }
  await received.settle()
  if (looked.thumbnail) await store.keepDerived(received.sha256, 'thumbnail', looked.thumbnail)
  return { sha256: received.sha256, fileName: looked.name }
}

function linkTo({ kind, id }: PaperSubject) {
  return { [linkColumns[kind]]: id }
}

function columnsOf({ kind, title, no, issuer, issuedOn }: PaperValues) {
  const issued = issuedOn === null ? null : toStored(issuedOn)
  return { kind, title, no, issuer, issuedOn: issued?.day ?? null, issuedPrecision: issued?.precision ?? null }
}

function saidOf({ kind, title, no, issuer, issuedOn }: PaperValues): Record<string, string | null> {
  return { kind, title, no, issuer, issuedOn }
}

/** Kept apart from an asset's or a document's own changes. */
type Changes = Record<string, { old: string | null; new: string | null }>
type PaperVerb = 'paper-add' | 'paper-amend' | 'paper-withdraw' | 'paper-link' | 'paper-unlink'

/** One line in the history of what the paper hangs on: which paper, and where to find it. */
async function tell(
  tx: Tx,
  acting: Acting,
  subject: PaperSubject,
  verb: PaperVerb,
  paper: Pick<Paper, 'id' | 'title' | 'no'>,
  told: { changes?: Changes; reason?: string } = {},
): Promise<void> {
  const name = paper.no ? `${paper.title}（${paper.no}）` : paper.title
  const { line, ...about } = await tellerOf(tx, subject)
  await record(tx, acting, about, {
    action: `${about.kind}.${verb}`,
    comment: told.reason ? `${name}：${told.reason}` : name,
    detail: {
      document: { kind: 'paper', no: name, path: `/papers/${paper.id}` },
      ...(line === undefined ? {} : { line }),
      ...(told.changes ? { paper: { changes: told.changes } } : {}),
    },
  })
}
