import { createServer } from 'node:net'
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import { type CountyEntry, openCounty } from '../db/client.ts'
import { migrate } from '../db/migrate.ts'
import { openServer } from '../db/server.ts'
import { buildApp } from './app.ts'
import { type Config, countySchema } from './config.ts'
import { loggerOptions } from './logging.ts'
import { upgrade } from './upgrade.ts'

export type StartOptions = {
  /** What has to be in the database before anybody is served. */
  prepare?: (entry: CountyEntry) => Promise<void>
  /** Progress for the person at the terminal. */
  say?: (line: string) => void
}

/**
 * Opens the database, brings it up to date and serves; a signal closes everything in the opposite order.
 * Returns the address people open.
 */
export async function start(config: Config, { prepare, say = () => undefined }: StartOptions = {}): Promise<string> {
  await refuseBusyPort(config)
  const server = await openServer({ databaseUrl: config.DATABASE_URL, dataDir: config.PANHUO_DATA, log: say })
  let app: FastifyInstance | undefined
  const close = async () => {
    await app?.close()
    await server.stop()
  }
  try {
    const entry = { dsn: server.url, schema: countySchema(config) }
    await migrate(entry.dsn, entry.schema)
    await upgradeRows(entry)
    await prepare?.(entry)
    app = await buildApp({
      config,
      counties: [entry],
      jobs: 'thread',
      logger: loggerOptions(config.LOG_LEVEL, process.stdout.isTTY === true),
    })
    await app.listen({ host: config.HOST, port: config.PORT })
  } catch (error) {
    await close()
    throw error
  }
  const { log } = app
  closeWithGrace(
    { delay: 20_000, logger: { error: (...given: unknown[]) => log.error(given.map(String).join(' ')) } },
    async ({ err }) => {
      if (err) log.error({ err }, 'closing after an error')
      await close()
    },
  )
  return addressOf(app, config)
}

async function upgradeRows(entry: CountyEntry): Promise<void> {
  const county = openCounty(entry, { max: 1 })
  await upgrade(county).finally(() => county.driver.end({ timeout: 5 }))
}

/** Asked before the database starts, which may take a while. */
async function refuseBusyPort({ HOST: host, PORT: port }: Config): Promise<void> {
  const probe = createServer()
  await new Promise<void>((free, busy) => {
    probe.once('error', busy)
    probe.listen({ host, port }, () => probe.close(() => free()))
  })
}

function addressOf(app: FastifyInstance, { HOST: host, PORT: port }: Config): string {
  const address = app.server.address()
  const bound = typeof address === 'object' && address ? address.port : port
  const everywhere = host === '0.0.0.0' || host === '::'
  return `http://${everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${bound}/`
}
