import { afterAll, beforeAll, expect, test } from 'vitest'
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
