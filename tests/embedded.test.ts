import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEmbedded } from '../db/embedded.ts'

let dataDir: string
const start = () => startEmbedded({ dataDir, log: () => undefined, durable: false })
const cluster = () => join(dataDir, 'database/cluster')
const postmaster = () => Number(readFileSync(join(cluster(), 'postmaster.pid'), 'utf8').split('\n')[0])

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'panhuo-embedded-'))
})

afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true })
})

async function ask<T>(url: string, task: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1 })
  try {
    return await task(sql)
  } finally {
    await sql.end()
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('the embedded server', () => {
  test('starts, finds Chinese words and keeps its password to itself', async () => {
    const server = await start()
    expect(server.reused).toBe(false)
    const [row] = await ask(
      server.url,
      (sql) => sql`
      select show_trgm('村部办公楼') <> '{}' as search, current_setting('timezone') as zone,
        (select rolsuper from pg_roles where rolname = current_user) as super,
        (select array_agg(extname order by extname) from pg_extension
          where extnamespace = 'public'::regnamespace) as extensions`,
    )
    expect(row).toEqual({ search: true, zone: 'UTC', super: false, extensions: ['btree_gist', 'pg_trgm'] })
    expect(statSync(cluster()).mode & 0o777).toBe(0o700)
    expect(statSync(join(cluster(), 'access.json')).mode & 0o777).toBe(0o600)
    await expect(ask(server.url.replace(/:\w+@/, ':wrong@'), (sql) => sql`select 1`)).rejects.toThrow(/password/)
    await server.stop()
  })

  test('is shared: the last one to leave stops it', async () => {
    const first = await start()
    const second = await start()
    expect(second.reused).toBe(true)
    expect(second.url).toBe(first.url)
    const pid = postmaster()
    await second.stop()
    expect(await ask(first.url, (sql) => sql`select 1 as one`)).toHaveLength(1)
    const third = await start()
    await first.stop()
    expect(await ask(third.url, (sql) => sql`select 1 as one`)).toHaveLength(1)
    await third.stop()
    await expect.poll(() => isAlive(pid)).toBe(false)
  })

  test('two that start at once get the same server', async () => {
    const [one, other] = await Promise.all([start(), start()])
    expect(one.url).toBe(other.url)
    await Promise.all([one.stop(), other.stop()])
  })

  test('leaves the file of a server alone that is just being written', async () => {
    const path = join(cluster(), 'postmaster.pid')
    writeFileSync(path, '')
    const starting = start()
    await pause(300)
    expect(statSync(path).size).toBe(0)
    rmSync(path)
    const server = await starting
    expect(server.reused).toBe(false)
    await server.stop()
  })

  test('keeps the data when it is killed', async () => {
    const server = await start()
    await ask(server.url, (sql) => sql`create table kept as select '村部' as name`)
    const pid = postmaster()
    process.kill(pid, 'SIGKILL')
    while (isAlive(pid)) await pause(10)
    const again = await start()
    expect(again.reused).toBe(false)
    expect(await ask(again.url, (sql) => sql`select name from kept`)).toEqual([{ name: '村部' }])
    await again.stop()
    await server.stop()
  })

  test('is found again when the command that started it was killed', async () => {
    const module = new URL('../db/embedded.ts', import.meta.url).href
    const code = `
      const { startEmbedded } = await import('${module}')
      await startEmbedded({ dataDir: '${dataDir}', log: () => undefined, durable: false })
      process.stdout.write('ready')
      setInterval(() => {}, 1000)`
    const command = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(command.stdout, 'data')
    const pid = postmaster()
    command.kill('SIGKILL')
    await once(command, 'exit')
    const server = await start()
    expect(server.reused).toBe(true)
    expect(postmaster()).toBe(pid)
    await server.stop()
    // Nobody may be there to collect the orphan's process, so its port is asked.
    await expect(ask(server.url, (sql) => sql`select 1`)).rejects.toThrow(/ECONNREFUSED/)
  })

  test('survives a pid file whose number belongs to another process', async () => {
    const first = await start()
    const text = readFileSync(join(cluster(), 'postmaster.pid'), 'utf8')
    await first.stop()
    writeFileSync(join(cluster(), 'postmaster.pid'), text.replace(/^\d+/, String(process.pid)))
    const second = await start()
    expect(second.reused).toBe(false)
    await second.stop()
  })
})
