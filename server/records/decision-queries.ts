import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { decisions } from '../../db/schema/records.ts'
import { amongParties } from '../access/scope.ts'
import type { Actor } from '../kernel/actor.ts'
import { keyset, type Place, paged, pageSize } from '../kernel/paging.ts'

/** A decision within the actor's scope, with who recorded it and the document it was made on. */
export async function loadDecision(tx: Tx, actor: Actor, no: string) {
  const [row] = await tx
    .select()
    .from(decisions)
    .where(sql`${decisions.no} = ${no} and ${amongParties(actor, decisions.partyKeys)}`)
  if (!row) return undefined
  const [named] = await tx.execute<{
    recorder: string | null
    determination: string | null
    compilation: string | null
  }>(sql`
    select (select name from people where id = ${row.recordedBy}::bigint) as recorder,
      (select no from determinations where id = ${row.determinationId}::bigint) as determination,
      (select no from compilations where id = ${row.compilationId}::bigint) as compilation`)
  return { ...row, recorder: named?.recorder ?? '系统', document: documentOf(named) }
}

/** The document it was made on, with its page where there is one. */
function documentOf(found: { determination: string | null; compilation: string | null } | undefined) {
  if (found?.determination)
    return { label: `权属界定 ${found.determination}`, href: `/determinations/${found.determination}` }
  return found?.compilation ? { label: `清查汇总 ${found.compilation}`, href: '' } : null
}

export type DecisionRow = {
  id: string
  no: string
  body: string
  bodyKind: string
  documentNo: string
  decidedOn: string
  outcome: string
  recorder: string
  determination: string | null
  compilation: string | null
  recordedAt: string
  /** Its paper hangs on it. */
  scanned: boolean
}

export async function listDecisions(tx: Tx, actor: Actor, filter: { bodyKind?: string | undefined } & Place) {
  const order = { by: sql`d.recorded_at`, type: 'timestamptz', id: sql`d.id`, descending: true } as const
  const { where, orderBy } = keyset(order, filter)
  const rows = await tx.execute<DecisionRow>(sql`
    select d.id, d.no, d.body, d.body_kind as "bodyKind", d.document_no as "documentNo", d.decided_on::text as "decidedOn",
      d.outcome, coalesce(p.name, '系统') as recorder, x.no as determination,
      m.no as compilation, d.recorded_at::text as "recordedAt",
      exists (select from paper_links l join papers s on s.id = l.paper_id
        where l.decision_id = d.id and s.sha256 is not null and s.withdrawn_at is null) as scanned
    from decisions d left join people p on p.id = d.recorded_by left join determinations x on x.id = d.determination_id
    left join compilations m on m.id = d.compilation_id
    where ${amongParties(actor, sql`d.party_keys`)}
      and ${filter.bodyKind ? sql`d.body_kind = ${filter.bodyKind}` : sql`true`} and ${where ?? sql`true`}
    order by ${orderBy} limit ${pageSize + 1}`)
  const named = rows.map((row) => ({ ...row, document: documentOf(row) }))
  return paged(named, filter, (row) => ({ value: row.recordedAt, id: row.id }))
}

/** What was recorded on a determination; null where it was decided here. */
export async function decisionOn(tx: Tx, determinationId: string) {
  const [row] = await tx.execute<
    Pick<DecisionRow, 'no' | 'body' | 'bodyKind' | 'documentNo' | 'decidedOn' | 'recorder' | 'recordedAt'>
  >(sql`
    select d.no, d.body, d.body_kind as "bodyKind", d.document_no as "documentNo", d.decided_on::text as "decidedOn",
      coalesce(p.name, '系统') as recorder, d.recorded_at::text as "recordedAt"
    from decisions d left join people p on p.id = d.recorded_by
    where d.determination_id = ${determinationId} order by d.id desc limit 1`)
  return row ?? null
}
