import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type County, openCounty } from '../../db/client.ts'
import { keyset, type Order, type Place, paged, readCursor, writeCursor } from '../../server/kernel/paging.ts'
import { freshDatabase, testSchema } from '../support/database.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
let county: County
beforeAll(async () => {
  database = await freshDatabase()
  county = openCounty({ dsn: database.url, schema: testSchema }, { max: 2 })
})
afterAll(async () => {
  await county.driver.end()
  await database.drop()
})

type Row = { value: string; id: string }
const size = 3

/** One page as a list reads it, over rows that are no table's. */
async function pageOf(rows: readonly Row[], order: Pick<Order, 'type' | 'descending'>, place: Place) {
  const { where, orderBy } = keyset({ ...order, by: sql`x.value`, id: sql`x.id` }, place)
  const list = (texts: readonly string[]) => `{${texts.map((text) => JSON.stringify(text)).join(',')}}`
  const found = await county.transaction({ readOnly: true }, (tx) =>
    tx.execute<Row>(sql`
      select x.value::text as value, x.id::text as id
      from unnest(${list(rows.map(({ value }) => value))}::${sql.raw(order.type)}[], ${list(rows.map(({ id }) => id))}::bigint[])
        as x (value, id)
      where ${where ?? sql`true`} order by ${orderBy} limit ${size + 1}`),
  )
  return paged([...found], place, (row) => row, size)
}

/** Every page from the first to the last, then back again to the first. */
async function thereAndBack(rows: readonly Row[], order: Pick<Order, 'type' | 'descending'>) {
  const there: string[][] = []
  const back: string[][] = []
  let page = await pageOf(rows, order, {})
  there.push(page.rows.map(({ id }) => id))
  while (page.next) {
    page = await pageOf(rows, order, { after: page.next })
    there.push(page.rows.map(({ id }) => id))
  }
  back.unshift(page.rows.map(({ id }) => id))
  while (page.previous) {
    page = await pageOf(rows, order, { before: page.previous })
    back.unshift(page.rows.map(({ id }) => id))
  }
  return { there, back }
}

describe('pages by key', () => {
  const rowsOf = (value: fc.Arbitrary<string>) =>
    fc.array(value, { maxLength: 11 }).map((values) => values.map((value, index) => ({ value, id: String(index + 1) })))
  const orders = {
    text: rowsOf(fc.constantFrom('办公楼', '抽水机', 'a"b', "o'k", '\\', '{}', '')),
    numeric: rowsOf(fc.constantFrom('-1', '0', '0.01', '2', '10', '9007199254740993.01')),
    date: rowsOf(fc.constantFrom('0001-01-01', '2018-01-01', '2018-01-02')),
  } as const

  it.each(Object.entries(orders))('by %s, show every row once, in order, there and back', async (type, arbitrary) => {
    await fc.assert(
      fc.asyncProperty(arbitrary, fc.boolean(), async (rows, descending) => {
        const { there, back } = await thereAndBack(rows, { type: type as Order['type'], descending })
        const sorted = [...rows].sort((one, other) => compared(type, one, other) * (descending ? -1 : 1))
        expect(there.flat()).toEqual(sorted.map(({ id }) => id))
        expect(back.flat()).toEqual(sorted.map(({ id }) => id))
        expect(there.slice(0, -1).every(({ length }) => length === size)).toBe(true)
      }),
      { numRuns: 12 },
    )
  })
})

function compared(type: string, one: Row, other: Row): number {
  if (one.value === other.value) return Number(one.id) - Number(other.id)
  const less = type === 'numeric' ? Number(one.value) < Number(other.value) : one.value < other.value
  return less ? -1 : 1
}

describe('a place that the database could not read', () => {
  it.each<[Order['type'], string, boolean]>([
    ['numeric', '-1', true],
    ['numeric', '1e9', false],
    ['numeric', 'NaN', false],
    ['date', '0001-01-01', true],
    ['date', '2018-02-30', false],
    ['timestamptz', '2026-03-10 10:00:00.123456+08', true],
    ['timestamptz', '2026-03-10 02:00:00+00', true],
    ['timestamptz', '2026-03-10 25:00:00+00', false],
    ['timestamptz', 'now', false],
    ['text', '办公楼', true],
    ['text', 'a\u0000', false],
  ])('by %s, %s counts: %s', (type, value, counts) => {
    const order = { by: sql`x.value`, type, id: sql`x.id`, descending: false }
    expect(keyset(order, { after: writeCursor({ value, id: '1' }) }).where !== undefined).toBe(counts)
  })
})

describe('a cursor', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.string(), fc.bigInt({ min: 0n, max: 10n ** 18n }), (value, id) => {
        expect(readCursor(writeCursor({ value, id: String(id) }))).toEqual({ value, id: String(id) })
      }),
    )
  })

  it.each([
    undefined,
    '',
    'x',
    '%%%',
    sent('[]'),
    sent('["a"]'),
    sent('["a",1]'),
    sent('["a","1; drop table cards"]'),
    sent('["a","-1"]'),
    sent('["a","9223372036854775808"]'),
    sent('{"value":"a","id":"1"}'),
    sent('null'),
  ])('that was tampered with is none: %s', (text) => {
    expect(readCursor(text)).toBeUndefined()
  })
})

function sent(json: string): string {
  return Buffer.from(json).toString('base64url')
}
