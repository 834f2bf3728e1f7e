import { eq } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { cards } from '../../db/schema/assets.ts'
import { asSystem } from '../../server/access/system.ts'
import { changeCard, createCards } from '../../server/assets/actions.ts'
import { type CardValues, noValues, valuesOf } from '../../server/assets/card.ts'
import type { Clock } from '../../server/kernel/clock.ts'
import type { Fixture } from './county.ts'

/** A few cards of the cast's units: both tracks, two towns, a stationed unit, and names that look like formulas. */
export async function fillRegister(tx: Tx, clock: Clock, { units }: Fixture): Promise<void> {
  const card = (owner: string, division: string, values: Partial<CardValues>): CardValues => ({
    ...noValues,
    track: 'collective',
    cardType: 'house',
    ownerUnit: units[owner] ?? null,
    division,
    ...values,
  })
  const gujing = '古井村股份经济合作联合社'
  const entries = [
    card(gujing, '510923100210', {
      name: '=HYPERLINK("http://example.test","点我")',
      cost: '0.10',
      depreciation: '0.03',
      remark: '@SUM(A1)',
    }),
    card(gujing, '510923100210', {
      name: '原古井小学',
      nature: 'non_operating',
      landArea: '1377.00',
      floorArea: '2150.55',
      idleArea: '2150.55',
      cost: '99999999999999.99',
      depreciation: '0.20',
      usage: 'idle',
      idleSince: '2019-09',
      acquiredOn: '1998',
      keeper: '张会计',
    }),
    card(gujing, '510923100210', {
      name: '20%_临街商铺',
      nature: 'operating',
      floorArea: '46.25',
      cost: '0.20',
      usage: 'leased',
      lessee: '李某',
      leaseTerm: '2024年1月1日至2026年12月31日',
      annualRent: '12000.00',
      acquiredOn: '2018-03-31',
    }),
    card(gujing, '510923100210', {
      name: '办公桌',
      cardType: 'furniture',
      externalCode: 'GZ-0007',
      quantity: '10.500',
      unitOfMeasure: '张',
    }),
    card('红林村股份经济合作联合社', '510923100215', { name: '堰塘', cardType: 'resource', landArea: '6666.67' }),
    card('石桥村股份经济合作联合社', '510923101201', { name: '晒坝', cardType: 'structure', cost: '3000.33' }),
    card('蓬莱镇人民政府', '510923100000', { name: '政府办公楼', track: 'state', cost: '700.07', netValue: '700.07' }),
    card('蓬莱镇派出所', '510923100000', {
      name: '派出所车辆',
      track: 'state',
      cardType: 'vehicle',
      cost: '80000.00',
      plate: '川J12345',
      booked: '已入账',
    }),
  ]
  await createCards(
    tx,
    asSystem(clock),
    '510923',
    entries.map((values) => ({ values })),
    { action: 'card.create', effectiveOn: '2026-01-01' },
  )
}

/** From 1 February 2026 on, 堰塘 has grown and 晒坝 is voided. */
export async function moveOn(tx: Tx, clock: Clock): Promise<void> {
  const acting = asSystem(clock)
  const effectiveOn = '2026-02-01'
  const [pond, yard] = [await cardNamed(tx, '堰塘'), await cardNamed(tx, '晒坝')]
  const grown = { ...valuesOf(pond), landArea: '7000.00', cost: '50.05' }
  await changeCard(tx, acting, pond, grown, { action: 'card.edit', effectiveOn })
  await changeCard(tx, acting, yard, valuesOf(yard), { action: 'card.void', effectiveOn }, { voided: true })
}

export async function cardNamed(tx: Tx, name: string) {
  const [card] = await tx.select().from(cards).where(eq(cards.name, name))
  if (!card) throw new Error(`no card ${name}`)
  return card
}
