import { drizzle } from 'drizzle-orm/postgres-js'
import type postgres from 'postgres'
import type { County } from '../../db/client.ts'

type Rows = { plain?: unknown; values?: unknown }
type Noted = Map<string, Rows>

const keyOf = (query: string, params: unknown) => `${query}\n${JSON.stringify(params)}`

/**
 * Lets a county answer from memory what it has once answered from its database: the statements are still built and their
 * rows still turned into objects. First `note` a visit, then `replay`.
 */
export function stubbed(county: County): { note(): void; replay(): void } {
  const noted: Noted = new Map()
  const answering = (client: postgres.Sql): County['transaction'] => {
    const db = drizzle(client)
    return (_session, work) => db.transaction(work)
  }
  return {
    note: () => {
      county.transaction = answering(noting(county.driver, county.schema, noted))
    },
    replay: () => {
      county.transaction = answering(replaying(county.driver, noted))
    },
  }
}

/** One statement with its parameters: awaited for objects, or asked for its values; nothing else is asked within a page. */
type Asked = (query: string, params?: unknown[], options?: object) => unknown

/** The driver with some of its ways replaced. */
function driverWith(driver: postgres.Sql, ways: { unsafe: Asked; begin: unknown }): postgres.Sql {
  return new Proxy(driver, { get: (own, name, self) => Reflect.get(name in ways ? ways : own, name, self) })
}

function noting(driver: postgres.Sql, schema: string, noted: Noted): postgres.Sql {
  const within = (client: postgres.Sql): postgres.Sql => {
    const unsafe: Asked = (query, params = [], options) => {
      const rows: Rows = noted.get(keyOf(query, params)) ?? {}
      noted.set(keyOf(query, params), rows)
      const ask = () => client.unsafe(query, params as never[], options)
      const plain = async () => (rows.plain = await ask())
      return Object.assign(plain(), { values: async () => (rows.values = await ask().values()) })
    }
    const begin = (work: (client: postgres.Sql) => unknown) =>
      driver.begin(async (own) => {
        await own.unsafe(`set local search_path = ${schema}, public`)
        return work(within(own as unknown as postgres.Sql))
      })
    return driverWith(client, { unsafe, begin })
  }
  return within(driver)
}

function replaying(driver: postgres.Sql, noted: Noted): postgres.Sql {
  const unsafe: Asked = (query, params = []) => {
    const rows = noted.get(keyOf(query, params))
    if (!rows) throw new Error(`not noted: ${query}`)
    return Object.assign(Promise.resolve(rows.plain), { values: async () => rows.values })
  }
  const client: postgres.Sql = driverWith(driver, {
    unsafe,
    begin: async (work: (client: postgres.Sql) => unknown) => work(client),
  })
  return client
}
