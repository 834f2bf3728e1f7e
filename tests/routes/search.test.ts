import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asSystem } from '../../server/access/system.ts'
import { createCards } from '../../server/assets/actions.ts'
import { type CardValues, noValues } from '../../server/assets/card.ts'
import { aboutMany } from '../../server/assets/frequency.ts'
import { few } from '../../server/assets/register.ts'
import { doubled } from '../../server/kernel/filter.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'

let test: TestApp
let town: Visitor

const entered = { action: 'card.create', effectiveOn: '2026-01-01' }
const housed = (name: string): CardValues => ({
  ...{ ...noValues, name, track: 'collective', cardType: 'house', cost: '1.00', division: '510923100210' },
  ownerUnit: test.fixture.units.古井村股份经济合作联合社 ?? '',
})

/** Cards of one village: the last are the newest. */
async function enter(names: readonly string[], values: Partial<CardValues> = {}): Promise<void> {
  const cards = names.map((name) => ({ values: { ...housed(name), ...values } }))
  await test.db((tx) => createCards(tx, asSystem(test.clock), '510923', cards, entered))
}

const shown = async (query: Record<string, string>) => {
  const page = await town.get(`/assets?${new URLSearchParams(query)}`)
  const links = [...page.body.matchAll(/<a [^>]*href="\/assets\/\d{14}"[^>]*>([^<]+)</g)].map(([, text]) => text ?? '')
  return { status: page.statusCode, body: page.body, names: links.filter((text) => !/^\d{14}$/.test(text)) }
}

beforeAll(async () => {
  test = await openTestApp()
  town = await test.as('zhang')
})
afterAll(() => test.close())

describe('a search', () => {
  beforeAll(async () => {
    await enter(['藕塘', '方家藕塘边机房', '塘藕'])
    await enter(['老校舍'], {
      location: '蓬莱镇 古井村３组',
      originalCode: 'Fw-0012',
      certificate: '川（2019）第007号',
    })
    await enter(['100%_全木仓', '100全木仓'])
  })

  it.each([
    ['藕塘', ['方家藕塘边机房', '藕塘']],
    ['塘', ['塘藕', '方家藕塘边机房', '藕塘']],
    ['古井村3组', ['老校舍']],
    ['蓬莱镇古井', ['老校舍']],
    ['蓬莱镇古井 村3 组', ['老校舍']],
    ['FW-00', ['老校舍']],
    ['川(2019)第007', ['老校舍']],
    ['（2019）', ['老校舍']],
    ['%_', ['100%_全木仓']],
    ['没有这个', []],
  ])('for %s finds any part, wide or narrow, with blanks or without', async (q, names) => {
    expect((await shown({ q })).names.sort()).toEqual([...names].sort())
  })

  it('finds all cards of an owner by its name', async () => {
    expect((await shown({ q: '古井村股份' })).names).toHaveLength(6)
  })
})

describe('a whole code', () => {
  it('opens its card, also with blanks and from the list itself', async () => {
    const [card] = await test.db((tx) => tx.execute<{ code: string }>(sql`select code from cards order by id limit 1`))
    const code = card?.code ?? ''
    const spaced = ` ${code.slice(0, 6)} ${code.slice(6)}`
    const opened = await town.get(`/assets?q=${encodeURIComponent(spaced)}`)
    expect([opened.statusCode, opened.headers.location]).toEqual([303, `/assets/${code}`])
    const typed = await town.get(`/assets?q=${code}`, { headers: { 'hx-request': 'true' } })
    expect([typed.statusCode, typed.headers['hx-redirect']]).toEqual([200, `/assets/${code}`])
  })

  it('of nobody, or of a card out of scope, finds nothing', async () => {
    expect((await shown({ q: '51092399999999' })).names).toEqual([])
    const [card] = await test.db((tx) => tx.execute<{ code: string }>(sql`select code from cards order by id limit 1`))
    const elsewhere = await (await test.as('shi')).get(`/assets?q=${card?.code}`)
    expect(elsewhere.statusCode).toBe(200)
    expect(elsewhere.body).not.toContain('藕塘')
  })
})

