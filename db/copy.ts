import { once } from 'node:events'
import type { PostgresJsSession } from 'drizzle-orm/postgres-js'
import type postgres from 'postgres'
import type { Tx } from './client.ts'

/** Milliseconds a COPY may stand still before it is given up together with its connection. */
const patience = 60_000
const bufferChars = 2 * 2 ** 20

/** Writes lines of a COPY in text format; `done` ends it, and nothing else may be asked of the transaction before. */
export type CopyIn = {
  row(values: readonly (string | null)[]): Promise<void> | undefined
  done(): Promise<void>
}

/** Opens COPY into columns of a table, in the transaction. What the database refuses is thrown by `row` or `done`. */
export async function copyInto(tx: Tx, table: string, columns: readonly string[]): Promise<CopyIn> {
  const names = [table, ...columns]
  if (!names.every((name) => /^[a-z_]+$/.test(name))) throw new Error(`not names of a table: ${names.join(', ')}`)
  const session = tx._.session as unknown as PostgresJsSession<postgres.Sql, never, never>
  const list = columns.map((column) => `"${column}"`).join(', ')
  const query = session.client.unsafe(`copy ${table} (${list}) from stdin`)
  const stream = await query.writable()
  let failure: Error | undefined
  stream.on('error', (error: Error) => {
    failure = error
  })
  // Once all is sent, the driver tells an error to the query alone, which nobody waits for any more.
  Object.assign(query, { reject: (error: Error) => stream.destroy(error) })
  let waiting = ''
  const settled = async (event: 'drain' | 'finish') => {
    const signal = AbortSignal.timeout(patience)
    await once(stream, event, { signal }).catch((error: Error) => {
      stream.destroy()
      throw failure ?? new Error(`COPY into ${table} stood still`, { cause: error })
    })
  }
  const flush = (): Promise<void> | undefined => {
    if (failure) throw failure
    const full = !stream.write(Buffer.from(waiting))
    waiting = ''
    return full ? settled('drain') : undefined
  }
  return {
    row: (values) => {
      for (let at = 0; at < values.length; at++) {
        const value = values[at]
        waiting += `${at === 0 ? '' : '\t'}${value === null || value === undefined ? '\\N' : escaped(value)}`
      }
      waiting += '\n'
      return waiting.length >= bufferChars ? flush() : undefined
    },
    done: async () => {
      if (waiting !== '') await flush()
      const finished = settled('finish')
      stream.end()
      await finished
    },
  }
}

const special = /[\\\t\n\r\0]/
const specials = /[\\\t\n\r\0]/g
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '' }

/** A NUL has no place in a text of the database and is left out. */
function escaped(text: string): string {
  return special.test(text) ? text.replace(specials, (char) => escapes[char] ?? '') : text
}
