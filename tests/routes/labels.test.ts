import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { events } from '../../db/schema/kernel.ts'
import { asSystem } from '../../server/access/system.ts'
import { changeCard } from '../../server/assets/actions.ts'
import { valuesOf } from '../../server/assets/card.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards, storedCard, village } from '../support/cards.ts'
import { password } from '../support/county.ts'
import { scannedPage } from '../support/scan.ts'

const origin = 'https://panhuo.example.gov.cn'
const only = '只有这台电脑能打开'

let test: TestApp
let zhang: Visitor
let codes: string[]
let foreign: string
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
  codes = await enterCards(test, [
    { name: '村委会办公楼', cardType: 'house', location: '古井村三组', keeper: '张会计' },
    { name: '会议桌', cost: '300.00' },
    { name: '会议椅', cost: '100.00' },
  ])
  const owner = { ownerUnit: test.fixture.units.石桥村股份经济合作联合社 ?? '', division: '510923101201' }
  const [other = ''] = await enterCards(test, [{ name: '会议厅', ...owner }])
  foreign = other
})
afterAll(() => test.close())

const at = (host: string, url: string, visitor = zhang) => visitor.get(url, { headers: { host } })
const names = (html: string) => scannedPage(html).map(({ text }) => text.split(' ')[3])

describe('labels of a list', () => {
  it('are those of the cards it shows, in its order, within the reader’s scope', async () => {
    expect(names((await zhang.get('/assets/labels?q=会议&sort=-cost')).body)).toEqual(['会议桌', '会议椅'])
    expect(names((await zhang.get('/assets/labels?type=house')).body)).toEqual(['村委会办公楼'])
    expect(names((await (await test.as('shi')).get('/assets/labels?q=会议')).body)).toEqual(['会议厅'])
  })

  it('carry a code that leads to the card, and what tells the thing apart', async () => {
    const [label] = scannedPage((await at('10.0.0.8:3000', '/assets/labels?q=办公楼')).body)
    const [code = ''] = codes
    expect(label).toEqual({
      address: `http://10.0.0.8:3000/assets/${code}`,
      text: `${code.slice(0, 6)} ${code.slice(6, 10)} ${code.slice(10)} 村委会办公楼 ${village} 古井村三组 保管：张会计 盘活`,
    })
  })

  it('are of today: a past day is refused, and the list of one offers none', async () => {
    const past = await zhang.get('/assets/labels?asOf=2026-03-05&q=会议')
    expect(past.statusCode).toBe(422)
    expect(past.body).toMatch(/href="\/assets\?q=[^"]*">标签只按今天的台账打印/)
    expect((await zhang.get('/assets/labels?asOf=2026-03-11')).body).toContain('时点不能晚于今天 2026-03-10')
    expect(names((await zhang.get('/assets/labels?asOf=2026-03-10&q=会议椅')).body)).toEqual(['会议椅'])
    const offered = async (url: string) => /href="(\/assets\/labels[^"]*)"/.exec((await zhang.get(url)).body)?.[1]
    expect(await offered('/assets?asOf=2026-03-05')).toBeUndefined()
    expect(await offered('/assets?usage=idle&sort=name')).toBe('/assets/labels?sort=name&amp;usage=idle')
  })

  it('leave out what is voided', async () => {
    const [code = ''] = await enterCards(test, [{ name: '旧音箱' }])
    await test.db(async (tx) => {
      const card = await storedCard(test, code)
      const voiding = { action: 'card.void', effectiveOn: '2026-03-02' }
      await changeCard(tx, asSystem(test.clock), card, valuesOf(card), voiding, { voided: true })
    })
    const page = await zhang.get('/assets/labels?q=旧音箱')
    expect([page.statusCode, names(page.body)]).toEqual([200, []])
    expect(page.body).toContain('没有要打印的标签')
    expect((await zhang.get(`/assets/${code}/label`)).statusCode).toBe(404)
    expect((await zhang.get(`/assets/${code}`)).body).not.toContain('打印标签')
  })

  it('leave no event: they show what the list shows', async () => {
    const before = await test.db((tx) => tx.$count(events))
    expect((await zhang.get('/assets/labels')).statusCode).toBe(200)
    expect(await test.db((tx) => tx.$count(events))).toBe(before)
  })
})

