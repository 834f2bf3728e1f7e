import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { type CardFieldKey, cardFields } from '../../imports/sheets/card-fields.ts'
import type { RegisterColumn } from '../../imports/sheets/register.ts'
import type { TypeFieldKey } from '../../imports/sheets/type-fields.ts'
import { unitText } from '../access/units.ts'
import { openCursor } from '../kernel/cursor.ts'
import { unitsNear } from './as-of.ts'

/** A card as sheets print it: units and divisions by name, days as far as they are known. */
export type CardSheetRow = Record<CardFieldKey, string | null> & { town: string | null } & {
  [K in TypeFieldKey]?: string | null
}

/** Names as sheets print them on a day; where two bear the same one, what tells them apart is added or stands instead. */
export type SheetNames = {
  unit(id: string | null): string | null
  division(code: string | null): string | null
  town(code: string | null): string | null
}

/**
 * The rows of a query over cards, read as they are written out.
 * `source` is everything after `select …`: from, where and order by, with the cards under the alias c.
 * Fields that only some types have come along where they are named.
 */
export async function openCardRows(
  tx: Tx,
  cursor: string,
  source: SQL,
  names: SheetNames,
  typeFields: readonly TypeFieldKey[] = [],
): Promise<AsyncIterable<CardSheetRow>> {
  const own = typeFields.map((key) => sql`, ${printedColumn(key)} as ${sql.identifier(key)}`)
  const query = sql`select ${cardSheetColumns}${sql.join(own, sql``)} ${source}`
  return openCursor(tx, cursor, query, (row: CardSheetRow) => {
    // Each row is read once and is nobody else's: copying it would cost as much as printing it.
    row.ownerUnit = names.unit(row.ownerUnit)
    row.usingUnit = names.unit(row.usingUnit)
    row.town = names.town(row.division)
    row.division = names.division(row.division)
    return row
  })
}

export async function sheetNames(tx: Tx, day: string): Promise<SheetNames> {
  const units = await tx.execute<{ unit_id: string; code: string; name: string }>(unitsNear(day))
  const divisions = await tx.execute<{ code: string; name: string; level: number }>(
    sql`select code, name, level from divisions`,
  )
  const unitsCalled = counted(units.map(({ name }) => name))
  const divisionsCalled = counted(divisions.map(({ name }) => name))
  const unitNames = new Map(
    units.map((unit) => [String(unit.unit_id), unitsCalled.get(unit.name) === 1 ? unit.name : unitText(unit)]),
  )
  const divisionNames = new Map(
    divisions.map(({ code, name }) => [code, divisionsCalled.get(name) === 1 ? name : code]),
  )
  const towns = new Map(divisions.filter(({ level }) => level === 4).map(({ code, name }) => [code.slice(0, 9), name]))
  return {
    unit: (id) => (id === null ? null : (unitNames.get(id) ?? id)),
    division: (code) => (code === null ? null : (divisionNames.get(code) ?? code)),
    town: (code) => (code === null ? null : (towns.get(code.slice(0, 9)) ?? null)),
  }
}

function counted(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

const special: Partial<Record<CardFieldKey, SQL>> = {
  ownerUnit: sql`c.owner_unit_id::text`,
  ownership: sql`case when c.undetermined then 'undetermined' else 'settled' end`,
  usingUnit: sql`c.user_unit_id::text`,
  division: sql`c.division_code`,
  acquiredOn: partialDate('acquired_on', 'acquired_precision'),
  idleSince: partialDate('idle_since', 'idle_precision'),
}

const printed = new Map<string, SQL>(
  cardFields.map(({ key }) => [key, special[key] ?? sql.raw(`c.${columnName(key)}::text`)]),
)

/** One column of a card c as sheets print it, as a text; units and divisions by what tells them apart. */
export function printedColumn(key: RegisterColumn): SQL {
  return printed.get(key) ?? sql`c.details ->> ${key}`
}

/** The columns that every card has, each under its field's key. */
export const cardSheetColumns = sql.join(
  cardFields.map(({ key }) => sql`${printedColumn(key)} as ${sql.identifier(key)}`),
  sql`, `,
)

function columnName(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function partialDate(column: string, precision: string): SQL {
  return sql.raw(`left(c.${column}::text, case c.${precision} when 'year' then 4 when 'month' then 7 else 10 end)`)
}
