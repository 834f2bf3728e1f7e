import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { amongParties, within } from '../../access/scope.ts'
import type { Actor, Track } from '../../kernel/actor.ts'
import { NotFound } from '../../kernel/errors.ts'

export const documentKinds = ['count', 'compilation', 'call'] as const
export type DocumentKind = (typeof documentKinds)[number]

/** The counts that a workbook is about: one, those of a compilation, or those of a call. */
export type Extent = {
  kind: DocumentKind
  id: string
  no: string
  state: string
  version: number
  /** Who reports: the counted unit, who compiles, or who issued the call. */
  unit: string
  track: Track
  callNo: string
  callTitle: string
  baseOn: string
  baselineName: string | null
  baselineOn: string | null
  /** Of the document's counts, how many there are and how many the actor reads. */
  counts: number
  readable: number
  /** Stationed units 派驻 among others are printed apart; by themselves they are the table. */
  mixed: boolean
  /** Speaks of the counts as t. */
  which: SQL
}

/** The document behind a number people see, with what of it the actor reads. */
export async function extentOf(tx: Tx, actor: Actor, kind: DocumentKind, no: string): Promise<Extent> {
  const [found] = await tx.execute<Omit<Extent, 'kind' | 'which' | 'counts' | 'readable' | 'mixed'>>(
    documents[kind](actor, no),
  )
  if (!found) throw new NotFound()
  const all = members[kind](found.id)
  // Whoever reads a document because one of its counts is theirs does not read the others by it.
  const which = sql`(${all} and ${kind === 'call' ? within(actor, sql`t.scope_key`) : amongParties(actor, sql`t.party_keys`)})`
  const [held] = await tx.execute<{ counts: number; readable: number; mixed: boolean }>(sql`
    select count(*)::int as counts, count(*) filter (where ${which})::int as readable,
      count(distinct t.unit_kind = 'stationed') filter (where ${which}) > 1 as mixed
    from counts t where ${all}`)
  return { ...found, kind, which, ...(held ?? { counts: 0, readable: 0, mixed: false }) }
}

/** Which kind of document a number is of, by how it begins. */
export function kindOfNumber(no: string): DocumentKind | undefined {
  const kinds: Readonly<Record<string, DocumentKind>> = { PD: 'count', HZ: 'compilation', QC: 'call' }
  return /^(PD|HZ|QC)\d{4}-\d{4,}$/.test(no) ? kinds[no.slice(0, 2)] : undefined
}

const ofCall = sql`c.no as "callNo", c.title as "callTitle", c.base_on::text as "baseOn", c.baseline_name as "baselineName",
  c.baseline_on::text as "baselineOn"`
const nameOn = (unit: SQL) => sql`(
  select p.name from unit_periods p where p.unit_id = ${unit}
  order by (p.valid_from <= c.base_on and (p.valid_to is null or p.valid_to > c.base_on)) desc, p.valid_from desc limit 1)`

const documents: Record<DocumentKind, (actor: Actor, no: string) => SQL> = {
  count: (actor, no) => sql`
    select t.id::text as id, t.no, t.state, t.version, t.unit_name as unit, t.track, ${ofCall}
    from counts t join calls c on c.id = t.call_id where t.no = ${no} and ${amongParties(actor, sql`t.party_keys`)}`,
  compilation: (actor, no) => sql`
    select m.id::text as id, m.no, m.state, m.version, ${nameOn(sql`m.unit_id`)} as unit, m.track, ${ofCall}
    from compilations m join calls c on c.id = m.call_id where m.no = ${no} and ${amongParties(actor, sql`m.party_keys`)}`,
  call: (actor, no) => sql`
    select c.id::text as id, c.no, c.state, c.version, ${nameOn(sql`c.issuer_id`)} as unit, c.track, ${ofCall}
    from calls c where c.no = ${no} and ${amongParties(actor, sql`c.party_keys`)}`,
}

const members: Record<DocumentKind, (id: string) => SQL> = {
  count: (id) => sql`t.id = ${id}`,
  compilation: (id) => sql`t.compilation_id = ${id}`,
  call: (id) => sql`t.call_id = ${id} and t.state <> 'cancelled'`,
}
