import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { texts, worksheet } from '../sheets/open.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import { village } from '../support/cards.ts'
import type { Account } from '../support/county.ts'
import { fetched } from '../support/download.ts'
import { liveThrough, renamed } from '../support/past.ts'
import { cardNamed } from '../support/register.ts'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
  await liveThrough(test)
})
afterAll(() => test.close())

const get = async (account: Account, path: string) => (await test.as(account)).get(path)
const plain = (html: string) => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
const list = async (account: Account, query: string) => {
  const reply = await get(account, `/assets?${query}`)
  const rows = [...(/<tbody>(.*?)<\/tbody>/s.exec(reply.body)?.[1] ?? '').matchAll(/<tr.*?<\/tr>/gs)]
  return {
    status: reply.statusCode,
    body: reply.body,
    rows: rows.map(([row]) => plain(row)),
    totals: plain(/<tfoot>(.*?)<\/tfoot>/s.exec(reply.body)?.[1] ?? ''),
  }
}

describe('the register as of a day', () => {
  it('lists the states that held on that day, with the owners’ names of that day', async () => {
    const before = await list('zhang', 'asOf=2026-02-09&sort=name')
    expect(before.rows).toHaveLength(4)
    expect(before.totals).toContain('100,000,000,000,000.29')
    expect(before.rows.join()).toContain(village)
    expect(before.rows.join()).not.toContain(renamed)
    const after = await list('zhang', 'asOf=2026-02-28')
    expect(after.rows).toHaveLength(3)
    expect(after.totals).toContain('99,999,999,999,000.29')
    expect(after.rows.join()).toContain(renamed)
    expect(after.rows.join()).not.toContain(village)
  })

  it('says which day it is, leads back to today and lets nothing be entered there', async () => {
    const { body } = await list('zhang', 'asOf=2026-01-31&type=house')
    expect(body).toContain('这是 2026-01-31 的台账')
    expect(body).toContain('href="/assets?type=house"')
    expect(body).not.toContain('/assets/new')
    expect(body).toContain('value="2026-01-31"')
    expect(body).toMatch(/href="\/assets\/\d{14}\?asOf=2026-01-31"/)
    expect(body).toContain('/assets.xlsx?asOf=2026-01-31&amp;type=house')
    const today = await list('zhang', 'asOf=2026-03-10')
    expect(today.body).not.toContain('的台账，按')
    expect(today.body).toContain('/assets/new')
  })

  it('marks what was recorded after that day, row by row and in the totals', async () => {
    const { rows, totals, body } = await list('zhang', 'asOf=2026-02-28')
    expect(rows.filter((row) => row.includes('后补：'))).toEqual([
      expect.stringMatching(/原古井小学 后补：2026-03-10 才记入/),
    ])
    expect(totals).toMatch(/共 3 项 其中后补 1 项/)
    expect(totals).toContain('后补 99,999,999,998,999.99')
    expect(plain(body)).toContain('其中 1 项是后来补记的：原值 99,999,999,998,999.99 元，净值 99,999,999,998,999.79 元')
    expect((await list('zhang', 'asOf=2026-02-09')).body).not.toContain('后补')
    expect((await list('zhang', 'asOf=2026-01-04')).totals).toContain('其中后补 4 项')
    expect((await list('zhang', '')).body).not.toContain('后补')
    // Recorded in the morning of the 5th: late for the 4th, in time for the 5th.
    expect((await list('hong', 'asOf=2026-02-04')).rows[0]).toContain('后补：2026-02-05 才记入')
    expect((await list('hong', 'asOf=2026-02-05')).rows[0]).not.toContain('后补')
  })

  it('belongs to who owned on that day', async () => {
    expect((await list('hong', 'asOf=2026-02-19')).rows.join()).not.toContain('办公桌')
    expect((await list('hong', 'asOf=2026-02-20')).rows.join()).toContain('办公桌')
    expect((await list('zhang', 'asOf=2026-02-19')).rows.join()).toContain('办公桌')
    expect((await list('zhang', 'asOf=2026-02-20')).rows.join()).not.toContain('办公桌')
  })

  it('leaves out what was voided by then and keeps it on the days before', async () => {
    expect((await list('shi', 'asOf=2026-01-31')).rows).toHaveLength(1)
    expect((await list('shi', 'asOf=2026-02-01')).rows).toHaveLength(0)
    expect((await list('shi', 'asOf=2025-12-31')).rows).toHaveLength(0)
  })

  it('filters, searches, sorts and turns pages in the past', async () => {
    expect((await list('zhang', `asOf=2026-02-09&q=${encodeURIComponent('股份经济')}`)).rows).toHaveLength(4)
    expect(
      (await list('zhang', `asOf=2026-02-28&q=${encodeURIComponent('股份经济')}`)).rows,
      'by an old name',
    ).toHaveLength(3)
    expect((await list('zhang', `asOf=2026-02-28&q=${encodeURIComponent('古井小学')}`)).rows).toHaveLength(1)
    expect((await list('hong', 'asOf=2026-01-31&type=resource')).rows[0]).toContain('6,666.67')
    expect((await list('nong', `asOf=2026-01-31&unit=${test.fixture.codes[village]}`)).rows).toHaveLength(4)
    for (const sort of ['code', '-name', 'acquired', '-land', 'floor', 'cost', '-net']) {
      expect((await list('zhang', `asOf=2026-02-09&sort=${sort}`)).rows, sort).toHaveLength(4)
    }
  })

  it.each([
    ['2026-02-30', '时点“2026-02-30”不是日期，请写成 2026-03-10 的样子。'],
    ['2026-03-11', '时点不能晚于今天 2026-03-10，请改正。'],
  ])('refuses %s in a sentence and keeps the filter', async (asOf, sentence) => {
    const { status, body } = await list('zhang', `asOf=${asOf}&type=house`)
    expect(status).toBe(422)
    expect(body).toContain(sentence)
    expect(body).toContain(`value="${asOf}"`)
    expect(body).toContain('<option value="house" selected>')
    const part = await (await test.as('zhang')).get(`/assets?asOf=${asOf}`, {
      headers: { 'hx-request-type': 'partial' },
    })
    expect(part.body).toContain(sentence)
    expect((await get('zhang', `/assets.xlsx?asOf=${asOf}`)).statusCode).toBe(422)
  })
})

