import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cards, cardVersions } from '../../db/schema/assets.ts'
import { events } from '../../db/schema/kernel.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { storedCard } from '../support/cards.ts'

let test: TestApp
let zhang: Visitor
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
})
afterAll(() => test.close())

const office = {
  name: '村委会办公楼',
  track: 'collective',
  cardType: 'house',
  ownerUnit: '古井村股份经济合作联合社',
  cost: '2,000,000',
  depreciation: '300000.5',
  floorArea: '400',
  landArea: '200',
  acquiredOn: '2017',
  usage: 'in_use',
  effectiveOn: '2026-03-01',
}

async function enter(visitor: Visitor, fields: Record<string, string>): Promise<string> {
  const reply = await visitor.post('/assets', { ...fields, token: crypto.randomUUID() })
  expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
  return String(reply.headers.location).split('/')[2] ?? ''
}

const cardOf = (code: string) => storedCard(test, code)

describe('entering a card', () => {
  it('writes the card and one event, with exact figures and the year it knows', async () => {
    const card = await cardOf(await enter(zhang, office))
    expect(card).toMatchObject({
      cost: '2000000.00',
      depreciation: '300000.50',
      netValue: '1699999.50',
      acquiredOn: '2017-01-01',
      acquiredPrecision: 'year',
      divisionCode: '510923100210',
      idleArea: null,
      version: 1,
    })
    const written = await test.db((tx) => tx.select().from(events).where(eq(events.cardId, card.id)))
    expect(written.map(({ action, actorName }) => [action, actorName])).toEqual([['card.create', '张会计']])
  })

  it('shows what the books say once they say something', async () => {
    const silent = await zhang.get(`/assets/${await enter(zhang, office)}`)
    expect([silent.body.includes('财务入账'), silent.body.includes('位置与规模')]).toEqual([false, true])
    const booked = { ...office, booked: '已入账', bookedOn: '2018', voucherNo: '记-12' }
    const told = await zhang.get(`/assets/${await enter(zhang, booked)}`)
    expect([told.body.includes('财务入账日期'), told.body.includes('房屋信息')]).toEqual([true, false])
  })

  it('asks a vehicle for its plate and keeps it in versions, timeline and page', async () => {
    const form = await zhang.get('/assets/new?type=vehicle')
    expect(form.body).toContain('name="plate"')
    expect(form.body).not.toContain('name="floors"')
    const vehicle = {
      ...office,
      name: '垃圾清运车',
      cardType: 'vehicle',
      plate: '川J12345',
      licensedOn: '2019-6',
      staffing: '在编',
    }
    const code = await enter(zhang, vehicle)
    expect((await cardOf(code)).details).toEqual({ plate: '川J12345', licensedOn: '2019-06', staffing: '在编' })
    const edit = await zhang.post(`/assets/${code}`, { ...vehicle, plate: '川J54321', version: '1' })
    expect(edit.statusCode, edit.body.slice(0, 1500)).toBe(303)
    const page = await zhang.get(`/assets/${code}`)
    expect(page.body).toContain('车辆信息')
    expect(page.body).toMatch(/车牌号<\/span> <del>川J12345<\/del> → <ins>川J54321<\/ins>/)
    const refused = await zhang.post('/assets', { ...vehicle, licensedOn: '去年', staffing: '编外' })
    expect(refused.body).toContain('行驶证注册日期写不成日期')
    expect(refused.body).toContain('请从列表中选择编制情况。')
    const other = await zhang.post(`/assets/${code}`, {
      ...office,
      name: '垃圾清运车',
      cardType: 'equipment',
      brand: '东风',
      version: '2',
    })
    expect(other.statusCode).toBe(303)
    expect((await cardOf(code)).details).toMatchObject({ plate: '川J54321', brand: '东风' })
  })

  it('shows every problem beside its field and keeps the answers', async () => {
    const reply = await zhang.post('/assets', {
      ...office,
      name: '',
      cost: '约三万',
      floorArea: '-4',
      acquiredOn: '2017-13',
    })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('<title>错误:')
    for (const text of ['请填写资产名称。', '账面原值不是数字', '建筑面积不能小于 0。', '写不成日期']) {
      expect(reply.body.split(text).length - 1, text).toBe(2)
    }
    expect(reply.body).toContain('value="约三万"')
    expect(await test.db((tx) => tx.select().from(cards).where(eq(cards.cost, '0')))).toEqual([])
  })

  it('refuses a unit that someone else keeps', async () => {
    const reply = await zhang.post('/assets', { ...office, ownerUnit: '红林村股份经济合作联合社' })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('您不经办该单位的集体资产')
  })

  it('does once what a double click sends twice', async () => {
    const token = crypto.randomUUID()
    const fields = { ...office, name: '双击的卡片', token }
    const replies = await Promise.all([zhang.post('/assets', fields), zhang.post('/assets', fields)])
    expect(new Set(replies.map((reply) => reply.headers.location)).size).toBe(1)
    expect(await test.db((tx) => tx.select().from(cards).where(eq(cards.name, '双击的卡片')))).toHaveLength(1)
  })
})

