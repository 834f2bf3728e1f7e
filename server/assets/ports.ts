import type { SQL } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Card } from './card.ts'

/** The papers that hang on something, for the page's panel 材料; printed by its own template. */
export type PaperPanel = (tx: Tx, actor: Actor, kind: 'card', ref: string) => Promise<object | null>

/** What a stage knows of a card, shown on the card's page; null when it knows nothing. */
export type CardPanel = (tx: Tx, actor: Actor, card: Card) => Promise<CardPanelContent | null>

export type CardPanelContent = {
  title: string
  rows: readonly { text: string; href: string; badge: string; tone: string; note: string }[]
}

/**
 * What a stage has made of cards since a moment, and what therefore keeps an import of theirs from being undone. Given a
 * query of card_id and since, it returns one of card_id, reason (Chinese, short, with the number) and path.
 */
export type CardUses = (touched: SQL) => SQL
