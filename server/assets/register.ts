import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import type { RegisterColumn } from '../../imports/sheets/register.ts'
import { keyArray, within } from '../access/scope.ts'
import type { Actor } from '../kernel/actor.ts'
import { isIndexed } from '../kernel/filter.ts'
import { type keyset, type Page, pageSize } from '../kernel/paging.ts'
import { aboutMany } from './frequency.ts'
import { type CardFilter, type CardRow, listCards, matching, narrowed, orderOf, pastDay, statesOf } from './list.ts'
import { searched } from './search.ts'
import { addedUp, type CardTotals, type KeptSums, keptSums } from './totals.ts'

/** So many cards are gone through one by one; of more, an index has to bring those of a page. */
export const few = 5000
/** Among so many even counting those of a text can take longer than the page. */
const large = 20 * few
/** Of so few scope keys the newest of each are taken. */
const someKeys = 50

export type RegisterPage = {
  page: Page<CardRow>
  totals: CardTotals
  /** Nothing was added up: there are more (`beyond`), or roughly as many (`about`), as `totals` counts. */
  capped: 'beyond' | 'about' | null
  /** Why the text was not looked for. */
  problem: string | null
}

type Place = ReturnType<typeof keyset>

/**
 * One page of the register within the actor's scope with what all its pages come to, today or as of the filter's day.
 * The sums that are kept beside the cards tell beforehand how many cards the filter without its text has, and so by
 * which way the page is reached quickest: neither the planner's statistics nor cards that another transaction has
 * entered but not committed make it slower.
 */
export async function registerPage(
  tx: Tx,
  actor: Actor,
  filter: CardFilter,
  today: string,
  columns?: readonly RegisterColumn[],
): Promise<RegisterPage> {
  const day = pastDay(filter, today)
  const found = await searched(tx, filter.q, day)
  const listed = async (source: (place: Place) => SQL, totals: CardTotals) => ({
    ...{ page: await listCards(tx, source, filter, { today, columns }), totals },
    ...{ capped: null, problem: null },
  })
  if (day) {
    const cards = sql`${statesOf(day)} c where ${matching(actor, filter, found)}`
    return listed((place) => firstOf(cards, place), await addedUp(tx, cards, day))
  }
  const known = await keptSums(tx, actor, filter)
  const count = Number(known.count)
  if (count === 0) return { ...nothing, totals: known }
  if (!found && isPlain(filter) && actor.keys.length <= someKeys) {
    return listed((place) => newestOfKeys(actor, known, place), known)
  }
  if (count <= few) {
    const cards = ofGroups(actor, filter, found)
    return listed((place) => firstOf(cards, place), found ? await addedUp(tx, cards, null) : known)
  }
  if (!found) return inOrder(tx, filter, () => listed((place) => along(actor, filter, known, null, place), known))
  if (!isIndexed(filter.q ?? '')) return { ...nothing, totals: unsummed(known, 0), problem: tooShort }
  return withText(tx, { actor, filter, known, found }, listed)
}

const nothing = { page: { rows: [], previous: null, next: null }, capped: null, problem: null }
const tooShort = `台账超过 ${few} 项，要找的太短。请至少输入两个字（字母、数字三个），或先选乡镇、类别。`

function unsummed(totals: CardTotals, count: number): CardTotals {
  return { ...totals, count: String(count), cost: null, net_value: null, land_area: null, floor_area: null }
}

type Listed = (source: (place: Place) => SQL, totals: CardTotals) => Promise<RegisterPage>
type Wanted = { actor: Actor; filter: CardFilter; known: KeptSums; found: SQL }

