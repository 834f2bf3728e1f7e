import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { counts } from '../../db/schema/inventory.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards, village } from '../support/cards.ts'
import { type IssuedCall, issueCall, linesOf, storedCount } from '../support/inventory.ts'

let test: TestApp
let zhang: Visitor
let call: IssuedCall
let place: string
let countId: string
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
})
afterAll(() => test.close())
let round = 0
beforeEach(async () => {
  round += 1
  await enterCards(test, [
    { name: '课桌', quantity: '40', cost: '8000.00', location: '旧校舍' },
    { name: '村部', cardType: 'house', floorArea: '220.00', cost: '310000.00', location: `${round} 组` },
  ])
  call = await issueCall(test)
  countId = call.counts[village]?.id ?? ''
  place = `/inventory/counts/${call.counts[village]?.no}`
})

const row = (fields: Record<string, string>) => ({ from: 'row', version: '1', ...fields })
const htmx = { headers: { 'hx-request': 'true', 'hx-request-type': 'partial' } }

async function lineOf(name: string) {
  const line = (await linesOf(test, countId)).filter((one) => one.name === name).at(-1)
  if (!line) throw new Error(`no ${name}`)
  return line
}

describe('a row of the count', () => {
  it('is counted as booked when it is sent blank', async () => {
    const { no } = await lineOf('课桌')
    const reply = await zhang.post(
      `${place}/lines/${no}`,
      row({ counted: '', 'change.usage': 'in_use', missingReason: '' }),
    )
    expect([reply.statusCode, reply.headers.location]).toEqual([303, `${place}#line-${no}`])
    expect(await lineOf('课桌')).toMatchObject({
      countedQuantity: '40.000',
      missingQuantity: '0.000',
      countedName: '张会计',
    })
  })

  it('keeps the loss with its reason, and shares the value out', async () => {
    const { no } = await lineOf('课桌')
    const short = await zhang.post(`${place}/lines/${no}`, row({ counted: '37' }))
    expect(short.statusCode).toBe(422)
    expect(short.body).toContain('少了 3，请写明盘亏原因。')
    await zhang.post(`${place}/lines/${no}`, row({ counted: '37', missingReason: '借给邻村未还' }))
    expect(await lineOf('课桌')).toMatchObject({
      missingQuantity: '3.000',
      missingCost: '600.00',
      missingReason: '借给邻村未还',
    })
  })

  it('sends what is more than booked to the surplus', async () => {
    const { no } = await lineOf('课桌')
    const reply = await zhang.post(`${place}/lines/${no}`, row({ counted: '42' }), htmx)
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('多出的 2 请登记盘盈')
    expect(reply.body).toContain('value="42"')
    expect(reply.body.trimStart().startsWith('<tr')).toBe(true)
  })

  it('refuses a count below nothing', async () => {
    const { no } = await lineOf('课桌')
    const reply = await zhang.post(`${place}/lines/${no}`, row({ counted: '-1' }))
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('清查数不能小于 0。')
  })

  it('shows the second of two what the first has saved, and keeps what was typed', async () => {
    const { no } = await lineOf('课桌')
    await zhang.post(`${place}/lines/${no}`, row({ counted: '39', missingReason: '一张散架' }))
    const late = await (await test.as('zhen')).post(
      `${place}/lines/${no}`,
      row({ counted: '38', missingReason: '少两张' }),
      htmx,
    )
    expect(late.statusCode).toBe(422)
    expect(late.body).toContain('张会计刚保存了这一行：清查数 39')
    expect(late.body).toContain('value="38"')
    expect(late.body).toContain('name="version" value="2"')
    expect(await lineOf('课桌')).toMatchObject({ countedQuantity: '39.000' })
  })

  it('lets many be counted as booked at once, and leaves what was counted before', async () => {
    const [desks, hall] = [await lineOf('课桌'), await lineOf('村部')]
    await zhang.post(`${place}/lines/${desks.no}`, row({ counted: '39', missingReason: '一张散架' }))
    await zhang.post(`${place}/booked`, { lines: [String(desks.no), String(hall.no)] })
    expect(await lineOf('课桌')).toMatchObject({ countedQuantity: '39.000' })
    expect(await lineOf('村部')).toMatchObject({ countedQuantity: '1.000' })
  })
})

