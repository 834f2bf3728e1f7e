import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import type { Actor } from '../kernel/actor.ts'
import { unitOfKey } from '../kernel/actor.ts'
import { keyArray } from './scope.ts'

/** The townships in which some unit of the actor's scope lies, for filters. */
export async function townsIn(tx: Tx, actor: Actor, today: string): Promise<{ value: string; label: string }[]> {
  const units = new Set(actor.keys.map(unitOfKey))
  return tx.execute<{ value: string; label: string }>(sql`
    select distinct d.code as value, d.name as label
    from unit_periods p join divisions d on d.code = left(p.division_code, 9) || '000' and d.level = 4
    where p.unit_id = any(${keyArray(units)}) and p.valid_from <= ${today} and (p.valid_to is null or p.valid_to > ${today})
    order by 1`)
}
