import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { savedViews } from '../../db/schema/views.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import type { Account } from '../support/county.ts'
import { fillRegister } from '../support/register.ts'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
  await test.db((tx) => fillRegister(tx, test.clock, test.fixture))
})
beforeEach(() => test.db((tx) => tx.delete(savedViews)))
afterAll(() => test.close())

const houses = '/assets?columns=name%2Ccost&sort=-cost&type=house'

const get = async (account: Account, url: string) => (await test.as(account)).get(url)
const post = async (account: Account, url: string, fields: Record<string, string>) =>
  (await test.as(account)).post(url, { token: crypto.randomUUID(), ...fields })
const save = (name: string, from = houses, account: Account = 'zhang') => post(account, '/views', { name, from })
const stored = () => test.db((tx) => tx.select().from(savedViews).orderBy(savedViews.id))
const named = async (name: string) => (await stored()).find((view) => view.name === name)
const views = (body: string) =>
  [...body.matchAll(/<a class="app-view( is-current)?" href="\/views\/(\d+)"[^>]*>([^<]*)</g)].map(
    ([, current, id, name]) => ({ current: Boolean(current), id, name }),
  )
const plain = (html: string) => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

describe('a view of the list', () => {
  it('keeps conditions, order and columns under a name and leads back to them', async () => {
    const zhang = await test.as('zhang')
    const saved = await zhang.post('/views', { name: ' 房屋按原值 ', from: houses, token: 'one' })
    expect([saved.statusCode, saved.headers.location]).toEqual([303, houses])
    const page = await zhang.get(houses)
    expect(page.body).toContain('已存为常用视图“房屋按原值”。')
    expect(views(page.body)).toEqual([{ current: true, id: expect.any(String), name: '房屋按原值' }])
    const [view] = views((await zhang.get('/assets')).body)
    expect(view?.current).toBe(false)
    expect((await zhang.get(`/views/${view?.id}`)).headers.location).toBe(houses)
  })

  it('is saved from the address that the list itself offers, without the place in it', async () => {
    const { body } = await get('zhang', '/assets?type=house&after=abc&sort=-cost&q=%E5%B0%8F%E5%AD%A6&asOf=')
    const from = /name="from" value="([^"]*)"/.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect(from).toBe('/assets?q=%E5%B0%8F%E5%AD%A6&sort=-cost&type=house')
    await save('小学', from)
    await save('当天', '/assets?asOf=2026-01-31&before=abc&after=x&usage=')
    expect((await stored()).map(({ query }) => query)).toEqual([from.slice('/assets?'.length), 'asOf=2026-01-31'])
  })

  it('may be the list as it is', async () => {
    expect((await save('全部', '/assets')).headers.location).toBe('/assets')
    expect(views((await get('zhang', '/assets')).body)).toMatchObject([{ current: true, name: '全部' }])
  })

  it('is saved once, however often the form is sent', async () => {
    const zhang = await test.as('zhang')
    const form = { name: '房屋', from: houses, token: 'twice' }
    const replies = await Promise.all([zhang.post('/views', form), zhang.post('/views', form)])
    expect(replies.map(({ statusCode }) => statusCode)).toEqual([303, 303])
    expect(await stored()).toHaveLength(1)
  })

  it.each([
    ['', houses, '请填写名称。'],
    ['字'.repeat(31), houses, '名称最多 30 个字，现在有 31 个。'],
    ['甲\u0000', houses, '名称里有无法保存的字符'],
    ['甲', '/audit?q=1', '请回到列表，从那里保存常用视图。'],
    ['甲', 'https://example.test/assets', '请回到列表，从那里保存常用视图。'],
    ['甲', '/assets?type=castle', '条件“资产类别”里的“castle”台账已不认得'],
    ['甲', '/assets?columns=nmae', '台账没有“nmae”这一栏'],
    ['甲', '/assets?evil=1', '台账已没有“evil”这个条件'],
  ])('named %j of %s is refused, with the name kept', async (name, from, sentence) => {
    const reply = await save(name, from)
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain(sentence)
    if (name === '甲') expect(reply.body).toContain('value="甲"')
    expect(await stored()).toEqual([])
  })

  it('of a name that is taken can be put in its place', async () => {
    await save('房屋')
    const again = await save('房屋', '/assets?usage=idle')
    expect(again.statusCode).toBe(422)
    expect(plain(again.body)).toContain('已有名为“房屋”的常用视图，请换一个名称，或在下面覆盖它。')
    expect(plain(again.body)).toMatch(/使用状况：闲置.*资产类别：房屋，按原值降序，2 个栏目.*覆盖“房屋”/)
    const { id, version } = (await named('房屋')) ?? { id: '', version: 0 }
    expect(again.body).toContain(`action="/views/${id}"`)
    const over = { name: '房屋', from: '/assets?usage=idle', conditions: 'present', version: String(version) }
    expect((await post('zhang', `/views/${id}`, over)).headers.location).toBe('/assets?usage=idle')
    expect(await stored()).toMatchObject([{ id, query: 'usage=idle', version: version + 1 }])
  })

  it('is one of thirty at most, also when several are saved at once', async () => {
    for (let at = 1; at <= 29; at++) await save(`视图 ${at}`)
    const zhang = await test.as('zhang')
    const several = ['甲', '乙', '丙', '丁'].map((name) => zhang.post('/views', { name, from: houses, token: name }))
    const answers = (await Promise.all(several)).map(({ statusCode }) => statusCode)
    expect(answers.sort()).toEqual([303, 422, 422, 422])
    expect(await stored()).toHaveLength(30)
    const full = await save('再一个')
    expect([full.statusCode, plain(full.body)]).toEqual([422, expect.stringContaining('常用视图最多 30 个')])
    const { body } = await get('zhang', '/assets')
    expect(views(body)).toHaveLength(12)
    expect(plain(body)).toContain('还有 18 个')
    expect((await save('别人的', houses, 'hong')).statusCode).toBe(303)
  })

  it('stands on the page of the list when it is the present one, however many there are', async () => {
    for (let at = 1; at <= 14; at++) await save(`视图 ${at}`, `/assets?q=${at}`)
    const shown = views((await get('zhang', '/assets?q=14')).body)
    expect(shown).toHaveLength(12)
    expect(shown.at(-1)).toMatchObject({ name: '视图 14', current: true })
  })
})

