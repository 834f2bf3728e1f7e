import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type County, openCounty } from '../db/client.ts'
import { copyInto } from '../db/copy.ts'
import { freshDatabase, testSchema } from './support/database.ts'
import { once } from './support/test-server.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>

beforeAll(async () => {
  database = await freshDatabase()
})

afterAll(() => database.drop())

const tables = (url: string) =>
  once(url, (sql) => sql`select tablename from pg_tables where schemaname = ${testSchema} and tablename = 'migrations'`)

test('a fresh database is migrated', async () => {
  expect(await tables(database.url)).toHaveLength(1)
})

test('two fresh databases have nothing to do with each other', async () => {
  const other = await freshDatabase()
  await once(other.url, (sql) => sql.unsafe(`drop schema ${testSchema} cascade`))
  expect(await tables(other.url)).toHaveLength(0)
  expect(await tables(database.url)).toHaveLength(1)
  await other.drop()
})

test('whoever only reads sees the data as of one moment, whatever is committed meanwhile', async () => {
  const county = openCounty({ dsn: database.url, schema: testSchema }, { max: 2 })
  const count = sql`select count(*)::int as count from counters`
  const add = sql`insert into counters (name, value) values ('read apart', 1)`
  try {
    const seen = await county.transaction({ readOnly: true }, async (tx) => {
      const [before] = await tx.execute(count)
      await county.transaction({}, (other) => other.execute(add))
      const [after] = await tx.execute(count)
      return [before, after]
    })
    expect(seen[1]).toEqual(seen[0])
    const [now] = await county.transaction({ readOnly: true }, (tx) => tx.execute(count))
    expect(now).not.toEqual(seen[0])
    await expect(county.transaction({ readOnly: true }, (tx) => tx.execute(add))).rejects.toThrow()
  } finally {
    await county.driver.end({ timeout: 5 })
  }
})

describe('COPY', () => {
  let county: County
  beforeAll(() => {
    county = openCounty({ dsn: database.url, schema: testSchema }, { max: 3 })
  })
  afterAll(() => county.driver.end({ timeout: 5 }))

  const copied = (names: readonly string[], meanwhile = async (_pid: unknown) => {}) =>
    county.transaction({}, async (tx) => {
      const [own] = await tx.execute(sql`select pg_backend_pid() as pid`)
      const copy = await copyInto(tx, 'counters', ['name', 'value'])
      for (const name of names) await copy.row([name, '1'])
      const done = copy.done()
      await Promise.all([done, meanwhile(own?.pid)])
    })
  const stored = (name: string) =>
    county.transaction(
      {},
      async (tx) => (await tx.execute(sql`select name from counters where name like ${name}`)).length,
    )

  test('tells what the database refuses at its end, and leaves nothing', async () => {
    await expect(copied(['twice', 'twice'])).rejects.toMatchObject({ code: '23505' })
    expect(await stored('twice')).toBe(0)
    await copied(['once', 'and again'])
    expect(await stored('once')).toBe(1)
  })

  test('ends when the database is asked to end it', async () => {
    await county.transaction({}, async (other) => {
      await other.execute(sql`insert into counters (name, value) values ('held', 1)`)
      const cancel = async (pid: unknown) => {
        await pause(200)
        await other.execute(sql`select pg_cancel_backend(${pid}::int)`)
      }
      await expect(copied(['held'], cancel)).rejects.toMatchObject({ code: '57014' })
    })
    expect(await stored('held')).toBe(1)
    await copied(['afterwards'])
  })
})
