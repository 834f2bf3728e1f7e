import { eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Tx } from '../../db/client.ts'
import { cards } from '../../db/schema/assets.ts'
import { withoutBlanks } from '../../imports/resolved.ts'
import { cardFields } from '../../imports/sheets/card-fields.ts'
import { allTypeFields } from '../../imports/sheets/type-fields.ts'
import { asSystem } from '../../server/access/system.ts'
import { changeCard, createCards } from '../../server/assets/actions.ts'
import { type CardValueKey, type CardValues, noValues, valueKeys, valuesOf } from '../../server/assets/card.ts'
import { columnsFrom, stateColumns } from '../../server/assets/card-sql.ts'
import { derived } from '../../server/assets/import-judge.ts'
import { compare } from '../../server/kernel/money.ts'
import { openTestApp, type TestApp } from '../support/app.ts'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
})
afterAll(() => test.close())

const text = fc.constantFrom('甲', ' 乙 ', '\\N', '"引号"', "'", '{}', '=1+1', '😀', '1e5', 'null', '\n')
const amount = fc.constantFrom('0.00', '0.01', '1.00', '1000.10', '99999999999999.99', '90071992547409.93')
const day = fc.constantFrom('1900', '2100', '2015-03', '2016-02-29', '2020-12-31')
const kinds = new Map([...cardFields, ...allTypeFields].map((field) => [field.key, field]))
const units = ['古井村股份经济合作联合社', '红林村股份经济合作联合社']

function drawnFor(key: CardValueKey): fc.Arbitrary<string | null> {
  const field = kinds.get(key)
  const blank = (given: fc.Arbitrary<string>) => fc.option(given, { nil: null })
  if (key === 'track') return fc.constantFrom('state', 'collective')
  if (key === 'ownership') return fc.constantFrom('settled', 'undetermined', null)
  if (key === 'ownerUnit') return fc.constantFrom(...units)
  if (key === 'usingUnit') return fc.constantFrom(...units, null)
  if (key === 'division') return fc.constant('510923100210')
  if (key === 'name') return text
  if (key === 'netValue') return blank(fc.constantFrom('-0.01', '0.00', '99999999999999.99'))
  if (field?.kind === 'choice') {
    const choice = fc.constantFrom(...(field.choices ?? []).map(({ value }) => value))
    return key === 'cardType' ? choice : blank(choice)
  }
  if (field?.kind === 'money' || field?.kind === 'area') return blank(amount)
  if (field?.kind === 'quantity') return blank(fc.constantFrom('0.000', '0.001', '12345.500', '99999999999999.999'))
  if (field?.kind === 'integer') return blank(fc.constantFrom('0', '12'))
  if (field?.kind === 'date') return blank(day)
  return blank(text)
}

const drawn = fc.record(Object.fromEntries(valueKeys.map((key) => [key, drawnFor(key)]))) as fc.Arbitrary<CardValues>

it('a card’s columns are the same from its values as JSON as from its values, new or changed', async () => {
  await fc.assert(
    fc.asyncProperty(drawn, drawn, async (first, second) => {
      await undone(async (tx) => {
        const acting = asSystem(test.clock)
        const effect = { action: 'card.create', effectiveOn: '2026-03-02' }
        const [made] = await createCards(tx, acting, '510923', [{ values: settled(first) }], effect)
        const [card] = await tx
          .select()
          .from(cards)
          .where(eq(cards.id, made?.id ?? ''))
        if (!card) throw new Error('no card')
        expect(await differing(tx, card.id, settled(first))).toEqual([])
        const changed = await changeCard(tx, acting, card, settled(second), { ...effect, action: 'card.edit' })
        expect(await differing(tx, card.id, settled(second))).toEqual([])
        expect(await differing(tx, card.id, valuesOf(changed))).toEqual([])
      })
    }),
    { numRuns: Number(process.env.CARD_SQL_RUNS ?? 25) },
  )
}, 120_000)

it('they are all the columns of a state but those that a verb gives it', () => {
  const given = ['class_standard', 'extra', 'written', 'values_on', 'valid_from', 'version', 'voided', 'parts']
  expect(Object.keys(columnsFrom(sql``)).sort()).toEqual(stateColumns.filter((name) => !given.includes(name)).sort())
})

/** With units by id, and the net value that follows. */
function settled(values: CardValues): CardValues {
  const id = (name: string | null) => (name === null ? null : (test.fixture.units[name] ?? null))
  const { cost, depreciation: given } = values
  const depreciation = cost !== null && given !== null && compare(given, cost) > 0 ? cost : given
  const netValue = derived({ ...values, depreciation }) ?? values.netValue
  const valueKind = values.valueKind === 'nominal' ? null : values.valueKind
  const owners = { ownerUnit: id(values.ownerUnit), usingUnit: id(values.usingUnit) }
  return { ...noValues, ...values, ...owners, valueKind, depreciation, netValue }
}

/** Columns of a stored card that come to something else from JSON. */
async function differing(tx: Tx, id: string, values: CardValues): Promise<string[]> {
  const found = Object.entries(columnsFrom(sql`j.state`)).map(
    ([name, from]) => sql`case when c.${sql.identifier(name)} is distinct from ${from} then ${name}::text end`,
  )
  // With nulls or without them: rows that are changed have both.
  const blanks = JSON.stringify(values)
  const [row] = await tx.execute<{ names: string[] }>(sql`
    select array_remove(array_agg(distinct n), null) as names
    from cards c cross join (values (${JSON.stringify(withoutBlanks(values))}::jsonb), (${blanks}::jsonb)) j (state)
    cross join unnest(array[${sql.join(found, sql`, `)}]) n where c.id = ${id}`)
  return row?.names ?? ['nothing']
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
