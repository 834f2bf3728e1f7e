import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'

// Used by the set-up, which runs outside of vitest's workers, as well as by the tests.

/** The schema every test database is migrated for. */
export const testSchema = 'county_510923'

/** Databases of this run are named `prefix` and something; `template` is the migrated one to copy. */
export type TestServer = { url: string; prefix: string; template: string }

export function databaseUrl(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

/** A cleaning process of the server may be in the database for a moment, and is not ours to end: wait for it. */
export async function dropDatabase(server: string, name: string): Promise<void> {
  await once(server, (sql) => patiently('42501', () => sql`drop database if exists ${sql(name)} with (force)`))
}

/** Runs one task on a connection of its own. */
export async function once<T>(url: string, task: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    return await task(sql)
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** PostgreSQL refuses to copy a database somebody is connected to; a cleaning process may be for a moment. */
export async function cloneDatabase(server: string, template: string, name: string): Promise<void> {
  await once(server, (sql) => patiently('55006', () => sql`create database ${sql(name)} template ${sql(template)}`))
}

/** Tries for some seconds, as long as the server answers with this state. */
async function patiently(state: string, task: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await task()
      return
    } catch (error) {
      if (!(error instanceof postgres.PostgresError && error.code === state) || attempt === 50) throw error
      await pause(100)
    }
  }
}
