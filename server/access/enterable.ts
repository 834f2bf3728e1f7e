import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { type Actor, mayEnter } from '../kernel/actor.ts'
import { type UnitOn, unitsOn } from './units.ts'

/** The units someone may enter data for on either track. */
export async function enterableUnits(tx: Tx, actor: Actor, today: string): Promise<UnitOn[]> {
  const units = await unitsOn(tx, today, sql`u.state <> 'closed'`)
  return units.filter((unit) => mayEnter(actor, unit.id, 'state') || mayEnter(actor, unit.id, 'collective'))
}
