import { eq } from 'drizzle-orm'
import { cards } from '../../db/schema/assets.ts'
import { asSystem } from '../../server/access/system.ts'
import { createCards } from '../../server/assets/actions.ts'
import { type CardValues, noValues } from '../../server/assets/card.ts'
import type { TestApp } from './app.ts'

export const village = '古井村股份经济合作联合社'

/** Enters cards of the village's collective, from 2026-03-01 unless told otherwise, and returns their codes in the order given. */
export async function enterCards(
  test: TestApp,
  entries: readonly Partial<CardValues>[],
  effectiveOn = '2026-03-01',
): Promise<string[]> {
  const made = await test.db((tx) =>
    createCards(
      tx,
      asSystem(test.clock),
      '510923',
      entries.map((entry) => ({
        values: {
          ...noValues,
          track: 'collective',
          cardType: 'furniture',
          usage: 'in_use',
          ownerUnit: test.fixture.units[village] ?? '',
          division: '510923100210',
          ...entry,
        },
      })),
      { action: 'card.create', effectiveOn },
    ),
  )
  return made.map(({ code }) => code)
}

/** The card as it is stored. */
export async function storedCard(test: TestApp, code: string) {
  const [card] = await test.db((tx) => tx.select().from(cards).where(eq(cards.code, code)))
  if (!card) throw new Error(`no card ${code}`)
  return card
}
