import { bigint, boolean, index, numeric, pgTable, text } from 'drizzle-orm/pg-core'
import { at, id, reference } from './columns.ts'

/** A sum, and of how many cards it is known. */
const known = (name: string) => bigint(name, { mode: 'number' }).notNull()
const sum = (name: string) => numeric(name).notNull()

/**
 * What the living cards of today add up to, by all that lists and statistics tell apart. Triggers on cards keep it in the
 * transaction of the change: what a statement adds or takes away is a row of its own, so that nobody waits for a sum that
 * somebody else is changing; a group of many rows is folded into one. A figure is the sum over its rows.
 */
export const cardSums = pgTable(
  'card_sums',
  {
    id: id(),
    ownerKey: reference('owner_key').notNull(),
    ownerUnitId: reference('owner_unit_id').notNull(),
    track: text('track').notNull(),
    divisionCode: text('division_code').notNull(),
    cardType: text('card_type').notNull(),
    nature: text('nature'),
    usage: text('usage'),
    undetermined: boolean('undetermined').notNull(),
    count: known('count'),
    cost: sum('cost'),
    costKnown: known('cost_known'),
    depreciation: sum('depreciation'),
    depreciationKnown: known('depreciation_known'),
    netValue: sum('net_value'),
    netValueKnown: known('net_value_known'),
    landArea: sum('land_area'),
    landAreaKnown: known('land_area_known'),
    floorArea: sum('floor_area'),
    floorAreaKnown: known('floor_area_known'),
    idleArea: sum('idle_area'),
    idleAreaKnown: known('idle_area_known'),
    annualRent: sum('annual_rent'),
    annualRentKnown: known('annual_rent_known'),
    /** No card of the group was entered later than this. */
    newest: at('newest').notNull(),
  },
  (table) => [
    index('card_sums_group').on(table.ownerKey, table.divisionCode, table.cardType),
    index('card_sums_kind').on(table.cardType, table.usage),
  ],
)

/**
 * The same for all cards of a scope key together, for lists that are narrowed by nothing else: a thousand units are a
 * thousand rows, whatever their cards are.
 */
export const ownerSums = pgTable(
  'owner_sums',
  {
    id: id(),
    ownerKey: reference('owner_key').notNull(),
    ownerUnitId: reference('owner_unit_id').notNull(),
    track: text('track').notNull(),
    count: known('count'),
    cost: sum('cost'),
    costKnown: known('cost_known'),
    netValue: sum('net_value'),
    netValueKnown: known('net_value_known'),
    landArea: sum('land_area'),
    landAreaKnown: known('land_area_known'),
    floorArea: sum('floor_area'),
    floorAreaKnown: known('floor_area_known'),
    newest: at('newest').notNull(),
  },
  (table) => [index('owner_sums_key').on(table.ownerKey)],
)
