import { sql } from 'drizzle-orm'
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
import { at, id, money, reference } from './columns.ts'
import { counts } from './inventory.ts'

/** 债权债务: what a collective is owed and owes, as its books have it. */
export const claims = pgTable(
  'claims',
  {
    id: id(),
    no: text('no').notNull(),
    version: integer('version').notNull().default(1),
    unitId: reference('unit_id')
      .notNull()
      .references(() => units.id),
    scopeKey: reference('scope_key').notNull().generatedAlwaysAs(sql.raw('unit_id * 2 + 1')),
    kind: text('kind').notNull(),
    /** 科目类别, after the census forms: 应收款项, 短期借款 and so on. */
    category: text('category').notNull(),
    counterparty: text('counterparty').notNull(),
    amount: money('amount').notNull(),
    occurredOn: date('occurred_on'),
    occurredPrecision: text('occurred_precision'),
    dueOn: date('due_on'),
    purpose: text('purpose'),
    voucherNo: text('voucher_no'),
    remark: text('remark'),
    /** Nothing is owed any more since then. */
    endedOn: date('ended_on'),
    endedReason: text('ended_reason'),
    /** Entered by mistake: it never was, and its number is spent. */
    voided: boolean('voided').notNull().default(false),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('claims_no').on(table.no),
    index('claims_scope').on(table.scopeKey, table.createdAt, table.id),
    check('claims_kind', sql`${table.kind} in ('claim','debt')`),
    check('claims_amount', sql`${table.amount} >= 0`),
    check('claims_ended', sql`(${table.endedOn} is null) = (${table.endedReason} is null)`),
  ],
)

/** A claim or debt as a count found it: the book side frozen when the call is issued, or one that no book has. */
export const claimLines = pgTable(
  'claim_lines',
  {
    id: id(),
    countId: reference('count_id')
      .notNull()
      .references((): AnyPgColumn => counts.id),
    no: integer('no').notNull(),
    claimId: reference('claim_id').references(() => claims.id),
    claimVersion: integer('claim_version'),
    kind: text('kind').notNull(),
    category: text('category').notNull(),
    counterparty: text('counterparty').notNull(),
    occurredOn: date('occurred_on'),
    occurredPrecision: text('occurred_precision'),
    purpose: text('purpose'),
    bookAmount: money('book_amount').notNull(),
    /** Null: not checked yet. */
    countedAmount: money('counted_amount'),
    reason: text('reason'),
    remark: text('remark'),
    /** Why the checking unit wants it looked at again. */
    returned: text('returned'),
    /** What was said of it when the count was last handed in. */
    handedIn: jsonb('handed_in').$type<Record<string, string | null>>(),
    countedBy: reference('counted_by').references(() => people.id),
    countedName: text('counted_name'),
    countedAt: at('counted_at'),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    uniqueIndex('claim_lines_no').on(table.countId, table.no),
    uniqueIndex('claim_lines_claim').on(table.countId, table.claimId).where(sql`${table.claimId} is not null`),
    check('claim_lines_kind', sql`${table.kind} in ('claim','debt')`),
    check('claim_lines_amounts', sql`least(${table.bookAmount}, ${table.countedAmount}) >= 0`),
    check(
      'claim_lines_reason',
      sql`${table.countedAmount} is null or ${table.countedAmount} = ${table.bookAmount} or ${table.reason} is not null`,
    ),
  ],
)
