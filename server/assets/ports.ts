import type { Writable } from 'node:stream'
import type { SQL } from 'drizzle-orm'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Tx } from '../../db/client.ts'
import type { Actor, Track } from '../kernel/actor.ts'
import type { Problem } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
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

/** A bulk edit as a table of cards and what they are to become. */
export type BulkEdit = {
  /** What it is called in lists: 批量修改：使用状况. */
  name: string
  unitId: string
  track: Track
  effectiveOn: string
  reason: string
  /** What was chosen, as people read it. */
  changes: Readonly<Record<string, string>>
  write(out: Writable): Promise<unknown>
}

/** Has a bulk edit reviewed, committed and undone as any table is that is brought along. */
export type BulkEdits = {
  /** Returns the address of the page where it is reviewed. */
  open(tx: Tx, acting: Acting, edit: BulkEdit): Promise<string>
  /** Waits until it has been read, as long as a person does. */
  read(
    request: FastifyRequest,
    reply: FastifyReply,
    location: string,
  ): Promise<{ flash: string } | { problems: Problem[] }>
}
