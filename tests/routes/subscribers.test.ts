import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cards } from '../../db/schema/assets.ts'
import { determinations } from '../../db/schema/determinations.ts'
import { events } from '../../db/schema/kernel.ts'
import { loadActor } from '../../server/access/actor.ts'
import { determinationMachine, draftDetermination } from '../../server/determinations/actions.ts'
import { act, type Subscriber } from '../../server/kernel/act.ts'
import { onBehalfOf, record } from '../../server/kernel/events.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import { basisOf } from '../support/papers.ts'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
})
afterAll(() => test.close())

it('a subscriber writes as 系统 on behalf of the actor, in the same transaction as the step', async () => {
  const id = await draft('QD-1')
  await submit(id, async (tx, acting, step) => {
    const written = { action: `told.${step.kind}.${step.action}` }
    await record(tx, onBehalfOf(acting), { kind: 'unit', id: unitId() }, written)
  })
  const told = await test.db((tx) => tx.select().from(events).where(eq(events.action, 'told.determination.submit')))
  expect(told).toMatchObject([{ actorName: '系统（代张会计）', actorId: test.fixture.people.zhang }])
})

it('a subscriber that fails takes the step back with it', async () => {
  const id = await draft('QD-2')
  const failing: Subscriber = async () => {
    throw new Error('the other stage is not ready')
  }
  await expect(submit(id, failing)).rejects.toThrow('the other stage is not ready')
  const [row] = await test.db((tx) => tx.select().from(determinations).where(eq(determinations.id, id)))
  expect(row).toMatchObject({ state: 'draft', version: 1 })
  const written = await test.db((tx) => tx.select().from(events).where(eq(events.determinationId, id)))
  expect(written.map(({ action }) => action)).toEqual(['determination.draft', 'determination.paper-add'])
})

async function zhang() {
  const actor = await test.db((tx) => loadActor(tx, test.fixture.people.zhang ?? '', test.clock.today()))
  if (!actor) throw new Error('no such person')
  return { actor, clock: test.clock, requestId: null }
}

async function draft(name: string): Promise<string> {
  const visitor = await test.as('zhang')
  const ownerUnit = '古井村股份经济合作联合社'
  await visitor.post('/assets', { name, track: 'collective', cardType: 'house', ownerUnit, effectiveOn: '2026-03-01' })
  const acting = await zhang()
  return test.county.transaction({ keys: acting.actor.keys }, async (tx) => {
    const [card] = await tx.select().from(cards).where(eq(cards.name, name))
    if (!card) throw new Error('no card')
    const { id } = await draftDetermination(tx, acting, {
      cards: [{ id: card.id, code: card.code, ownerUnitId: card.ownerUnitId, track: 'collective' }],
      reason: '归属不清',
      proposedOwnerId: unitId(),
      proposedTrack: 'collective',
      claimants: [{ unitId: unitId(), claim: '一直由集体使用' }],
    })
    await basisOf(tx, acting, id)
    return id
  })
}

async function submit(id: string, subscriber: Subscriber) {
  const acting = await zhang()
  return test.county.transaction({ keys: acting.actor.keys }, (tx) =>
    act(tx, acting, determinationMachine, id, { action: 'submit', version: 1, comment: null }, [subscriber]),
  )
}

function unitId(): string {
  return test.fixture.units.古井村股份经济合作联合社 ?? ''
}
