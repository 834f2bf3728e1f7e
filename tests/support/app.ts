import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { openCounty, type Tx } from '../../db/client.ts'
import { openSession } from '../../server/access/sessions.ts'
import { type AppOptions, buildApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { frozenClock } from '../../server/kernel/clock.ts'
import { type Account, type Fixture, settle } from './county.ts'
import { freshDatabase, testSchema } from './database.ts'

export type Reply = LightMyRequestResponse
export type Visitor = {
  get(url: string, options?: InjectOptions): Promise<Reply>
  /** Sends a form as a browser does: urlencoded, with the page's origin. */
  post(url: string, fields?: Record<string, string | readonly string[]>, options?: InjectOptions): Promise<Reply>
  /** Sends a form with one file, as a browser does. */
  upload(url: string, fields: Record<string, string>, file: { name: string; bytes: Uint8Array } | null): Promise<Reply>
}

/** Where jobs are worked on and how long a form waits for its own. */
export type JobOptions = Pick<AppOptions, 'jobs' | 'patience'>

/** The application on a database of its own, with the small county settled and the clock standing still. */
export async function openTestApp(
  now = '2026-03-10T02:00:00Z',
  settings: Record<string, string> = {},
  jobs: JobOptions = {},
) {
  const database = await freshDatabase()
  const clock = frozenClock(now)
  const entry = { dsn: database.url, schema: testSchema }
  const county = openCounty(entry, { max: 4 })
  const fixture = await county.transaction({}, (tx) => settle(tx, clock))
  const data = await mkdtemp(join(tmpdir(), 'panhuo-files-'))
  const config = readConfig({ PANHUO_DATA: data, ...settings })
  // However busy the machine is, a form tells how its job came out.
  const build = (other = jobs) => buildApp({ config, counties: [entry], clock, patience: 60_000, ...other })
  const app = await build()
  await app.ready()
  return {
    app,
    clock,
    county,
    fixture,
    data,
    /** Where its database is, for commands. */
    url: database.url,
    /** One transaction outside of any scope, to arrange and to look. */
    db: <T>(work: (tx: Tx) => Promise<T>) => county.transaction({}, work),
    visitor: () => visitorOf(app, undefined),
    /** The same application on the same data, as after a restart. */
    again: build,
    /** Serves on a free port of this machine and gives the address for a browser. */
    listen: () => app.listen({ host: '127.0.0.1', port: 0 }),
    as: async (account: Account): Promise<Visitor> =>
      visitorOf(app, await signInDirectly(account, county, fixture, clock.now())),
    /** The cookie of a session somebody is signed in with. */
    sessionOf: (account: Account) => signInDirectly(account, county, fixture, clock.now()),
    close: async () => {
      await app.close()
      await county.driver.end()
      await database.drop()
      await rm(data, { recursive: true, force: true })
    },
  }
}

export type TestApp = Awaited<ReturnType<typeof openTestApp>>

async function signInDirectly(account: Account, county: ReturnType<typeof openCounty>, fixture: Fixture, now: Date) {
  const id = await county.transaction({}, (tx) =>
    openSession(
      tx,
      fixture.people[account] ?? '',
      now,
      { idleMinutes: 30, hours: 12 },
      { address: 'test', browser: 'test' },
    ),
  )
  return `panhuo=${id}`
}

function visitorOf(app: FastifyInstance, cookie: string | undefined): Visitor {
  const headers = { host: 'localhost', ...(cookie ? { cookie } : {}) }
  return {
    get: (url, options = {}) =>
      app.inject({ ...options, method: 'GET', url, headers: { ...headers, ...options.headers } }),
    post: (url, fields = {}, options = {}) => {
      const body = new URLSearchParams()
      for (const [name, value] of Object.entries(fields)) {
        for (const one of typeof value === 'string' ? [value] : value) body.append(name, one)
      }
      return app.inject({
        ...options,
        method: 'POST',
        url,
        payload: body.toString(),
        headers: {
          ...headers,
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-site': 'same-origin',
          ...options.headers,
        },
      })
    },
    upload: async (url, fields, file) => {
      const form = new FormData()
      for (const [name, value] of Object.entries(fields)) form.append(name, value)
      if (file) form.append('file', new Blob([Uint8Array.from(file.bytes)]), file.name)
      const request = new Request('http://localhost/', { method: 'POST', body: form })
      return app.inject({
        method: 'POST',
        url,
        payload: Buffer.from(await request.arrayBuffer()),
        headers: {
          ...headers,
          'content-type': request.headers.get('content-type') ?? '',
          'sec-fetch-site': 'same-origin',
        },
      })
    },
  }
}
