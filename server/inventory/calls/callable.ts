import { sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { keyArray } from '../../access/scope.ts'
import { type UnitOn, unitsOn } from '../../access/units.ts'
import { type Actor, scopeKey, type Track } from '../../kernel/actor.ts'

export type Callable = UnitOn & { cards: number }

/**
 * The units that an issuer may call: what its lead or approver reads, living ones, with how many cards each has on the
 * track. Stationed units of the township are among them, though their department checks them.
 */
export async function callableUnits(
  tx: Tx,
  actor: Actor,
  { issuerId, track }: { issuerId: string; track: Track },
  today: string,
): Promise<Callable[]> {
  const key = scopeKey(issuerId, track)
  const grants = actor.grants.filter(({ role, keys }) => (role === 'lead' || role === 'approver') && keys.has(key))
  const area = actor.personId === null ? actor.keys : grants.flatMap(({ reads }) => [...reads])
  const units = await unitsOn(
    tx,
    today,
    sql`u.state <> 'closed' and u.id * 2 + ${track === 'collective' ? 1 : 0} = any(${keyArray(area)})`,
  )
  const sums = await tx.execute<{ unitId: string; cards: number }>(sql`
    select owner_unit_id::text as "unitId", sum(count)::int as cards from owner_sums where track = ${track} group by 1`)
  const cards = new Map(sums.map((row) => [row.unitId, row.cards]))
  return units.map((unit) => ({ ...unit, cards: cards.get(unit.id) ?? 0 }))
}

/** Units that people may issue calls for: their own, as lead or approver of a track. */
export function issuersOf(actor: Actor): { unitId: string; unitName: string; track: Track }[] {
  const found = actor.grants
    .filter(({ role }) => role === 'lead' || role === 'approver')
    .flatMap(({ unitId, unitName, track }) =>
      (track === 'both' ? (['state', 'collective'] as const) : [track]).map((own) => ({
        unitId,
        unitName,
        track: own,
      })),
    )
  return found.filter(
    (one, at) => found.findIndex(({ unitId, track }) => unitId === one.unitId && track === one.track) === at,
  )
}
