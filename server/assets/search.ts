import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { containing, doubled } from '../kernel/filter.ts'
import { withSpentCode } from './merged.ts'

const spentCode = /^[0-9]{4,14}$/

/**
 * What a search text comes to for the cards c: any part of a name, place, code or certificate, of the owner by whatever
 * name it has had, or a code that was spent. Owners and spent codes are looked up first, so that an index can answer the
 * rest. Null where there is no text.
 */
export async function searched(tx: Tx, text: string | undefined, day: string | null): Promise<SQL | null> {
  const wanted = text?.trim()
  if (!wanted) return null
  const pattern = containing(wanted)
  const owners = await tx.execute<{ id: string }>(
    sql`select distinct n.unit_id::text as id from unit_periods n where n.name ilike ${pattern}`,
  )
  // As it stands on a label, in groups.
  const digits = wanted.normalize('NFKC').replaceAll(/\s/g, '')
  const coded = containing(digits)
  const spent = spentCode.test(digits)
    ? await tx.execute<{ id: string }>(
        sql`select c.id::text as id from cards c where not c.voided and ${withSpentCode(sql`c.id`, coded)}`,
      )
    : []
  const own = day
    ? sql`c.name ilike ${pattern} or c.location ilike ${pattern} or c.code like ${coded}
        or c.original_code ilike ${pattern} or c.certificate ilike ${pattern}`
    : sql`c.search like ${doubled(wanted)}`
  const parts = [own]
  if (owners.length > 0) parts.push(sql`c.owner_unit_id = any(${idArray(owners)})`)
  if (spent.length > 0) parts.push(sql`c.id = any(${idArray(spent)})`)
  return sql`(${sql.join(parts, sql` or `)})`
}

function idArray(rows: readonly { id: string }[]): SQL {
  return sql`${`{${rows.map(({ id }) => id).join(',')}}`}::bigint[]`
}
