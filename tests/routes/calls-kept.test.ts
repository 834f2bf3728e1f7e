import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { counts } from '../../db/schema/inventory.ts'
import { events } from '../../db/schema/kernel.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards, village } from '../support/cards.ts'
import { counted, type IssuedCall, issueCall, linesOf, noticed, stepped } from '../support/inventory.ts'

const other = '红林村股份经济合作联合社'
const station = '蓬莱镇派出所'
const office = '蓬莱镇农业综合服务中心'

let test: TestApp
let nong: Visitor
beforeAll(async () => {
  test = await openTestApp()
  await enterCards(test, [{ name: '会议桌' }, { name: '文件柜' }])
})
beforeEach(async () => {
  await on('2026-03-10')
})
afterAll(() => test.close())

/** Puts the clock on a day; who stayed signed in before has gone. */
async function on(day: string): Promise<void> {
  test.clock.set(`${day}T01:00:00Z`)
  nong = await test.as('nong')
}

const of = (call: IssuedCall, unit = village) => call.counts[unit] ?? { id: '', no: '' }
const chart = async (call: IssuedCall, query = '', as = nong) =>
  (await as.get(`/inventory/calls/${call.no}?tab=progress${query}`)).body
/** The row of a unit on the wall chart, or among those to be pressed. */
const rowOf = (page: string, unit = village) => page.split('<tr').find((row) => row.includes(`>${unit}</a>`)) ?? ''

function send(visitor: Visitor, place: string, fields: Record<string, string | string[]>) {
  return visitor.post(place, { token: crypto.randomUUID(), ...fields })
}

async function handIn(call: IssuedCall): Promise<string> {
  const { id } = of(call)
  for (const { no } of await linesOf(test, id)) await counted(test, 'zhang', { countId: id, no })
  await stepped(test, 'zhang', id, 'submit')
  return id
}

describe('more time for a unit', () => {
  it('is given by the lead that issued, told on the count in one event, and the first day stays to be seen', async () => {
    const call = await issueCall(test)
    const place = `/inventory/counts/${of(call).no}/deadline`
    expect(rowOf(await chart(call))).toContain(`href="${place}"`)
    expect((await nong.get(`/inventory/calls/${call.no}?tab=press`)).body).toContain(`href="${place}?from=press"`)
    expect((await nong.get(`${place}?from=press`)).body).toContain('2026-03-20')
    const reply = await send(nong, place, { dueOn: '2026-04-10', reason: '道路不通', from: 'press' })
    expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
    expect(reply.headers.location).toBe(`/inventory/calls/${call.no}?tab=press`)
    await send(nong, place, { dueOn: '2026-04-15', reason: '会计住院' })
    const told = await test.db((tx) =>
      tx
        .select()
        .from(events)
        .where(eq(events.countId, of(call).id)),
    )
    expect(told.filter(({ action }) => action === 'deadline.extend').map(({ comment }) => comment)).toEqual([
      '道路不通',
      '会计住院',
    ])
    for (const page of [await chart(call), (await nong.get(place)).body]) {
      expect(page).toContain('原 3月20日，延至 4月15日：会计住院')
    }
    const own = `/inventory/counts/${of(call).no}`
    expect((await nong.get(own)).body).toContain(`href="${place}?from=count"`)
    const seen = (await (await test.as('zhang')).get(own)).body
    expect(seen).toContain('原 3月20日，延至 4月15日：会计住院')
    expect(seen).not.toContain('/deadline')
  })

  it.each<[string, Record<string, string>, string]>([
    ['a day that is not later', { dueOn: '2026-03-20' }, '时限已是 2026-03-20，请写更晚的日期'],
    ['a day that is over', { dueOn: '2026-03-21' }, '延长后是 2026-03-21，已经过了，请写今天或之后的日期'],
    ['no reason', { reason: ' ' }, '请填写理由'],
    ['no day', { dueOn: '' }, '请填写延长到哪天'],
    ['half a day', { dueOn: '2026-04' }, '延长到哪天要写到日'],
  ])('is refused with %s, and what was written kept', async (_name, fields, sentence) => {
    const call = await issueCall(test)
    await on('2026-03-23')
    const reply = await send(nong, `/inventory/counts/${of(call).no}/deadline`, {
      ...{ dueOn: '2026-04-10', reason: '道路不通' },
      ...fields,
    })
    expect([reply.statusCode, reply.body.includes(sentence)]).toEqual([422, true])
    expect(reply.body).toContain(fields.reason ? 'value="2026-04-10"' : (fields.dueOn ?? '2026-04-10'))
  })

  it('is given to a stationed unit by the township that called it', async () => {
    const call = await issueCall(test, { by: 'cai', track: 'state', units: [station] })
    const place = `/inventory/counts/${of(call, station).no}/deadline`
    const reply = await send(await test.as('cai'), place, { dueOn: '2026-04-10', reason: '出警' })
    expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
    expect(rowOf(await chart(call, '', await test.as('cai')), station)).toContain('2026-04-10')
  })

  it('is not given to who has handed in, nor by who did not issue', async () => {
    const call = await issueCall(test, { by: 'tian', issuer: '大英县农业农村局' })
    const place = `/inventory/counts/${of(call).no}/deadline`
    const asked = { dueOn: '2026-04-10', reason: '道路不通' }
    expect([(await nong.get(place)).statusCode, (await send(nong, place, asked)).statusCode]).toEqual([403, 403])
    expect(rowOf(await chart(call))).not.toContain('/deadline')
    await handIn(call)
    const tian = await test.as('tian')
    const late = await send(tian, place, asked)
    expect([late.statusCode, late.body.includes('不用再延长时限')]).toEqual([422, true])
  })
})

