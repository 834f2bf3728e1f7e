import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { prepared } from '../../db/prepared.ts'
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
    const { newest: _newest, ...totals } = await keptSums(tx, actor, filter)
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
  /** None of them was entered later. */
  newest: string | null
}

const figures = ['cost', 'net_value', 'land_area', 'floor_area']

/** By unit and track alone they are kept for each scope key as a whole. */
export async function keptSums(tx: Tx, actor: Actor, filter: CardFilter): Promise<KeptSums> {
  const { track: _track, unit: _unit, ...others } = filter
  const whole = narrowed(others).length === 0
  const kept = names([whole ? 'owner_sums' : 'card_sums'])
  const known = figures.map(
    (name) => sql`case when sum(${names([`${name}_known`])}) > 0 then sum(${names([name])}) end as ${names([name])}`,
  )
  const query = sql`
    select coalesce(sum(c.count), 0)::text as count, ${list(known)}, '0' as later_count, null as later_cost,
      null as later_net, max(c.newest)::text as newest
    from ${kept} c where ${sql.join([within(actor, sql`c.owner_key`), ...narrowed(filter)], sql` and `)}`
  const [row] = whole ? await prepared<KeptSums>(tx, query) : await tx.execute<KeptSums>(query)
  if (!row) throw new Error('a sum without a row')
  return row
}
