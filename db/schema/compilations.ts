import { sql } from 'drizzle-orm'
import { type AnyPgColumn, check, date, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { people, units } from './access.ts'
import { at, id, keys, money, quantity, reference } from './columns.ts'
import { calls, countLines, counts } from './inventory.ts'

/** What a filed compilation came to, by unit and card type: the forms printed from it never say anything else. */
export type FrozenFigures = readonly {
  unit: string
  cardType: string
  figures: Readonly<Record<string, string>>
}[]

/** 汇总: the counts that a lead hands in to the county together. A county's roll-up never mixes calls. */
export const compilations = pgTable(
  'compilations',
  {
    id: id(),
    no: text('no').notNull(),
    state: text('state').notNull().default('draft'),
    version: integer('version').notNull().default(1),
    callId: reference('call_id')
      .notNull()
      .references((): AnyPgColumn => calls.id),
    /** Who compiles: the township's leading office, the department of stationed units, or the county bureau. */
    unitId: reference('unit_id')
      .notNull()
      .references(() => units.id),
    track: text('track').notNull(),
    filedOn: date('filed_on'),
    documentNo: text('document_no'),
    /** Written at filing. */
    frozen: jsonb('frozen').$type<FrozenFigures>(),
    partyKeys: keys('party_keys').notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('compilations_no').on(table.no),
    index('compilations_call').on(table.callId),
    index('compilations_created').on(table.createdAt, table.id),
    index('compilations_parties').using('gin', table.partyKeys),
    check('compilations_state', sql`${table.state} in ('draft','submitted','filed','withdrawn')`),
    check('compilations_track', sql`${table.track} in ('state','collective')`),
    check(
      'compilations_filed',
      sql`(${table.state} = 'filed') = (${table.filedOn} is not null) and (${table.filedOn} is null) = (${table.frozen} is null)`,
    ),
  ],
)

/** One entry of the earlier census a call starts from, and what became of it: 不漏. */
export const baselineLines = pgTable(
  'baseline_lines',
  {
    id: id(),
    countId: reference('count_id')
      .notNull()
      .references((): AnyPgColumn => counts.id),
    no: integer('no').notNull(),
    name: text('name').notNull(),
    originalCode: text('original_code'),
    certificate: text('certificate'),
    location: text('location'),
    acquiredOn: date('acquired_on'),
    acquiredPrecision: text('acquired_precision'),
    quantity: quantity('quantity'),
    unitOfMeasure: text('unit_of_measure'),
    /** ㎡ of land or floor, whichever the census tells. */
    area: quantity('area'),
    cost: money('cost'),
    remark: text('remark'),
    batchId: reference('batch_id'),
    /** The line that is the same thing, and how that was found: exact, alike (name, place and area) or by hand. */
    lineId: reference('line_id').references((): AnyPgColumn => countLines.id),
    matchedBy: text('matched_by'),
    /** Settled without a line: why it is rightly not in the register any more. */
    settledReason: text('settled_reason'),
    settledBy: reference('settled_by').references(() => people.id),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    uniqueIndex('baseline_lines_no').on(table.countId, table.no),
    uniqueIndex('baseline_lines_line').on(table.lineId).where(sql`${table.lineId} is not null`),
    index('baseline_lines_open')
      .on(table.countId, table.no)
      .where(sql`${table.lineId} is null and ${table.settledReason} is null`),
    check('baseline_lines_matched', sql`(${table.lineId} is null) = (${table.matchedBy} is null)`),
    check('baseline_lines_matched_by', sql`${table.matchedBy} in ('exact','alike','hand')`),
    check('baseline_lines_ended_once', sql`num_nonnulls(${table.lineId}, ${table.settledReason}) <= 1`),
  ],
)
