import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Tx } from '../../db/client.ts'
import { loadActor } from '../../server/access/actor.ts'
import { createCards, editCard } from '../../server/assets/actions.ts'
import { inForce } from '../../server/assets/as-of.ts'
import { type CardValues, noValues, valuesOf } from '../../server/assets/card.ts'
import { arrangeParts } from '../../server/assets/parts-actions.ts'
import { totalCards } from '../../server/assets/totals.ts'
import { commitBatch } from '../../server/imports/actions.ts'
import { undoBatch } from '../../server/imports/undo.ts'
import { RuleBroken } from '../../server/kernel/errors.ts'
import type { Acting } from '../../server/kernel/events.ts'
import { verify } from '../../server/verify/verify.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import { village } from '../support/cards.ts'
import { cardsTarget, type SheetRow, stagedBatch } from '../support/staged.ts'
import { cardOf } from './commands.ts'

const county = '510923'
let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
})
afterAll(() => test.close())

const amount = fc.integer({ min: 0, max: 99_999 }).map((cents) => (cents / 100).toFixed(2))
const blank = <Of>(arbitrary: fc.Arbitrary<Of>) => fc.option(arbitrary, { nil: null, freq: 3 })
const text: fc.Arbitrary<string> = fc.constantFrom('甲', '乙 丙', '二组', '“引号”', '\\斜杠', '=1+1', '😀')
const texts = fc.dictionary(fc.constantFrom('包村人', '备查', '100%'), text, { maxKeys: 2, noNullPrototype: true })

/** What a file may say of a card, and what a card may say before. */
const said = fc.record({
  name: fc.constantFrom('校舍', '门面', '水塔'),
  cardType: blank(fc.constantFrom('house', 'furniture', 'equipment')),
  cost: blank(amount),
  floorArea: blank(amount.map((area) => (Number(area) + 100).toFixed(2))),
  quantity: blank(fc.integer({ min: 1, max: 9000 }).map((thousandths) => (thousandths / 1000).toFixed(3))),
  location: blank(text),
  usage: blank(fc.constantFrom('in_use', 'idle', 'leased')),
  idleSince: blank(fc.constantFrom('2021', '2021-03', '2021-03-15')),
  acquiredOn: blank(fc.constantFrom('1998', '2015-03', '2020-05-01')),
  remark: blank(text),
  plate: blank(fc.constantFrom('川J1', '川J2')),
})
const entry = fc.record({
  values: said,
  extra: texts,
  written: fc.dictionary(fc.constantFrom('cost', 'floorArea'), text, { noNullPrototype: true }),
  parts: fc.nat(2),
})
const row = fc.record({
  values: said,
  extras: texts,
  written: fc.dictionary(fc.constantFrom('cost', 'floorArea', 'acquiredOn'), text, { noNullPrototype: true }),
  /** The card it means by its original code, where there is one; two rows may mean the same. */
  means: fc.option(fc.nat(5), { nil: null, freq: 4 }),
  /** Says nothing but which card it is. */
  bare: fc.boolean(),
})
const story = fc.record({
  cards: fc.array(entry, { minLength: 2, maxLength: 6 }),
  rows: fc.array(row, { minLength: 3, maxLength: 9 }),
  /** Which of the touched cards somebody edits before the undo. */
  edited: fc.oneof(fc.constant<number[]>([]), fc.uniqueArray(fc.nat(8), { maxLength: 3 })),
})
type Story = typeof story extends fc.Arbitrary<infer Of> ? Of : never

const none: Story['cards'][number]['values'] = {
  ...{ name: '校舍', cardType: null, cost: null, floorArea: null, quantity: null, location: null, usage: null },
  ...{ idleSince: null, acquiredOn: null, remark: null, plate: null },
}
const plain = { values: none, extras: {}, written: {}, means: null, bare: false }

/** One of each, so that nothing passes for a proof because it was never drawn. */
const everything: Story = {
  cards: [
    { values: { ...none, cost: '1.00' }, extra: { 备查: '甲' }, written: { cost: '一元' }, parts: 0 },
    { values: { ...none, floorArea: '200.00' }, extra: {}, written: {}, parts: 2 },
    { values: none, extra: {}, written: {}, parts: 0 },
  ],
  rows: [
    { ...plain, means: 0, values: { ...none, cost: '2.00' }, written: { cost: '两元' }, extras: { 备查: '乙 丙' } },
    { ...plain, means: 0, values: { ...none, cost: '3.00' } },
    { ...plain, means: 1, values: { ...none, floorArea: '300.00' } },
    { ...plain, means: 2, bare: true },
    plain,
    plain,
  ],
  edited: [2],
}

const seen = { voided: 0, restored: 0, kept: 0, unchanged: 0, duplicate: 0 }

it('an import that is undone leaves every card as it was, but for those that were changed since', async () => {
  await fc.assert(
    fc.asyncProperty(story, (drawn) => undone((tx) => told(tx, drawn))),
    { numRuns: Number(process.env.UNDO_RUNS ?? 8), examples: [[everything]] },
  )
  for (const [kind, times] of Object.entries(seen)) expect(times, `nothing was ever ${kind}`).toBeGreaterThan(0)
}, 600_000)

