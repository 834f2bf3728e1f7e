import { sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { calls } from '../../../db/schema/inventory.ts'
import { amongParties, within } from '../../access/scope.ts'
import { unitsOn } from '../../access/units.ts'
import { doneBy } from '../../kernel/act.ts'
import { type Actor, scopeKey, type Track } from '../../kernel/actor.ts'
import { NotFound } from '../../kernel/errors.ts'
import type { Acting } from '../../kernel/events.ts'
import { keyset, type Place, paged, pageSize } from '../../kernel/paging.ts'
import type { Call } from './workflow.ts'

/** A call with what came of it, when the actor reads for its issuer or one of the called units. */
export async function loadCall(tx: Tx, { actor, clock }: Acting, id: string): Promise<Call | undefined> {
  const [row] = await tx
    .select()
    .from(calls)
    .where(sql`${calls.id} = ${id} and ${amongParties(actor, calls.partyKeys)}`)
  if (!row) return undefined
  const [issuer] = await unitsOn(tx, clock.today(), sql`u.id = ${row.issuerId}`)
  const [counted] = await tx.execute<{ units: number; states: Record<string, number> }>(sql`
    select (select count(*)::int from call_units where call_id = ${id}) as units,
      (select coalesce(jsonb_object_agg(state, number), '{}') from (
        select state, count(*)::int as number from counts where call_id = ${id} group by state) s) as states`)
  const track = row.track as Track
  return {
    ...row,
    track,
    baseline: row.baseline as Call['baseline'],
    issuerName: issuer?.name ?? '',
    unitCount: counted?.units ?? 0,
    states: counted?.states ?? {},
    parties: { issuer: [scopeKey(row.issuerId, track)] },
    doneBy: await doneBy(tx, { kind: 'call', id }),
  }
}

/** The document behind a number people see. */
export async function findCall(tx: Tx, acting: Acting, no: string): Promise<Call> {
  const [row] = await tx
    .select({ id: calls.id })
    .from(calls)
    .where(sql`${calls.no} = ${no} and ${amongParties(acting.actor, calls.partyKeys)}`)
  const call = row && (await loadCall(tx, acting, row.id))
  if (!call) throw new NotFound()
  return call
}

export type CallRow = {
  id: string
  no: string
  state: string
  track: Track
  title: string
  issuer: string
  baseOn: string
  dueOn: string
  createdAt: string
  /** Of the counts that the actor reads. */
  counts: number
  handedIn: number
  filed: number
}

/** Calls of the actor's scope, the newest first. */
export async function listCalls(
  tx: Tx,
  actor: Actor,
  filter: { state?: string | undefined; track?: string | undefined } & Place,
  today: string,
) {
  const order = { by: sql`x.created_at`, type: 'timestamptz', id: sql`x.id`, descending: true } as const
  const { where, orderBy } = keyset(order, filter)
  const rows = await tx.execute<CallRow>(sql`
    select x.id, x.no, x.state, x.track, x.title, p.name as issuer, x.base_on::text as "baseOn", x.due_on::text as "dueOn",
      x.created_at::text as "createdAt", n.counts, n.handed_in as "handedIn", n.filed
    from calls x
    join unit_periods p on p.unit_id = x.issuer_id and p.valid_from <= ${today} and (p.valid_to is null or p.valid_to > ${today})
    cross join lateral (
      select count(*)::int as counts, count(*) filter (where t.state <> 'counting')::int as handed_in,
        count(*) filter (where t.state = 'filed')::int as filed
      from counts t where t.call_id = x.id and t.state <> 'cancelled' and ${within(actor, sql`t.scope_key`)}) n
    where ${amongParties(actor, sql`x.party_keys`)}
      and ${filter.state ? sql`x.state = ${filter.state}` : sql`true`}
      and ${filter.track ? sql`x.track = ${filter.track}` : sql`true`} and ${where ?? sql`true`}
    order by ${orderBy} limit ${pageSize + 1}`)
  return paged([...rows], filter, (row) => ({ value: row.createdAt, id: row.id }))
}

/** Ids of the units a call is for. */
export async function calledUnits(tx: Tx, callId: string): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(
    sql`select unit_id::text as id from call_units where call_id = ${callId} order by unit_id`,
  )
  return rows.map(({ id }) => id)
}