describe('a view that no longer fits', () => {
  const plant = async (query: string) => {
    const personId = test.fixture.people.zhang ?? ''
    const now = test.clock.now()
    const values = { personId, list: '/assets', name: '旧', query, createdAt: now, updatedAt: now }
    await test.db((tx) => tx.insert(savedViews).values(values))
    return (await named('旧'))?.id
  }

  it.each([
    [
      'type=castle&usage=idle',
      '/assets?usage=idle',
      '条件“资产类别”里的“castle”台账已不认得，已去掉。请核对后重新保存。',
    ],
    ['colour=red', '/assets', '台账已没有“colour”这个条件，已去掉。'],
    ['columns=name,height&type=house', '/assets?columns=name&type=house', '台账没有“height”这一栏'],
    ['columns=plate', '/assets', '“车牌号”不是每类资产都有的栏目'],
  ])('opens with a sentence: %s', async (query, location, sentence) => {
    const zhang = await test.as('zhang')
    const reply = await zhang.get(`/views/${await plant(query)}`)
    expect([reply.statusCode, reply.headers.location]).toEqual([303, location])
    const page = await zhang.get(location)
    expect([page.statusCode, page.body.includes(sentence)]).toEqual([200, true])
    expect((await zhang.get('/views')).statusCode).toBe(200)
  })

  it.each([
    ['town=510923199000', '已没有代码为 510923199000 的乡镇，请重新选择乡镇。'],
    ['unit=510923199000X01', '已没有编码为 510923199000X01 的单位'],
    ['asOf=2027-01-01', '时点不能晚于今天'],
  ])('whose place or day is gone is told by the list: %s', async (query, sentence) => {
    const zhang = await test.as('zhang')
    const { headers } = await zhang.get(`/views/${await plant(query)}`)
    const page = await zhang.get(String(headers.location))
    expect([page.statusCode, plain(page.body)]).toEqual([422, expect.stringContaining(sentence)])
  })

  it('of a list that is gone is not there', async () => {
    const id = await plant('')
    await test.db((tx) => tx.execute(sql`update saved_views set list = '/gone'`))
    expect((await get('zhang', `/views/${id}`)).statusCode).toBe(404)
    expect((await get('zhang', '/views')).statusCode).toBe(200)
    expect((await get('zhang', `/views/${id}/edit`)).statusCode).toBe(200)
  })
})