describe('a register of more cards than are gone through one by one', () => {
  beforeAll(async () => {
    await enter(Array.from({ length: few }, (_, at) => `村部办公楼${at}号`))
    await enter(['末了的一座桥'], { cardType: 'structure', usage: 'lent' })
    await enter(['最后一座桥'], { cardType: 'structure', usage: 'idle' })
  }, 120_000)

  it('finds by two characters and adds up what it finds', async () => {
    const page = await shown({ q: '座桥' })
    expect(page.names).toEqual(['最后一座桥', '末了的一座桥'])
    expect(page.body).toContain('共 2 项')
    expect(page.body).toContain('2.00')
  })

  it('asks for a second character', async () => {
    const page = await shown({ q: '桥' })
    expect(page.status).toBe(422)
    expect(page.body).toContain('请至少输入两个字')
    expect((await shown({ q: '9号' })).status).toBe(200)
    expect((await shown({ q: '99' })).status).toBe(422)
    expect((await shown({ q: '桥', type: 'structure' })).names).toHaveLength(2)
  })

  it('lists the newest first, page after page, and back', async () => {
    const seen: string[] = []
    let url: string | undefined = '/assets'
    const pages: string[] = []
    for (let turn = 0; url && turn < 3; turn++) {
      pages.push(url)
      const body: string = (await town.get(url)).body
      seen.push(...[...body.matchAll(/href="\/assets\/(\d{14})"/g)].map(([, code]) => code ?? ''))
      url = /href="([^"]+after=[^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&')
    }
    const codes = [...new Set(seen)]
    expect(codes).toHaveLength(150)
    const stored = await test.db((tx) =>
      tx.execute<{ code: string }>(sql`select code from cards order by created_at desc, id desc limit 150`),
    )
    expect(codes).toEqual(stored.map(({ code }) => code))
    const back = /href="([^"]+before=[^"]+)"/.exec((await town.get(pages[2] ?? '')).body)?.[1]?.replaceAll('&amp;', '&')
    const before = [...(await town.get(back ?? '')).body.matchAll(/href="\/assets\/(\d{14})"/g)].map(([, code]) => code)
    expect([...new Set(before)]).toEqual(codes.slice(50, 100))
  })

  it('says that there are more than it counts', async () => {
    const page = await shown({ q: '古井村股份' })
    expect(page.names).toHaveLength(50)
    expect(page.names[0]).toBe('最后一座桥')
    expect(page.body).toContain(`超过 ${few} 项`)
    expect(page.body).not.toContain('查不到')
  })

  it('tells about how many there are from a sample, where they are many and everywhere', async () => {
    const about = (text: string, least: number) =>
      test.db((tx) =>
        aboutMany(
          tx,
          { scope: sql`true`, found: sql`c.search like ${doubled(text)}` },
          { total: few, least, latest: '2030-01-01' },
        ),
      )
    const many = await about('办公楼', 2000)
    expect(many).toBeGreaterThan(4000)
    expect(many).toBeLessThan(6500)
    expect(String(many)).toMatch(/^\d\d00$/)
    expect(await about('办公楼', 7000)).toBeNull()
    // A thousand that stand together, the newest among them; and some of which none is among the newest.
    expect(await about('办公楼4', 300)).toBeNull()
    expect(await about('办公楼1', 300)).toBeNull()
    expect(await about('座桥', 1)).toBeNull()
  })

  it.each([
    [{ type: 'structure' }, 2],
    [{ type: 'structure', usage: 'lent' }, 1],
    [{ type: 'vehicle' }, 0],
    [{ type: 'house' }, 50],
    [{ type: 'house', q: '校舍' }, 1],
    [{ sort: 'name', q: '座桥' }, 2],
    [{ sort: '-code' }, 50],
  ])('filters by %j', async (query, count) => {
    expect((await shown(query as Record<string, string>)).names).toHaveLength(count)
  })

  it('shows what somebody enters once it is committed', async () => {
    const first = async () => (await shown({})).names[0]
    test.clock.set('2026-03-10T02:05:00Z')
    await test.db(async (tx) => {
      await createCards(tx, asSystem(test.clock), '510923', [{ values: housed('新到的桌子') }], entered)
      expect(await first()).toBe('最后一座桥')
    })
    expect(await first()).toBe('新到的桌子')
  })
})
