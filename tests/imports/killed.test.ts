import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type County, openCounty } from '../../db/client.ts'
import { openSession } from '../../server/access/sessions.ts'
import { systemClock } from '../../server/kernel/clock.ts'
import { runCommand } from '../support/command.ts'
import { type Fixture, settle } from '../support/county.ts'
import { freshDatabase, testSchema } from '../support/database.ts'

// How often the server is killed and how much it imports; a few of each by default.
const kills = Number(process.env.IMPORT_KILLS ?? 2)
const rows = Number(process.env.IMPORT_KILL_ROWS ?? 3000)
const village = '古井村股份经济合作联合社'

let database: Awaited<ReturnType<typeof freshDatabase>>
let county: County
let fixture: Fixture
let data: string
let env: Record<string, string>
let origin: string
let headers: Record<string, string>
let server: ChildProcess

beforeAll(async () => {
  database = await freshDatabase()
  data = await mkdtemp(join(tmpdir(), 'panhuo-killed-'))
  county = openCounty({ dsn: database.url, schema: testSchema }, { max: 2 })
  fixture = await county.transaction({}, (tx) => settle(tx, systemClock))
  const port = await freePort()
  origin = `http://127.0.0.1:${port}`
  env = { DATABASE_URL: database.url, PANHUO_DATA: data, HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'error' }
  const limits = { idleMinutes: 600, hours: 12 }
  const device = { address: 'test', browser: 'test' }
  const session = await county.transaction({}, (tx) =>
    openSession(tx, fixture.people.zhang ?? '', systemClock.now(), limits, device),
  )
  headers = { cookie: `panhuo=${session}`, 'sec-fetch-site': 'same-origin' }
  await serve()
})
afterAll(async () => {
  await kill()
  await county.driver.end()
  await database.drop()
  await rm(data, { recursive: true, force: true })
})

it(`B10 test_retry_after_timed_out: after ${kills} kills in the middle of imports of ${rows} rows each is done once or not at all`, {
  timeout: 60_000 + kills * (30_000 + rows * 5),
}, async () => {
  const told: string[] = []
  for (let killed = 0; killed < kills; ) {
    const mark = `K${killed}`
    const sent = upload(mark).catch(() => undefined)
    await killAt(told, `${mark} read`, 0.7)
    await sent
    killed++
    const batch = await lastBatch(mark)
    if (!batch) continue
    expect(batch, told.join('; ')).toMatchObject({ state: 'checked', rows, cards: 0 })
    const post = commit(batch).catch(() => undefined)
    if (killed < kills) {
      await killAt(told, `${mark} commit`, 0.7)
      killed++
    }
    await post
    await idle()
    const after = await lastBatch(mark)
    expect([0, rows], told.join('; ')).toContain(after?.cards)
    expect(after, told.join('; ')).toMatchObject({
      state: after?.cards === rows ? 'committed' : 'checked',
      events: after?.cards === rows ? rows : 0,
      commits: after?.cards === rows ? 1 : 0,
    })
  }
  const { exit, out } = await runCommand(['verify'], { ...env, PATH: process.env.PATH ?? '' })
  expect(exit, `${told.join('; ')}\n${out}`).toBe(0)
})

/** Kills the server some time within what the work may take, starts it again and waits for the work to end. */
async function killAt(told: string[], what: string, millisecondsPerRow: number): Promise<void> {
  const at = Math.round(Math.random() * (600 + rows * millisecondsPerRow))
  told.push(`${what} after ${at} ms`)
  await pause(at)
  await kill()
  await serve()
  await idle()
}

async function serve(): Promise<void> {
  const script = fileURLToPath(new URL('../../server/cli.ts', import.meta.url))
  server = spawn(process.execPath, [script, 'serve'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  for (;;) {
    const healthy = await fetch(`${origin}/health`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (healthy) return
    if (server.exitCode !== null) throw new Error('the server did not start')
    await pause(100)
  }
}

async function kill(): Promise<void> {
  const exited = once(server, 'exit')
  if (server.exitCode !== null || !server.kill('SIGKILL')) return
  await exited
}

/** Until no job is open; one whose worker was killed is taken up when its lease is over. */
async function idle(): Promise<void> {
  for (;;) {
    const [row] = await county.transaction({}, (tx) =>
      tx.execute<{ open: number }>(sql`select count(*)::int as open from jobs where state in ('queued', 'running')`),
    )
    if (row?.open === 0) return
    await pause(200)
  }
}

async function upload(mark: string): Promise<void> {
  const lines = Array.from({ length: rows }, (_, at) => `${mark}-${at},水泵${at},${at}.5,三组仓库`)
  const form = new FormData()
  const today = systemClock.today()
  const answers = { unit: fixture.codes[village] ?? '', track: 'collective', effectiveOn: today, token: mark }
  for (const [name, value] of Object.entries(answers)) form.append(name, value)
  const text = `原资产编号,资产名称,账面原值（元）,坐落\n${lines.join('\n')}\n`
  form.append('file', new Blob([text]), `${mark}.csv`)
  await fetch(`${origin}/imports`, { method: 'POST', headers, body: form, redirect: 'manual' })
}

async function commit({ no, version }: { no: string; version: number }): Promise<void> {
  const body = new URLSearchParams({ action: 'all', version: String(version), token: no })
  await fetch(`${origin}/imports/${no}/commit`, { method: 'POST', headers, body, redirect: 'manual' })
}

type Left = { no: string; state: string; version: number; rows: number; cards: number; events: number; commits: number }

async function lastBatch(mark: string): Promise<Left | undefined> {
  const [row] = await county.transaction({}, (tx) =>
    tx.execute<Left>(sql`
      select b.no, b.state, b.version, (select count(*)::int from import_rows r where r.batch_id = b.id) as rows,
        (select count(*)::int from cards c where c.original_code like ${`${mark}-%`}) as cards,
        (select count(*)::int from events e join cards c on c.id = e.card_id where c.original_code like ${`${mark}-%`}) as events,
        (select count(*)::int from events e where e.batch_id = b.id and e.action = 'import.commit') as commits
      from import_batches b where b.file_name = ${`${mark}.csv`}`),
  )
  return row
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  await new Promise((done) => probe.close(done))
  return typeof address === 'object' && address ? address.port : 0
}