/** What few cards have is brought by the index of texts; what many have turns up soon in the list's own order. */
async function withText(tx: Tx, wanted: Wanted, listed: Listed): Promise<RegisterPage> {
  const { actor, filter, known, found } = wanted
  const scope = matching(actor, filter, null)
  const condition = sql`${scope} and ${found}`
  const total = Number(known.count)
  const about =
    total > large ? await aboutMany(tx, { scope, found }, { total, least: 10 * few, latest: known.newest }) : null
  if (about) return withMany(tx, wanted, listed, { capped: 'about', count: about })
  await tx.execute(sql`set local enable_seqscan = off`)
  const hits = (limit: SQL) => sql`(select c.* from cards c where ${condition} ${limit}) c`
  const totals = await addedUp(tx, hits(sql`limit ${few + 1}`), null)
  const counted = Number(totals.count) <= few
  const page = counted ? await listed((place) => firstOf(hits(sql`offset 0`), place), totals) : null
  await tx.execute(sql`set local enable_seqscan = on`)
  return page ?? withMany(tx, wanted, listed, { capped: 'beyond', count: few })
}

type Many = { capped: NonNullable<RegisterPage['capped']>; count: number }

async function withMany(tx: Tx, { actor, filter, known, found }: Wanted, listed: Listed, { capped, count }: Many) {
  const source = (place: Place) => along(actor, filter, known, found, place)
  return { ...(await inOrder(tx, filter, () => listed(source, unsummed(known, count)))), capped }
}

/** The newest first and nothing narrowed but the scope. */
function isPlain(filter: CardFilter): boolean {
  return narrowed(filter).length === 0 && orderOf(filter.sort).key === ''
}

/** The first of the cards c; `cards` is everything after `from`, with or without a condition of its own. */
function firstOf(cards: SQL, { where, orderBy }: Place): SQL {
  return sql`select c.* from (select c.* from ${cards}) c where ${where ?? sql`true`} order by ${orderBy} limit ${pageSize + 1}`
}

/** The cards of the groups that have any: as many are looked at as there are. */
function ofGroups(actor: Actor, filter: CardFilter, found: SQL | null): SQL {
  const conditions = [sql`not c.voided`, ...narrowed(filter), ...(found ? [found] : [])]
  return sql`(
      select c.owner_key, c.card_type, coalesce(c.usage, '') as usage from card_sums c
      where ${sql.join([within(actor, sql`c.owner_key`), ...narrowed(filter)], sql` and `)}
      group by 1, 2, 3 having sum(c.count) > 0) g
    cross join lateral (
      select c.* from cards c
      where c.owner_key = g.owner_key and c.card_type = g.card_type and coalesce(c.usage, '') = g.usage
        and ${sql.join(conditions, sql` and `)} offset 0) c`
}

/** The newest of every scope key, and of these the newest. */
function newestOfKeys({ keys }: Actor, { newest }: KeptSums, place: Place): SQL {
  const { orderBy } = place
  return sql`
    select c.* from unnest(${keyArray(keys)}) k (owner_key) cross join lateral (
      select c.* from cards c
      where c.owner_key = k.owner_key and not c.voided and ${begun(place, newest)}
      order by ${orderBy} limit ${pageSize + 1}) c
    order by ${orderBy} limit ${pageSize + 1}`
}

/** Along the order of the list until the page is full; what is entered but not committed yet is later than any. */
function along(actor: Actor, filter: CardFilter, { newest }: KeptSums, found: SQL | null, place: Place): SQL {
  return sql`
    select c.* from cards c where ${matching(actor, filter, found)} and ${begun(place, newest)}
    order by ${place.orderBy} limit ${pageSize + 1}`
}

/** From the place of the page on; the first page, and one that is reached from behind, ends with the latest card. */
function begun({ where, backwards }: Place, newest: string | null): SQL {
  const latest = sql`c.created_at <= ${newest}::timestamptz`
  if (!where) return latest
  return backwards ? sql`${latest} and ${where}` : where
}

/**
 * Has the list's order read off an index; other orders than that of entry have none and are sorted. Where nothing is
 * narrowed the planner finds the index by itself.
 */
async function inOrder<Result>(tx: Tx, filter: CardFilter, work: () => Promise<Result>): Promise<Result> {
  if (orderOf(filter.sort).key !== '' || (isPlain(filter) && !filter.q?.trim())) return work()
  await tx.execute(sql`set local enable_sort = off`)
  const result = await work()
  await tx.execute(sql`set local enable_sort = on`)
  return result
}
