import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { counts } from '../../db/schema/inventory.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards, village } from '../support/cards.ts'
import { issueCall, storedCall, storedCount } from '../support/inventory.ts'

const agency = '蓬莱镇农业综合服务中心'

let test: TestApp
let nong: Visitor
let zhang: Visitor
beforeAll(async () => {
  test = await openTestApp()
  nong = await test.as('nong')
  zhang = await test.as('zhang')
  await enterCards(test, [{ name: '会议桌' }, { name: '文件柜' }])
})
afterAll(() => test.close())

const notice = {
  ...{ title: '春季清查', baseOn: '2026-03-05', dueOn: '2026-03-20', compileOn: '2026-03-31', baseline: 'register' },
}

function drafted(fields: Record<string, string | string[]> = {}) {
  const own = { by: `${test.fixture.units[agency]}-collective`, units: [test.fixture.units[village] ?? ''] }
  return nong.post('/inventory/calls', { ...notice, ...own, token: crypto.randomUUID(), ...fields })
}

describe('a call', () => {
  it('is drafted, seen by its issuer alone, issued, and then counted by its units', async () => {
    const form = await nong.get('/inventory/calls/new')
    expect(form.body).toMatch(new RegExp(`value="${test.fixture.units[village]}" checked`))
    expect(form.body).toContain('2 张卡片')
    expect(form.body).not.toContain('石桥村股份经济合作联合社')
    const reply = await drafted()
    expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
    const place = String(reply.headers.location)
    expect((await zhang.get(place)).statusCode).toBe(404)
    expect((await nong.get(`${place}/edit`)).body).toContain('value="春季清查"')
    const issued = await nong.post(`${place}/steps`, { action: 'issue', version: '1', token: crypto.randomUUID() })
    expect(issued.statusCode, issued.body.slice(0, 2000)).toBe(303)
    const chart = (await nong.get(place)).body
    expect(chart).toContain('还没有开始')
    expect(chart).toContain('0/2')
    expect((await zhang.get('/inventory')).body).toContain('还有 2 项没有盘点')
    expect((await zhang.get(place)).body).not.toContain('要催的')
    expect((await nong.get(`${place}/edit`)).statusCode).toBe(422)
  })

  it.each<[string, Record<string, string | string[]>, string]>([
    ['a base day to come', { baseOn: '2026-03-11' }, '清查基准日不能晚于今天 2026-03-10'],
    ['a term before the base day', { dueOn: '2026-03-01' }, '单位提交时限不能早于基准日'],
    ['a census without name', { baseline: 'census' }, '请写明以哪次清查为基准'],
    ['no unit', { units: [] }, '请至少选定一个要清查的单位'],
    ['no title', { title: '' }, '请填写通知标题'],
    ['another issuer', { by: '1-state' }, '不是这个单位、这类资产的牵头或县级'],
  ])('is refused with %s, and every answer kept', async (_name, fields, sentence) => {
    const reply = await drafted({ note: '逐件盘点', ...fields })
    expect([reply.statusCode, reply.body.includes(sentence)]).toEqual([422, true])
    expect(reply.body).toContain('逐件盘点')
  })

  it('calls no unit of another township', async () => {
    const reply = await drafted({ units: [test.fixture.units.石桥村股份经济合作联合社 ?? ''] })
    expect([reply.statusCode, reply.body.includes('选定的单位里有不归您清查的')]).toEqual([422, true])
  })

  it('names whom to call about what is late, and reminds those that are ticked', async () => {
    const call = await issueCall(test)
    const count = call.counts[village] ?? { id: '', no: '' }
    test.clock.set('2026-03-23T01:00:00Z')
    const late = await test.as('nong')
    const page = (await late.get(`/inventory/calls/${call.no}?tab=press`)).body
    expect(page).toMatch(new RegExp(`>${village}</a>[\\s\\S]*?晚了 3 天[\\s\\S]*?张会计`))
    const none = await late.post(`/inventory/calls/${call.no}/remind`, { token: crypto.randomUUID() })
    expect([none.statusCode, none.body.includes('请选择还没有提交的单位')]).toEqual([422, true])
    const sent = { codes: count.no, comment: '请本周内提交', token: crypto.randomUUID() }
    expect((await late.post(`/inventory/calls/${call.no}/remind`, sent)).statusCode).toBe(303)
    expect((await storedCount(test, count.id)).remindedAt).not.toBeNull()
    expect((await (await test.as('zhang')).get('/inventory')).body).toContain('已催办')
    test.clock.set('2026-03-10T01:00:00Z')
  })

  it('is not cancelled without a reason, and not seen from another township', async () => {
    const call = await issueCall(test)
    const cancel = { action: 'cancel', version: '2', token: crypto.randomUUID() }
    const silent = await nong.post(`/inventory/calls/${call.no}/steps`, cancel)
    expect([silent.statusCode, silent.body.includes('请写明')]).toEqual([422, true])
    expect((await storedCall(test, call.id)).state).toBe('open')
    expect((await (await test.as('shi')).get(`/inventory/calls/${call.no}`)).statusCode).toBe(404)
  })

  it('is told on the card, and waits on the workbench of who counts and who checks', async () => {
    const [code = ''] = await enterCards(test, [{ name: '打谷机' }])
    const call = await issueCall(test)
    const count = call.counts[village] ?? { id: '', no: '' }
    const card = (await zhang.get(`/assets/${code}`)).body
    expect(card).toMatch(new RegExp(`href="/inventory/counts/${count.no}/lines/\\d+"[\\s\\S]*?未盘`))
    expect((await zhang.get('/')).body).toContain('清查：待盘点')
    expect((await nong.get('/')).body).not.toContain('清查：待审核')
    await test.db((tx) => tx.update(counts).set({ state: 'submitted' }).where(eq(counts.id, count.id)))
    expect((await nong.get('/')).body).toContain('清查：待审核')
  })
})
