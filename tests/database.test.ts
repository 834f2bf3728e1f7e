import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCounty } from '../db/client.ts'
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