describe('editing a card', () => {
  it('keeps the old state as a version up to the effective day', async () => {
    const code = await enter(zhang, { ...office, name: '原古井小学' })
    const reply = await zhang.post(`/assets/${code}`, {
      ...office,
      name: '原古井小学',
      usage: 'idle',
      idleSince: '2026-03',
      version: '1',
      effectiveOn: '2026-03-05',
      comment: '学校合并',
      token: crypto.randomUUID(),
    })
    expect(reply.statusCode, reply.body.slice(0, 1500)).toBe(303)
    const card = await cardOf(code)
    expect(card).toMatchObject({
      usage: 'idle',
      idleSince: '2026-03-01',
      idlePrecision: 'month',
      version: 2,
      validFrom: '2026-03-05',
    })
    const versions = await test.db((tx) => tx.select().from(cardVersions).where(eq(cardVersions.cardId, card.id)))
    expect(versions).toMatchObject([{ version: 1, usage: 'in_use', validFrom: '2026-03-01', validTo: '2026-03-05' }])
    const [, edit] = await test.db((tx) =>
      tx.select().from(events).where(eq(events.cardId, card.id)).orderBy(events.id),
    )
    expect(edit).toMatchObject({
      action: 'card.edit',
      comment: '学校合并',
      effectiveOn: '2026-03-05',
      detail: { changes: { usage: { old: 'in_use', new: 'idle' }, idleSince: { old: null, new: '2026-03' } } },
    })
    const page = await zhang.get(`/assets/${code}`)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('学校合并')
  })

  it('shows places and figures in its form as people write them', async () => {
    const form = await zhang.get(`/assets/${await enter(zhang, { ...office, name: '表单', quantity: '1.50' })}/edit`)
    expect(form.body).toMatch(/name="division"[^>]*value="古井村委会"/)
    expect(form.body).toMatch(/name="quantity"[^>]*value="1\.5"/)
  })

  it('answers a stale version with what someone else saved', async () => {
    const code = await enter(zhang, { ...office, name: '两人同改' })
    const cai = await test.as('nong')
    const first = await cai.post(`/assets/${code}`, { ...office, name: '两人同改', remark: '先改', version: '1' })
    expect(first.statusCode).toBe(303)
    const second = await zhang.post(`/assets/${code}`, { ...office, name: '两人同改', remark: '后改', version: '1' })
    expect(second.statusCode).toBe(409)
    expect(second.body).toContain('先改')
    expect(second.body).toContain('后改')
    expect((await cardOf(code)).remark).toBe('先改')
  })

  it('lets one of many simultaneous edits win and writes one event for it', async () => {
    const code = await enter(zhang, { ...office, name: '同时修改' })
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        zhang.post(`/assets/${code}`, { ...office, name: '同时修改', remark: `第${index}次`, version: '1' }),
      ),
    )
    expect(replies.map((reply) => reply.statusCode).filter((status) => status === 303)).toHaveLength(1)
    expect(replies.filter((reply) => reply.statusCode === 409)).toHaveLength(11)
    const card = await cardOf(code)
    expect(card.version).toBe(2)
    expect(await test.db((tx) => tx.select().from(events).where(eq(events.cardId, card.id)))).toHaveLength(2)
  })

  it('refuses a day before the last change, after today, and a new owner', async () => {
    const code = await enter(zhang, { ...office, name: '日期' })
    const early = await zhang.post(`/assets/${code}`, {
      ...office,
      name: '日期二',
      version: '1',
      effectiveOn: '2026-02-28',
    })
    expect(early.body).toContain('生效日期不能早于上一次变动的 2026-03-01')
    const late = await zhang.post(`/assets/${code}`, {
      ...office,
      name: '日期二',
      version: '1',
      effectiveOn: '2026-03-11',
    })
    expect(late.body).toContain('生效日期不能晚于今天 2026-03-10')
    const owner = await zhang.post(`/assets/${code}`, {
      ...office,
      name: '日期',
      version: '1',
      ownerUnit: '古井村村民委员会',
    })
    expect(owner.body).toContain('只能通过“权属界定”改变')
    expect([early, late, owner].map((reply) => reply.statusCode)).toEqual([422, 422, 422])
    expect((await cardOf(code)).version).toBe(1)
  })
})

