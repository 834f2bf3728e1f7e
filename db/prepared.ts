import { getTableColumns, type SQL } from 'drizzle-orm'
import { PgDialect, type PgTable } from 'drizzle-orm/pg-core'
import type { Tx } from './client.ts'

const dialect = new PgDialect()

/**
 * Runs a statement that each connection parses and plans once and then only executes: a third of the time for what every
 * page asks. Its text must be the same each time but for its parameters, since a connection keeps every text it has seen.
 */
export async function prepared<Row extends Record<string, unknown>>(tx: Tx, query: SQL): Promise<Row[]> {
  type Rows = { execute: Row[]; all: unknown; values: unknown }
  // Whatever it is called: the driver names its statements itself, by their texts.
  return tx._.session.prepareQuery<Rows>(dialect.sqlToQuery(query), undefined, 'prepared', false).execute()
}

/**
 * A row that such a statement has read by `table.*`, as the table's model has it: to name each of many columns in a
 * builder takes longer than to read the row.
 */
export function modelOf<Table extends PgTable>(table: Table, row: Record<string, unknown>): Table['$inferSelect'] {
  const model: Record<string, unknown> = {}
  for (const [key, column] of Object.entries(getTableColumns(table))) {
    const value = row[column.name]
    model[key] = value === null || value === undefined ? null : column.mapFromDriverValue(value)
  }
  return model
}
