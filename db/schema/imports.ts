import { sql } from 'drizzle-orm'
import { check, date, index, integer, jsonb, pgTable, text, unique, uniqueIndex } from 'drizzle-orm/pg-core'
import { people, units } from './access.ts'
import { at, id, reference } from './columns.ts'
import { calls } from './inventory.ts'
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
    /** Null for what belongs to no track, such as people. */
    track: text('track'),
    /** Null without a track: such a batch is shown to whom its target names, never by scope. */
    scopeKey: reference('scope_key').generatedAlwaysAs(
      sql.raw(`unit_id * 2 + (case track when 'collective' then 1 when 'state' then 0 end)`),
    ),
    /** The call whose count the rows belong to; null for what is entered into the register itself. */
    callId: reference('call_id').references(() => calls.id),
    sha256: text('sha256')
      .notNull()
      .references(() => files.sha256),
    fileName: text('file_name').notNull(),
    /** `file` as somebody brought it; `edit` where Panhuo wrote it down from a bulk edit 批量修改. */
    origin: text('origin').notNull().default('file'),
    /** What a bulk edit was for, as its author says. */
    reason: text('reason'),
    /** The day the figures are as of; new and changed states take effect on it. */
    effectiveOn: date('effective_on').notNull(),
    worksheet: text('worksheet'),
    /** How the file was read: header rows, columns, totals, questions and their answers. */
    reading: jsonb('reading').$type<Record<string, unknown>>().notNull().default({}),
    /** What people decided of worksheet, columns, units and words. */
    answers: jsonb('answers').$type<Record<string, unknown>>().notNull().default({}),
    counts: jsonb('counts').$type<Record<string, number>>().notNull().default({}),
    sums: jsonb('sums').$type<Record<string, string>>().notNull().default({}),
    failure: text('failure'),
    uploadedBy: reference('uploaded_by').references(() => people.id),
    createdAt: at('created_at').notNull(),
    committedAt: at('committed_at'),
    undoneAt: at('undone_at'),
  },
  (table) => [
    uniqueIndex('import_batches_no').on(table.no),
    index('import_batches_scope').on(table.scopeKey, table.createdAt, table.id),
    index('import_batches_file').on(table.sha256),
    check(
      'import_batches_state',
      sql`${table.state} in ('uploaded','reading','mapping','checked','committed','undone','failed','cancelled')`,
    ),
    check('import_batches_origin', sql`${table.origin} in ('file','edit')`),
    check('import_batches_track', sql`${table.track} in ('state','collective')`),
  ],
)

/** One staged row of the worksheet, by its own row number. */
export const importRows = pgTable(
  'import_rows',
  {
    id: id(),
    /** No foreign key: a check for each row of a ledger, all of which name the one batch that is locked. */
    batchId: reference('batch_id').notNull(),
    row: integer('row').notNull(),
    /** Which of the tables side by side the row stands in, from 0. */
    block: integer('block').notNull().default(0),
    /** new, changed, unchanged, duplicate, wrong or skipped. */
    status: text('status').notNull(),
    /** As read from the file. */
    values: jsonb('values').$type<Record<string, string>>().notNull(),
    /** What people typed over it on the review page, as they typed it; an empty text clears the cell. */
    edits: jsonb('edits').$type<Record<string, string>>().notNull().default({}),
    /** What people decided of the row: `skip`, or `apart` for an entry of its own whatever it looks like. */
    handling: text('handling'),
    /**
     * Where it would be stored otherwise than it was read: names resolved, the rest filled from the entry it matches;
     * null for what is not stored. Together with `values` it is the whole (`resolvedOf`).
     */
    resolved: jsonb('resolved').$type<Record<string, string | null>>(),
    /** Columns that no field took, as read. */
    extra: jsonb('extra').$type<Record<string, string>>().notNull(),
    /** Texts of fields that mean nothing known: kept beside `extra` when the row is committed. */
    unplaced: jsonb('unplaced').$type<Record<string, string>>().notNull().default({}),
    written: jsonb('written').$type<Record<string, string>>().notNull(),
    /** What the row is found by, one text or null for each identity of the target. */
    keys: text('keys').array(),
    /** What reading the file found. */
    problems: jsonb('problems').$type<RowProblem[]>().notNull(),
    /** What the register says to it; found anew with every matching. */
    findings: jsonb('findings').$type<RowProblem[]>().notNull().default([]),
    changes: jsonb('changes').$type<Record<string, { old: string | null; new: string | null }>>(),
    /** The entry the row matches, or the id its own will have; of which table, the batch's target says. */
    entryId: reference('entry_id'),
    /** The matched entry's version when it was compared; null where the row makes a new one. */
    entryVersion: integer('entry_version'),
    /** Why the undo left the entry as it is. */
    kept: text('kept'),
  },
  (table) => [
    uniqueIndex('import_rows_row').on(table.batchId, table.block, table.row),
    // In the order of the file, as they are shown, committed and undone; what is not simply new is rarely much.
    index('import_rows_notable')
      .on(table.batchId, table.status, table.block, table.row)
      .where(sql`${table.status} not in ('new', 'unchanged')`),
    check(
      'import_rows_status_known',
      sql`${table.status} in ('new','changed','unchanged','duplicate','wrong','skipped')`,
    ),
    check('import_rows_handling', sql`${table.handling} in ('skip','apart')`),
  ],
)

/** What a person decided for one layout of tables, taken for the next file that has the same headers. */
export const importMappings = pgTable(
  'import_mappings',
  {
    id: id(),
    target: text('target').notNull(),
    /** Of the header's texts and places. */
    fingerprint: text('fingerprint').notNull(),
    /** The unit whose people decided; null for the operator. */
    unitId: reference('unit_id').references(() => units.id),
    /** Name of the file it was made for, to know it by. */
    name: text('name').notNull(),
    /** The headers it is about: column letter and text. */
    headers: jsonb('headers').$type<{ column: string; header: string }[]>().notNull(),
    answers: jsonb('answers').$type<Record<string, unknown>>().notNull(),
    version: integer('version').notNull().default(1),
    updatedBy: reference('updated_by').references(() => people.id),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
    usedAt: at('used_at'),
  },
  (table) => [
    unique('import_mappings_layout').on(table.target, table.fingerprint, table.unitId).nullsNotDistinct(),
    index('import_mappings_unit').on(table.unitId, table.updatedAt, table.id),
  ],
)

export type RowProblem = { column: string | null; field: string | null; message: string; severity: 'wrong' | 'told' }
