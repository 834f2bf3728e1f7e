import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'

/** Takes `count` numbers from a counter row, which stays locked until the transaction ends; returns the first. */
export async function takeNumbers(tx: Tx, counter: string, count = 1): Promise<bigint> {
  const [row] = await tx.execute<{ value: string }>(
    sql`insert into counters as c (name, value) values (${counter}, ${count}) on conflict (name) do update set value = c.value + excluded.value returning value`,
  )
  return BigInt(row?.value ?? 0) - BigInt(count) + 1n
}

/** A document number of the year: `QD2026-0007`. */
export async function documentNumber(tx: Tx, prefix: string, today: string): Promise<string> {
  const year = today.slice(0, 4)
  const serial = await takeNumbers(tx, `${prefix}${year}`)
  return `${prefix}${year}-${String(serial).padStart(4, '0')}`
}

/** So many of them at once, for documents made by one statement: what stands before the serial, and the first one. */
export async function documentNumbers(
  tx: Tx,
  prefix: string,
  today: string,
  count: number,
): Promise<{ prefix: string; serial: string }> {
  const year = today.slice(0, 4)
  const serial = await takeNumbers(tx, `${prefix}${year}`, count)
  return { prefix: `${prefix}${year}-`, serial: String(serial) }
}
