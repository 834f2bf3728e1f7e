import { sql } from 'drizzle-orm'
import { check, date, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { people } from './access.ts'
import { cards } from './assets.ts'
import { at, id, keys, reference } from './columns.ts'
import { compilations } from './compilations.ts'
import { determinations } from './determinations.ts'
import { calls, countLines, counts } from './inventory.ts'
import { publicNotices, resolutions } from './notices.ts'
import { restrictions } from './restrictions.ts'

/** An uploaded file's bytes are kept once, by content. */
export const files = pgTable(
  'files',
  {
    sha256: text('sha256').primaryKey(),
    size: integer('size').notNull(),
    /** What the bytes are, found by looking at them; null for files that are only read in. */
    contentType: text('content_type'),
    /** Pixels, of pictures. */
    width: integer('width'),
    height: integer('height'),
    createdAt: at('created_at').notNull(),
  },
  (table) => [check('files_sha256', sql`${table.sha256} ~ '^[0-9a-f]{64}$'`)],
)

/** 材料: a paper that a card or a document rests on. Its scan may come later, or never where only its number is known. */
export const papers = pgTable(
  'papers',
  {
    id: id(),
    kind: text('kind').notNull(),
    title: text('title').notNull(),
    no: text('no'),
    issuer: text('issuer'),
    issuedOn: date('issued_on'),
    issuedPrecision: text('issued_precision'),
    sha256: text('sha256').references(() => files.sha256),
    /** The name it came with; shown and sent along, never used as a path. */
    fileName: text('file_name'),
    version: integer('version').notNull().default(1),
    addedBy: reference('added_by').references(() => people.id),
    createdAt: at('created_at').notNull(),
    /** Taken out of use; the row and the bytes stay as long as its kind must be kept. */
    withdrawnAt: at('withdrawn_at'),
    withdrawnReason: text('withdrawn_reason'),
  },
  (table) => [
    index('papers_sha256').on(table.sha256),
    check('papers_file', sql`(${table.sha256} is null) = (${table.fileName} is null)`),
    check('papers_withdrawn', sql`(${table.withdrawnAt} is null) = (${table.withdrawnReason} is null)`),
  ],
)

/** What a paper hangs on. A document that cites a paper keeps it. */
export const paperLinks = pgTable(
  'paper_links',
  {
    id: id(),
    paperId: reference('paper_id')
      .notNull()
      .references(() => papers.id),
    cardId: reference('card_id').references(() => cards.id),
    determinationId: reference('determination_id').references(() => determinations.id),
    restrictionId: reference('restriction_id').references(() => restrictions.id),
    decisionId: reference('decision_id').references(() => decisions.id),
    countLineId: reference('count_line_id').references(() => countLines.id),
    noticeId: reference('notice_id').references(() => publicNotices.id),
    resolutionId: reference('resolution_id').references(() => resolutions.id),
    linkedAt: at('linked_at').notNull(),
  },
  (table) => [
    index('paper_links_paper').on(table.paperId),
    uniqueIndex('paper_links_card').on(table.cardId, table.paperId).where(sql`${table.cardId} is not null`),
    uniqueIndex('paper_links_determination')
      .on(table.determinationId, table.paperId)
      .where(sql`${table.determinationId} is not null`),
    uniqueIndex('paper_links_restriction')
      .on(table.restrictionId, table.paperId)
      .where(sql`${table.restrictionId} is not null`),
    uniqueIndex('paper_links_decision').on(table.decisionId, table.paperId).where(sql`${table.decisionId} is not null`),
    uniqueIndex('paper_links_count_line')
      .on(table.countLineId, table.paperId)
      .where(sql`${table.countLineId} is not null`),
    uniqueIndex('paper_links_notice').on(table.noticeId, table.paperId).where(sql`${table.noticeId} is not null`),
    uniqueIndex('paper_links_resolution')
      .on(table.resolutionId, table.paperId)
      .where(sql`${table.resolutionId} is not null`),
    check(
      'paper_links_one_subject',
      sql`num_nonnulls(${table.cardId}, ${table.determinationId}, ${table.restrictionId}, ${table.decisionId}, ${table.countLineId}, ${table.noticeId}, ${table.resolutionId}) = 1`,
    ),
  ],
)

/** 代录: what a body without an account decided, recorded from its paper by someone other than who asked for it. */
export const decisions = pgTable(
  'decisions',
  {
    id: id(),
    no: text('no').notNull(),
    version: integer('version').notNull().default(1),
    /** county_government, bureau, assembly and so on. */
    bodyKind: text('body_kind').notNull(),
    body: text('body').notNull(),
    documentNo: text('document_no').notNull(),
    decidedOn: date('decided_on').notNull(),
    outcome: text('outcome').notNull(),
    summary: text('summary').notNull(),
    /** The document it was made on. */
    determinationId: reference('determination_id').references(() => determinations.id),
    compilationId: reference('compilation_id').references(() => compilations.id),
    recordedBy: reference('recorded_by').references(() => people.id),
    recordedAt: at('recorded_at').notNull(),
    partyKeys: keys('party_keys').notNull(),
  },
  (table) => [
    uniqueIndex('decisions_no').on(table.no),
    index('decisions_determination').on(table.determinationId),
    index('decisions_compilation').on(table.compilationId).where(sql`${table.compilationId} is not null`),
    check('decisions_one_document', sql`num_nonnulls(${table.determinationId}, ${table.compilationId}) <= 1`),
    index('decisions_recorded').on(table.recordedAt, table.id),
    index('decisions_parties').using('gin', table.partyKeys),
    check('decisions_outcome', sql`${table.outcome} in ('approved','rejected','noted')`),
  ],
)

/** Days that are not what their weekday says: holidays 放假 and make-up working days 补班. */
export const calendarDays = pgTable(
  'calendar_days',
  {
    day: date('day').primaryKey(),
    kind: text('kind').notNull(),
    name: text('name').notNull(),
  },
  (table) => [check('calendar_days_kind', sql`${table.kind} in ('holiday','workday')`)],
)

/** 时限 of a document: a fixed day, or so many days, working days, months or years from an anchor. */
export const deadlines = pgTable(
  'deadlines',
  {
    id: id(),
    determinationId: reference('determination_id').references(() => determinations.id),
    restrictionId: reference('restriction_id').references(() => restrictions.id),
    countId: reference('count_id').references(() => counts.id),
    callId: reference('call_id').references(() => calls.id),
    compilationId: reference('compilation_id').references(() => compilations.id),
    noticeId: reference('notice_id').references(() => publicNotices.id),
    /** Which of the document's clocks, and its name. */
    key: text('key').notNull(),
    label: text('label').notNull(),
    anchorOn: date('anchor_on'),
    amount: integer('amount'),
    unit: text('unit'),
    /** The last day on which it is still in time; reckoned anew when the calendar changes. */
    dueOn: date('due_on').notNull(),
    /** Law, form or setting behind it. */
    basis: text('basis'),
    metOn: date('met_on'),
    cancelledOn: date('cancelled_on'),
    /** Who is to act by then. */
    role: text('role').notNull(),
    partyKeys: keys('party_keys').notNull(),
    createdAt: at('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('deadlines_determination_open')
      .on(table.determinationId, table.key)
      .where(sql`${table.metOn} is null and ${table.cancelledOn} is null`),
    uniqueIndex('deadlines_restriction_open')
      .on(table.restrictionId, table.key)
      .where(sql`${table.metOn} is null and ${table.cancelledOn} is null`),
    uniqueIndex('deadlines_count_open')
      .on(table.countId, table.key)
      .where(sql`${table.metOn} is null and ${table.cancelledOn} is null`),
    uniqueIndex('deadlines_call_open')
      .on(table.callId, table.key)
      .where(sql`${table.metOn} is null and ${table.cancelledOn} is null`),
    uniqueIndex('deadlines_compilation_open')
      .on(table.compilationId, table.key)
      .where(sql`${table.metOn} is null and ${table.cancelledOn} is null`),
    uniqueIndex('deadlines_notice_open')
      .on(table.noticeId, table.key)
      .where(sql`${table.metOn} is null and ${table.cancelledOn} is null`),
    index('deadlines_due').on(table.dueOn).where(sql`${table.metOn} is null and ${table.cancelledOn} is null`),
    index('deadlines_parties').using('gin', table.partyKeys),
    check(
      'deadlines_one_subject',
      sql`num_nonnulls(${table.determinationId}, ${table.restrictionId}, ${table.countId}, ${table.callId}, ${table.compilationId}, ${table.noticeId}) = 1`,
    ),
    check('deadlines_unit', sql`${table.unit} in ('day','working_day','month','year')`),
    check('deadlines_rule', sql`num_nonnulls(${table.anchorOn}, ${table.amount}, ${table.unit}) in (0, 3)`),
    check('deadlines_ended_once', sql`num_nonnulls(${table.metOn}, ${table.cancelledOn}) <= 1`),
  ],
)
