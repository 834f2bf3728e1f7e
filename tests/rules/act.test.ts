import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { determinations } from '../../db/schema/determinations.ts'
import { events } from '../../db/schema/kernel.ts'
import { loadActor } from '../../server/access/actor.ts'
import { determinationMachine } from '../../server/determinations/actions.ts'
import { act, type Subscriber } from '../../server/kernel/act.ts'
import { Forbidden, NotFound, RuleBroken, Stale } from '../../server/kernel/errors.ts'
import { draftDetermination, enterCard } from '../guards/every-route.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import type { Account } from '../support/county.ts'

const village = '古井村股份经济合作联合社'
let test: TestApp
let id: string
beforeAll(async () => {
  test = await openTestApp()
})
afterAll(() => test.close())
beforeEach(async () => {
  const zhang = await test.as('zhang')
  const card = await enterCard(zhang, { name: '校舍', track: 'collective', ownerUnit: village })
  const no = await draftDetermination(zhang, card, village)
  const [row] = await test.db((tx) => tx.select().from(determinations).where(eq(determinations.no, no)))
  id = row?.id ?? ''
})

function step(who: Account, action: string, version: number, comment: string | null, subscribers: Subscriber[] = []) {
  return test.db(async (tx) => {
    const actor = await loadActor(tx, test.fixture.people[who] ?? '', test.clock.today())
    if (!actor) throw new Error(`nobody: ${who}`)
    const acting = { actor, clock: test.clock, requestId: null }
    return act(tx, acting, determinationMachine, id, { action, version, comment }, subscribers)
  })
}

async function stored() {
  const [row] = await test.db((tx) => tx.select().from(determinations).where(eq(determinations.id, id)))
  const told = await test.db((tx) => tx.select().from(events).where(eq(events.determinationId, id)))
  return { state: row?.state, version: row?.version, events: told.filter(({ toState }) => toState !== null).length }
}

it('asks in this order: is it there, is it the same, may you, can it be, why', async () => {
  // Each try is wrong in every later way too.
  await expect(step('hong', 'decide', 9, null)).rejects.toThrow(NotFound)
  await expect(step('tian', 'submit', 9, null)).rejects.toThrow(Stale)
  await expect(step('tian', 'submit', 1, null)).rejects.toThrow(Forbidden)
  await expect(step('zhang', 'decide', 1, null)).rejects.toThrow(Forbidden)
  await expect(step('zhang', 'constructor', 1, null)).rejects.toThrow(Forbidden)
  await expect(step('zhang', 'withdraw', 1, null)).rejects.toThrow(
    new RuleBroken([{ field: 'comment', text: '请写明撤回的理由。' }]),
  )
  expect(await stored()).toEqual({ state: 'draft', version: 1, events: 1 })
})

it('moves state and version by one and writes one event', async () => {
  expect(await step('zhang', 'submit', 1, null)).toEqual({ message: '已提交，等待牵头单位审核。' })
  expect(await stored()).toEqual({ state: 'submitted', version: 2, events: 2 })
})

it('undoes everything when a subscriber fails', async () => {
  const seen: string[] = []
  const failing: Subscriber = async (_tx, _acting, { kind, action }) => {
    seen.push(`${kind}.${action}`)
    throw new Error('no room')
  }
  await expect(step('zhang', 'submit', 1, null, [failing])).rejects.toThrow('no room')
  expect(seen).toEqual(['determination.submit'])
  expect(await stored()).toEqual({ state: 'draft', version: 1, events: 1 })
})