describe('a card as of a day', () => {
  const codeOf = async (name: string) => (await test.db((tx) => cardNamed(tx, name))).code
  const card = async (account: Account, name: string, day = '') => {
    const reply = await get(account, `/assets/${await codeOf(name)}${day && `?asOf=${day}`}`)
    return { status: reply.statusCode, body: reply.body, text: plain(reply.body) }
  }

  it('shows the values and names of that day, nothing to edit, and the way to the states beside it', async () => {
    const code = await codeOf('原古井小学')
    const { body, text } = await card('zhang', '原古井小学', '2026-02-09')
    expect(text).toContain('这是 2026-02-09 的卡片')
    expect(text).toContain('账面原值 99,999,999,999,999.99')
    expect(text).toContain(`权属单位 ${village}`)
    expect(body).not.toContain(`/assets/${code}/edit`)
    expect(body).not.toContain('前一状态')
    expect(text).toContain('后一状态（自 2026-02-10）')
    expect(body).toContain(`href="/assets/${code}"`)
  })

  it('marks a state that was recorded only later', async () => {
    const { text, body } = await card('zhang', '原古井小学', '2026-02-28')
    expect(text).toContain('它是 2026-03-10 才后补记入的，2026-02-28 当天看不到。')
    expect(text).toContain(`权属单位 ${renamed}`)
    expect(body).toContain(`/assets/${await codeOf('原古井小学')}?asOf=2026-01-01`)
    expect((await card('zhang', '原古井小学', '2026-02-09')).text).not.toContain('它是')
  })

  it('lists every state with its day and when it was recorded', async () => {
    const code = await codeOf('原古井小学')
    const { body, text } = await card('zhang', '原古井小学')
    expect(body).toContain(`<a href="/assets/${code}?asOf=2026-01-01">1</a>`)
    expect(text).toMatch(/2026-01-05 后补/)
    expect(text).toMatch(/2026-03-10 后补/)
    expect((await card('hong', '堰塘', '2026-02-01')).text).toMatch(/2026-02-05 后补/)
  })

  it('says so where there was no card yet, and leads to its first day', async () => {
    const { status, text, body } = await card('zhang', '原古井小学', '2025-12-31')
    expect(status).toBe(200)
    expect(text).toContain('2025-12-31 还没有这张卡片')
    expect(body).toContain(`/assets/${await codeOf('原古井小学')}?asOf=2026-01-01`)
  })

  it('opens for who owned it then, without what came after', async () => {
    expect((await card('zhang', '办公桌')).status).toBe(404)
    const then = await card('zhang', '办公桌', '2026-02-19')
    expect(then.status).toBe(200)
    expect(then.text).not.toContain('后一状态')
    expect(then.text).not.toContain('红林村')
    expect((await card('zhang', '办公桌', '2026-02-20')).status).toBe(404)
    expect((await card('hong', '办公桌', '2026-02-19')).text).toContain('后一状态（自 2026-02-20）')
    expect((await card('shi', '办公桌', '2026-02-19')).status).toBe(404)
    expect((await card('shi', '办公桌', '2025-12-31')).status).toBe(404)
    expect((await get('zhang', '/assets/51092399999999?asOf=2026-02-19')).statusCode).toBe(404)
  })

  it('shows a voided card as voided, and refuses a day that is none', async () => {
    expect((await card('shi', '晒坝', '2026-02-01')).text).toContain('已作废')
    expect((await card('shi', '晒坝', '2026-01-31')).text).toContain('后一状态（自 2026-02-01）')
    const { status, text } = await card('zhang', '原古井小学', '2026-13-01')
    expect(status).toBe(422)
    expect(text).toContain('时点“2026-13-01”不是日期')
  })
})

