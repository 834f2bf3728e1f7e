import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { keyArray } from '../access/scope.ts'
import { type Actor, holds, type Role } from '../kernel/actor.ts'
import type { Subject } from '../kernel/events.ts'

/** What a paper can hang on. */
export const paperSubjects = [
  'card',
  'determination',
  'restriction',
  'decision',
  'countLine',
  'notice',
  'resolution',
] as const
export type PaperSubjectKind = (typeof paperSubjects)[number]

/** The column of a link that names each. */
export const linkColumns = {
  card: 'cardId',
  determination: 'determinationId',
  restriction: 'restrictionId',
  decision: 'decisionId',
  countLine: 'countLineId',
  notice: 'noticeId',
  resolution: 'resolutionId',
} as const satisfies Record<PaperSubjectKind, string>

export type PaperSubject = {
  kind: PaperSubjectKind
  id: string
  /** Card code or document number. */
  ref: string
  title: string
  path: string
  /** May this person hang papers on it as it stands now? */
  mayAdd: boolean
  /** Does this person look after it, and so at what was taken out of use there? */
  audits: boolean
  /** It rests on its papers: none of them can be withdrawn. */
  cites: boolean
}

type Row = { id: string; ref: string; title: string; state: string; keys: string[] }

const applicant = sql`array[(d.applicant_id * 2 + case d.track when 'collective' then 1 else 0 end)::text]`

/** Each with the keys that read it, and the key of whoever acts on it: owner or applicant, never another party. */
const selects: Record<PaperSubjectKind, SQL> = {
  card: sql`select c.id, c.code as ref, c.name as title, array_remove(array[c.owner_key, c.user_key], null) as reads,
    array[c.owner_key::text] as keys,
    case when c.voided or c.merged_into_id is not null then 'closed' else 'open' end as state from cards c`,
  determination: sql`select d.id, d.no as ref, '权属界定 ' || d.no as title, d.party_keys as reads,
    ${applicant} as keys, d.state from determinations d`,
  // Whoever owned the card then or owns it now reads; the present owner acts.
  restriction: sql`select r.id, r.no as ref, '限制登记 ' || r.no as title, r.party_keys || c.owner_key as reads,
    array[c.owner_key::text] as keys, r.state from restrictions r join cards c on c.id = r.card_id`,
  decision: sql`select o.id, o.no as ref, '代录决定 ' || o.no as title, o.party_keys as reads,
    coalesce(${applicant}, o.party_keys::text[]) as keys, 'recorded' as state
    from decisions o left join determinations d on d.id = o.determination_id`,
  // The photo of what was found; whoever uses the thing may count it too.
  countLine: sql`select l.id, t.no || '-' || l.no as ref, '盘点 ' || l.name as title,
    array_remove(t.party_keys || c.user_key, null) as reads, array_remove(array[t.scope_key::text, c.user_key::text], null) as keys,
    t.state from count_lines l join counts t on t.id = l.count_id left join cards c on c.id = l.card_id`,
  notice: sql`select n.id, n.no as ref, '公示 ' || n.no as title, n.party_keys as reads, n.party_keys::text[] as keys, n.state
    from public_notices n`,
  resolution: sql`select r.id, r.no as ref, '决议 ' || r.no as title, r.party_keys as reads, r.party_keys::text[] as keys,
    'recorded' as state from resolutions r`,
}

const places: Record<PaperSubjectKind, (ref: string) => string> = {
  card: (ref) => `/assets/${ref}`,
  determination: (ref) => `/determinations/${ref}`,
  restriction: (ref) => `/restrictions/${ref}`,
  decision: (ref) => `/decisions/${ref}`,
  countLine: (ref) => `/inventory/counts/${ref.replace(/-(\d+)$/, '/lines/$1')}`,
  notice: (ref) => `/notices/${ref}`,
  resolution: (ref) => `/resolutions/${ref}`,
}

/** Who still looks at what was taken out of use. */
const auditing: readonly Role[] = ['lead', 'approver', 'inspector']

const keepers: readonly Role[] = ['keeper', 'lead']

/** Who may hang papers on it, by the state it is in; in a state that is not here nobody may. */
const writers: Record<PaperSubjectKind, Record<string, readonly Role[]>> = {
  card: { open: keepers },
  determination: { draft: keepers, submitted: keepers, reviewed: ['approver'], decided: ['approver'] },
  restriction: { in_force: keepers, lifted: keepers },
  decision: { recorded: ['lead', 'approver'] },
  countLine: { counting: keepers },
  notice: { posted: keepers, ended: keepers },
  resolution: { recorded: keepers },
}

/** The states in which a document does not rest on its papers yet, or no longer. */
const loose: Partial<Record<PaperSubjectKind, readonly string[]>> = {
  card: ['open', 'closed'],
  determination: ['draft', 'withdrawn'],
  countLine: ['counting', 'cancelled'],
  notice: ['posted', 'withdrawn'],
}

/** By its number or its id, when the actor reads it. */
export async function findPaperSubject(
  tx: Tx,
  actor: Actor,
  kind: PaperSubjectKind,
  by: { ref: string } | { id: string },
): Promise<PaperSubject | undefined> {
  const which = 'ref' in by ? sql`s.ref = ${by.ref}` : sql`s.id = ${by.id}`
  const [row] = await tx.execute<Row>(sql`
    select s.id, s.ref, s.title, s.state, s.keys from (${selects[kind]}) s
    where ${which} and s.reads && ${keyArray(actor.keys)}`)
  if (!row) return undefined
  const { id, ref, title, state, keys } = row
  const roles = writers[kind][state] ?? []
  return {
    kind,
    id,
    ref,
    title,
    path: places[kind](ref),
    mayAdd: roles.length > 0 && (actor.personId === null || keys.some((key) => holds(actor, roles, key))),
    audits: actor.grants.some(({ role, reads }) => auditing.includes(role) && keys.some((key) => reads.has(key))),
    cites: !loose[kind]?.includes(state),
  }
}

