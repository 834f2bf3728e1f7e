import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { type UnitOn, unitsOn } from './units.ts'

/** A unit and everything managed under it on a day. */
export async function unitsBelow(tx: Tx, unitId: string, day: string): Promise<UnitOn[]> {
  return unitsOn(
    tx,
    day,
    sql`u.id in (
      with recursive below as (
        select ${unitId}::bigint as id
        union
        select p.unit_id from unit_periods p join below b on p.parent_id = b.id
        where p.valid_from <= ${day} and (p.valid_to is null or p.valid_to > ${day})
      ) select id from below)`,
  )
}

/** Unit ids by every name a unit has had. */
export async function unitsByName(tx: Tx): Promise<Map<string, Set<string>>> {
  const rows = await tx.execute<{ name: string; unit_id: string }>(sql`select distinct name, unit_id from unit_periods`)
  const byName = new Map<string, Set<string>>()
  for (const { name, unit_id } of rows) byName.set(name, (byName.get(name) ?? new Set()).add(unit_id))
  return byName
}
