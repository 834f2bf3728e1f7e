import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import type { Actor } from '../kernel/actor.ts'
import { fromStored } from '../kernel/partial-date.ts'
import { paperKinds } from './paper-kinds.ts'
import { findPaperSubject, type PaperSubject, type PaperSubjectKind, subjectsOf } from './paper-subjects.ts'

export type Paper = {
  id: string
  version: number
  kind: string
  kindLabel: string
  title: string
  no: string | null
  issuer: string | null
  /** As far as it is known. */
  issuedOn: string | null
  /** Number, issuer and date in one line; '' when none is known. */
  said: string
  sha256: string | null
  fileName: string | null
  size: number | null
  contentType: string | null
  width: number | null
  height: number | null
  addedBy: string | null
  addedAt: Date
  withdrawnAt: Date | null
  withdrawnReason: string | null
}

type Row = Omit<Paper, 'kindLabel' | 'issuedOn' | 'said' | 'addedAt' | 'withdrawnAt'> & {
  issued_on: string | null
  issued_precision: string | null
  added_at: string
  withdrawn_at: string | null
}

const columns = sql`
  p.id, p.version, p.kind, p.title, p.no, p.issuer, p.issued_on::text as issued_on, p.issued_precision, p.sha256,
  p.file_name as "fileName", f.size, f.content_type as "contentType", f.width, f.height, w.name as "addedBy",
  to_json(p.created_at) #>> '{}' as added_at, to_json(p.withdrawn_at) #>> '{}' as withdrawn_at,
  p.withdrawn_reason as "withdrawnReason"
  from papers p left join files f on f.sha256 = p.sha256 left join people w on w.id = p.added_by`

/** A paper or photo that was attached to a card since shows what the card says. */
export const paperUses = (touched: SQL): SQL => sql`
  select t.card_id, '附有材料：' || p.title as reason, '/papers/' || p.id as path
  from (${touched}) t join paper_links l on l.card_id = t.card_id and l.linked_at >= t.since
  join papers p on p.id = l.paper_id`

/** The papers on something the caller has found within the actor's scope, in the order they came. */
export async function papersOn(tx: Tx, kind: PaperSubjectKind, id: string): Promise<Paper[]> {
  const rows = await tx.execute<Row>(sql`
    select ${columns} join paper_links l on l.paper_id = p.id
    where ${linkColumns[kind]} = ${id} order by l.linked_at, l.id`)
  return rows.map(paperOf)
}

const linkColumns: Record<PaperSubjectKind, SQL> = {
  card: sql`l.card_id`,
  determination: sql`l.determination_id`,
  restriction: sql`l.restriction_id`,
  decision: sql`l.decision_id`,
  countLine: sql`l.count_line_id`,
  notice: sql`l.notice_id`,
  resolution: sql`l.resolution_id`,
}

export type PaperInPlace = { paper: Paper; subjects: PaperSubject[] }

/** A paper together with what it hangs on, when the actor reads any of that. */
export async function findPaper(tx: Tx, actor: Actor, id: string): Promise<PaperInPlace | undefined> {
  const [row] = await tx.execute<Row>(sql`select ${columns} where p.id = ${id}`)
  if (!row) return undefined
  const subjects = await subjectsOf(tx, actor, id)
  return subjects.length === 0 ? undefined : { paper: paperOf(row), subjects }
}

/** The file of a paper that was taken out of use is for those who audit; that there was one, everybody may know. */
export function mayOpenFile({ paper, subjects }: PaperInPlace): boolean {
  return paper.withdrawnAt === null || subjects.some(({ audits }) => audits)
}

/** Papers of a determination's cards that it does not cite yet. */
export async function citable(tx: Tx, determinationId: string): Promise<Paper[]> {
  const rows = await tx.execute<Row>(sql`
    select ${columns}
    where p.withdrawn_at is null and p.kind <> 'photo'
      and exists (
        select from paper_links l join determination_cards dc on dc.card_id = l.card_id
        where l.paper_id = p.id and dc.determination_id = ${determinationId})
      and not exists (select from paper_links l where l.paper_id = p.id and l.determination_id = ${determinationId})
    order by p.id limit 50`)
  return rows.map(paperOf)
}

/** What somebody stands in front of with a phone. */
const photographed: readonly PaperSubjectKind[] = ['card', 'countLine', 'notice']

/** What the panel 材料 shows of something; null when the actor does not read it. */
export async function paperPanel(tx: Tx, actor: Actor, kind: PaperSubjectKind, ref: string) {
  const subject = await findPaperSubject(tx, actor, kind, { ref })
  if (!subject) return null
  const all = await papersOn(tx, kind, subject.id)
  const inUse = all.filter(({ withdrawnAt }) => withdrawnAt === null)
  const isPhoto = ({ kind: of, width }: Paper) => of === 'photo' && width !== null
  const query = `${kind}=${subject.ref}`
  return {
    count: inUse.length,
    photos: inUse.filter(isPhoto),
    papers: inUse.filter((paper) => !isPhoto(paper)),
    withdrawn: all.filter((paper) => paper.withdrawnAt !== null && mayOpenFile({ paper, subjects: [subject] })),
    addHref: subject.mayAdd ? `/papers/new?${query}` : null,
    photoHref: subject.mayAdd && photographed.includes(kind) ? `/papers/new?${query}&kind=photo` : null,
    citable: subject.mayAdd && kind === 'determination' ? await citable(tx, subject.id) : [],
    ref: subject.ref,
    kind,
  }
}

function paperOf({ issued_on, issued_precision, added_at, withdrawn_at, ...row }: Row): Paper {
  const issuedOn = fromStored(issued_on, issued_precision)
  return {
    ...row,
    kindLabel: choiceLabel(paperKinds, row.kind) ?? row.kind,
    issuedOn,
    said: [row.no, row.issuer, issuedOn].filter((part) => part !== null).join(' · '),
    addedAt: new Date(added_at),
    withdrawnAt: withdrawn_at === null ? null : new Date(withdrawn_at),
  }
}
