import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { prepared } from '../../db/prepared.ts'

/** So many cards are looked at to tell how many of all are meant. */
const looked = 2000
/** None among so many of the newest means that it is not everywhere, without a look at the others. */
const newest = 300
/** Hits have to come from so many thousands of cards: a few imports of one village do not stand for a county. */
const spread = 25

/**
 * About how many of `total` cards c in a scope meet a condition, from a sample of the table's pages, to two figures; null
 * where that may be under `least`, or where the hits lie too close together to say. None was entered after `latest`.
 * Counting them by the index of texts reads every one of them first.
 */
export async function aboutMany(
  tx: Tx,
  { scope, found }: { scope: SQL; found: SQL },
  { total, least, latest }: { total: number; least: number; latest: string | null },
): Promise<number | null> {
  const [among] = await prepared(
    tx,
    sql`select 1 from (
        select * from cards where created_at <= ${latest}::timestamptz order by created_at desc, id desc limit ${newest}) c
      where ${found} limit 1`,
  )
  if (!among) return null
  const share = Math.min(1, looked / total)
  const [sample] = await tx.execute<{ hits: number; apart: number }>(sql`
    select count(*)::int as hits, count(distinct c.id / 1000)::int as apart
    from cards c tablesample system (${share * 100}) repeatable (1) where ${scope} and ${found}`)
  const hits = (sample?.hits ?? 0) / share
  if (hits < least || (sample?.apart ?? 0) < Math.min(spread, total / 1000)) return null
  return Number(hits.toPrecision(2))
}
