import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { type Actor, mayEnter } from '../kernel/actor.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { keyArray } from './scope.ts'
import { type UnitOn, unitsOn } from './units.ts'

/** The units someone may enter data for on either track. */
export async function enterableUnits(tx: Tx, actor: Actor, today: string): Promise<UnitOn[]> {
  const units = await unitsOn(tx, today, sql`u.state <> 'closed'`)
  return units.filter((unit) => mayEnter(actor, unit.id, 'state') || mayEnter(actor, unit.id, 'collective'))
}

type Ended = { id: string; name: string; state: string; closedOn: string | null; dissolvedOn: string | null }

/**
 * Refuses units that are closed and, where something new would be entered, those that are being wound up. They stay as
 * they are until the transaction ends: nobody closes a unit between this look and the row that names it.
 */
export async function refuseEnded(
  tx: Tx,
  unitIds: readonly (string | null)[],
  field: string,
  entering = false,
): Promise<void> {
  const ids = [...new Set(unitIds.filter((id) => id !== null))]
  if (ids.length === 0) return
  const units = await tx.execute<Ended>(sql`
    select u.id::text as id, u.state, u.closed_on as "closedOn", u.dissolved_on as "dissolvedOn",
      (select p.name from unit_periods p where p.unit_id = u.id order by p.valid_from desc limit 1) as name
    from units u where u.id = any(${keyArray(ids)}) order by u.id for key share of u`)
  const ended = units.find(({ state }) => state === 'closed' || (entering && state === 'winding_up'))
  if (ended) throw new RuleBroken([{ field, text: await endedSentence(tx, ended) }])
}

/** Why a unit that has come to its end is not taken, and which one to take instead. */
export async function endedSentence(
  tx: Tx,
  { id, name, closedOn, dissolvedOn }: Omit<Ended, 'state'>,
): Promise<string> {
  const heirs = await tx.execute<{ name: string }>(sql`
    select (select p.name from unit_periods p where p.unit_id = s.successor_id order by p.valid_from desc limit 1) as name
    from unit_successions s where s.predecessor_id = ${id} order by s.id`)
  const named = heirs.map(({ name }) => name).join('、')
  const cure = named === '' ? '请改选承继它的单位。' : `请改选承继它的${named}。`
  return closedOn === null
    ? `${name}自 ${dissolvedOn} 起清算，不再登记新的资产，${cure}`
    : `${name}已于 ${closedOn} 撤销，${cure}`
}