describe('the label of a card', () => {
  it('is for whoever may open the card', async () => {
    const [code = ''] = codes
    expect(names((await zhang.get(`/assets/${code}/label`)).body)).toEqual(['村委会办公楼'])
    expect((await zhang.get(`/assets/${foreign}/label`)).statusCode).toBe(404)
    expect((await zhang.get(`/assets/${code}`)).body).toContain(`href="/assets/${code}/label"`)
  })

  it('can be found by its code as it is printed', async () => {
    const [code = ''] = codes
    const groups = `${code.slice(0, 6)} ${code.slice(6, 10)} ${code.slice(10)}`
    const reply = await zhang.get(`/assets?q=${encodeURIComponent(groups)}`)
    expect([reply.statusCode, reply.headers.location]).toEqual([303, `/assets/${code}`])
  })
})

describe('how many there are at a time', () => {
  it('is told before anything is drawn, and nothing is cut off', async () => {
    const { units } = test.fixture
    const fill = (from: number, to: number) =>
      test.db((tx) =>
        tx.execute(sql`insert into cards (code, name, track, card_type, owner_unit_id, division_code, valid_from, created_at, updated_at)
          select '5109231' || lpad(n::text, 7, '0'), '书架', 'collective', 'furniture', ${units.红林村股份经济合作联合社}, '510923100215', '2026-03-09', now(), now()
          from generate_series(${from}::int, ${to}::int) n`),
      )
    const hong = await test.as('hong')
    await fill(1, 1000)
    const all = await hong.get('/assets/labels?sort=code')
    expect(all.body.match(/class="app-asset-label"/g)).toHaveLength(1000)
    expect(all.body.match(/class="app-asset-sheet"/g)).toHaveLength(42)
    await fill(1001, 1001)
    const refused = await hong.get('/assets/labels?type=furniture')
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toMatch(/href="\/assets\?type=furniture">符合条件的资产有 1001 项，一次最多打印 1000 个标签/)
  })
})

describe('the address on a label', () => {
  it.each(['localhost', 'localhost:3000', '127.0.0.1:3000', 'panhuo.localhost', '[::1]:3000', '0.0.0.0:3000'])(
    'is warned of where only this machine can open it: %s',
    async (host) => {
      const { body } = await at(host, `/assets/${codes[0]}/label`)
      expect(body).toContain(`标签上的地址 http://${host} ${only}`)
    },
  )

  it.each(['192.168.1.10:3000', 'panhuo.example.gov.cn', '127.example.cn'])('is taken as it is: %s', async (host) => {
    const { body } = await at(host, `/assets/${codes[0]}/label`)
    expect(body).not.toContain(only)
    expect(scannedPage(body)[0]?.address).toBe(`http://${host}/assets/${codes[0]}`)
  })

  it('is the one people type, wherever the page was asked for', async () => {
    const known = await openTestApp(undefined, { PUBLIC_ORIGIN: origin })
    try {
      const [code = ''] = await enterCards(known, [{ name: '会议桌' }])
      const cookie = (await known.sessionOf('zhang')).replace('panhuo=', '__Host-panhuo=')
      const { body } = await known.visitor().get(`/assets/labels`, { headers: { host: 'localhost', cookie } })
      expect(scannedPage(body)[0]?.address).toBe(`${origin}/assets/${code}`)
      expect(body).not.toContain(only)
    } finally {
      await known.close()
    }
  })

  it('leads who has not signed in to sign-in, and then to the card', async () => {
    const stranger = test.visitor()
    const place = `/assets/${codes[0]}`
    const turned = await stranger.get(place)
    expect([turned.statusCode, turned.headers.location]).toEqual([303, `/sign-in?next=${encodeURIComponent(place)}`])
    const form = await stranger.get(String(turned.headers.location))
    const next = /name="next" value="([^"]*)"/.exec(form.body)?.[1] ?? ''
    const entered = await stranger.post('/sign-in', { account: 'zhang', password, next })
    expect([entered.statusCode, entered.headers.location]).toEqual([303, place])
  })
})
