import { type SQL, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Tx } from '../db/client.ts'
import { allKeys } from '../server/access/actor-for.ts'
import { asSystem } from '../server/access/system.ts'
import { changeCard } from '../server/assets/actions.ts'
import { valuesOf } from '../server/assets/card.ts'
import type { CardFilter } from '../server/assets/list.ts'
import { totalCards } from '../server/assets/totals.ts'
import { figuresOf } from '../server/overview/statistics-queries.ts'
import { sumInvariants } from '../server/verify/sums.ts'
import { openTestApp, type TestApp } from './support/app.ts'
import { cardNamed, fillRegister } from './support/register.ts'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
  await test.db((tx) => fillRegister(tx, test.clock, test.fixture))
})
afterAll(() => test.close())

async function set(tx: Tx, name: string, values: Record<string, string | null>): Promise<void> {
  const card = await cardNamed(tx, name)
  const happening = { action: 'card.edit', effectiveOn: '2026-03-05' }
  await changeCard(tx, asSystem(test.clock), card, { ...valuesOf(card), ...values }, happening)
}

async function broken(tx: Tx): Promise<unknown[]> {
  const look = { today: test.clock.today(), county: '510923' }
  return (await Promise.all(sumInvariants.map((one) => tx.execute(one.broken(look))))).flat()
}

const rows = async (tx: Tx) => (await tx.execute(sql`select id from card_sums`)).length

const filters: [Record<string, string>, SQL][] = [
  [{}, sql`true`],
  [{ track: 'state' }, sql`track = 'state'`],
  [{ type: 'house' }, sql`card_type = 'house'`],
  [{ nature: 'operating' }, sql`nature = 'operating'`],
  [{ usage: 'leased' }, sql`usage = 'leased'`],
  [{ town: '510923100000' }, sql`division_code like '510923100%'`],
  [{ unit: '蓬莱镇派出所' }, sql`name = '派出所车辆'`],
  [{ undetermined: '1' }, sql`undetermined`],
]

it.each(filters)('lists add up what the cards of %j come to', async (filter, where) => {
  await test.db(async (tx) => {
    const { actor } = asSystem(test.clock, await allKeys(tx))
    const unit = filter.unit && test.fixture.codes[filter.unit]
    const asked = { ...filter, ...(unit ? { unit } : {}) } as CardFilter
    const totals = await totalCards(tx, actor, asked, test.clock.today())
    const [cards] = await tx.execute(sql`
      select count(*)::text as count, sum(cost) as cost, sum(net_value) as net_value, sum(land_area) as land_area,
        sum(floor_area) as floor_area, '0' as later_count, null as later_cost, null as later_net
      from cards where not voided and ${where}`)
    expect(totals).toEqual(cards)
  })
})

it('give statistics of today what the states of the cards give them', async () => {
  await test.db(async (tx) => {
    const { actor } = asSystem(test.clock, await allKeys(tx))
    const today = test.clock.today()
    const states = await figuresOf(tx, actor, { day: today })
    expect(states.length).toBeGreaterThan(5)
    expect(await figuresOf(tx, actor, { day: today }, today)).toEqual(states)
  })
})

it('lets nobody wait for a sum that somebody else is changing', async () => {
  await test.db(async (tx) => {
    await set(tx, '原古井小学', { idleArea: '2000.00' })
    await test.db(async (other) => {
      await other.execute(sql`set local lock_timeout = '2s'`)
      await set(other, '20%_临街商铺', { usage: 'idle', annualRent: null, nature: 'non_operating' })
    })
    await set(tx, '原古井小学', { idleArea: null })
  })
  expect(await test.db(broken)).toEqual([])
})

it('keeps few rows however often a card is changed', async () => {
  await test.db(async (tx) => {
    const before = await rows(tx)
    for (let turn = 1; turn <= 60; turn++) await set(tx, '原古井小学', { floorArea: `${turn}.50` })
    expect(await rows(tx)).toBeLessThan(before + 17)
    expect(await broken(tx)).toEqual([])
  })
})

it('adds nothing where nothing that is summed changes', async () => {
  await test.db(async (tx) => {
    const before = await rows(tx)
    await set(tx, '原古井小学', { remark: '已核实' })
    expect(await rows(tx)).toBe(before)
  })
})
