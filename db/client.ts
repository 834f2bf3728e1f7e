import { sql } from 'drizzle-orm'
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'

type Drizzle = PostgresJsDatabase<Record<string, never>>

/** The only handle on the database that verbs and queries ever see: one open transaction. */
export type Tx = Parameters<Parameters<Drizzle['transaction']>[0]>[0]

export type Session = {
  /** Scope keys the transaction may see; row-level rules read them from `app.units`. */
  keys?: readonly string[]
  /** Changes nothing, and sees the data as of one moment: a page's figures agree whatever is committed meanwhile. */
  readOnly?: boolean
  /** Milliseconds a statement may take. */
  timeout?: number
  /**
   * Works on whole files: sorts and joins stay in memory, where a page's would find too little of it for all, and rows are
   * taken in the order in which they were staged. The planner knows nothing yet of rows that have just been written, and
   * would gather and sort them first.
   */
  sets?: boolean
}

/** One county: where its schema lives, and the units of work that run in it. */
export type County = {
  readonly schema: string
  transaction<T>(session: Session, work: (tx: Tx) => Promise<T>): Promise<T>
  /** The driver itself, for COPY and for shutting down. */
  readonly driver: postgres.Sql
}

/** Which county a host name serves; one entry without hosts serves them all. */
export type CountyEntry = { hosts?: readonly string[]; dsn: string; schema: string }

export function openCounty(entry: CountyEntry, options: { max?: number } = {}): County {
  const schema = schemaName(entry.schema)
  const driver = postgres(entry.dsn, {
    max: options.max ?? 10,
    onnotice: () => {},
    connection: { application_name: 'panhuo' },
  })
  const db = drizzle(driver)
  return {
    schema,
    driver,
    transaction: (session, work) =>
      db.transaction(async (tx) => {
        await tx.execute(sql.raw(opening(schema, session)))
        return work(tx)
      }),
  }
}

/** Opens every county of the map once and finds one by the host name of a request. */
export function openCounties(entries: readonly CountyEntry[]): {
  all: County[]
  byHost(host: string): County | undefined
} {
  const opened = entries.map((entry) => ({ hosts: entry.hosts, county: openCounty(entry) }))
  return {
    all: opened.map(({ county }) => county),
    byHost: (host) => opened.find(({ hosts }) => hosts === undefined || hosts.includes(host))?.county,
  }
}

/** Widens an authorised verb's transaction to the scope keys of the document it acts on. */
export async function widen(tx: Tx, keys: readonly string[]): Promise<void> {
  await tx.execute(sql.raw(`set local app.units = ${keyList(keys)}`))
}

/** A schema name is a literal in `set local`, so only plain lower-case names pass. */
export function schemaName(name: string): string {
  if (!/^[a-z][a-z0-9_]{0,49}$/.test(name)) throw new Error(`not a schema name: ${name}`)
  return name
}

/** Settings are literals of this transaction, never session state: they follow it to whichever node holds the county. */
function opening(schema: string, session: Session): string {
  return [
    session.readOnly ? 'set transaction isolation level repeatable read, read only' : '',
    `set local search_path = ${schema}, public`,
    `set local app.units = ${keyList(session.keys ?? [])}`,
    `set local statement_timeout = ${Math.trunc(session.timeout ?? 15_000)}`,
    `set local lock_timeout = 5000`,
    session.sets ? `set local work_mem = '64MB'; set local enable_bitmapscan = off` : '',
  ]
    .filter(Boolean)
    .join('; ')
}

function keyList(keys: readonly string[]): string {
  if (!keys.every((key) => /^\d{1,19}$/.test(key))) throw new Error('a scope key is not a number')
  return `'{${keys.join(',')}}'`
}
