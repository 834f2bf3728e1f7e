import { type SQL, sql } from 'drizzle-orm'
import { type Static, Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { cards } from '../../db/schema/assets.ts'
import { list, names } from '../../db/sql.ts'
import { cardTypes, natures, tracks, usages } from '../../imports/sheets/card-choices.ts'
import { within, withinEither } from '../access/scope.ts'
import type { Actor } from '../kernel/actor.ts'
import { containing } from '../kernel/filter.ts'
import { keyset, type Order, paged, pageSize } from '../kernel/paging.ts'
import { inForce, recordedAfter, recordedOn, unitsNear } from './as-of.ts'
import { withSpentCode } from './merged.ts'

const oneOf = (choices: readonly { value: string }[]) =>
  Type.Optional(Type.Union([Type.Literal(''), ...choices.map((choice) => Type.Literal(choice.value))]))

/** The register's filter is its query string; list, totals and export all read the same one. */
export const CardFilter = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 100 })),
  track: oneOf(tracks),
  type: oneOf(cardTypes),
  nature: oneOf(natures),
  usage: oneOf(usages),
  town: Type.Optional(Type.String({ pattern: '^([0-9]{12})?$' })),
  unit: Type.Optional(Type.String({ maxLength: 20 })),
  undetermined: Type.Optional(Type.Union([Type.Literal(''), Type.Literal('1')])),
  asOf: Type.Optional(Type.String({ maxLength: 20 })),
  sort: Type.Optional(Type.String({ maxLength: 20 })),
  after: Type.Optional(Type.String({ maxLength: 300 })),
  before: Type.Optional(Type.String({ maxLength: 300 })),
})
export type CardFilter = Static<typeof CardFilter>

/** The past day a filter is about; null for the register of today. */
export function pastDay({ asOf }: Pick<CardFilter, 'asOf'>, today: string): string | null {
  return asOf && asOf < today ? asOf : null
}

/** What the list can be sorted by; blanks sort as the smallest. */
const orders: Record<string, { by: SQL; type: Order['type'] }> = {
  created: { by: sql`c.created_at`, type: 'timestamptz' },
  code: { by: sql`c.code`, type: 'text' },
  name: { by: sql`c.name`, type: 'text' },
  acquired: { by: sql`coalesce(c.acquired_on, '0001-01-01')`, type: 'date' },
  land: { by: sql`coalesce(c.land_area, -1)`, type: 'numeric' },
  floor: { by: sql`coalesce(c.floor_area, -1)`, type: 'numeric' },
  cost: { by: sql`coalesce(c.cost, -1)`, type: 'numeric' },
  net: { by: sql`coalesce(c.net_value, -1)`, type: 'numeric' },
}

/** `cost` ascending, `-cost` descending; anything unknown is the newest first. */
export function orderOf(sort: string | undefined): Order & { key: string } {
  const key = sort?.replace(/^-/, '') ?? ''
  const order = Object.hasOwn(orders, key) ? orders[key] : undefined
  if (!order) return { ...(orders.created as (typeof orders)[string]), id: sql`c.id`, descending: true, key: '' }
  return { ...order, id: sql`c.id`, descending: sort?.startsWith('-') ?? false, key }
}

export type CardRow = {
  id: string
  code: string
  name: string
  track: string
  card_type: string
  usage: string | null
  undetermined: boolean
  owner_name: string
  town_name: string | null
  location: string | null
  acquired_on: string | null
  acquired_precision: string | null
  land_area: string | null
  floor_area: string | null
  cost: string | null
  net_value: string | null
  /** The day it was recorded, where that was after the day the list is about. */
  recorded_later: string | null
  place: string
}

/** One page of the register within the actor's scope, today or as of the filter's day; only its own cards are named. */
export async function listCards(tx: Tx, actor: Actor, filter: CardFilter, today: string) {
  const day = pastDay(filter, today)
  const order = orderOf(filter.sort)
  const { where, orderBy } = keyset(order, filter)
  const rows = await tx.execute<CardRow>(sql`
    select c.id, c.code, c.name, c.track, c.card_type, c.usage, c.undetermined, p.name as owner_name, t.name as town_name,
      c.location, c.acquired_on, c.acquired_precision, c.land_area, c.floor_area, c.cost, c.net_value,
      ${day ? sql`case when ${recordedAfter(day)} then ${recordedOn} end` : sql`null`} as recorded_later,
      (${order.by})::text as place
    from (
      select c.* from ${statesOf(day)} c where ${matching(actor, filter)} and ${where ?? sql`true`}
      order by ${orderBy} limit ${pageSize + 1}) c
    ${named(today, day)}
    left join divisions t on t.code = left(c.division_code, 9) || '000' and t.level = 4
    order by ${orderBy}`)
  return paged([...rows], filter, (row) => ({ value: row.place, id: row.id }))
}

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
  const [row] = await tx.execute<CardTotals>(
    day || filter.q?.trim() ? addedUp(actor, filter, day) : keptSums(actor, filter),
  )
  if (!row) throw new Error('a sum without a row')
  return row
}

