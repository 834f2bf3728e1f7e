import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bulkFields } from '../../server/assets/bulk-form.ts'
import { verify } from '../../server/verify/verify.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards, village } from '../support/cards.ts'
import { importing, numberOf } from '../support/imports.ts'

let test: TestApp
let zhang: Visitor
const way = importing(
  () => test,
  () => zhang,
  village,
)
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
})
afterAll(() => test.close())

const text = fc.constantFrom('甲', '乙 丙', '“引号”', '\\斜杠', '=1+1', '😀', '0012', '2021-3')
const blank = <Of>(arbitrary: fc.Arbitrary<Of>) => fc.option(arbitrary, { nil: null, freq: 3 })
const card = fc.record({
  cardType: fc.constantFrom('house', 'furniture'),
  cost: blank(fc.constant('1.00')),
  location: blank(text),
  keeper: blank(text),
  remark: blank(text),
  usage: blank(fc.constantFrom('in_use', 'idle', 'leased')),
  idleSince: blank(fc.constantFrom('2021', '2021-03', '2021-03-15')),
  acquiredOn: blank(fc.constantFrom('1998', '2015-03')),
})
/** What a person may fill in: any of the fields, each by its kind. */
const filled = fc
  .record(
    Object.fromEntries(
      bulkFields.map(({ key, kind, choices }) => {
        if (choices) return [key, fc.constantFrom(...choices.map(({ value }) => value))]
        if (kind === 'date') return [key, fc.constantFrom('2022', '2022-07', '2022-07-01')]
        return [key, kind === 'unit' ? fc.constant(village) : text]
      }),
    ),
    { requiredKeys: [], noNullPrototype: true },
  )
  .filter((fields) => Object.keys(fields).length > 0)

/** One that is so already, so that nothing passes for a proof because it was never drawn. */
const so = {
  ...({ cardType: 'house', cost: null, location: null, keeper: null, remark: '甲' } as const),
  ...{ usage: null, idleSince: null, acquiredOn: null },
} as const
const notSo = { ...so, remark: null }

const seen = { changed: 0, unchanged: 0 }

it('a bulk edit changes what was filled in and nothing else, and undone leaves every card as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(card, { minLength: 1, maxLength: 5 }), filled, async (cards, fields) => {
      const name = `批${crypto.randomUUID().slice(0, 8)}`
      await enterCards(test, [...cards.map((values) => ({ ...values, name })), { name: '旁的' }], '2026-03-01')
      const before = await statesOf()
      const sent = { ...fields, effectiveOn: '2026-03-05', reason: '试', token: crypto.randomUUID() }
      const no = numberOf(await zhang.post(`/assets/bulk?q=${name}`, sent))
      const { counts } = await way.batchOf(no)
      expect(counts.new).toBe(0)
      expect(counts.wrong).toBe(0)
      seen.changed += counts.changed ?? 0
      seen.unchanged += counts.unchanged ?? 0
      if (!counts.changed) return
      await way.commit(no)
      const after = await statesOf()
      const touched = new Set<string>()
      for (const [code, state] of after) {
        const old = before.get(code) ?? {}
        for (const key of Object.keys(state)) if (!same(state[key], old[key])) touched.add(key)
      }
      const columns = Object.keys(fields).flatMap((key) => columnsOf[key] ?? snake(key))
      expect([...touched].filter((key) => !columns.includes(key))).toEqual([])
      const version = String((await way.batchOf(no)).version)
      const undo = await zhang.post(`/imports/${no}/undo`, { version, reason: '重来', token: crypto.randomUUID() })
      expect(undo.statusCode).toBe(303)
      expect(await statesOf()).toEqual(before)
    }),
    { numRuns: Number(process.env.UNDO_RUNS ?? 6), examples: [[[so, notSo], { remark: '甲' }]] },
  )
  for (const [kind, times] of Object.entries(seen)) expect(times, `nothing was ever ${kind}`).toBeGreaterThan(0)
  const findings = await test.db((tx) => verify(tx, { today: test.clock.today(), county: '510923' }))
  expect(findings.filter(({ holds }) => !holds)).toEqual([])
}, 300_000)

const snake = (key: string) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
/** Fields that are stored in more than the column of their name. */
const columnsOf: Record<string, string[]> = {
  usingUnit: ['user_unit_id', 'user_key'],
  idleSince: ['idle_since', 'idle_precision', 'written'],
}
const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/** Every card to the byte, but for what counts its states. */
async function statesOf(): Promise<Map<string, Record<string, unknown>>> {
  const rows = await test.db((tx) =>
    tx.execute<{ code: string; state: Record<string, unknown> }>(
      sql`select code, to_jsonb(c) - '{version,valid_from,updated_at,search}'::text[] as state from cards c order by code`,
    ),
  )
  return new Map(rows.map(({ code, state }) => [code, state]))
}
