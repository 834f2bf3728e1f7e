import { type SQL, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Tx } from '../db/client.ts'
import { allKeys } from '../server/access/actor-for.ts'
import { asSystem } from '../server/access/system.ts'
import { changeCard } from '../server/assets/actions.ts'
import { valuesOf } from '../server/assets/card.ts'
import type { CardFilter } from '../server/assets/list.ts'
import { registerPage } from '../server/assets/register.ts'
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

async function rows(tx: Tx): Promise<number[]> {
  const [found] = await tx.execute<{ groups: number; owners: number }>(sql`
    select (select count(*)::int from card_sums) as groups, (select count(*)::int from owner_sums) as owners`)
  return [found?.groups ?? 0, found?.owners ?? 0]
}

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

it('a scope of a thousand keys sees what its units have, one without their keys nothing', async () => {
  await test.db(async (tx) => {
    const keys = await allKeys(tx)
    const others = Array.from({ length: 1000 }, (_, at) => String(1_000_000 + at))
    const seen = async (...scope: string[]) => {
      const { actor } = asSystem(test.clock, scope)
      const today = test.clock.today()
      const { page, totals } = await registerPage(tx, actor, {}, today)
      const listed = await Promise.all(
        [{ usage: 'idle' }, { q: '古井' }, { asOf: '2026-03-05' }].map((filter) =>
          registerPage(tx, actor, filter, today),
        ),
      )
      return { page, totals, listed, figures: await figuresOf(tx, actor, { day: today }, today) }
    }
    const all = await seen(...keys)
    expect(all.page.rows.length).toBeGreaterThan(5)
    expect(all.listed.map(({ page }) => page.rows.length)).not.toContain(0)
    expect(await seen(...keys, ...others)).toEqual(all)
    expect(await seen(...others)).toEqual(await seen())
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
    const after = await rows(tx)
    for (const [at, count] of after.entries()) expect(count).toBeLessThan((before[at] ?? 0) + 17)
    expect(await broken(tx)).toEqual([])
  })
})

it('adds nothing where nothing that is summed changes', async () => {
  await test.db(async (tx) => {
    const before = await rows(tx)
    await set(tx, '原古井小学', { remark: '已核实' })
    expect(await rows(tx)).toEqual(before)
  })
})
