import { type SQL, sql } from 'drizzle-orm'
import { list } from '../../db/sql.ts'
import type { RegisterColumn } from '../../imports/sheets/register.ts'
import { printedColumn } from './sheet-rows.ts'

/** Chosen columns of the cards c as a list of texts: what a sheet prints, with the names of a day; '' where unknown. */
export function cellsOf(columns: readonly RegisterColumn[], day: string): SQL {
  const cells = columns.map((key) => named[key]?.(day) ?? printedColumn(key))
  return sql`array[${list(cells.map((cell) => sql`coalesce(${cell}, '')`))}]::text[]`
}

const named: Partial<Record<RegisterColumn, (day: string) => SQL>> = {
  ownerUnit: (day) => unitName(sql`c.owner_unit_id`, day),
  usingUnit: (day) => unitName(sql`c.user_unit_id`, day),
  division: () => sql`(select d.name from divisions d where d.code = c.division_code)`,
}

/** What a unit was called on a day, or nearest to it. */
function unitName(unit: SQL, day: string): SQL {
  return sql`(
    select n.name from unit_periods n where n.unit_id = ${unit}
    order by (n.valid_from <= ${day} and (n.valid_to is null or n.valid_to > ${day})) desc, abs(n.valid_from - ${day}::date)
    limit 1)`
}