describe('the page of all views', () => {
  it('tells what each shows, in words', async () => {
    const unit = test.fixture.codes.古井村股份经济合作联合社
    await save('全套', `/assets?q=校舍&town=510923100000&unit=${unit}&asOf=2026-01-31&sort=name&columns=code`)
    await save('全部', '/assets')
    const { body } = await get('zhang', '/views')
    const words =
      '含“校舍”，乡镇：蓬莱镇，权属单位：古井村股份经济合作联合社，时点：2026-01-31，按资产名称升序，1 个栏目'
    expect(plain(body)).toContain(words)
    expect(plain(body)).toContain('没有条件，默认栏目')
    expect(plain(body)).toContain('2 / 30')
  })

  it('renames, and gives a view the conditions one comes from', async () => {
    await save('房屋')
    const { id } = (await named('房屋')) ?? { id: '' }
    const edit = await get('zhang', `/views/${id}/edit?from=${encodeURIComponent('/assets?usage=idle')}`)
    expect(plain(edit.body)).toMatch(/保持不变 资产类别：房屋.*改成资产台账现在的条件 使用状况：闲置/)
    expect(plain((await get('zhang', `/views/${id}/edit`)).body)).not.toContain('保持不变')
    const kept = { name: '房屋一览', conditions: 'kept', from: '/assets?usage=idle', version: '1' }
    expect((await post('zhang', `/views/${id}`, kept)).headers.location).toBe(houses)
    await post('zhang', `/views/${id}`, { ...kept, conditions: 'present', version: '2' })
    expect(await stored()).toMatchObject([{ name: '房屋一览', query: 'usage=idle', version: 3 }])
  })

  it('refuses a name that another view has and shows the form again', async () => {
    await save('甲')
    await save('乙')
    const { id } = (await named('乙')) ?? { id: '' }
    const reply = await post('zhang', `/views/${id}`, { name: '甲', version: '1' })
    expect([reply.statusCode, plain(reply.body)]).toEqual([422, expect.stringContaining('已有名为“甲”的常用视图')])
    expect(reply.body).toContain('value="甲"')
    expect((await stored()).map(({ name }) => name)).toEqual(['甲', '乙'])
  })

  it('lets nobody save over what was saved since', async () => {
    await save('甲')
    const { id } = (await named('甲')) ?? { id: '' }
    await post('zhang', `/views/${id}`, { name: '乙', version: '1' })
    expect((await post('zhang', `/views/${id}`, { name: '丙', version: '1' })).statusCode).toBe(409)
    expect((await post('zhang', `/views/${id}/delete`, { version: '1' })).statusCode).toBe(409)
    expect((await post('zhang', `/views/${id}`, { name: '丙' })).statusCode).toBe(409)
    expect((await stored()).map(({ name }) => name)).toEqual(['乙'])
  })

  it('deletes, and leads back to where one came from', async () => {
    await save('甲')
    const { id } = (await named('甲')) ?? { id: '' }
    const zhang = await test.as('zhang')
    const reply = await zhang.post(`/views/${id}/delete`, { version: '1', from: '/assets?usage=idle', token: 'gone' })
    expect(reply.headers.location).toBe('/views?from=%2Fassets%3Fusage%3Didle')
    const page = await zhang.get(String(reply.headers.location))
    expect(page.body).toContain('常用视图“甲”已删除。')
    expect(page.body).toContain('href="/assets?usage=idle"')
    expect(await stored()).toEqual([])
  })
})

describe('whose views', () => {
  it.each<Account>(['nong', 'zhen', 'ju', 'xi'])(
    '%s neither sees nor changes those of somebody else',
    async (account) => {
      await save('张的视图')
      const { id } = (await named('张的视图')) ?? { id: '' }
      const refused = account === 'xi' ? 403 : 404
      const visitor = await test.as(account)
      const replies = [
        await visitor.get(`/views/${id}`),
        await visitor.get(`/views/${id}/edit`),
        await visitor.post(`/views/${id}`, { name: '改', version: '1', token: 'a' }),
        await visitor.post(`/views/${id}/delete`, { version: '1', token: 'b' }),
      ]
      expect(replies.map(({ statusCode }) => statusCode)).toEqual([refused, refused, refused, refused])
      expect((await visitor.get('/views')).body).not.toContain('张的视图')
      expect((await visitor.get('/assets')).body).not.toContain('张的视图')
      expect(await stored()).toMatchObject([{ name: '张的视图', version: 1 }])
    },
  )

  it('may have the names of somebody else’s', async () => {
    expect((await save('房屋')).statusCode).toBe(303)
    expect((await save('房屋', '/assets', 'hong')).statusCode).toBe(303)
    expect(await stored()).toHaveLength(2)
  })

  it('show no more than their reader may see', async () => {
    await save('全部', '/assets', 'hong')
    const hong = await test.as('hong')
    const { headers } = await hong.get(`/views/${(await named('全部'))?.id}`)
    const { body } = await hong.get(String(headers.location))
    expect([body.includes('堰塘'), body.includes('原古井小学')]).toEqual([true, false])
  })
})