describe('units called later', () => {
  it('are chosen among those not called yet, and have their counts at once', async () => {
    const call = await issueCall(test)
    const place = `/inventory/calls/${call.no}/units`
    const form = (await nong.get(place)).body
    expect(form).toContain(other)
    expect(form).not.toContain(`value="${test.fixture.units[village]}"`)
    const none = await send(nong, place, { version: '2' })
    expect([none.statusCode, none.body.includes('请选择要增加的单位')]).toEqual([422, true])
    const units = [test.fixture.units[other] ?? '']
    expect((await send(nong, place, { version: '1', units })).statusCode).toBe(409)
    expect((await send(nong, place, { version: '2', units })).statusCode).toBe(303)
    expect(rowOf(await chart(call), other)).toContain('还没有开始')
    expect((await nong.get(place)).body).not.toContain(`value="${units[0]}"`)
    expect((await nong.get(`/inventory/calls/${call.no}?tab=notice`)).body).toContain('增加清查单位')
  })

  it('are told about the day that is over, and not added by who did not issue or to what is closed', async () => {
    const call = await issueCall(test)
    await on('2026-03-23')
    expect((await nong.get(`/inventory/calls/${call.no}/units`)).body).toContain('2026-03-20 已过')
    const county = await issueCall(test, { by: 'tian', issuer: '大英县农业农村局' })
    const units = [test.fixture.units[other] ?? '']
    const theirs = `/inventory/calls/${county.no}/units`
    expect([
      (await nong.get(theirs)).statusCode,
      (await send(nong, theirs, { version: '2', units })).statusCode,
    ]).toEqual([403, 403])
    await send(nong, `/inventory/calls/${call.no}/steps`, { action: 'cancel', version: '2', comment: '重新发出' })
    expect((await nong.get(`/inventory/calls/${call.no}/units`)).statusCode).toBe(422)
  })
})

