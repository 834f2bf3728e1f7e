import { type SQL, sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { divisions, people, units } from './access.ts'
import { area, at, id, money, partRange, quantity, reference } from './columns.ts'

/** Scope key of a unit on a track: unit × 2 + track. */
const scopeKey = (unit: string): SQL => sql.raw(`${unit} * 2 + (case when track = 'collective' then 1 else 0 end)`)

/** 部位 of a building or parcel: what is leased, reused and held by itself. */
export type Part = {
  /** Given once within the card and never used again; `holds.parts` speaks of these numbers. */
  no: number
  name: string
  /** ㎡, as decimal text. */
  area: string
  usage: string
  /** As far as it is known: `2021`, `2021-03`, `2021-03-15`. */
  idleSince: string | null
}

/**
 * What a card is found by: any part of its name, place, codes and certificate, wide and narrow forms alike and without
 * blanks. Two characters are too few for trigrams, so each beyond ASCII stands twice: 村部 is looked for as 村村部部.
 */
const searched = sql.raw(
  `regexp_replace(lower(replace(normalize(${['name', 'location', 'code', 'original_code', 'certificate']
    .map((column) => `coalesce(${column}, '')`)
    .join(' || chr(31) || ')}, NFKC), ' ', '')), '([^\\x01-\\x7e])', '\\1\\1', 'g')`,
)

/** The state of a card that versions keep. */
const cardState = () => ({
  name: text('name').notNull(),
  track: text('track').notNull(),
  nature: text('nature'),
  cardType: text('card_type').notNull(),
  classCode: text('class_code'),
  /** Edition of GB/T 14885 (or the county's own list) the class code belongs to. */
  classStandard: text('class_standard'),
  originalCode: text('original_code'),
  externalCode: text('external_code'),
  ownerUnitId: reference('owner_unit_id').notNull(),
  ownerKey: reference('owner_key').notNull().generatedAlwaysAs(scopeKey('owner_unit_id')),
  userUnitId: reference('user_unit_id'),
  userKey: reference('user_key').generatedAlwaysAs(scopeKey('user_unit_id')),
  /** Track and owner are provisional until a determination 权属界定 settles them. */
  undetermined: boolean('undetermined').notNull().default(false),
  originalUnit: text('original_unit'),
  divisionCode: text('division_code').notNull(),
  location: text('location'),
  structure: text('structure'),
  specification: text('specification'),
  acquiredOn: date('acquired_on'),
  acquiredPrecision: text('acquired_precision'),
  landArea: area('land_area'),
  floorArea: area('floor_area'),
  idleArea: area('idle_area'),
  quantity: quantity('quantity'),
  unitOfMeasure: text('unit_of_measure'),
  cost: money('cost'),
  depreciation: money('depreciation'),
  netValue: money('net_value'),
  /** The day the three values are as of. */
  valuesOn: date('values_on'),
  valueKind: text('value_kind'),
  source: text('source'),
  titleKind: text('title_kind'),
  certificate: text('certificate'),
  usage: text('usage'),
  idleSince: date('idle_since'),
  idlePrecision: text('idle_precision'),
  safetyGrade: text('safety_grade'),
  lessee: text('lessee'),
  leaseTerm: text('lease_term'),
  annualRent: money('annual_rent'),
  keeper: text('keeper'),
  voucherNo: text('voucher_no'),
  problem: text('problem'),
  remark: text('remark'),
  /** The fields of the card's type, by key. */
  details: jsonb('details').$type<Record<string, string>>().notNull().default({}),
  /** Columns of the office's own table that have no field, by header. */
  extra: jsonb('extra').$type<Record<string, string>>().notNull().default({}),
  /** Figures and dates as they were written, where reading changed them (约2亩, 2015.3). */
  written: jsonb('written').$type<Record<string, string>>().notNull().default({}),
  /** 部位 in the order of their numbers. They are part of the state, so that every past day has its own. */
  parts: jsonb('parts').$type<readonly Part[]>().notNull().default([]),
  voided: boolean('voided').notNull().default(false),
  /** The day this state took effect. */
  validFrom: date('valid_from').notNull(),
  version: integer('version').notNull().default(1),
})

/** 资产卡片, the register's noun. */
export const cards = pgTable(
  'cards',
  {
    id: id(),
    /** County 6 digits + serial 8, meaningless on purpose, never used again. */
    code: text('code').notNull(),
    /** The card this one was split from. */
    splitFromId: reference('split_from_id').references((): AnyPgColumn => cards.id),
    /** The card this one turned out to be a second entry of; its own code is spent and leads there. */
    mergedIntoId: reference('merged_into_id').references((): AnyPgColumn => cards.id),
    /** The highest part number ever given. */
    lastPart: integer('last_part').notNull().default(0),
    ...cardState(),
    createdAt: at('created_at').notNull(),
    /** When the present state was recorded. */
    updatedAt: at('updated_at').notNull(),
    search: text('search').notNull().generatedAlwaysAs(searched),
  },
  (table) => [
    foreignKey({ columns: [table.ownerUnitId], foreignColumns: [units.id] }),
    foreignKey({ columns: [table.userUnitId], foreignColumns: [units.id] }),
    foreignKey({ columns: [table.divisionCode], foreignColumns: [divisions.code] }),
    uniqueIndex('cards_code').on(table.code),
    index('cards_owner').on(table.ownerKey, table.createdAt, table.id),
    index('cards_user').on(table.userKey).where(sql`${table.userKey} is not null`),
    index('cards_created').on(table.createdAt, table.id),
    index('cards_original_code')
      .on(table.ownerUnitId, table.originalCode)
      .where(sql`${table.originalCode} is not null`),
    index('cards_certificate').on(table.certificate).where(sql`${table.certificate} is not null`),
    index('cards_split_from').on(table.splitFromId).where(sql`${table.splitFromId} is not null`),
    index('cards_merged_into').on(table.mergedIntoId).where(sql`${table.mergedIntoId} is not null`),
    index('cards_name').on(table.ownerUnitId, table.name),
    index('cards_search').using('gin', table.search.op('gin_trgm_ops')).where(sql`not ${table.voided}`),
    index('cards_group').on(table.ownerKey, table.cardType, sql`coalesce(${table.usage}, '')`),
    check('cards_code_shape', sql`${table.code} ~ '^[0-9]{14}$'`),
    check('cards_track', sql`${table.track} in ('state','collective')`),
    check('cards_name_given', sql`length(btrim(${table.name})) > 0`),
    check(
      'cards_amounts',
      sql`${table.cost} >= 0 and ${table.depreciation} >= 0 and ${table.landArea} >= 0 and ${table.floorArea} >= 0 and ${table.idleArea} >= 0 and ${table.quantity} >= 0 and ${table.annualRent} >= 0`,
    ),
    check('cards_depreciation', sql`${table.depreciation} <= ${table.cost}`),
    check('cards_net_value', sql`abs(${table.netValue} - (${table.cost} - ${table.depreciation})) <= 0.01`),
    check('cards_nominal', sql`${table.valueKind} <> 'nominal' or ${table.cost} = 1`),
  ],
)

/**
 * Superseded states only; the present one is on the card itself. Without foreign keys, as events are: what a state names
 * was checked when it was the present one.
 */
export const cardVersions = pgTable(
  'card_versions',
  {
    id: id(),
    cardId: reference('card_id').notNull(),
    ...cardState(),
    /** First day this state no longer held. */
    validTo: date('valid_to').notNull(),
    /** When this state was recorded: later than `valid_from` where it was entered afterwards. */
    recordedAt: at('recorded_at').notNull(),
    /** When the state that took its place was recorded, and by which event. */
    supersededAt: at('superseded_at').notNull(),
    eventId: reference('event_id').notNull(),
  },
  (table) => [
    uniqueIndex('card_versions_card').on(table.cardId, table.version),
    index('card_versions_owner').on(table.ownerKey),
    check('card_versions_order', sql`${table.validTo} >= ${table.validFrom}`),
  ],
)

/** What keeps a card, or parts of it, from other documents' verbs. */
export const holds = pgTable(
  'holds',
  {
    id: id(),
    cardId: reference('card_id')
      .notNull()
      .references(() => cards.id),
    parts: partRange('parts').notNull().default('(,)'),
    kind: text('kind').notNull(),
    documentKind: text('document_kind').notNull(),
    documentId: reference('document_id').notNull(),
    documentNo: text('document_no').notNull(),
    /** Address of the document's page. */
    documentPath: text('document_path').notNull(),
    since: at('since').notNull(),
    releasedAt: at('released_at'),
  },
  (table) => [
    index('holds_card').on(table.cardId).where(sql`${table.releasedAt} is null`),
    index('holds_document').on(table.documentKind, table.documentId),
    check(
      'holds_kind',
      sql`${table.kind} in ('planned','transferring','disposing','disputed','mortgaged','undetermined')`,
    ),
  ],
)

/** Two cards that look like one asset and were found to be two, with the reason. */
export const cardDistinctions = pgTable(
  'card_distinctions',
  {
    id: id(),
    /** The lower id of the two. */
    firstCardId: reference('first_card_id')
      .notNull()
      .references(() => cards.id),
    secondCardId: reference('second_card_id')
      .notNull()
      .references(() => cards.id),
    reason: text('reason').notNull(),
    decidedBy: reference('decided_by').references(() => people.id),
    decidedAt: at('decided_at').notNull(),
  },
  (table) => [
    uniqueIndex('card_distinctions_pair').on(table.firstCardId, table.secondCardId),
    index('card_distinctions_second').on(table.secondCardId),
    check('card_distinctions_order', sql`${table.firstCardId} < ${table.secondCardId}`),
  ],
)
