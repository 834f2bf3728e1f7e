import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { compilations } from '../../../db/schema/compilations.ts'
import { namesOf } from '../../../db/sql.ts'
import { amongParties } from '../../access/scope.ts'
import { unitsOn } from '../../access/units.ts'
import { doneBy } from '../../kernel/act.ts'
import { type Actor, holds, scopeKey, type Track } from '../../kernel/actor.ts'
import { NotFound } from '../../kernel/errors.ts'
import type { Acting } from '../../kernel/events.ts'
import { claimBlocksOf } from '../claims/filing.ts'
import { partiesOf } from '../counts/queries.ts'
import { blocksOf } from './blocks.ts'
import type { Compilation } from './workflow.ts'

export async function loadCompilation(tx: Tx, { actor, clock }: Acting, id: string): Promise<Compilation | undefined> {
  const [row] = await tx
    .select()
    .from(compilations)
    .where(sql`${compilations.id} = ${id} and ${amongParties(actor, compilations.partyKeys)}`)
  if (!row) return undefined
  const [unit] = await unitsOn(tx, clock.today(), sql`u.id = ${row.unitId}`)
  const [call] = await tx.execute<{ no: string; title: string; baseOn: string }>(
    sql`select no, title, base_on::text as "baseOn" from calls where id = ${row.callId}`,
  )
  const track = row.track as Track
  const own = await tx.execute<Compilation['counts'][number]>(sql`
    select id::text as id, no, state, version, unit_code as "unitCode", unit_name as "unitName", unit_kind as "unitKind",
      scope_key::text as "scopeKey"
    from counts where compilation_id = ${id} order by unit_code`)
  const open = row.state === 'draft' || row.state === 'submitted'
  return {
    ...row,
    track,
    unitName: unit?.name ?? '',
    callNo: call?.no ?? '',
    callTitle: call?.title ?? '',
    baseOn: call?.baseOn ?? '',
    counts: [...own],
    silent: open ? await silentUnits(tx, actor, row.callId) : [],
    blocks: open ? [...(await blocksOf(tx, id)), ...(await claimBlocksOf(tx, id))] : [],
    parties: { compiler: [scopeKey(row.unitId, track)] },
    doneBy: await doneBy(tx, { kind: 'compilation', id }),
  }
}

export async function findCompilation(tx: Tx, acting: Acting, no: string): Promise<Compilation> {
  const [row] = await tx
    .select({ id: compilations.id })
    .from(compilations)
    .where(sql`${compilations.no} = ${no} and ${amongParties(acting.actor, compilations.partyKeys)}`)
  const found = row && (await loadCompilation(tx, acting, row.id))
  if (!found) throw new NotFound()
  return found
}

export type Compilable = {
  id: string
  no: string
  state: string
  version: number
  unitName: string
  unitKind: string
  scopeKey: string
  compilationId: string | null
}

/**
 * Counts of a call that this person checks and so compiles, whatever their state: those of the township, of a department's
 * stationed units, or of county units.
 */
export async function countsToCompile(tx: Tx, actor: Actor, callId: string): Promise<Compilable[]> {
  const rows = await tx.execute<
    Compilable & { unitId: string; track: Track; parentId: string | null; leads: boolean; issuerId: string }
  >(sql`
    select t.id::text as id, t.no, t.state, t.version, t.unit_name as "unitName", t.unit_kind as "unitKind",
      t.scope_key::text as "scopeKey", t.compilation_id::text as "compilationId", t.unit_id::text as "unitId", t.track,
      t.parent_id::text as "parentId", c.issuer_id::text as "issuerId", false as leads
    from counts t join calls c on c.id = t.call_id
    where t.call_id = ${callId} and t.state <> 'cancelled' and ${amongParties(actor, sql`t.party_keys`)}
    order by t.unit_code`)
  return rows.filter((row) => {
    const { town = [], department = [], bureau = [] } = partiesOf(row)
    return (
      town.some((key) => holds(actor, ['lead'], key)) ||
      department.some((key) => holds(actor, ['keeper'], key)) ||
      bureau.some((key) => holds(actor, ['approver'], key))
    )
  })
}

/** Of a track, what stands ready for compiling. */
export function isReady({ state, compilationId }: Compilable, track: Track): boolean {
  return compilationId === null && state === (track === 'collective' ? 'confirmed' : 'checked')
}

async function silentUnits(tx: Tx, actor: Actor, callId: string): Promise<string[]> {
  const counts = await countsToCompile(tx, actor, callId)
  return counts.filter(({ compilationId }) => compilationId === null).map(({ unitName }) => unitName)
}

/** Compilations of a call that the actor reads. */
export async function compilationsOf(tx: Tx, actor: Actor, callId: string, today: string) {
  return tx.execute<{ no: string; state: string; unit: string; counts: number; filedOn: string | null }>(sql`
    select m.no, m.state, p.name as unit, m.filed_on::text as "filedOn",
      (select count(*)::int from counts t where t.compilation_id = m.id) as counts
    from compilations m
    join unit_periods p on p.unit_id = m.unit_id and p.valid_from <= ${today} and (p.valid_to is null or p.valid_to > ${today})
    where m.call_id = ${callId} and ${amongParties(actor, sql`m.party_keys`)} order by m.created_at, m.id`)
}

/** The figures of lines by unit and card type, as text; `which` speaks of the counts as t. */
export async function figuresOf(tx: Tx, which: SQL) {
  return tx.execute<{ unit: string; cardType: string; figures: Record<string, string> }>(sql`
    select t.unit_code as unit, l.card_type as "cardType", jsonb_build_object(
      'lines', count(*)::text,
      ${sql.join(figureColumns, sql`, `)}) as figures
    from counts t join count_lines l on l.count_id = t.id where ${which}
    group by t.unit_code, l.card_type order by t.unit_code, l.card_type`)
}

const figureColumns: SQL[] = [
  'book_quantity',
  'book_cost',
  'book_depreciation',
  'surplus_quantity',
  'surplus_cost',
  'surplus_depreciation',
  'missing_quantity',
  'missing_cost',
  'missing_depreciation',
  'scrap_quantity',
  'scrap_cost',
  'undetermined_quantity',
  'counted_quantity',
].map((name) => sql`${name}::text, coalesce(sum(${namesOf(sql`l`, [name])}), 0)::text`)