function addedUp(actor: Actor, filter: CardFilter, day: string | null): SQL {
  const later = day ? recordedAfter(day) : sql`false`
  return sql`
    select count(*)::text as count, sum(c.cost) as cost, sum(c.net_value) as net_value,
      sum(c.land_area) as land_area, sum(c.floor_area) as floor_area, count(*) filter (where ${later})::text as later_count,
      sum(c.cost) filter (where ${later}) as later_cost, sum(c.net_value) filter (where ${later}) as later_net
    from ${statesOf(day)} c where ${matching(actor, filter)}`
}

/** The same for a filter of today without a text, which does not look at a single card. */
function keptSums(actor: Actor, filter: CardFilter): SQL {
  const known = (name: string) =>
    sql`case when sum(${names([`${name}_known`])}) > 0 then sum(${names([name])}) end as ${names([name])}`
  return sql`
    select coalesce(sum(c.count), 0)::text as count, ${list(['cost', 'net_value', 'land_area', 'floor_area'].map(known))},
      '0' as later_count, null as later_cost, null as later_net
    from card_sums c where ${sql.join([within(actor, sql`c.owner_key`), ...narrowed(filter)], sql` and `)}`
}

/**
 * The cards of a filter with their owners' names, under the aliases c, u and p: as of today from the cards themselves,
 * for a past day from the states that held then, with the names of then.
 */
export function fromCards(today: string, day: string | null = null): SQL {
  return sql`from ${statesOf(day)} c ${named(today, day)}`
}

function statesOf(day: string | null): SQL {
  return day ? sql`(select c.card_id as id, c.* from card_history c where ${inForce(day)})` : sql`cards`
}

/** Joins the owners u of cards c and the names p they had. */
function named(today: string, day: string | null): SQL {
  const names = day
    ? sql`(${unitsNear(day)}) p on p.unit_id = u.id`
    : sql`unit_periods p on p.unit_id = u.id
    and p.valid_from <= ${today} and (p.valid_to is null or p.valid_to > ${today})`
  return sql`join units u on u.id = c.owner_unit_id join ${names}`
}

/**
 * The filter as a condition, always within the actor's scope; voided cards are out of every list and total.
 * A past day belongs to who owned on that day: the reader needs that owner's key today. Who received a card later
 * finds its former states on the card itself, not in the former owner's figures.
 */
export function matching(actor: Actor, filter: CardFilter): SQL {
  const parts = [sql`${within(actor, sql`c.owner_key`)} and not c.voided`]
  if (filter.q?.trim()) parts.push(anywhere(filter.q.trim()))
  return sql.join([...parts, ...narrowed(filter)], sql` and `)
}

/** The conditions that cards and their sums can be asked alike. */
function narrowed(filter: CardFilter): SQL[] {
  const parts: SQL[] = []
  if (filter.track) parts.push(sql`c.track = ${filter.track}`)
  if (filter.type) parts.push(sql`c.card_type = ${filter.type}`)
  if (filter.nature) parts.push(sql`c.nature = ${filter.nature}`)
  if (filter.usage) parts.push(sql`c.usage = ${filter.usage}`)
  if (filter.town) parts.push(sql`left(c.division_code, 9) = ${filter.town.slice(0, 9)}`)
  if (filter.unit) parts.push(sql`c.owner_unit_id = (select id from units where code = ${filter.unit})`)
  if (filter.undetermined) parts.push(sql`c.undetermined`)
  return parts
}

/** Any part of a name, place, code, certificate or owner, by whatever name the owner has had. */
function anywhere(text: string): SQL {
  const pattern = containing(text)
  return sql`(c.name ilike ${pattern} or c.location ilike ${pattern} or c.code like ${pattern}
    or c.original_code ilike ${pattern} or c.certificate ilike ${pattern} or c.owner_unit_id in (
      select n.unit_id from unit_periods n where n.name ilike ${pattern})
    or ${/^[0-9]{4,14}$/.test(text.normalize('NFKC')) ? withSpentCode(sql`c.id`, pattern) : sql`false`})`
}

/** A card that the actor may open: by its owner's key or by its user's. */
export async function findCard(tx: Tx, actor: Actor, code: string) {
  const [card] = await tx
    .select()
    .from(cards)
    .where(sql`${cards.code} = ${code} and ${withinEither(actor, cards.ownerKey, cards.userKey)}`)
  return card
}