describe('the page of one line', () => {
  it('takes what is otherwise than booked, and nothing that is as booked', async () => {
    const { no } = await lineOf('村部')
    const page = await zhang.get(`${place}/lines/${no}`)
    expect(page.body).toContain('value="220.00"')
    expect(page.body).not.toContain('name="change.cost"')
    const reply = await zhang.post(`${place}/lines/${no}`, {
      version: '1',
      counted: '',
      'change.usage': 'idle',
      'change.floorArea': '220',
      'change.location': '古井村一组',
      condition: 'damaged',
      action: 'save',
    })
    expect([reply.statusCode, reply.headers.location]).toEqual([303, place])
    const line = await lineOf('村部')
    expect(line.changes).toEqual({
      usage: { old: 'in_use', new: 'idle' },
      location: { old: `${round} 组`, new: '古井村一组' },
    })
    expect(line.condition).toBe('damaged')
  })

  it('cannot be told of a part of what cannot be divided', async () => {
    const { no } = await lineOf('村部')
    const reply = await zhang.post(`${place}/lines/${no}`, { version: '1', counted: '0.5', missingReason: '塌了一半' })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('没有写数量')
  })

  it('takes one outcome for a single thing, with its reason', async () => {
    const { no } = await lineOf('村部')
    const bare = await zhang.post(`${place}/lines/${no}`, { version: '1', outcome: 'scrap', reason: '' })
    expect(bare.statusCode).toBe(422)
    expect(bare.body).toContain('id="error-reason"')
    await zhang.post(`${place}/lines/${no}`, { version: '1', outcome: 'scrap', reason: 'D 级危房' })
    expect(await lineOf('村部')).toMatchObject({
      countedQuantity: '1.000',
      scrapQuantity: '1.000',
      scrapCost: '310000.00',
      scrapReason: 'D 级危房',
    })
  })

  it('leads to the next line that is left', async () => {
    const { no } = await lineOf('村部')
    const reply = await zhang.post(`${place}/lines/${no}`, { version: '1', action: 'next' })
    expect(reply.headers.location).toBe(`${place}/lines/${no + 1}`)
  })

  it('is not there for another village', async () => {
    const { no } = await lineOf('村部')
    const hong = await test.as('hong')
    expect((await hong.get(`${place}/lines/${no}`)).statusCode).toBe(404)
    expect((await hong.post(`${place}/lines/${no}`, row({ counted: '1' }))).statusCode).toBe(404)
    expect((await hong.get(place)).statusCode).toBe(404)
  })

  it('is found by the code of its label, typed or scanned', async () => {
    const line = await lineOf('村部')
    for (const code of [line.code, `http://192.168.1.8:3000/assets/${line.code}`]) {
      const reply = await zhang.get(`${place}/find?code=${encodeURIComponent(code ?? '')}`)
      expect(reply.headers.location).toBe(`${place}/lines/${line.no}`)
    }
    const unknown = await zhang.get(`${place}/find?code=51092399999999`)
    expect(unknown.statusCode).toBe(422)
    expect(unknown.body).toContain('没有编号 51092399999999 的资产')
  })
})

describe('a surplus', () => {
  const found = { name: '旧水泵', cardType: 'equipment', quantity: '1', foundOn: '2026-03-09', remark: '库房里找到' }

  it('goes by papers, appraisal, replacement cost and one yuan, each with why not by the one before', async () => {
    const bare = await zhang.post(`${place}/surplus`, { ...found, valueBasis: 'replacement', cost: '300' })
    expect(bare.statusCode).toBe(422)
    expect(bare.body).toContain('请写明为什么不能按有关凭据、评估值计价。')
    const reply = await zhang.post(`${place}/surplus`, {
      ...found,
      valueBasis: 'nominal',
      valueNote: '没有凭据，没有市场价',
    })
    expect(reply.statusCode).toBe(303)
    expect(await lineOf('旧水泵')).toMatchObject({
      surplusCost: '1.00',
      surplusQuantity: '1.000',
      bookQuantity: '0.000',
    })
  })

  it('cannot have been found tomorrow', async () => {
    const reply = await zhang.post(`${place}/surplus`, {
      ...found,
      foundOn: '2026-03-11',
      valueBasis: 'papers',
      cost: '300',
    })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('发现日期不能晚于今天')
    expect(reply.body).toContain('旧水泵')
  })

  it('is dropped again', async () => {
    await zhang.post(`${place}/surplus`, { ...found, name: '看错的', valueBasis: 'papers', cost: '300' })
    const { no } = await lineOf('看错的')
    await zhang.post(`${place}/lines/${no}/drop`, { version: '1' })
    expect((await linesOf(test, countId)).some(({ name }) => name === '看错的')).toBe(false)
  })
})

