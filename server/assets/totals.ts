import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { list, names } from '../../db/sql.ts'
import { within } from '../access/scope.ts'
import type { Actor } from '../kernel/actor.ts'
import { recordedAfter } from './as-of.ts'
import { type CardFilter, matching, narrowed, pastDay, statesOf } from './list.ts'
import { searched } from './search.ts'

export type CardTotals = {
  count: string
  cost: string | null
  net_value: string | null
  land_area: string | null
  floor_area: string | null
  /** Of these, what was recorded after the day the totals are about. */
  later_count: string
  later_cost: string | null
  later_net: string | null
}

/** What the filter adds up to, over all pages. */
export async function totalCards(tx: Tx, actor: Actor, filter: CardFilter, today: string): Promise<CardTotals> {
  const day = pastDay(filter, today)
  const found = await searched(tx, filter.q, day)
  if (day === null && found === null) {
    const { keys: _keys, newest: _newest, ...totals } = await keptSums(tx, actor, filter)
    return totals
  }
  return addedUp(tx, sql`${statesOf(day)} c where ${matching(actor, filter, found)}`, day)
}

/** What some cards c add up to; `cards` is everything after `from`. */
export async function addedUp(tx: Tx, cards: SQL, day: string | null): Promise<CardTotals> {
  const later = day ? recordedAfter(day) : sql`false`
  const [row] = await tx.execute<CardTotals>(sql`
    select count(*)::text as count, sum(c.cost) as cost, sum(c.net_value) as net_value,
      sum(c.land_area) as land_area, sum(c.floor_area) as floor_area, count(*) filter (where ${later})::text as later_count,
      sum(c.cost) filter (where ${later}) as later_cost, sum(c.net_value) filter (where ${later}) as later_net
    from ${cards}`)
  if (!row) throw new Error('a sum without a row')
  return row
}

/** What is known of the cards of a filter of today, its text left out, without a look at any of them. */
export type KeptSums = CardTotals & {
  /** Scope keys that have such cards. */
  keys: string[]
  /** None of them was entered later. */
  newest: string | null
}

export async function keptSums(tx: Tx, actor: Actor, filter: CardFilter): Promise<KeptSums> {
  const summed = ['cost', 'net_value', 'land_area', 'floor_area'].flatMap((name) => [name, `${name}_known`])
  const known = ['cost', 'net_value', 'land_area', 'floor_area'].map(
    (name) => sql`case when sum(${names([`${name}_known`])}) > 0 then sum(${names([name])}) end as ${names([name])}`,
  )
  const [row] = await tx.execute<KeptSums>(sql`
    select coalesce(sum(count), 0)::text as count, ${list(known)}, '0' as later_count, null as later_cost, null as later_net,
      coalesce(array_agg(owner_key::text) filter (where count > 0), '{}') as keys, max(newest)::text as newest
    from (
      select c.owner_key, sum(c.count) as count, max(c.newest) as newest,
        ${list(summed.map((name) => sql`sum(${names([name])}) as ${names([name])}`))}
      from card_sums c where ${sql.join([within(actor, sql`c.owner_key`), ...narrowed(filter)], sql` and `)}
      group by c.owner_key) s`)
  if (!row) throw new Error('a sum without a row')
  return row
}
