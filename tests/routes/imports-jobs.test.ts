import { setTimeout as pause } from 'node:timers/promises'
import { desc, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importBatches } from '../../db/schema/imports.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { type Cell, ledger, threeAssets } from '../support/workbook.ts'

// A server that takes jobs and one that works on them, so that a test can look in between.

const collective = '古井村股份经济合作联合社'

let test: TestApp
let worker: Awaited<ReturnType<TestApp['again']>> | undefined
let zhang: Visitor
let nong: Visitor
beforeAll(async () => {
  test = await openTestApp(undefined, {}, { jobs: 'none', patience: 0 })
  zhang = await test.as('zhang')
  nong = await test.as('nong')
})
afterAll(async () => {
  await worker?.close()
  await test.close()
})

const three = () => ledger(threeAssets.map((row) => row.with(2, `${crypto.randomUUID().slice(0, 8)}-${row[0]}`)))

async function upload(visitor = zhang, bytes?: Uint8Array): Promise<string> {
  const unit = test.fixture.codes[collective] ?? ''
  const fields = { unit, track: 'collective', effectiveOn: '2026-03-01', token: crypto.randomUUID() }
  const reply = await visitor.upload('/imports', fields, { name: '古井村台账.xlsx', bytes: bytes ?? (await three()) })
  expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
  return String(reply.headers.location).split('/')[2] ?? ''
}

async function batchOf(no: string) {
  const [batch] = await test.db((tx) =>
    tx.select().from(importBatches).where(sql`${importBatches.no} = ${no}`).orderBy(desc(importBatches.id)),
  )
  if (!batch) throw new Error(`no batch ${no}`)
  return batch
}

async function send(no: string, what: string, visitor = zhang, more: Record<string, string> = {}) {
  return visitor.post(`/imports/${no}/${what}`, { version: String((await batchOf(no)).version), ...more })
}

/** Works on what is in the queue until nothing is. */
async function workOff(): Promise<void> {
  worker = await test.again({ jobs: 'here' })
  await worker.ready()
  while ((await open()) > 0) await pause(20)
  await worker.close()
  worker = undefined
}

async function open(): Promise<number> {
  const [row] = await test.db((tx) =>
    tx.execute<{ open: number }>(sql`select count(*)::int as open from jobs where state in ('queued', 'running')`),
  )
  return row?.open ?? 0
}