describe('the wall chart', () => {
  it('has a column for each step with the day it was reached, and says how long is left for the next', async () => {
    const call = await issueCall(test)
    expect(await chart(call)).toMatch(/提交<\/th>[\s\S]*审核<\/th>[\s\S]*公示<\/th>[\s\S]*确认<\/th>[\s\S]*汇总<\/th>/)
    expect(rowOf(await chart(call))).toMatch(/<progress[^>]*value="0"[\s\S]*?0\/[\s\S]*?还有 10 天/)
    await on('2026-03-12')
    await handIn(call)
    const row = rowOf(await chart(call))
    expect(row).toMatch(/待审核[\s\S]*?3月10日[\s\S]*?value="100"[\s\S]*?data-step="提交" title="2026-03-12">3月12日/)
    expect(row).toMatch(/data-step="审核"><[^>]*>还有/)
    await stepped(test, 'nong', of(call).id, 'return', {}, '请复核')
    // What was handed in before has come back: no longer reached.
    expect(rowOf(await chart(call))).not.toContain('3月12日')
    expect(rowOf(await chart(call))).toContain('已退回')
  })

  it('has no public notice for what is the state’s', async () => {
    const call = await issueCall(test, { by: 'cai', track: 'state', units: [office] })
    expect(await chart(call, '', await test.as('cai'))).not.toMatch(/公示<\/th>|确认<\/th>/)
  })

  it('takes 无资产 for an answer, never for not begun', async () => {
    const call = await issueCall(test, { units: [other, village] })
    expect(rowOf(await chart(call), other)).toContain('还没有开始')
    expect(rowOf((await nong.get(`/inventory/calls/${call.no}?tab=press`)).body, other)).not.toContain('无资产')
    const said = { nothing: 'yes', version: '1' }
    const reply = await send(await test.as('hong'), `/inventory/counts/${of(call, other).no}/nothing`, said)
    expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
    const page = await chart(call)
    // The village has not begun, and is alone in that.
    expect(page).toMatch(/还没有开始<[\s\S]{0,120}?>1\s*<small>个/)
    expect(rowOf(page, other)).toMatch(/无资产<[\s\S]*无资产</)
    expect(rowOf(page, other)).not.toMatch(/还没有开始|盘点中/)
    expect(rowOf((await nong.get(`/inventory/calls/${call.no}?tab=press`)).body, other)).toContain('已写明无资产')
  })

  it('is sorted by progress and by day through the address', async () => {
    const call = await issueCall(test, { units: [village, other] })
    await counted(test, 'zhang', { countId: of(call).id, no: 1 })
    await send(nong, `/inventory/counts/${of(call).no}/deadline`, { dueOn: '2026-04-10', reason: '道路不通' })
    const first = async (sort: string) => {
      const page = await chart(call, `&sort=${sort}`)
      return page.indexOf(`>${village}</a>`) < page.indexOf(`>${other}</a>`) ? village : other
    }
    expect([await first('progress'), await first('-progress')]).toEqual([other, village])
    expect([await first('due'), await first('-due')]).toEqual([other, village])
    expect(await chart(call, '&sort=due')).toMatch(/aria-sort="ascending"><[^>]*href="[^"]*sort=-due[^"]*tab=progress/)
    expect((await nong.get(`/inventory/calls/${call.no}?sort=constructor`)).statusCode).toBe(200)
  })

  it('marks what is late in its row', async () => {
    const call = await issueCall(test)
    await on('2026-03-23')
    const row = rowOf(await chart(call))
    expect([row.startsWith(' class="is-danger"'), row.includes('晚了 3 天')]).toEqual([true, true])
  })
})

describe('whom to press', () => {
  const press = async (call: IssuedCall) => (await nong.get(`/inventory/calls/${call.no}?tab=press`)).body

  it('are also those whose notice is over and not confirmed; they can be reminded', async () => {
    const call = await issueCall(test)
    await noticed(test, 'zhang', village, of(call))
    await test.db((tx) =>
      tx
        .update(counts)
        .set({ state: 'noticed' })
        .where(eq(counts.id, of(call).id)),
    )
    expect(await press(call)).toContain('没有要催的单位')
    await test.db((tx) =>
      tx.execute(
        sql`update public_notices set starts_on = '2026-03-01', ends_on = '2026-03-08' where count_id = ${of(call).id}`,
      ),
    )
    const row = rowOf(await press(call))
    expect(row).toContain('公示 3月8日已期满，还没有登记成员确认')
    expect(row).toContain(`href="/inventory/counts/${of(call).no}/confirm"`)
    expect(rowOf(await chart(call))).toContain('公示已期满')
    const sent = { codes: of(call).no, comment: '请开会表决' }
    expect((await send(nong, `/inventory/calls/${call.no}/remind`, sent)).statusCode).toBe(303)
    expect(rowOf(await press(call))).toContain('已催办')
  })

  it('are also checks that are late, each with who checks', async () => {
    const call = await issueCall(test)
    await handIn(call)
    expect(rowOf(await press(call))).toBe('')
    await on('2026-04-20')
    const row = rowOf(await press(call))
    expect(row).toMatch(/晚了 \d+ 个工作日[\s\S]*?镇牵头[\s\S]*?去审核/)
    expect(row).not.toContain('name="codes"')
    expect((await send(nong, `/inventory/calls/${call.no}/remind`, { codes: of(call).no })).statusCode).toBe(422)
  })
})
