import { sql } from 'drizzle-orm'
import { boolean, check, date, index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { at, id, reference } from './columns.ts'

/**
 * Append-only: one row per change, written in the same transaction, about exactly one subject. Without foreign keys: a
 * check for each column of each row is half of what telling a hundred thousand changes takes, none of these rows is ever
 * deleted (the database refuses), and who writes an event has its subject in hand.
 */
export const events = pgTable(
  'events',
  {
    id: id(),
    at: at('at').notNull(),
    /** Null: the operator 系统. */
    actorId: reference('actor_id'),
    /** Actor and unit as they were then. */
    actorName: text('actor_name').notNull(),
    actorUnitId: reference('actor_unit_id'),
    actorUnitName: text('actor_unit_name').notNull().default(''),
    /** Dotted: subject.verb, e.g. `card.edit`. */
    action: text('action').notNull(),
    cardId: reference('card_id'),
    determinationId: reference('determination_id'),
    unitId: reference('unit_id'),
    personId: reference('person_id'),
    batchId: reference('batch_id'),
    restrictionId: reference('restriction_id'),
    decisionId: reference('decision_id'),
    callId: reference('call_id'),
    countId: reference('count_id'),
    compilationId: reference('compilation_id'),
    noticeId: reference('notice_id'),
    resolutionId: reference('resolution_id'),
    claimId: reference('claim_id'),
    /** What is about no row: `calendar`, `settings`, `policy`, `audit`, `export`. */
    topic: text('topic'),
    fromState: text('from_state'),
    toState: text('to_state'),
    /** The day the change takes effect, where it has one; `at` says when it was recorded. */
    effectiveOn: date('effective_on'),
    comment: text('comment'),
    detail: jsonb('detail').$type<EventDetail>().notNull().default({}),
    requestId: text('request_id'),
    backfilled: boolean('backfilled').notNull().default(false),
  },
  (table) => [
    check(
      'events_one_subject',
      sql`num_nonnulls(${table.cardId}, ${table.determinationId}, ${table.unitId}, ${table.personId}, ${table.batchId}, ${table.restrictionId}, ${table.decisionId}, ${table.callId}, ${table.countId}, ${table.compilationId}, ${table.noticeId}, ${table.resolutionId}, ${table.claimId}, ${table.topic}) = 1`,
    ),
    index('events_card').on(table.cardId, table.at, table.id).where(sql`${table.cardId} is not null`),
    index('events_determination')
      .on(table.determinationId, table.at, table.id)
      .where(sql`${table.determinationId} is not null`),
    index('events_unit').on(table.unitId, table.at, table.id).where(sql`${table.unitId} is not null`),
    index('events_person').on(table.personId, table.at, table.id).where(sql`${table.personId} is not null`),
    index('events_batch').on(table.batchId, table.at, table.id).where(sql`${table.batchId} is not null`),
    index('events_restriction')
      .on(table.restrictionId, table.at, table.id)
      .where(sql`${table.restrictionId} is not null`),
    index('events_decision').on(table.decisionId, table.at, table.id).where(sql`${table.decisionId} is not null`),
    index('events_call').on(table.callId, table.at, table.id).where(sql`${table.callId} is not null`),
    index('events_count').on(table.countId, table.at, table.id).where(sql`${table.countId} is not null`),
    // Steps among the many events of lines.
    index('events_count_steps')
      .on(table.countId, table.at, table.id)
      .where(sql`${table.countId} is not null and ${table.toState} is not null`),
    index('events_compilation')
      .on(table.compilationId, table.at, table.id)
      .where(sql`${table.compilationId} is not null`),
    index('events_notice').on(table.noticeId, table.at, table.id).where(sql`${table.noticeId} is not null`),
    index('events_resolution').on(table.resolutionId, table.at, table.id).where(sql`${table.resolutionId} is not null`),
    index('events_claim').on(table.claimId, table.at, table.id).where(sql`${table.claimId} is not null`),
    index('events_topic').on(table.topic, table.at, table.id).where(sql`${table.topic} is not null`),
    index('events_at').on(table.at, table.id),
  ],
)

/** What an event tells beyond its columns: old and new values of changed fields, and the document it came from. */
export type EventDetail = {
  changes?: Record<string, { old: string | null; new: string | null }>
  document?: { kind: string; no: string; path: string }
  [key: string]: unknown
}

/** The outcome of a submitted form, so that sending the same form again returns it instead of acting twice. */
export const submissions = pgTable(
  'submissions',
  {
    /** `p<person>` or `s<session hash>` before sign-in. */
    owner: text('owner').notNull(),
    token: text('token').notNull(),
    /** SHA-256 of route and body. */
    hash: text('hash').notNull(),
    location: text('location').notNull(),
    flash: text('flash'),
    at: at('at').notNull(),
  },
  (table) => [
    primaryKey({ name: 'submissions_pkey', columns: [table.owner, table.token, table.hash] }),
    index('submissions_at').on(table.at),
  ],
)

/** Numbers people see (card codes, document numbers) come from rows, gapless within a transaction. */
export const counters = pgTable('counters', {
  name: text('name').primaryKey(),
  value: reference('value').notNull(),
})