/** Does this person keep every asset in use that the paper hangs on? Only then is it theirs to change or take away. */
export async function keepsCards(tx: Tx, paperId: string, subjects: readonly PaperSubject[]): Promise<boolean> {
  const rows = await tx.execute<{ id: string }>(sql`
    select c.id::text as id from paper_links l join cards c on c.id = l.card_id
    where l.paper_id = ${paperId} and not c.voided and c.merged_into_id is null`)
  return rows.every(({ id }) =>
    subjects.some((subject) => subject.kind === 'card' && subject.id === id && subject.mayAdd),
  )
}

type Link = Record<PaperSubjectKind, string | null>

/** Everything a paper hangs on that the actor reads; nothing means that the paper is not there for them. */
export async function subjectsOf(tx: Tx, actor: Actor, paperId: string): Promise<PaperSubject[]> {
  const links = await tx.execute<Link>(sql`
    select card_id as card, determination_id as determination, restriction_id as restriction, decision_id as decision,
      count_line_id as "countLine", notice_id as notice, resolution_id as resolution
    from paper_links where paper_id = ${paperId} order by id`)
  const found: PaperSubject[] = []
  for (const link of links) {
    for (const kind of paperSubjects) {
      const id = link[kind]
      const subject = id === null ? undefined : await findPaperSubject(tx, actor, kind, { id })
      if (subject) found.push(subject)
    }
  }
  return found
}

/** A document that rests on a paper; `replaced` when it has another one in use with its scan. */
export type Citing = { kind: PaperSubjectKind; title: string; path: string; replaced: boolean }

/** The documents that rest on a paper, in whoever's scope. */
export async function cited(tx: Tx, paperId: string): Promise<Citing[]> {
  // A restriction or a record takes a better scan for a wrong one; a determination was decided on its papers.
  const other = (link: SQL) => sql`exists (
    select from paper_links m join papers p on p.id = m.paper_id
    where ${link} and p.id <> l.paper_id and p.sha256 is not null and p.withdrawn_at is null)`
  const rows = await tx.execute<Citing>(sql`
    select 'determination' as kind, '权属界定 ' || d.no as title, '/determinations/' || d.no as path, false as replaced
    from paper_links l join determinations d on d.id = l.determination_id
    where l.paper_id = ${paperId} and d.state not in ('draft', 'withdrawn')
    union all
    select 'restriction', '限制登记 ' || r.no, '/restrictions/' || r.no, ${other(sql`m.restriction_id = r.id`)}
    from paper_links l join restrictions r on r.id = l.restriction_id where l.paper_id = ${paperId}
    union all
    select 'decision', '代录决定 ' || o.no, '/decisions/' || o.no, ${other(sql`m.decision_id = o.id`)}
    from paper_links l join decisions o on o.id = l.decision_id where l.paper_id = ${paperId}
    union all
    select 'countLine', '盘点 ' || c.name, '/inventory/counts/' || t.no || '/lines/' || c.no, false
    from paper_links l join count_lines c on c.id = l.count_line_id join counts t on t.id = c.count_id
    where l.paper_id = ${paperId} and t.state not in ('counting', 'cancelled')
    union all
    select 'notice', '公示 ' || n.no, '/notices/' || n.no, ${other(sql`m.notice_id = n.id`)}
    from paper_links l join public_notices n on n.id = l.notice_id where l.paper_id = ${paperId} and n.state = 'ended'
    union all
    select 'resolution', '决议 ' || r.no, '/resolutions/' || r.no, ${other(sql`m.resolution_id = r.id`)}
    from paper_links l join resolutions r on r.id = l.resolution_id where l.paper_id = ${paperId}`)
  return [...rows]
}

/** The same, locked, so that none of them starts to rest on it meanwhile, or loses its other papers. */
export async function citing(tx: Tx, paperId: string): Promise<Citing[]> {
  for (const [table, column] of [
    [sql`determinations`, sql`determination_id`],
    [sql`restrictions`, sql`restriction_id`],
    [sql`decisions`, sql`decision_id`],
    [sql`count_lines`, sql`count_line_id`],
    [sql`public_notices`, sql`notice_id`],
    [sql`resolutions`, sql`resolution_id`],
  ] as const) {
    await tx.execute(sql`
      select d.id from ${table} d join paper_links l on l.${column} = d.id
      where l.paper_id = ${paperId} order by d.id for update of d`)
  }
  return cited(tx, paperId)
}

/** Whose events tell of papers on it: a line of a count has no history of its own. */
export async function tellerOf(
  tx: Tx,
  { kind, id }: Pick<PaperSubject, 'kind' | 'id'>,
): Promise<Subject & { line?: number }> {
  if (kind !== 'countLine') return { kind, id }
  const [line] = await tx.execute<{ id: string; no: number }>(
    sql`select count_id::text as id, no from count_lines where id = ${id}`,
  )
  return { kind: 'count', id: line?.id ?? '', line: line?.no ?? 0 }
}