describe('handing in', () => {
  it('waits until every line is counted, and then nothing can be counted any more', async () => {
    const version = String((await storedCount(test, countId)).version)
    const early = await zhang.post(`${place}/steps`, { action: 'submit', version })
    expect(early.statusCode).toBe(422)
    expect(early.body).toMatch(/还有 \d+ 项没有盘点。/)
    const lines = await linesOf(test, countId)
    for (let from = 0; from < lines.length; from += 50) {
      await zhang.post(`${place}/booked`, { lines: lines.slice(from, from + 50).map(({ no }) => String(no)) })
    }
    const handed = await zhang.post(`${place}/steps`, { action: 'submit', version })
    expect(handed.headers.location).toBe(place)
    expect((await storedCount(test, countId)).state).toBe('submitted')
    const { no, version: stored } = await lineOf('村部')
    const late = await zhang.post(`${place}/lines/${no}`, {
      version: String(stored),
      counted: '0',
      missingReason: '塌了',
    })
    expect(late.statusCode).toBe(422)
    expect(late.body).toContain('清查结果已经提交，不能再改')
    expect((await lineOf('村部')).countedQuantity).toBe('1.000')
  })
})

describe('what is returned', () => {
  it('names single lines with their reasons, and shows what is otherwise the next time', async () => {
    const nong = await test.as('nong')
    const lines = await linesOf(test, countId)
    for (let from = 0; from < lines.length; from += 50) {
      await zhang.post(`${place}/booked`, { lines: lines.slice(from, from + 50).map(({ no }) => String(no)) })
    }
    await test.db((tx) => tx.update(counts).set({ remindedAt: test.clock.now() }).where(eq(counts.id, countId)))
    await zhang.post(`${place}/steps`, { action: 'submit', version: await versionNow() })
    // Who was pressed has answered.
    expect(await storedCount(test, countId)).toMatchObject({ state: 'submitted', remindedAt: null })
    const { no } = await lineOf('课桌')
    expect((await nong.get(`${place}/return?lines=${no}`)).body).toContain(`name="line.${no}"`)
    const bare = await nong.post(`${place}/return`, {
      version: await versionNow(),
      [`line.${no}`]: '',
      comment: '请补',
    })
    expect(bare.statusCode).toBe(422)
    expect(bare.body).toContain(`请填写第 ${no} 项的理由。`)
    await nong.post(`${place}/return`, {
      version: await versionNow(),
      [`line.${no}`]: '现场只有 30 张',
      comment: '请重新清点',
    })
    expect(await storedCount(test, countId)).toMatchObject({ state: 'counting', round: 2 })
    const giveUp = { action: 'cancel', version: await versionNow(), comment: '不盘了' }
    expect((await nong.post(`${place}/steps`, giveUp)).body).toContain('该单位提交过清查结果')
    const page = await zhang.get(`${place}?show=returned`)
    expect(page.body).toContain('退回：现场只有 30 张')
    const again = await zhang.post(`${place}/steps`, { action: 'submit', version: await versionNow() })
    expect(again.body).toContain('退回的 1 项还没有重新盘点。')
    const { version } = await lineOf('课桌')
    await zhang.post(`${place}/lines/${no}`, {
      version: String(version),
      from: 'row',
      counted: '30',
      missingReason: '早年报废未销账',
    })
    await zhang.post(`${place}/steps`, { action: 'submit', version: await versionNow() })
    const different = await nong.get(`${place}?show=again`)
    expect(different.body).toContain('课桌')
    expect(different.body).not.toContain('村部')
  })
})

async function versionNow(): Promise<string> {
  return String((await storedCount(test, countId)).version)
}