describe('an upload', () => {
  it('that takes longer than a person waits shows how far it is, and its place in the queue', async () => {
    const [first, second] = [await upload(), await upload(nong)]
    const page = await zhang.get(`/imports/${second}`)
    expect(page.body).toContain('排队等待办理')
    expect(page.body).toContain('前面还有 1 个')
    expect(page.body).toContain('<noscript><meta http-equiv="refresh"')
    await test.db((tx) =>
      tx.execute(sql`update jobs set state = 'running', worker = 'w', lease_until = now() + interval '1 minute',
        started_at = now() - interval '30 seconds', progress = '{"phase": "正在读取", "rows": 1200, "of": 4000, "share": 0.3}'
        where batch_id = (select id from import_batches where no = ${first})`),
    )
    const part = await zhang.get(`/imports/${first}/progress`, { headers: { 'hx-request-type': 'partial' } })
    expect(part.body).toContain('正在读取：1,200 / 4,000 行')
    expect(part.body).toContain('约还需 2 分钟')
    expect(part.body).toMatch(/<progress [^>]*value="30"/)
    expect(part.body).not.toContain('<html')
    const { body } = await zhang.get('/imports')
    expect(body).toContain('读取中 30%')
    expect(body).toContain('排队（前面 1 个）')
    await test.db((tx) => tx.execute(sql`update jobs set lease_until = now() - interval '1 second' where worker = 'w'`))
    await workOff()
    const gone = await zhang.get(`/imports/${first}/progress`, { headers: { 'hx-request': 'true' } })
    expect(gone.headers['hx-refresh']).toBe('true')
    expect((await zhang.get(`/imports/${first}`)).body).toContain('全部导入（3 行）')
    expect(await batchOf(second)).toMatchObject({ state: 'checked' })
  })

  it('can be given up while it waits, and read after all', async () => {
    const no = await upload()
    const cancelled = await send(no, 'cancel')
    expect(cancelled.headers.location).toBe('/imports')
    expect(await batchOf(no)).toMatchObject({ state: 'cancelled' })
    expect((await zhang.get(`/imports/${no}`)).body).toContain('重新读取')
    expect((await send(no, 'read')).statusCode).toBe(303)
    await workOff()
    expect(await batchOf(no)).toMatchObject({ state: 'checked', counts: { new: 3 } })
  })

  it('can be given up while it is read', { timeout: 60_000 }, async () => {
    const rows = Array.from({ length: 20_000 }, (_, at): Cell[] => [at, `泵${at}`, `GU-${at}`, '一组', '', 1, '', ''])
    const no = await upload(zhang, await ledger(rows))
    worker = await test.again({ jobs: 'here' })
    await worker.ready()
    while ((await batchOf(no)).state !== 'reading') await pause(10)
    const reply = await send(no, 'cancel')
    expect(reply.headers.location).toBe(`/imports/${no}`)
    while ((await open()) > 0) await pause(20)
    await worker.close()
    expect(await batchOf(no)).toMatchObject({ state: 'cancelled', counts: {} })
  })

  it('of one file by two people at the same moment keeps both', async () => {
    const bytes = await three()
    const numbers = await Promise.all([upload(zhang, bytes), upload(nong, bytes), upload(zhang, bytes)])
    expect(new Set(numbers).size).toBe(3)
    await workOff()
    for (const no of numbers) expect(await batchOf(no)).toMatchObject({ state: 'checked' })
  })

  it('is refused to somebody who has twenty waiting, and nobody else', async () => {
    const no = await upload()
    const many = sql`insert into jobs (kind, person_id, created_at)
      select 'other', ${test.fixture.people.zhang}, now() from generate_series(2, 20)`
    await test.db((tx) => tx.execute(many))
    const unit = test.fixture.codes[collective] ?? ''
    const fields = { unit, track: 'collective', effectiveOn: '2026-03-01', token: crypto.randomUUID() }
    const reply = await zhang.upload('/imports', fields, { name: '台账.xlsx', bytes: await three() })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('您已有 20 个导入没有办完')
    const others = await upload(nong)
    await test.db((tx) => tx.execute(sql`delete from jobs where kind = 'other'`))
    await workOff()
    for (const one of [no, others]) expect(await batchOf(one)).toMatchObject({ state: 'checked' })
  })

  it('of a file that cannot be read stands in the history with the reason, and only its own people may read it again', async () => {
    const no = await upload(zhang, new TextEncoder().encode('今天开会讨论了办公楼的事情'))
    await workOff()
    const page = await zhang.get(`/imports/${no}`)
    expect(page.body).toContain('未读成')
    expect(page.body).toContain('不是表格文件')
    expect(page.body).toContain('重新读取')
    const seen = await (await test.as('tian')).get(`/imports/${no}`)
    expect(seen.body).toContain('不是表格文件')
    expect(seen.body).not.toContain('>重新读取<')
  })

  it('is not read for somebody who has lost the role meanwhile', async () => {
    const no = await upload()
    const ids = sql`person_id = ${test.fixture.people.zhang}`
    await test.db((tx) => tx.execute(sql`update memberships set valid_to = '2026-03-01' where ${ids}`))
    await workOff()
    await test.db((tx) => tx.execute(sql`update memberships set valid_to = null where ${ids}`))
    expect(await batchOf(no)).toMatchObject({ state: 'failed', failure: expect.stringContaining('不再经办') })
  })
})

describe('a commit', () => {
  it('is asked for once, whoever presses how often', async () => {
    const no = await upload()
    await workOff()
    const version = String((await batchOf(no)).version)
    const same = { action: 'all', version, token: crypto.randomUUID() }
    const replies = await Promise.all(
      [zhang, zhang, nong].map((visitor, at) =>
        visitor.post(`/imports/${no}/commit`, at < 2 ? same : { ...same, token: 'x' }),
      ),
    )
    const [one, other, third] = replies.map(({ statusCode }) => statusCode)
    expect([one, other]).toEqual(third === 422 ? [303, 303] : [422, 422])
    const refused = replies.find(({ statusCode }) => statusCode === 422)
    expect(refused?.body).toContain('这批数据正在办理，请等它办完再操作。')
    expect(await open()).toBe(1)
    for (const what of ['mapping', 'read', 'commit']) expect((await send(no, what, nong)).statusCode).toBe(422)
    await workOff()
    expect(await batchOf(no)).toMatchObject({ state: 'committed' })
    const [made] = await test.db((tx) =>
      tx.execute(
        sql`select count(*)::int as cards from events where action = 'card.import' and detail -> 'document' ->> 'no' = ${no}`,
      ),
    )
    expect(made).toEqual({ cards: 3 })
  })

  it('that is stopped leaves the batch as it was reviewed', async () => {
    const no = await upload()
    await workOff()
    expect((await send(no, 'commit', zhang, { action: 'all' })).statusCode).toBe(303)
    const reply = await send(no, 'cancel')
    expect(reply.headers.location).toBe(`/imports/${no}`)
    expect(await batchOf(no)).toMatchObject({ state: 'checked' })
    expect((await zhang.get(`/imports/${no}`)).body).toContain('全部导入（3 行）')
  })

  it('that a rule refuses leaves the batch as it was reviewed, and says why', async () => {
    const no = await upload(zhang, await ledger([[1, '', 'KONG-1', '一组', '2010', 'X', null, null], ...threeAssets]))
    await workOff()
    expect((await send(no, 'commit', zhang, { action: 'all' })).statusCode).toBe(303)
    await workOff()
    expect(await batchOf(no)).toMatchObject({ state: 'checked' })
    expect((await zhang.get(`/imports/${no}`)).body).toContain('上次没有办成：还有 1 行有错')
  })
})
