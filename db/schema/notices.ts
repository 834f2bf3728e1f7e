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
import { at, id, keys, reference } from './columns.ts'
import { counts } from './inventory.ts'

/** 公示: what is shown, as it was posted, for how long and where. Read without signing in while it is up and afterwards. */
export const publicNotices = pgTable(
  'public_notices',
  {
    id: id(),
    no: text('no').notNull(),
    state: text('state').notNull().default('posted'),
    version: integer('version').notNull().default(1),
    title: text('title').notNull(),
    body: text('body').notNull(),
    unitId: reference('unit_id')
      .notNull()
      .references(() => units.id),
    unitName: text('unit_name').notNull(),
    track: text('track').notNull(),
    /** The document it shows; a stage adds a column of its own. */
    countId: reference('count_id').references((): AnyPgColumn => counts.id),
    /** Headers of the list, by column key, in their order. */
    columns: jsonb('columns').$type<readonly { key: string; header: string; right?: boolean }[]>().notNull(),
    days: integer('days').notNull(),
    startsOn: date('starts_on').notNull(),
    /** The last day it is up. */
    endsOn: date('ends_on').notNull(),
    place: text('place').notNull(),
    /** Whom to tell of an objection other than on the page. */
    contact: text('contact').notNull(),
    partyKeys: keys('party_keys').notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('public_notices_no').on(table.no),
    uniqueIndex('public_notices_count')
      .on(table.countId)
      .where(sql`${table.countId} is not null and ${table.state} <> 'withdrawn'`),
    index('public_notices_up').on(table.startsOn, table.id).where(sql`${table.state} <> 'withdrawn'`),
    index('public_notices_created').on(table.createdAt, table.id),
    index('public_notices_parties').using('gin', table.partyKeys),
    check('notices_state', sql`${table.state} in ('posted','ended','withdrawn')`),
    check('public_notices_days', sql`${table.days} between 1 and 90`),
    check('public_notices_order', sql`${table.endsOn} >= ${table.startsOn}`),
  ],
)

/** One row of the list, as posted. */
export const publicNoticeRows = pgTable(
  'public_notice_rows',
  {
    id: id(),
    /** No foreign key, as lines of a count have none: written with their notice in one statement. */
    noticeId: reference('notice_id').notNull(),
    no: integer('no').notNull(),
    cells: jsonb('cells').$type<Readonly<Record<string, string>>>().notNull(),
  },
  (table) => [uniqueIndex('public_notice_rows_no').on(table.noticeId, table.no)],
)

/** 异议: from the public page, or told at the counter and written down. Each is answered before the notice ends. */
export const objections = pgTable(
  'objections',
  {
    id: id(),
    noticeId: reference('notice_id')
      .notNull()
      .references(() => publicNotices.id),
    /** The row of the list it is about. */
    rowNo: integer('row_no'),
    name: text('name').notNull(),
    /** Never shown on the public page. */
    phone: text('phone'),
    text: text('text').notNull(),
    via: text('via').notNull(),
    receivedAt: at('received_at').notNull(),
    recordedBy: reference('recorded_by').references(() => people.id),
    upheld: boolean('upheld'),
    answer: text('answer'),
    answeredBy: reference('answered_by').references(() => people.id),
    answeredAt: at('answered_at'),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    index('objections_notice').on(table.noticeId, table.receivedAt, table.id),
    check('objections_via', sql`${table.via} in ('page','counter')`),
    check('objections_answered', sql`num_nonnulls(${table.upheld}, ${table.answer}, ${table.answeredAt}) in (0, 3)`),
  ],
)

/** 决议: what a body of members or villagers resolved, with the denominators its law counts by. */
export const resolutions = pgTable(
  'resolutions',
  {
    id: id(),
    no: text('no').notNull(),
    version: integer('version').notNull().default(1),
    /** assembly, representatives, council and so on. */
    bodyKind: text('body_kind').notNull(),
    unitId: reference('unit_id')
      .notNull()
      .references(() => units.id),
    track: text('track').notNull(),
    matter: text('matter').notNull(),
    /** The document it was made on; a stage adds a column of its own. */
    countId: reference('count_id').references((): AnyPgColumn => counts.id),
    /** When the members were told of the meeting. */
    calledOn: date('called_on'),
    heldOn: date('held_on').notNull(),
    place: text('place'),
    /** 应到: everyone the law counts: members with full capacity, representatives, directors. */
    members: integer('members').notNull(),
    present: integer('present').notNull(),
    inFavour: integer('in_favour').notNull(),
    against: integer('against').notNull(),
    abstained: integer('abstained').notNull(),
    /** What the rule in force on that day makes of it. */
    passed: boolean('passed').notNull(),
    rule: text('rule').notNull(),
    note: text('note'),
    recordedBy: reference('recorded_by').references(() => people.id),
    recordedAt: at('recorded_at').notNull(),
    partyKeys: keys('party_keys').notNull(),
  },
  (table) => [
    uniqueIndex('resolutions_no').on(table.no),
    index('resolutions_count').on(table.countId).where(sql`${table.countId} is not null`),
    index('resolutions_recorded').on(table.recordedAt, table.id),
    index('resolutions_parties').using('gin', table.partyKeys),
    check(
      'resolutions_body',
      sql`${table.bodyKind} in ('assembly','representatives','council','villagers','village_representatives')`,
    ),
    check(
      'resolutions_votes',
      sql`least(${table.members}, ${table.present}, ${table.inFavour}, ${table.against}, ${table.abstained}) >= 0 and ${table.members} > 0 and ${table.present} <= ${table.members} and ${table.inFavour} + ${table.against} + ${table.abstained} <= ${table.present}`,
    ),
  ],
)
