import { sql } from 'drizzle-orm'
import { check, date, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { people, units } from './access.ts'
import { cards } from './assets.ts'
import { at, id, reference } from './columns.ts'
import { files } from './records.ts'

/** 导入批次: one file read into one target for one unit and track. */
export const importBatches = pgTable(
  'import_batches',
  {
    id: id(),
    no: text('no').notNull(),
    state: text('state').notNull(),
    version: integer('version').notNull().default(1),
    target: text('target').notNull(),
    unitId: reference('unit_id')
      .notNull()
      .references(() => units.id),
    track: text('track').notNull(),
    scopeKey: reference('scope_key')
      .notNull()
      .generatedAlwaysAs(sql.raw(`unit_id * 2 + (case when track = 'collective' then 1 else 0 end)`)),
    sha256: text('sha256')
      .notNull()
      .references(() => files.sha256),
    fileName: text('file_name').notNull(),
    /** The day the figures are as of; new and changed states take effect on it. */
    effectiveOn: date('effective_on').notNull(),
    worksheet: text('worksheet'),
    /** How the file was read: header rows, columns, totals, questions and their answers. */
    reading: jsonb('reading').$type<Record<string, unknown>>().notNull().default({}),
    counts: jsonb('counts').$type<Record<string, number>>().notNull().default({}),
    sums: jsonb('sums').$type<Record<string, string>>().notNull().default({}),
    failure: text('failure'),
    uploadedBy: reference('uploaded_by').references(() => people.id),
    createdAt: at('created_at').notNull(),
    committedAt: at('committed_at'),
  },
  (table) => [
    uniqueIndex('import_batches_no').on(table.no),
    index('import_batches_scope').on(table.scopeKey, table.createdAt.desc(), table.id.desc()),
    index('import_batches_file').on(table.sha256),
    check(
      'import_batches_state',
      sql`${table.state} in ('uploaded','reading','mapping','checked','committed','undone','failed','cancelled')`,
    ),
    check('import_batches_track', sql`${table.track} in ('state','collective')`),
  ],
)

/** One staged row of the worksheet, by its own row number. */
export const importRows = pgTable(
  'import_rows',
  {
    id: id(),
    batchId: reference('batch_id')
      .notNull()
      .references(() => importBatches.id),
    row: integer('row').notNull(),
    /** Which of the tables side by side the row stands in, from 0. */
    block: integer('block').notNull().default(0),
    /** new, changed, unchanged, duplicate or wrong. */
    status: text('status').notNull(),
    /** As read from the file. */
    values: jsonb('values').$type<Record<string, string | null>>().notNull(),
    /** As it would be stored: names resolved, blanks filled from the card it matches. */
    resolved: jsonb('resolved').$type<Record<string, string | null>>(),
    extra: jsonb('extra').$type<Record<string, string>>().notNull(),
    written: jsonb('written').$type<Record<string, string>>().notNull(),
    /** What reading the file found. */
    problems: jsonb('problems').$type<RowProblem[]>().notNull(),
    /** What the register says to it; found anew with every matching. */
    findings: jsonb('findings').$type<RowProblem[]>().notNull().default([]),
    changes: jsonb('changes').$type<Record<string, { old: string | null; new: string | null }>>(),
    cardId: reference('card_id').references(() => cards.id),
    cardVersion: integer('card_version'),
  },
  (table) => [
    uniqueIndex('import_rows_row').on(table.batchId, table.block, table.row),
    index('import_rows_status').on(table.batchId, table.status),
    index('import_rows_card').on(table.cardId),
    check('import_rows_status_known', sql`${table.status} in ('new','changed','unchanged','duplicate','wrong')`),
  ],
)

export type RowProblem = { column: string | null; field: string | null; message: string; severity: 'wrong' | 'told' }
