import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Tx } from '../../db/client.ts'
import { loadActor } from '../../server/access/actor.ts'
import { statesOn } from '../../server/assets/as-of.ts'
import { livingCode } from '../../server/assets/merged.ts'
import { totalCards } from '../../server/assets/totals.ts'
import { RuleBroken } from '../../server/kernel/errors.ts'
import type { Acting } from '../../server/kernel/events.ts'
import { verify } from '../../server/verify/verify.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import { village } from '../support/cards.ts'
import { beginning, type Command, cardsOf, command, perform } from './commands.ts'
import { type Figures, keys, Model, nothing } from './model.ts'

const county = '510923'
const morning = '2026-03-10T02:00:00Z'
let test: TestApp
beforeAll(async () => {
  test = await openTestApp(morning)
})
afterAll(() => test.close())

/** How often each verb was let through, so that no run of refusals passes for a proof. */
const done: Record<string, number> = {}

/** One of each, so that every verb is let through at least once whatever else is drawn. */
const everything: [Figures[], Command[]] = [
  ['10.000', '4.000', '3.000'].map((quantity) => ({
    ...{ cost: '100.01', depreciation: '33.34', landArea: null, floorArea: '7.77', idleArea: null },
    quantity,
  })),
  [
    { kind: 'edit', which: 1, figures: { ...nothing, cost: '99.99', quantity: '3.333' }, back: 0, later: 1 },
    { kind: 'split', which: 1, shares: [100, 1], back: 0, later: 1 },
    { kind: 'unsplit', which: 1, back: 0, later: 1 },
    { kind: 'merge', which: 1, with: 2, others: true, back: 0, later: 1 },
    { kind: 'unmerge', which: 1, back: 0, later: 1 },
    { kind: 'parts', which: 2, parts: [{ hundredths: 33, idle: true }], back: 0, later: 1 },
    { kind: 'apart', which: 1, with: 2, back: 0, later: 1 },
    { kind: 'merge', which: 1, with: 2, others: false, back: 0, later: 1 },
  ],
]

it('accounts for every code, sum and past day, whatever is edited, divided, split, merged and undone', async () => {
  await fc.assert(
    fc.asyncProperty(beginning, fc.array(command, { minLength: 6, maxLength: 12, size: 'max' }), (first, commands) =>
      undone((tx) => story(tx, first, commands)),
    ),
    { numRuns: 16, examples: [everything] },
  )
  for (const kind of ['create', 'edit', 'split', 'unsplit', 'merge', 'unmerge', 'apart', 'parts']) {
    expect(done[kind] ?? 0, `no ${kind} was ever let through`).toBeGreaterThan(0)
  }
}, 120_000)

async function story(tx: Tx, first: readonly Figures[], commands: readonly Command[]): Promise<void> {
  test.clock.set(morning)
  const actor = await loadActor(tx, test.fixture.people.zhang ?? '', test.clock.today())
  if (!actor) throw new Error('no zhang')
  const acting: Acting = { actor, clock: test.clock, requestId: null }
  const model = new Model()
  const days = new Map<string, Shown>()
  const owner = test.fixture.units[village] ?? ''
  const started: Command[] = first.map((figures) => ({ kind: 'create', figures, back: 0, later: 0 }))
  for (const one of started) await perform(one, { tx, acting, county, owner, model, effectiveOn: '2026-03-05' })
  for (const one of commands) {
    if (one.later > 0) days.set(test.clock.today(), await shownOn(tx, acting, test.clock.today()))
    test.clock.set(after(test.clock.now(), one.later))
    const effectiveOn = after(test.clock.now(), -one.back).slice(0, 10)
    try {
      await tx.transaction((inner) => perform(one, { tx: inner, acting, county, owner, model, effectiveOn }))
      done[one.kind] = (done[one.kind] ?? 0) + 1
    } catch (error) {
      if (!(error instanceof RuleBroken)) throw error
    }
    await accountedFor(tx, acting, model)
  }
  for (const [day, shown] of days) await rememberedAsShown(tx, acting, day, shown)
  const findings = await verify(tx, { today: test.clock.today(), county })
  expect(findings.filter(({ holds }) => !holds)).toEqual([])
}

/** Sums over what is in the register, and every code ever given: living, split back, or leading to a living card. */
async function accountedFor(tx: Tx, acting: Acting, model: Model): Promise<void> {
  const totals = await totalCards(tx, acting.actor, {}, test.clock.today())
  const [sums] = await tx.execute<Record<string, string>>(sql`
    select ${sql.join(
      keys.map(
        (key) => sql`coalesce(sum(${sql.identifier(column(key))}), 0)::numeric(20,3)::text as ${sql.identifier(key)}`,
      ),
      sql`, `,
    )} from ${statesOn(acting.actor, { day: test.clock.today() })}`)
  for (const key of keys) expect(sums?.[key], key).toBe(model.sum(key))
  expect(Number(totals.count)).toBe(model.living().length)
  expect(Number(totals.cost ?? 0)).toBe(Number(model.sum('cost')))

  const [given] = await tx.execute<{ codes: string[] }>(sql`select coalesce(array_agg(code), '{}') as codes from cards`)
  expect([...(given?.codes ?? [])].sort()).toEqual([...model.cards.keys()].sort())
  const stored = await cardsOf(tx, [...model.cards.keys()])
  for (const [code, { state, into }] of model.cards) {
    const card = stored.get(code)
    expect([code, card?.voided, card?.mergedIntoId !== null]).toEqual([code, state !== 'living', into !== null])
    if (into !== null) expect(await livingCode(tx, code)).toBe(model.leadsTo(code))
  }
}

type Shown = { at: Date; states: ReadonlyMap<string, string> }

/** What the register showed on a day, at its end: each card's code with its state. */
async function shownOn(tx: Tx, { actor, clock }: Acting, day: string): Promise<Shown> {
  const rows = await tx.execute<{ code: string; state: string }>(
    sql`select c.code, ${state} as state from ${statesOn(actor, { day })}`,
  )
  return { at: clock.now(), states: new Map(rows.map((row) => [row.code, row.state])) }
}

/** As of that day, we know now what was shown then, but for what has been recorded since with effect by that day. */
async function rememberedAsShown(tx: Tx, acting: Acting, day: string, shown: Shown): Promise<void> {
  const expected = new Map(shown.states)
  const later = await tx.execute<{ code: string; state: string; voided: boolean }>(sql`
    select distinct on (c.code) c.code, ${state} as state, c.voided from card_history c
    where c.recorded_at > ${shown.at.toISOString()} and c.valid_from <= ${day} order by c.code, c.version desc`)
  for (const row of later) {
    if (row.voided) expected.delete(row.code)
    else expected.set(row.code, row.state)
  }
  expect(new Map((await shownOn(tx, acting, day)).states)).toEqual(expected)
}

const state = sql`concat_ws('|', c.version, c.cost, c.depreciation, c.land_area, c.floor_area, c.idle_area, c.quantity, c.parts)`

/** Everything of one run is undone, so that each begins with an empty register. */
async function undone(work: (tx: Tx) => Promise<void>): Promise<void> {
  const stop = new Error('undo')
  await test
    .db(async (tx) => {
      await work(tx)
      throw stop
    })
    .catch((error) => {
      if (error !== stop) throw error
    })
}

function after(at: Date, days: number): string {
  return new Date(at.getTime() + days * 86_400_000 + 60_000).toISOString()
}

function column(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
