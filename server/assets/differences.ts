import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { cardVersions } from '../../db/schema/assets.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import type { Difference } from '../kernel/errors.ts'
import { type Card, type CardValues, valuesOf } from './card.ts'
import { cardFormFields } from './fields.ts'

/** The state a form was drawn from: a version that may have been superseded since. */
export async function drawnFrom(tx: Tx, card: Card, version: number): Promise<Card> {
  if (!Number.isInteger(version) || version < 1 || version >= card.version) return card
  const [row] = await tx
    .select()
    .from(cardVersions)
    .where(and(eq(cardVersions.cardId, card.id), eq(cardVersions.version, version)))
  return { ...card, ...row }
}

/** What someone saved since the form was drawn, beside what is being sent. */
export function differences(drawn: Card, card: Card, yours: CardValues): Difference[] {
  const [old, saved] = [valuesOf(drawn), valuesOf(card)]
  return cardFormFields.flatMap((field) => {
    const key = field.key as keyof CardValues
    const shown = (value: string | null) => (value === null ? null : choiceLabel(field.choices, value))
    return differing(field.label, old[key], saved[key], yours[key], shown)
  })
}

/** One row of the table of differences; none when all three agree. */
export function differing(
  field: string,
  old: string | null,
  saved: string | null,
  yours: string | null,
  shown: (value: string | null) => string | null = (value) => value,
): Difference[] {
  if (old === saved && saved === yours) return []
  const clash = saved !== old && yours !== old && saved !== yours
  return [{ field, old: shown(old), new: shown(saved), yours: shown(yours), clash }]
}
