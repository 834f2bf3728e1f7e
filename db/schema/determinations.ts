import { sql } from 'drizzle-orm'
import { check, date, foreignKey, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { units } from './access.ts'
import { cards } from './assets.ts'
import { at, id, keys, reference } from './columns.ts'

/** 权属界定: the only document that changes a card's owner or track outside a transfer. */
export const determinations = pgTable(
  'determinations',
  {
    id: id(),
    no: text('no').notNull(),
    state: text('state').notNull().default('draft'),
    version: integer('version').notNull().default(1),
    /** The unit that applies: the cards' provisional owner. */
    applicantId: reference('applicant_id')
      .notNull()
      .references(() => units.id),
    /** The cards' track when the document was drafted; its lead reviews and its bureau decides. */
    track: text('track').notNull(),
    reason: text('reason').notNull(),
    proposedOwnerId: reference('proposed_owner_id')
      .notNull()
      .references(() => units.id),
    proposedTrack: text('proposed_track').notNull(),
    decidedOwnerId: reference('decided_owner_id').references(() => units.id),
    decidedTrack: text('decided_track'),
    decidingBody: text('deciding_body'),
    documentNo: text('document_no'),
    decidedOn: date('decided_on'),
    /** Scope keys of every party; who holds one of them may read. */
    partyKeys: keys('party_keys').notNull(),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('determinations_no').on(table.no),
    index('determinations_created').on(table.createdAt, table.id),
    index('determinations_parties').using('gin', table.partyKeys),
    check('determinations_state', sql`${table.state} in ('draft','submitted','reviewed','decided','withdrawn')`),
    check(
      'determinations_tracks',
      sql`${table.track} in ('state','collective') and ${table.proposedTrack} in ('state','collective') and ${table.decidedTrack} in ('state','collective')`,
    ),
    check(
      'determinations_decided',
      sql`${table.state} <> 'decided' or num_nonnulls(${table.decidedOwnerId}, ${table.decidedTrack}, ${table.decidingBody}, ${table.documentNo}, ${table.decidedOn}) = 5`,
    ),
  ],
)

export const determinationCards = pgTable(
  'determination_cards',
  {
    id: id(),
    determinationId: reference('determination_id').notNull(),
    cardId: reference('card_id')
      .notNull()
      .references(() => cards.id),
  },
  (table) => [
    foreignKey({
      name: 'determination_cards_document_fk',
      columns: [table.determinationId],
      foreignColumns: [determinations.id],
    }),
    uniqueIndex('determination_cards_once').on(table.determinationId, table.cardId),
    index('determination_cards_card').on(table.cardId),
  ],
)

export const determinationClaimants = pgTable(
  'determination_claimants',
  {
    id: id(),
    determinationId: reference('determination_id').notNull(),
    unitId: reference('unit_id')
      .notNull()
      .references(() => units.id),
    claim: text('claim').notNull(),
  },
  (table) => [
    foreignKey({
      name: 'determination_claimants_document_fk',
      columns: [table.determinationId],
      foreignColumns: [determinations.id],
    }),
    uniqueIndex('determination_claimants_once').on(table.determinationId, table.unitId),
  ],
)
