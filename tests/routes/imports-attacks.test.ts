import { readdir } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { desc, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importBatches } from '../../db/schema/imports.ts'
import { attacks } from '../imports/attacks.ts'
import { children } from '../imports/spent.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import type { Account } from '../support/county.ts'
import { type FakeS3, openFakeS3 } from '../support/fake-s3.ts'

const collective = '古井村股份经济合作联合社'
const all = Object.values(attacks).flat()

describe.each(['on disk', 'in a bucket'])('with the files %s', (where) => {
  let bucket: FakeS3 | undefined
  let test: TestApp
  let port: number
  beforeAll(async () => {
    if (where === 'in a bucket') bucket = await openFakeS3()
    test = await openTestApp(undefined, bucket ? settingsOf(bucket) : {})
    port = Number(new URL(await test.listen()).port)
  })
  afterAll(async () => {
    await test.close()
    await bucket?.close()
  })

  /** Everything that an upload could have left behind; what was refused stands in the history together with its file. */
  async function left() {
    const [found] = await test.db((tx) =>
      tx.execute<{ batches: number; files: number; rows: number; jobs: number; busy: number }>(sql`
        select (select count(*)::int from import_batches where state <> 'failed') as batches,
          (select count(*)::int from files) as files, (select count(*)::int from import_rows) as rows,
          (select count(*)::int from jobs where state in ('queued', 'running')) as jobs,
          (select count(*)::int from pg_stat_activity where datname = current_database() and xact_start is not null
            and pid <> pg_backend_pid() and backend_type = 'client backend') as busy`),
    )
    const folder = join(test.data, 'files')
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
    const stored = entries.filter((entry) => entry.isFile()).length + (bucket?.objects.size ?? 0)
    return { ...found, files: 0, loose: stored - (found?.files ?? 0), readers: children().length }
  }

  async function lastBatch() {
    const [batch] = await test.db((tx) => tx.select().from(importBatches).orderBy(desc(importBatches.id)).limit(1))
    return batch
  }

  it.each([
    ['row 1000000000', /行号 1000000000 超出工作表范围/],
    ['billion laughs in xl/workbook.xml', /DTD/],
    ['1.5 MB that inflate to 1.5 GB in xl/worksheets/sheet1.xml', /过大/],
    ['202 MB that the headers call 0 bytes', /损坏|过大/],
    ['100,000 entries', /100007 个部件，上限 5000 个/],
    ['a worksheet that is there twice', /两个/],
    ['an archive cut in half', /损坏/],
    ['a quote that never closes', /引号/],
    ['nothing but zero bytes', /空字节/],
    ['a password', /密码/],
  ])(
    '%s is refused beside the field, and leaves but its place in the history',
    { timeout: 60_000 },
    async (name, sentence) => {
      const before = await left()
      const attack = named(name)
      const visitor = await test.as('zhang')
      const reply = await visitor.upload('/imports', fields(test), { name: attack.file, bytes: await attack.make() })
      expect(reply.statusCode).toBe(422)
      expect(/id="error-file">([^<]*)</.exec(reply.body)?.[1]).toMatch(sentence)
      expect(await lastBatch()).toMatchObject({ state: 'failed', failure: expect.stringMatching(sentence) })
      await until(async () => same(await left(), before))
    },
  )

  it('a form that is refused for another reason leaves nothing either', async () => {
    const before = await left()
    const visitor = await test.as('zhang')
    const sent = fields(test, { effectiveOn: '2026-04-01' })
    const reply = await visitor.upload('/imports', sent, { name: '表.csv', bytes: ledger(3) })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('数据日期不能晚于今天')
    await until(async () => same(await left(), before))
  })

  it('a sender who hangs up in the middle of the file leaves nothing', async () => {
    const before = await left()
    const socket = await sending(test, port, ledger(50_000), 400_000)
    await until(async () => (await left()).loose > before.loose)
    socket.destroy()
    await until(async () => same(await left(), before))
  })

  it('a sender who hangs up after the file, before the rest of the form, leaves nothing', async () => {
    const before = await left()
    const bytes = ledger(3000)
    const socket = await sending(test, port, bytes, bytes.length + 150)
    await until(async () => (await left()).loose > before.loose)
    socket.destroy()
    await until(async () => same(await left(), before))
  })

  it('a sender who hangs up while the file is read, or waits to be, finds it read', { timeout: 60_000 }, async () => {
    const before = await left()
    const sockets = [await sending(test, port, ledger(4000)), await sending(test, port, ledger(5))]
    await until(async () => children().length > 0 && (await left()).batches === (before.batches ?? 0) + 2)
    for (const socket of sockets) socket.destroy()
    await until(async () => {
      const { jobs, readers, busy } = await left()
      return jobs === 0 && readers === 0 && busy === 0
    })
    const batches = await test.db((tx) => tx.select().from(importBatches).orderBy(desc(importBatches.id)).limit(2))
    expect(batches).toMatchObject([{ state: 'checked' }, { state: 'checked' }])
    expect((await left()).rows).toBe((before.rows ?? 0) + 4005)
  })

  it('many files at once are read two by two, one for each person, and pages have their connections', {
    timeout: 60_000,
  }, async () => {
    const visitors = [await test.as('zhang'), await test.as('nong')]
    const sent = Array.from({ length: 6 }, (_, at) =>
      visitors[at % 2]?.upload('/imports', fields(test), { name: `${at}.csv`, bytes: ledger(300, String(at)) }),
    )
    let most = 0
    const done = Promise.all(sent)
    const watch = setInterval(() => {
      most = Math.max(most, children().length)
    }, 10)
    expect((await visitors[0]?.get('/assets'))?.statusCode).toBe(200)
    expect((await done).map((reply) => reply?.statusCode)).toEqual([303, 303, 303, 303, 303, 303])
    clearInterval(watch)
    expect(most).toBeLessThanOrEqual(2)
  })

  it('a reader that is killed is told beside the field, and its file can be read again', {
    timeout: 60_000,
  }, async () => {
    const before = await left()
    const visitor = await test.as('zhang')
    const sent = visitor.upload('/imports', fields(test), { name: '表.csv', bytes: ledger(20_000, 'k') })
    await until(() => children().length > 0)
    for (const pid of children()) process.kill(pid, 'SIGKILL')
    const reply = await sent
    expect(reply.statusCode).toBe(422)
    expect(/id="error-file">([^<]*)</.exec(reply.body)?.[1]).toMatch(/请[^。]*。$/)
    await until(async () => same(await left(), before))
    const batch = await lastBatch()
    expect((await visitor.get(`/imports/${batch?.no}`)).body).toContain('重新读取')
    const again = await visitor.post(`/imports/${batch?.no}/read`, { version: String(batch?.version) })
    expect(again.statusCode, again.body.slice(0, 2000)).toBe(303)
    expect(await lastBatch()).toMatchObject({ no: batch?.no, state: 'checked', counts: { new: 20_000 } })
  })

  it('a server that closes ends what it reads, and reads it after its next start', { timeout: 90_000 }, async () => {
    const before = await left()
    const sockets = [
      await sending(test, port, ledger(30_000, 'a')),
      await sending(test, port, ledger(30_000, 'b'), 'nong'),
      await sending(test, port, ledger(20, 'c')),
    ]
    await until(async () => children().length === 2 && (await left()).batches === (before.batches ?? 0) + 3)
    await pause(200)
    const began = performance.now()
    await test.app.close()
    expect(performance.now() - began).toBeLessThan(5_000)
    for (const socket of sockets) socket.destroy()
    expect(children()).toEqual([])
    expect(await left()).toMatchObject({ jobs: 3, rows: before.rows, busy: 0, loose: before.loose })
    const jobs = await test.db((tx) => tx.execute(sql`select state, attempt from jobs where finished_at is null`))
    expect([...jobs]).toEqual([1, 2, 3].map(() => ({ state: 'queued', attempt: 0 })))
    const next = await test.again()
    await next.ready()
    await until(async () => (await left()).jobs === 0)
    await next.close()
    expect(await left()).toMatchObject({ batches: (before.batches ?? 0) + 3, rows: (before.rows ?? 0) + 60_020 })
    expect(await lastBatch()).toMatchObject({ state: 'checked' })
  })
})