async function told(tx: Tx, { cards, rows, edited }: Story): Promise<void> {
  test.clock.set('2026-03-06T02:00:00Z')
  const actor = await loadActor(tx, test.fixture.people.zhang ?? '', test.clock.today())
  if (!actor) throw new Error('no zhang')
  const acting: Acting = { actor, clock: test.clock, requestId: null }
  const unitId = test.fixture.units[village] ?? ''
  for (const [at, card] of cards.entries()) await enter(tx, acting, unitId, at, card)
  const days = Array.from({ length: 10 }, (_, at) => `2026-03-${String(at + 1).padStart(2, '0')}`)
  const look = async () => ({
    states: await statesOf(tx),
    totals: await totalCards(tx, actor, {}, test.clock.today()),
    asOf: await Promise.all(days.map((day) => statesOn(tx, day))),
  })

  test.clock.set('2026-03-08T02:00:00Z')
  const before = await look()
  const sheet: SheetRow[] = rows.map(({ values, extras, written, means, bare }, at) => ({
    values: { ...(bare ? { name: values.name } : values), originalCode: means === null ? `N-${at}` : `O-${means}` },
    ...{ extras: bare ? {} : extras, written: bare ? {} : written },
  }))
  const target = cardsTarget(acting)
  const batch = await stagedBatch(tx, acting, { unitId, rows: sheet, effectiveOn: '2026-03-07' })
  const counts = await attempt(tx, (inner) =>
    commitBatch(inner, acting, target, batch.id, { version: 1, mode: 'good' }),
  )
  if (!counts) return expect(await look()).toEqual(before)
  seen.unchanged += counts.unchanged
  seen.duplicate += counts.duplicate

  test.clock.set('2026-03-09T02:00:00Z')
  const touched = [...(await statesOf(tx))].filter(([code, state]) => before.states.get(code) !== state)
  const kept = new Map<string, string>()
  for (const code of edited.flatMap((at) => touched[at]?.[0] ?? [])) {
    const card = await cardOf(tx, code)
    const values = { ...valuesOf(card), keeper: '手改' }
    const edit = { version: card.version, values, effectiveOn: '2026-03-08', comment: null }
    if (await attempt(tx, (inner) => editCard(inner, acting, code, edit))) {
      kept.set(code, (await statesOf(tx)).get(code) ?? '')
    }
  }

  test.clock.set('2026-03-10T02:00:00Z')
  const made = await attempt(tx, (inner) => undoBatch(inner, acting, target, batch.id, { version: 2, reason: '重来' }))
  if (!made) expect(kept.size).toBe(touched.length)
  else {
    expect(made).toEqual({ voided: made.voided, restored: made.restored, kept: kept.size })
    expect(made.voided + made.restored + made.kept).toBe(counts.new + counts.changed)
    for (const kind of ['voided', 'restored', 'kept'] as const) seen[kind] += made[kind]
    const after = await look()
    expect(after.states).toEqual(new Map([...before.states, ...kept]))
    if (kept.size === 0) {
      expect(after.totals).toEqual(before.totals)
      expect(after.asOf).toEqual(before.asOf)
    }
  }
  const findings = await verify(tx, { today: test.clock.today(), county })
  expect(findings.filter(({ holds }) => !holds)).toEqual([])
}

async function enter(
  tx: Tx,
  acting: Acting,
  ownerUnit: string,
  at: number,
  { values, extra, written, parts }: Story['cards'][number],
) {
  const cardType = values.cardType ?? 'house'
  const plain: CardValues = {
    ...noValues,
    ...values,
    cardType,
    track: 'collective',
    ownerUnit,
    division: '510923100210',
    originalCode: `O-${at}`,
  }
  const effectiveOn = '2026-03-02'
  const [made] = await createCards(tx, acting, county, [{ values: plain, extra, written }], {
    action: 'card.create',
    effectiveOn,
  })
  if (!made || cardType !== 'house' || values.floorArea === null) return
  const entries = Array.from({ length: parts }, (_, part) => ({
    ...{
      no: null,
      row: part + 1,
      name: `${part + 1} 楼`,
      area: '20.00',
      usage: part > 0 ? 'idle' : 'in_use',
      idleSince: null,
    },
  }))
  if (parts > 0)
    await arrangeParts(tx, acting, made.code, { version: 1, entries, effectiveOn: '2026-03-04', comment: null })
}

/** Every card that is not voided, to the byte: all columns but version count and the days and moments of the state. */
async function statesOf(tx: Tx): Promise<Map<string, string>> {
  const rows = await tx.execute<{ code: string; state: string }>(sql`
    select code, (to_jsonb(c) - '{version,valid_from,updated_at}'::text[])::text as state from cards c where not voided order by code`)
  return new Map(rows.map(({ code, state }) => [code, state]))
}

async function statesOn(tx: Tx, day: string): Promise<string[]> {
  const rows = await tx.execute<{ state: string }>(sql`
    select (to_jsonb(c) - '{version,valid_from,valid_to,recorded_at}'::text[])::text as state
    from card_history c where ${inForce(day)} and not c.voided order by code`)
  return rows.map(({ state }) => state)
}

/** What a verb comes to, or undefined when a rule says no; then nothing of it stays. */
async function attempt<T>(tx: Tx, work: (tx: Tx) => Promise<T>): Promise<T | undefined> {
  return tx
    .transaction((inner) => work(inner as Tx))
    .catch((error) => {
      if (error instanceof RuleBroken) return undefined
      throw error
    })
}

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
