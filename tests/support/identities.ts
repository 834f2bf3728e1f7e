import type { Tx } from '../../db/client.ts'
import { createCards } from '../../server/assets/actions.ts'
import { type CardValues, noValues } from '../../server/assets/card.ts'
import { mergeCards, unmergeCards } from '../../server/assets/merge-actions.ts'
import { splitCard, unsplitCard } from '../../server/assets/split-actions.ts'
import type { Acting } from '../../server/kernel/events.ts'

const county = '510923'
const when = { effectiveOn: '2026-03-05', comment: null }

/** A split and one taken back, a merge and one taken back, over cards of one unit: 课桌, 长凳, 水井, 水塔. */
export async function splitAndMerge(tx: Tx, acting: Acting, ownerUnit: string): Promise<void> {
  const desks = await enter(tx, acting, ownerUnit, {
    name: '课桌',
    quantity: '10.000',
    cost: '100.00',
    depreciation: '33.33',
  })
  const benches = await enter(tx, acting, ownerUnit, { name: '长凳', quantity: '4.000', cost: '41.00' })
  const pieces = [{ quantity: '3.000' }, { quantity: '0.500' }]
  for (const code of [desks, benches]) await splitCard(tx, acting, county, code, { version: 1, pieces, ...when })
  await unsplitCard(tx, acting, benches, { version: 2, ...when })

  const well = { name: '水井', cardType: 'structure', cost: '500.00', depreciation: '100.00' }
  const [one, two] = [
    await enter(tx, acting, ownerUnit, well),
    await enter(tx, acting, ownerUnit, { ...well, cost: '510.00' }),
  ]
  await merge(tx, acting, one, two)
  const tower = { name: '水塔', cardType: 'structure', cost: '900.00' }
  const [first, second] = [
    await enter(tx, acting, ownerUnit, tower),
    await enter(tx, acting, ownerUnit, { ...tower, cost: '910.00' }),
  ]
  await merge(tx, acting, first, second)
  await unmergeCards(tx, acting, first, { version: 2, ...when })
}

async function merge(tx: Tx, acting: Acting, kept: string, other: string) {
  const choices = () => ({ cost: other })
  await mergeCards(tx, acting, { kept, other, versions: { [kept]: 1, [other]: 1 }, choices, ...when })
}

async function enter(tx: Tx, acting: Acting, ownerUnit: string, values: Partial<CardValues>): Promise<string> {
  const card = {
    ...noValues,
    track: 'collective',
    cardType: 'furniture',
    division: '510923100210',
    ownerUnit,
    ...values,
  }
  const [made] = await createCards(tx, acting, county, [{ values: card }], {
    action: 'card.create',
    effectiveOn: '2026-03-01',
  })
  return made?.code ?? ''
}
