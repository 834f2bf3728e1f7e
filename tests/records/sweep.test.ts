import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allKeys } from '../../server/access/actor-for.ts'
import { asSystem } from '../../server/access/system.ts'
import { frozenClock } from '../../server/kernel/clock.ts'
import { openFileStore } from '../../server/records/file-store.ts'
import type { FileStore } from '../../server/records/files.ts'
import { keptUntil } from '../../server/records/paper-kinds.ts'
import { sweepFiles, sweepRows } from '../../server/records/sweep.ts'
import { filesBroken } from '../../server/verify/papers.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards } from '../support/cards.ts'
import { addBasis, pdf } from '../support/papers.ts'

let test: TestApp
let zhang: Visitor
let store: FileStore
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
  store = openFileStore(join(test.data, 'files'))
})
afterAll(() => test.close())

async function withdrawn(card: string, kind: string, text: string): Promise<string> {
  const said = { card, kind, title: text, token: crypto.randomUUID() }
  await zhang.upload('/papers', said, { name: 'a.pdf', bytes: pdf(text) })
  const [row] = await test.db((tx) =>
    tx.execute<{ id: string; sha256: string }>(sql`select id, sha256 from papers where title = ${text}`),
  )
  await zhang.post(`/papers/${row?.id}/withdraw`, { version: '1', reason: '传错了' })
  return row?.sha256 ?? ''
}

const titles = async () =>
  [...(await test.db((tx) => tx.execute<{ title: string }>(sql`select title from papers order by id`)))].map(
    ({ title }) => title,
  )

async function sweep(on: string, dry = false) {
  const clock = frozenClock(`${on}T02:00:00Z`)
  const rows = await test.db(async (tx) => sweepRows(tx, asSystem(clock, await allKeys(tx))))
  return { ...rows, files: await Array.fromAsync(sweepFiles(test.county, store, asSystem(clock), dry)) }
}

describe('how long a paper is kept', () => {
  const paper = { kind: 'photo', issuedOn: null, addedOn: '2026-03-10', cards: [], contractYears: 30 }
  it.each([
    ['with its card', { cards: [{ disposedOn: null }] }, null],
    ['five years after its card', { cards: [{ disposedOn: '2026-05-01' }] }, '2031-05-01'],
    ['from a leap day', { cards: [{ disposedOn: '2028-02-29' }] }, '2033-03-01'],
    ['as long as the last of its cards', { cards: [{ disposedOn: '2026-05-01' }, { disposedOn: null }] }, null],
    ['five years where there is no card', {}, '2032-01-01'],
    ['thirty years from the year after', { kind: 'voucher' }, '2057-01-01'],
    ['thirty years, and with its card', { kind: 'handover', cards: [{ disposedOn: null }] }, null],
    ['the county’s years for contracts', { kind: 'contract', contractYears: 40 }, '2067-01-01'],
    ['for good', { kind: 'annual' }, null],
    ['for good when its kind is unknown', { kind: 'x' }, null],
  ] as const)('%s', (_, change, until) => {
    expect(keptUntil({ ...paper, ...change })).toBe(until)
  })
})

