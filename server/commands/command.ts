import { type County, openCounty } from '../../db/client.ts'
import { openServer } from '../../db/server.ts'
import { type Config, countySchema } from '../config.ts'

/** Does what one command is for; the exit code is 0 when it says nothing else. */
export type Run = (args: readonly string[], config: Config) => Promise<number | undefined>

export type Command = {
  /** How it is called, without `bin/panhuo`. */
  usage: readonly string[]
  /** What it does, in a few words. */
  about: string
  load: () => Promise<{ run: Run }>
}

/** Opens the county of the configuration for one command; a private server that runs already is shared. */
export async function withCounty<T>(config: Config, work: (county: County, url: string) => Promise<T>): Promise<T> {
  const server = await openServer({ databaseUrl: config.DATABASE_URL, dataDir: config.PANHUO_DATA, log: complain })
  const county = openCounty({ dsn: server.url, schema: countySchema(config) }, { max: 2 })
  try {
    return await work(county, server.url)
  } finally {
    await county.driver.end({ timeout: 5 })
    await server.stop()
  }
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Progress and errors go beside the answer, which may be JSON. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`)
}
