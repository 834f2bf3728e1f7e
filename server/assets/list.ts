import { type SQL, sql } from 'drizzle-orm'
import { type Static, Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { prepared } from '../../db/prepared.ts'
import { cards } from '../../db/schema/assets.ts'
import { cardTypes, natures, tracks, usages } from '../../imports/sheets/card-choices.ts'
import type { RegisterColumn } from '../../imports/sheets/register.ts'
import { within, withinEither } from '../access/scope.ts'
import type { Actor } from '../kernel/actor.ts'
import { keyset, type Order, type Page, paged } from '../kernel/paging.ts'
import { inForce, recordedAfter, recordedOn, unitsNear } from './as-of.ts'
import { cellsOf } from './cells.ts'

const oneOf = (choices: readonly { value: string }[]) =>
  Type.Optional(Type.Unsafe<string>(Type.Union([Type.Literal(''), ...choices.map(({ value }) => Type.Literal(value))])))

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
  /** The chosen columns in their order, as texts; '' where unknown. */
  chosen: string[]
}

/** The day a list is read on, and the columns that stand in it instead of the usual ones. */
export type Shown = { today: string; columns?: readonly RegisterColumn[] | undefined }

/** A page of the cards c that `source` selects for it: in order and one more than fits, of today or of a past day. */
export async function listCards(
  tx: Tx,
  source: (place: ReturnType<typeof keyset>) => SQL,
  filter: CardFilter,
  { today, columns }: Shown,
): Promise<Page<CardRow>> {
  const day = pastDay(filter, today)
  const order = orderOf(filter.sort)
  const place = keyset(order, filter)
  const query = sql`
    select c.id, c.code, c.name, c.track, c.card_type, c.usage, c.undetermined, p.name as owner_name, t.name as town_name,
      c.location, c.acquired_on, c.acquired_precision, c.land_area, c.floor_area, c.cost, c.net_value,
      ${day ? sql`case when ${recordedAfter(day)} then ${recordedOn} end` : sql`null`} as recorded_later,
      ${cellsOf(columns ?? [], day ?? today)} as chosen, (${order.by})::text as place
    from (${source(place)}) c
    ${named(today, day)}
    left join divisions t on t.code = left(c.division_code, 9) || '000' and t.level = 4
    order by ${place.orderBy}`
  // What everybody opens first; filters and columns make of a statement too many others to keep them all.
  const usual = !day && !columns && !filter.q?.trim() && narrowed(filter).length === 0
  const rows = usual ? await prepared<CardRow>(tx, query) : await tx.execute<CardRow>(query)
  return paged([...rows], filter, (row) => ({ value: row.place, id: row.id }))
}

/**
 * The cards of a filter with their owners' names, under the aliases c, u and p: as of today from the cards themselves,
 * for a past day from the states that held then, with the names of then.
 */
export function fromCards(today: string, day: string | null = null): SQL {
  return sql`from ${statesOf(day)} c ${named(today, day)}`
}

export function statesOf(day: string | null): SQL {
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
 * The filter as a condition, always within the actor's scope; voided cards are out of every list and total. `found` is
 * what its text comes to. A past day belongs to who owned on that day: the reader needs that owner's key today. Who
 * received a card later finds its former states on the card itself, not in the former owner's figures.
 */
export function matching(actor: Actor, filter: CardFilter, found: SQL | null): SQL {
  const parts = [sql`${within(actor, sql`c.owner_key`)} and not c.voided`, ...narrowed(filter)]
  return sql.join(found ? [...parts, found] : parts, sql` and `)
}

/** The conditions that cards and their sums can be asked alike. */
export function narrowed(filter: CardFilter): SQL[] {
  const parts: SQL[] = []
  if (filter.track) parts.push(sql`c.track = ${filter.track}`)
  if (filter.type) parts.push(sql`c.card_type = ${filter.type}`)
  if (filter.nature) parts.push(sql`c.nature = ${filter.nature}`)
  if (filter.usage) parts.push(sql`c.usage = ${filter.usage}`)
  if (filter.town) parts.push(sql`left(c.division_code, 9) = ${filter.town.slice(0, 9)}`)
  // By the keys, of which cards and sums have an index.
  if (filter.unit) {
    parts.push(
      sql`c.owner_key = any((select array[id * 2, id * 2 + 1] from units where code = ${filter.unit})::bigint[])`,
    )
  }
  if (filter.undetermined) parts.push(sql`c.undetermined`)
  return parts
}

/** A card that the actor may open: by its owner's key or by its user's. */
export async function findCard(tx: Tx, actor: Actor, code: string) {
  const [card] = await tx
    .select()
    .from(cards)
    .where(sql`${cards.code} = ${code} and ${withinEither(actor, cards.ownerKey, cards.userKey)}`)
  return card
}