describe('who sees a card', () => {
  it.each(['/assets/999', '/assets/51092300000000x', '/determinations/1', '/imports/x'])(
    'nobody finds %s',
    async (path) => {
      expect((await zhang.get(path)).statusCode).toBe(404)
    },
  )

  it.each([
    ['zhang', 200],
    ['nong', 200],
    ['tian', 200],
    ['deng', 200],
    ['ji', 200],
    ['zhen-ling', 200],
    ['hong', 404],
    ['shi', 404],
    ['cai', 404],
    ['long', 404],
    ['ju', 404],
    ['xi', 403],
    ['shen', 403],
  ] as const)('%s gets %i', async (account, status) => {
    const code = await enter(zhang, { ...office, name: `给${account}看` })
    const visitor = await test.as(account)
    expect((await visitor.get(`/assets/${code}`)).statusCode).toBe(status)
    const list = await visitor.get(`/assets?q=${encodeURIComponent(`给${account}看`)}`)
    expect(list.body.includes(code)).toBe(status === 200)
  })
})

describe('the list', () => {
  it('finds two characters anywhere in the name, sorts, pages by key and adds up', async () => {
    const shi = await test.as('shi')
    const owner = '石桥村股份经济合作联合社'
    for (let index = 0; index < 53; index++) {
      await enter(shi, { ...office, ownerUnit: owner, name: `山坪塘${index}`, cost: `${index + 1}`, depreciation: '' })
    }
    const first = await shi.get('/assets?q=坪塘&sort=-cost')
    expect(first.statusCode).toBe(200)
    expect(first.body).toContain('山坪塘52')
    expect(first.body).not.toContain('山坪塘0<')
    expect(first.body).toContain('1,431.00')
    const next = /href="(\/assets\?[^"]*after=[^"]*)"/.exec(first.body)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const second = await shi.get(next)
    expect(second.body).toContain('山坪塘0<')
    expect(second.body).not.toContain('山坪塘52')
    const back = /href="(\/assets\?[^"]*before=[^"]*)"/.exec(second.body)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect((await shi.get(back)).body).toContain('山坪塘52')
  })

  it('gives the track a column only where there are two', async () => {
    const headed = async (visitor: Visitor, query = '') =>
      /<th[^>]*>\s*属性/.test((await visitor.get(`/assets${query}`)).body)
    const nong = await test.as('nong')
    expect([await headed(zhang), await headed(zhang, '?track=state'), await headed(nong)]).toEqual([true, false, false])
  })

  it('sends only the results when htmx asks for a part', async () => {
    const reply = await zhang.get('/assets?q=办公楼', {
      headers: { 'hx-request': 'true', 'hx-request-type': 'partial' },
    })
    expect(reply.body).not.toContain('<html')
    expect(reply.body).toContain('村委会办公楼')
    expect(reply.headers.vary).toContain('HX-Request-Type')
  })
})