function settingsOf({ place }: FakeS3): Record<string, string> {
  return {
    FILES_S3_ENDPOINT: place.endpoint,
    FILES_S3_BUCKET: place.bucket,
    FILES_S3_KEY: place.key,
    FILES_S3_SECRET: place.secret,
    FILES_S3_REGION: place.region,
  }
}

function named(name: string) {
  const found = all.find((attack) => attack.name === name)
  if (!found) throw new Error(`no attack ${name}`)
  return found
}

function fields(test: TestApp, more: Record<string, string> = {}): Record<string, string> {
  const unit = test.fixture.codes[collective] ?? ''
  return { unit, track: 'collective', effectiveOn: '2026-03-01', token: crypto.randomUUID(), ...more }
}

/** An ordinary table as text. */
function ledger(rows: number, mark = ''): Buffer {
  const lines = Array.from({ length: rows }, (_, at) => `YB${mark}-${at},水泵${at},${at}.5,三组仓库`)
  return Buffer.from(`原资产编号,资产名称,账面原值（元）,坐落\n${lines.join('\n')}\n`)
}

/** Sends the form as a browser does, file first, over a connection of its own; all of it, or so many bytes of the body. */
async function sending(test: TestApp, port: number, file: Buffer, part?: number | Account): Promise<Socket> {
  const bytes = typeof part === 'number' ? part : undefined
  const form = new FormData()
  form.append('file', new Blob([Uint8Array.from(file)]), '表.csv')
  for (const [name, value] of Object.entries(fields(test))) form.append(name, value)
  const request = new Request('http://localhost/', { method: 'POST', body: form })
  const body = Buffer.from(await request.arrayBuffer())
  const head = [
    'POST /imports HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    `cookie: ${await test.sessionOf(typeof part === 'string' ? part : 'zhang')}`,
    'sec-fetch-site: same-origin',
    'connection: close',
    `content-type: ${request.headers.get('content-type')}`,
    `content-length: ${body.length}`,
  ]
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  socket.write(body.subarray(0, bytes ?? body.length))
  return socket
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/** Waits until something is so; a hang is told by the test's own time. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(20)
}
