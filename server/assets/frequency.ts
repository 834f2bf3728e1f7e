import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'

/** So many cards are looked at to tell how many of all are meant. */
const looked = 2000
/** Hits have to come from so many thousands of cards: a few imports of one village do not stand for a county. */
const spread = 25

/**
 * About how many of `total` cards c meet a condition, from a sample of the table's pages, to two figures; null where that
 * may be under `least`, or where the hits lie too close together to say. Counting them by the index of texts reads every
 * one of them first.
 */
export async function aboutMany(tx: Tx, condition: SQL, total: number, least: number): Promise<number | null> {
  const share = Math.min(1, looked / total)
  const [found] = await tx.execute<{ hits: number; apart: number }>(sql`
    select count(*)::int as hits, count(distinct c.id / 1000)::int as apart
    from cards c tablesample system (${share * 100}) repeatable (1) where ${condition}`)
  const hits = (found?.hits ?? 0) / share
  if (hits < least || (found?.apart ?? 0) < Math.min(spread, total / 1000)) return null
  return Number(hits.toPrecision(2))
}
