import { type SQL, sql } from 'drizzle-orm'
import { isDay } from './partial-date.ts'

export const pageSize = 50

/** Where a page starts: the sort value and id of the row before it (after) or behind it (before). */
export type Cursor = { value: string; id: string }
export type Place = { after?: string | undefined; before?: string | undefined }

export type Order = {
  /** A non-null expression to sort by. */
  by: SQL
  /** SQL type the cursor's text is cast to. */
  type: 'text' | 'numeric' | 'timestamptz' | 'date'
  id: SQL
  descending: boolean
}

/** The condition and ordering of one page, read backwards when it is reached from behind. */
export function keyset(order: Order, place: Place): { where: SQL | undefined; orderBy: SQL; backwards: boolean } {
  const backwards = place.before !== undefined
  const sent = readCursor(place.before ?? place.after)
  const cursor = sent && fits[order.type](sent.value) ? sent : undefined
  const descending = order.descending !== backwards
  const direction = descending ? sql.raw('desc') : sql.raw('asc')
  const compare = descending ? sql.raw('<') : sql.raw('>')
  return {
    where: cursor
      ? sql`(${order.by}, ${order.id}) ${compare} (${cursor.value}::${sql.raw(order.type)}, ${cursor.id}::bigint)`
      : undefined,
    orderBy: sql`${order.by} ${direction}, ${order.id} ${direction}`,
    backwards,
  }
}

export type Page<Row> = { rows: Row[]; previous: string | null; next: string | null }

/** Cuts the one row too many that tells whether there is more, and names the neighbours' cursors. */
export function paged<Row>(found: Row[], place: Place, cursorOf: (row: Row) => Cursor, size = pageSize): Page<Row> {
  const backwards = place.before !== undefined
  const more = found.length > size
  const rows = found.slice(0, size)
  if (backwards) rows.reverse()
  const first = rows[0]
  const last = rows.at(-1)
  const hasPrevious = backwards ? more : place.after !== undefined
  const hasNext = backwards ? true : more
  return {
    rows,
    previous: hasPrevious && first ? writeCursor(cursorOf(first)) : null,
    next: hasNext && last ? writeCursor(cursorOf(last)) : null,
  }
}

export function writeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify([cursor.value, cursor.id])).toString('base64url')
}

/** A cursor that was tampered with starts at the first page. */
export function readCursor(text: string | undefined): Cursor | undefined {
  if (!text) return undefined
  try {
    const [value, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[]
    return typeof value === 'string' && typeof id === 'string' && isId(id) ? { value, id } : undefined
  } catch {
    return undefined
  }
}

/** What the database would refuse to read is as good as no cursor. */
const fits: Record<Order['type'], (value: string) => boolean> = {
  text: (value) => !value.includes('\u0000'),
  numeric: (value) => /^-?\d{1,20}(\.\d{1,6})?$/.test(value),
  date: isDay,
  timestamptz: (value) =>
    isDay(value.slice(0, 10)) &&
    /^[ T]([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,6})?([+-](0\d|1[0-4])(:[0-5]\d)?|Z)?$/.test(value.slice(10)),
}

function isId(text: string): boolean {
  return /^\d{1,19}$/.test(text) && BigInt(text) < 2n ** 63n
}
