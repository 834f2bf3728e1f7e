import { asSystem } from '../../server/access/system.ts'
import { changeUnit } from '../../server/access/unit-actions.ts'
import { changeCard, settleOwnership } from '../../server/assets/actions.ts'
import { valuesOf } from '../../server/assets/card.ts'
import type { TestApp } from './app.ts'
import { village } from './cards.ts'
import { cardNamed, fillRegister, moveOn } from './register.ts'

/** The village's collective is called so from 15 February 2026 on, under the other town. */
export const renamed = '古井村经济联合总社'

/**
 * Two months of a small register, recorded bit by bit; the clock ends on 10 March 2026. Entered on 5 January with effect
 * from the 1st; 堰塘 grown and 晒坝 voided from 1 February, recorded on the 5th; the collective renamed and moved from
 * 15 February; 办公桌 given to 红林村 from the 20th; and on 10 March, after all of that, 原古井小学 found to be worth
 * 1,000 yuan less since 10 February.
 */
export async function liveThrough({ db, clock, fixture }: TestApp): Promise<void> {
  const { units } = fixture
  clock.set('2026-01-05T02:00:00Z')
  await db((tx) => fillRegister(tx, clock, fixture))
  clock.set('2026-02-05T02:00:00Z')
  await db((tx) => moveOn(tx, clock))
  clock.set('2026-02-26T02:00:00Z')
  await db(async (tx) => {
    const moved = { name: renamed, parentId: units.隆盛镇人民政府 ?? '', validFrom: '2026-02-15' }
    await changeUnit(tx, asSystem(clock), units[village] ?? '', moved)
    const decided = { ownerUnitId: units.红林村股份经济合作联合社 ?? '', track: 'collective' as const }
    const document = { kind: 'determination', no: 'QD2026-0009', path: '/determinations/QD2026-0009' }
    const desk = await cardNamed(tx, '办公桌')
    await settleOwnership(tx, asSystem(clock), [desk.id], decided, {
      effectiveOn: '2026-02-20',
      detail: { document },
    })
  })
  clock.set('2026-03-10T02:00:00Z')
  await db(async (tx) => {
    const school = await cardNamed(tx, '原古井小学')
    const worth = { ...valuesOf(school), cost: '99999999998999.99', netValue: '99999999998999.79' }
    const effect = { action: 'card.edit', effectiveOn: '2026-02-10', comment: '评估减值' }
    await changeCard(tx, asSystem(clock), school, worth, effect)
  })
}