describe('sweeping', () => {
  it('clears a withdrawn paper with its bytes when its years are over, and not a day before', async () => {
    const [card = ''] = await enterCards(test, [{ name: '旧桌子', usage: 'disposed' }])
    const sha256 = await withdrawn(card, 'other', '期满')
    await zhang.upload('/papers', { card, kind: 'other', title: '在用' }, { name: 'a.pdf', bytes: pdf('use') })
    expect(await sweep('2026-03-11')).toMatchObject({ papers: [], submissions: 0 })
    expect(await sweep('2031-02-28')).toMatchObject({ papers: [], submissions: 1 })
    expect(await titles()).toEqual(['期满', '在用'])
    expect((await sweep('2031-03-01')).papers).toEqual(['期满'])
    expect(await titles()).toEqual(['在用'])
    expect(await store.has(sha256)).toBe(false)
    const [event] = await test.db((tx) =>
      tx.execute(sql`select actor_name, comment from events where action = 'card.paper-clear'`),
    )
    expect(event).toEqual({ actor_name: '系统', comment: '期满' })
  })

  it('counts the years from the day it was in China', async () => {
    const [card = ''] = await enterCards(test, [{ name: '旧椅子', usage: 'disposed' }])
    await withdrawn(card, 'voucher', '跨年')
    await test.db((tx) => tx.execute(sql`update papers set created_at = '2026-12-31T17:00:00Z' where title = '跨年'`))
    expect((await sweep('2057-01-01')).papers).not.toContain('跨年')
    expect((await sweep('2058-01-01')).papers).toContain('跨年')
  })

  it('never clears what a document rests on', async () => {
    const [card = ''] = await enterCards(test, [{ name: '旧校舍', cardType: 'house', usage: 'idle' }])
    const town = '蓬莱镇人民政府'
    const said = { reason: '不清', proposedOwner: town, proposedTrack: 'state', claimant1: town, claim1: '出资' }
    const reply = await zhang.post('/determinations', { cards: card, ...said })
    const no = String(reply.headers.location).split('/')[2] ?? ''
    await addBasis(zhang, no)
    await zhang.post(`/determinations/${no}/steps`, { action: 'submit', version: '1' })
    await test.db((tx) =>
      tx.execute(sql`update papers set withdrawn_at = now(), withdrawn_reason = 'x' where title = '建设批复'`),
    )
    expect((await sweep('2099-01-01')).papers).not.toContain('建设批复')
    expect(await titles()).toContain('建设批复')
  })

  it('clears bytes that no row speaks of after the grace', async () => {
    const { sha256 } = await store.keep(Readable.from(['left over']))
    const today = new Date().toISOString().slice(0, 10)
    expect((await sweep(today)).files).not.toContain(sha256)
    const path = join(test.data, 'files', sha256.slice(0, 2), sha256.slice(2, 4), sha256)
    await utimes(path, 0, 0)
    expect((await sweep(today, true)).files).toContain(sha256)
    expect(await store.has(sha256)).toBe(true)
    expect(await sweep(today)).toMatchObject({ files: [sha256] })
    expect(await store.has(sha256)).toBe(false)
  })

  it('does not take away bytes that somebody is just bringing again', async () => {
    const { sha256, size } = await store.keep(Readable.from(['brought again']))
    await utimes(join(test.data, 'files', sha256.slice(0, 2), sha256.slice(2, 4), sha256), 0, 0)
    let sweeping: Promise<unknown> = Promise.resolve()
    await test.db(async (tx) => {
      await tx.execute(sql`insert into files (sha256, size, created_at) values (${sha256}, ${size}, now())`)
      sweeping = sweep(new Date().toISOString().slice(0, 10))
      await new Promise((soon) => setTimeout(soon, 300))
    })
    await sweeping
    expect(await store.has(sha256)).toBe(true)
  })
})

it('verify names files that are missing or have changed', async () => {
  const { sha256, size } = await store.keep(Readable.from(['verified']))
  await test.db((tx) =>
    tx.execute(sql`insert into files (sha256, size, created_at) values (${sha256}, ${size}, now())`),
  )
  const broken = (all: boolean) => test.db((tx) => filesBroken(tx, store, '2026-03-10', all))
  const mine = async (all = false) => (await broken(all)).filter((line) => line.startsWith(sha256))
  expect(await broken(true)).toEqual([])
  await test.db((tx) => tx.execute(sql`update files set size = 3 where sha256 = ${sha256}`))
  expect(await mine()).toEqual([`${sha256}：${size} 字节，应为 3 字节`])
  await test.db((tx) => tx.execute(sql`update files set size = ${size} where sha256 = ${sha256}`))
  const path = join(test.data, 'files', sha256.slice(0, 2), sha256.slice(2, 4), sha256)
  await writeFile(path, 'verifieD')
  expect([await mine(), await mine(true)]).toEqual([[], [`${sha256}：内容已变`]])
  await store.remove(sha256)
  expect(await mine()).toEqual([`${sha256}：没有文件`])
})
