import { type SQL, sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { people, units } from './access.ts'
import { cards } from './assets.ts'
import { area, at, id, keys, money, quantity, reference } from './columns.ts'
import { compilations } from './compilations.ts'

const ownKey: SQL = sql.raw(`unit_id * 2 + (case when track = 'collective' then 1 else 0 end)`)

/** 清查通知: which units count what they have, as of which day and by when. */
export const calls = pgTable(
  'calls',
  {
    id: id(),
    no: text('no').notNull(),
    state: text('state').notNull().default('draft'),
    version: integer('version').notNull().default(1),
    title: text('title').notNull(),
    track: text('track').notNull(),
    /** The county bureau or the township's leading office. */
    issuerId: reference('issuer_id')
      .notNull()
      .references(() => units.id),
    /** 清查基准日: the book side is what took effect by then. */
    baseOn: date('base_on').notNull(),
    /** What the count starts from: the register, or an earlier census that is imported and matched with it. */
    baseline: text('baseline').notNull().default('register'),
    baselineName: text('baseline_name'),
    /** The day the earlier census was as of: what came after it is listed by its source. */
    baselineOn: date('baseline_on'),
    /** Units submit by then, leads hand in what they compiled by then. */
    dueOn: date('due_on').notNull(),
    compileOn: date('compile_on').notNull(),
    note: text('note'),
    openedAt: at('opened_at'),
    partyKeys: keys('party_keys').notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('calls_no').on(table.no),
    index('calls_created').on(table.createdAt, table.id),
    index('calls_parties').using('gin', table.partyKeys),
    check('calls_state', sql`${table.state} in ('draft','open','closed','cancelled')`),
    check('calls_track', sql`${table.track} in ('state','collective')`),
    check('calls_baseline', sql`${table.baseline} in ('register','census')`),
    check(
      'calls_census',
      sql`num_nonnulls(${table.baselineName}, ${table.baselineOn}) = case ${table.baseline} when 'census' then 2 else 0 end`,
    ),
    check('calls_days', sql`${table.baseOn} <= ${table.dueOn} and ${table.dueOn} <= ${table.compileOn}`),
  ],
)

/** The units a call is for, while it is drafted; with the notice each gets a count. */
export const callUnits = pgTable(
  'call_units',
  {
    id: id(),
    callId: reference('call_id')
      .notNull()
      .references(() => calls.id),
    unitId: reference('unit_id')
      .notNull()
      .references(() => units.id),
  },
  (table) => [uniqueIndex('call_units_once').on(table.callId, table.unitId)],
)

/** 单位清查: what one called unit found. Name, kind and place are as of the base day. */
export const counts = pgTable(
  'counts',
  {
    id: id(),
    no: text('no').notNull(),
    state: text('state').notNull().default('counting'),
    version: integer('version').notNull().default(1),
    callId: reference('call_id')
      .notNull()
      .references(() => calls.id),
    unitId: reference('unit_id')
      .notNull()
      .references(() => units.id),
    track: text('track').notNull(),
    scopeKey: reference('scope_key').notNull().generatedAlwaysAs(ownKey),
    unitCode: text('unit_code').notNull(),
    unitName: text('unit_name').notNull(),
    unitKind: text('unit_kind').notNull(),
    divisionCode: text('division_code').notNull(),
    /** Its managing unit 隶属: a stationed unit's count is checked and compiled there. */
    parentId: reference('parent_id').references(() => units.id),
    /** The how manieth time it is handed in. */
    round: integer('round').notNull().default(1),
    /** The unit says that it has nothing to count. */
    nothing: boolean('nothing').notNull().default(false),
    compilationId: reference('compilation_id').references((): AnyPgColumn => compilations.id),
    remindedAt: at('reminded_at'),
    partyKeys: keys('party_keys').notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('counts_no').on(table.no),
    uniqueIndex('counts_unit').on(table.callId, table.unitId),
    index('counts_scope').on(table.scopeKey, table.state),
    index('counts_created').on(table.createdAt, table.id),
    index('counts_compilation').on(table.compilationId).where(sql`${table.compilationId} is not null`),
    index('counts_parties').using('gin', table.partyKeys),
    check(
      'counts_state',
      sql`${table.state} in ('counting','submitted','checked','noticed','confirmed','filed','cancelled')`,
    ),
    check('counts_track', sql`${table.track} in ('state','collective')`),
    check(
      'counts_compiled',
      sql`case when ${table.compilationId} is null then ${table.state} <> 'filed' else ${table.state} in ('checked','confirmed','filed') end`,
    ),
  ],
)

/** What a surplus or a booked line says about a thing as it stands. */
export type LineChanges = Record<string, { old: string | null; new: string | null }>

/**
 * 盘点明细: a booked card of one count, or something found that is not booked. The book side is frozen when the call is
 * issued; a card whose quantity nobody knows counts as one. 清查数 = 账面数 + 盘盈 − 盘亏; what is to be scrapped or
 * settled is part of what was counted.
 */
export const countLines = pgTable(
  'count_lines',
  {
    id: id(),
    /** No foreign key: a check for each line of a county's call, all of which are made in one statement with it. */
    countId: reference('count_id').notNull(),
    no: integer('no').notNull(),
    origin: text('origin').notNull(),
    /** A surplus gets its card when it is filed. */
    cardId: reference('card_id').references(() => cards.id),
    /** The version of the card that the unit has seen: another one means that it has to look again. */
    cardVersion: integer('card_version'),
    code: text('code'),
    name: text('name').notNull(),
    cardType: text('card_type').notNull(),
    nature: text('nature'),
    classCode: text('class_code'),
    originalCode: text('original_code'),
    specification: text('specification'),
    structure: text('structure'),
    unitOfMeasure: text('unit_of_measure'),
    acquiredOn: date('acquired_on'),
    acquiredPrecision: text('acquired_precision'),
    divisionCode: text('division_code').notNull(),
    location: text('location'),
    source: text('source'),
    usage: text('usage'),
    keeper: text('keeper'),
    certificate: text('certificate'),
    landArea: area('land_area'),
    floorArea: area('floor_area'),
    bookQuantity: quantity('book_quantity').notNull(),
    bookCost: money('book_cost'),
    bookDepreciation: money('book_depreciation'),
    bookNetValue: money('book_net_value'),
    /** Null: not counted yet 未盘. */
    countedQuantity: quantity('counted_quantity'),
    surplusQuantity: quantity('surplus_quantity').notNull().default('0'),
    surplusCost: money('surplus_cost'),
    surplusDepreciation: money('surplus_depreciation'),
    missingQuantity: quantity('missing_quantity').notNull().default('0'),
    missingCost: money('missing_cost'),
    missingDepreciation: money('missing_depreciation'),
    missingReason: text('missing_reason'),
    scrapQuantity: quantity('scrap_quantity').notNull().default('0'),
    scrapCost: money('scrap_cost'),
    scrapDepreciation: money('scrap_depreciation'),
    scrapReason: text('scrap_reason'),
    undeterminedQuantity: quantity('undetermined_quantity').notNull().default('0'),
    undeterminedCost: money('undetermined_cost'),
    undeterminedDepreciation: money('undetermined_depreciation'),
    undeterminedReason: text('undetermined_reason'),
    /** 信息变更: fields of the card that are otherwise, by key. */
    changes: jsonb('changes').$type<LineChanges>().notNull().default({}),
    /** 盘盈 only: since when it is known, what its value goes by, and why nothing better was there. */
    foundOn: date('found_on'),
    valueBasis: text('value_basis'),
    valueNote: text('value_note'),
    condition: text('condition'),
    remark: text('remark'),
    countedBy: reference('counted_by').references(() => people.id),
    countedName: text('counted_name'),
    countedAt: at('counted_at'),
    /** By screen, phone page or sheet. */
    countedVia: text('counted_via'),
    /** Why the line was returned; gone when it is counted again. */
    returned: text('returned'),
    /** The count side as it was last handed in. */
    handedIn: jsonb('handed_in').$type<Record<string, unknown>>(),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    uniqueIndex('count_lines_no').on(table.countId, table.no),
    uniqueIndex('count_lines_card').on(table.countId, table.cardId).where(sql`${table.cardId} is not null`),
    index('count_lines_of_card').on(table.cardId).where(sql`${table.cardId} is not null`),
    index('count_lines_open').on(table.countId, table.no).where(sql`${table.countedQuantity} is null`),
    check('count_lines_origin', sql`${table.origin} in ('booked','surplus')`),
    check('count_lines_via', sql`${table.countedVia} in ('screen','phone','sheet')`),
    check(
      'count_lines_sum',
      sql`${table.countedQuantity} = ${table.bookQuantity} + ${table.surplusQuantity} - ${table.missingQuantity}`,
    ),
    check(
      'count_lines_amounts',
      sql`least(${table.bookQuantity}, ${table.countedQuantity}, ${table.surplusQuantity}, ${table.missingQuantity}, ${table.scrapQuantity}, ${table.undeterminedQuantity}) >= 0 and ${table.scrapQuantity} + ${table.undeterminedQuantity} <= coalesce(${table.countedQuantity}, 0)`,
    ),
    check(
      'count_lines_reasons',
      sql`(${table.missingQuantity} = 0 or ${table.missingReason} is not null) and (${table.scrapQuantity} = 0 or ${table.scrapReason} is not null) and (${table.undeterminedQuantity} = 0 or ${table.undeterminedReason} is not null)`,
    ),
    check(
      'count_lines_surplus',
      sql`case ${table.origin} when 'surplus' then ${table.bookQuantity} = 0 and ${table.surplusQuantity} > 0 and ${table.valueBasis} is not null and ${table.foundOn} is not null else ${table.surplusQuantity} = 0 and ${table.cardId} is not null and ${table.cardVersion} is not null end`,
    ),
    check(
      'count_lines_basis',
      sql`${table.valueBasis} in ('papers','appraisal','replacement','nominal') and (${table.valueBasis} <> 'nominal' or ${table.surplusCost} = 1)`,
    ),
  ],
)