describe('the statistics of a past day', () => {
  it('mark what was recorded later and lead to the cards of that day', async () => {
    const { body } = await get('zhang', '/statistics?asOf=2026-02-28')
    expect(plain(body)).toContain('其中 1 宗的状态是 2026-02-28 之后补记的，原值 99,999,999,998,999.99 元')
    expect(plain(body)).toContain('后补 1 宗')
    expect(body).toContain(`/assets?asOf=2026-02-28&amp;type=house&amp;unit=${test.fixture.codes[village]}`)
    expect((await get('zhang', '/statistics?asOf=2026-02-09')).body).not.toContain('后补')
    expect((await get('zhang', '/statistics')).body).not.toContain('/assets?asOf')
  })
})

describe('page, export and statistics', () => {
  it.each(['2026-01-01', '2026-01-31', '2026-02-09', '2026-02-10', '2026-02-19', '2026-02-28', '2026-03-10'])(
    'agree to the cent as of %s',
    async (day) => {
      for (const account of ['zhang', 'hong', 'nong', 'cai', 'shi'] as const) {
        const page = await list(account, `asOf=${day}`)
        const figures = await figuresOnPage(account, `asOf=${day}`)
        const sheet = await sheetTotal(account, `/assets.xlsx?asOf=${day}`, '资产台账')
        const details = await sheetTotal(account, `/statistics.xlsx?asOf=${day}`, '明细')
        const shown = /共 (\d+) 项/.exec(page.totals)?.[1] ?? '0'
        const costs = page.totals.match(/[\d,]+\.\d\d/g)?.map((text) => text.replaceAll(',', '')) ?? []
        expect([shown, shown], `${account} ${day}`).toEqual([figures.count, sheet.count])
        for (const cost of figures.costs) expect(costs, `${account} ${day}`).toContain(cost)
        if (figures.costs.length === 1) expect([sheet.cost, details.cost]).toEqual([figures.costs[0], figures.costs[0]])
      }
    },
  )
})

/** What the statistics page sums up, stationed units left out where there are none. */
async function figuresOnPage(account: Account, query: string) {
  const { body } = await get(account, `/statistics?${query}`)
  const total = /<tfoot>\s*<tr>(.*?)<\/tr>/s.exec(body.replaceAll(/派驻小计.*/gs, ''))?.[1]
  const cells = [...(total ?? '').matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map((cell) => plain(cell[1] ?? '').trim())
  const apart = /派驻小计.*?<td[^>]*>(.*?)<\/td>/s.exec(body)?.[1]
  const count = Number(cells[0] ?? 0) + Number(plain(apart ?? '0').trim())
  const cost = cells[4]?.replaceAll(',', '')
  return { count: String(count), costs: cost && cost !== '—' && !apart ? [cost] : [] }
}

async function sheetTotal(account: Account, path: string, tab: string) {
  const sheet = worksheet((await fetched(test, account, path)).workbook, tab)
  let count = 0
  let cost = ''
  let column = 0
  sheet.eachRow((row, number) => {
    const cells = texts(sheet, number)
    if (/^\d+$/.test(row.getCell(1).text)) count += 1
    row.eachCell((cell, at) => {
      if (/^(账面)?原值\(元\)$/.test(cell.text)) column = at
    })
    if (cells[0] === '合计') cost = String(row.getCell(column).result ?? row.getCell(column).text)
  })
  return { count: String(count), cost }
}
