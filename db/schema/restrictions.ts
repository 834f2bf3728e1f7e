import { sql } from 'drizzle-orm'
import { check, date, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { cards } from './assets.ts'
import { at, id, keys, reference } from './columns.ts'

/** 限制登记: a mortgage or a dispute over a card or some of its parts, from what paper, until it is lifted. */
export const restrictions = pgTable(
  'restrictions',
  {
    id: id(),
    no: text('no').notNull(),
    state: text('state').notNull().default('in_force'),
    version: integer('version').notNull().default(1),
    kind: text('kind').notNull(),
    cardId: reference('card_id')
      .notNull()
      .references(() => cards.id),
    /** Numbers of the parts; none means the whole card. */
    partNos: integer('part_nos').array().notNull().default([]),
    reason: text('reason').notNull(),
    /** Who asks for it: the bank, the court, the other side of the dispute. */
    body: text('body').notNull(),
    documentNo: text('document_no'),
    since: date('since').notNull(),
    liftedOn: date('lifted_on'),
    liftedBy: text('lifted_by'),
    /** Scope keys of every party; who holds one of them may read. */
    partyKeys: keys('party_keys').notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('restrictions_no').on(table.no),
    index('restrictions_card').on(table.cardId),
    index('restrictions_created').on(table.createdAt, table.id),
    index('restrictions_parties').using('gin', table.partyKeys),
    check('restrictions_kind', sql`${table.kind} in ('disputed','mortgaged')`),
    check('restrictions_state', sql`${table.state} in ('in_force','lifted')`),
    check('restrictions_lifted', sql`(${table.state} = 'lifted') = (${table.liftedOn} is not null)`),
  ],
)
