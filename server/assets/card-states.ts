import { eq } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { cardVersions } from '../../db/schema/assets.ts'
import { usages } from '../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { shanghaiDay } from '../kernel/clock.ts'
import type { Card } from './card.ts'
import type { Names } from './card-page.ts'

/** One state of a card with the days it held; `to` is the first day it no longer did, null for the present one. */
export type CardState = { state: Card; from: string; to: string | null; recordedAt: Date }

/** Every state of a card, oldest first. */
export async function statesOf(tx: Tx, card: Card): Promise<CardState[]> {
  const versions = await tx
    .select()
    .from(cardVersions)
    .where(eq(cardVersions.cardId, card.id))
    .orderBy(cardVersions.version)
  return [
    ...versions.map(({ validTo, recordedAt, supersededAt: _at, eventId: _event, cardId: _card, ...version }) => ({
      state: { ...card, ...version, id: card.id },
      from: version.validFrom,
      to: validTo,
      recordedAt,
    })),
    { state: card, from: card.validFrom, to: null, recordedAt: card.updatedAt },
  ]
}

/** The page of a card today, or as of a day. */
export function cardAddress(code: string, day: string | null): string {
  return day ? `/assets/${code}?asOf=${day}` : `/assets/${code}`
}

/** The table of a card's states: each leads to its day and tells when it was recorded. */
export function versionRows(code: string, states: readonly CardState[], names: Names) {
  return states.map((one) => {
    const recorded = shanghaiDay(one.recordedAt)
    const { state, from, to } = one
    const href = to === null ? cardAddress(code, null) : lasted(one) ? cardAddress(code, from) : null
    return {
      version: { text: String(state.version), href },
      from: { text: from, href },
      to,
      name: state.voided ? { text: state.name, hint: '已作废' } : state.name,
      owner: names.unit(state.ownerUnitId),
      usage: choiceLabel(usages, state.usage),
      cost: state.cost,
      netValue: state.netValue,
      recorded: recorded > from ? { text: recorded, hint: '后补' } : recorded,
    }
  })
}

/** A state that was replaced with effect from its own first day held on no day at all. */
export function lasted({ from, to }: CardState): boolean {
  return to === null || to > from
}
