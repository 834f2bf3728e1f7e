import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { baselineLines } from '../../db/schema/compilations.ts'
import { events } from '../../db/schema/kernel.ts'
import { additionsOf } from '../../server/inventory/baseline/queries.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards, village } from '../support/cards.ts'
import { fetched, worksheetTexts } from '../support/download.ts'
import { issueCall, linesOf, storedCount } from '../support/inventory.ts'

let test: TestApp
let zhang: Visitor
let count = { id: '', no: '' }
let address = ''
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
  await enterCards(test, [
    { name: '办公楼', cardType: 'house', acquiredOn: '1998-01-01', source: 'collective', cost: '60000.00' },
    { name: '抽水机', cardType: 'equipment', acquiredOn: '2020-05-01', source: 'government', cost: '1200.00' },
    { name: '图书', acquiredOn: '2021-05-01', source: 'donation', cost: '300.00' },
    { name: '旧桌', cost: '80.00' },
  ])
})
afterAll(() => test.close())

const census = { name: '2017年清产核资', on: '2017-12-31' }

/** A count whose baseline has these entries, and nothing matched. */
async function begin(...names: string[]) {
  const call = await issueCall(test, { units: [village], census })
  count = call.counts[village] ?? count
  address = `/inventory/counts/${count.no}/baseline`
  await test.db((tx) =>
    tx.insert(baselineLines).values(names.map((name, at) => ({ countId: count.id, no: at + 1, name }))),
  )
}

const entry = async (no: number) => {
  const rows = await test.db((tx) =>
    tx.select().from(baselineLines).where(sql`${baselineLines.countId} = ${count.id} and ${baselineLines.no} = ${no}`),
  )
  return rows[0]
}
const lineNo = async (name: string) => String((await linesOf(test, count.id)).find((line) => line.name === name)?.no)
const send = async (no: number, fields: Record<string, string>, by = zhang) =>
  by.post(`${address}/${no}`, {
    version: String((await entry(no))?.version ?? 1),
    token: crypto.randomUUID(),
    ...fields,
  })

describe('the baseline of a count', () => {
  it('shows first what has not been found, and every entry under its tab', async () => {
    await begin('村办公楼', '碾米房', '晒坝')
    await send(1, { action: 'match', line: await lineNo('办公楼') })
    await send(2, { action: 'settle', reason: '2019年经批准拆除' })
    const open = (await zhang.get(address)).body
    expect(open).toContain('晒坝')
    expect(open).not.toContain('碾米房')
    expect((await zhang.get(`${address}?show=matched`)).body).toContain('人工对应')
    expect((await zhang.get(`${address}?show=settled`)).body).toContain('2019年经批准拆除')
    const told = await test.db((tx) =>
      tx.select().from(events).where(sql`${events.countId} = ${count.id}`).orderBy(events.id),
    )
    expect(told.slice(1).map(({ action, detail }) => [action, detail.entry, detail.changes])).toEqual([
      ['count.match', 1, { 对应: { old: null, new: `第 ${await lineNo('办公楼')} 行` } }],
      ['count.settle', 2, { 去向: { old: null, new: '2019年经批准拆除' } }],
    ])
  })

  it('offers the lines most like an entry, and those searched for', async () => {
    await begin('抽水机组')
    const page = (await zhang.get(`${address}/1`)).body
    expect(page.indexOf('抽水机</')).toBeLessThan(page.indexOf('图书'))
    const found = (await zhang.get(`${address}/1?q=${encodeURIComponent('图')}`)).body
    expect(found).toContain('图书')
    expect(found).not.toContain('旧桌')
  })

  it('takes a match back, and asks for it again', async () => {
    await begin('村办公楼')
    await send(1, { action: 'match', line: await lineNo('办公楼') })
    expect((await send(1, { action: 'reopen' })).statusCode).toBe(303)
    expect(await entry(1)).toMatchObject({ lineId: null, matchedBy: null, version: 3 })
  })

  it.each([
    ['a match without a line', { action: 'match' }, '请选择对应的资产。'],
    ['a line that is not there', { action: 'match', line: '99' }, '清查单里没有第 99 行'],
    ['a settling without a reason', { action: 'settle', reason: ' ' }, '去向'],
    ['taking back what nobody said', { action: 'reopen' }, '还没有对应，也没有写去向'],
    ['a step that there is not', { action: 'toString' }, '请选择要办的事。'],
  ])('refuses %s and changes nothing', async (_what, fields, sentence) => {
    await begin('晒坝')
    const reply = await send(1, fields)
    expect([reply.statusCode, reply.body.includes(sentence)]).toEqual([422, true])
    expect(await entry(1)).toMatchObject({ version: 1, lineId: null, settledReason: null })
  })

  it('gives a line to one entry only', async () => {
    await begin('村办公楼', '办公用房')
    const line = await lineNo('办公楼')
    await send(1, { action: 'match', line })
    expect((await send(2, { action: 'match', line })).body).toContain(`第 ${line} 行办公楼已对应第 1 项村办公楼`)
  })

  it('answers a stale form with 409', async () => {
    await begin('晒坝')
    await send(1, { action: 'settle', reason: '已复垦' })
    expect((await send(1, { action: 'settle', reason: '已转让', version: '1' })).statusCode).toBe(409)
  })

  it('is read by who sees the count, decided by who counts, and not there for anybody else', async () => {
    await begin('晒坝')
    const [tian, hong] = [await test.as('tian'), await test.as('hong')]
    const seen = await tian.get(address)
    expect([seen.statusCode, seen.body.includes(`${address}/1`)]).toEqual([200, false])
    expect((await send(1, { action: 'settle', reason: '已复垦' }, tian)).statusCode).toBe(403)
    expect((await hong.get(address)).statusCode).toBe(404)
    expect((await send(1, { action: 'settle', reason: '已复垦' }, hong)).statusCode).toBe(404)
    expect(await entry(1)).toMatchObject({ settledReason: null })
  })

  it('changes no more after the count is handed in', async () => {
    await begin('晒坝')
    await test.db((tx) => tx.execute(sql`update counts set state = 'submitted' where id = ${count.id}`))
    expect((await storedCount(test, count.id)).state).toBe('submitted')
    expect((await send(1, { action: 'settle', reason: '已复垦' })).body).toContain('清查结果已经提交')
    expect((await zhang.get(`${address}/1`)).body).not.toContain('写明去向</button>')
    expect(await entry(1)).toMatchObject({ settledReason: null })
  })
})

describe('what was added since the baseline', () => {
  it('is every line without an entry and every one acquired after its day, by source', async () => {
    await begin('村办公楼', '抽水机')
    await send(1, { action: 'match', line: await lineNo('办公楼') })
    await send(2, { action: 'match', line: await lineNo('抽水机') })
    const added = await test.db((tx) => additionsOf(tx, count.id))
    expect(added.map(({ source, lines, cost, undated }) => [source, lines, cost, undated])).toEqual([
      ['government', 1, '1200.00', 0],
      ['donation', 1, '300.00', 0],
      [null, 1, '80.00', 1],
    ])
    expect((await zhang.get(address)).body).toContain('社会捐赠')
    await test.db((tx) =>
      tx.execute(sql`update count_lines set counted_quantity = book_quantity where count_id = ${count.id}`),
    )
    const { workbook } = await fetched(test, 'zhang', `/inventory/counts/${count.no}/additions.xlsx`)
    const listed = worksheetTexts(workbook)
    expect(['抽水机', '图书', '旧桌', '办公楼'].map((name) => listed.includes(name))).toEqual([true, true, true, false])
  })
})
