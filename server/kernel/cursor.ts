import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'

/** Rows fetched at a time: enough to keep the writer busy, few enough to keep memory flat. */
const portion = 1000

/**
 * Opens a query and hands out what its rows come to as they are asked for, all from the moment it was opened.
 * The name is one of our own words and stands once per transaction.
 */
export async function openCursor<Row extends Record<string, unknown>, Result = Row>(
  tx: Tx,
  name: string,
  query: SQL,
  each: (row: Row) => Result,
): Promise<AsyncIterable<Result>> {
  const cursor = sql.identifier(name)
  await tx.execute(sql`declare ${cursor} no scroll cursor for ${query}`)
  return fetching(tx, cursor, each)
}

/** Everything the transaction reads from here on is of one moment; must come before its first query. */
export async function freeze(tx: Tx): Promise<void> {
  await tx.execute(sql`set transaction isolation level repeatable read`)
}

/** While some rows are worked on, the next are on their way. */
async function* fetching<Row extends Record<string, unknown>, Result>(
  tx: Tx,
  cursor: Name,
  each: (row: Row) => Result,
): AsyncGenerator<Result> {
  const fetched = () => {
    const rows = Promise.resolve(tx.execute(sql`fetch ${sql.raw(String(portion))} from ${cursor}`))
    // Where the reader has gone away, nobody waits for these.
    rows.catch(() => undefined)
    return rows
  }
  let coming = fetched()
  for (;;) {
    const rows = await coming
    const last = rows.length < portion
    if (!last) coming = fetched()
    for (const row of rows) yield each(row as Row)
    if (last) break
  }
  await tx.execute(sql`close ${cursor}`)
}

type Name = ReturnType<typeof sql.identifier>
