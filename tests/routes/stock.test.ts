import { sql } from 'drizzle-orm'
import type { Worksheet } from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { worksheet } from '../sheets/open.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import { enterCards, village } from '../support/cards.ts'
import type { Account } from '../support/county.ts'
import { fetched } from '../support/download.ts'
import { liveThrough } from '../support/past.ts'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
  await liveThrough(test)
  await enterCards(test, [
    { name: '电脑', cardType: 'equipment', classCode: '2010104', cost: '4000.10', quantity: '3' },
    { name: '诊断仪', cardType: 'equipment', classCode: '3220000', cost: '0.20', usage: 'lent' },
    { name: '水泵', cardType: 'equipment', cost: '0.30', usage: 'awaiting_disposal' },
    { name: '财务软件', cardType: 'intangible', classCode: '2010801', cost: '500.00' },
    { name: '旧电视', cardType: 'equipment', cost: '9.99', usage: 'disposed' },
    { name: '果园', cardType: 'land', nature: 'resource', cost: '8.88' },
  ])
})
afterAll(() => test.close())

const stock = async (account: Account, query = '') =>
  worksheet((await fetched(test, account, `/statistics/stock.xlsx${query}`)).workbook, '存量情况表')
const page = async (account: Account, query = '') => (await test.as(account)).get(`/statistics/stock${query}`)

/** Every line by its label: what is shown, empty where nothing is. */
function linesOf(sheet: Worksheet): Record<string, string[]> {
  const lines: Record<string, string[]> = {}
  sheet.eachRow((row, number) => {
    if (number < 6) return
    lines[row.getCell(1).text] = Array.from({ length: sheet.columnCount - 2 }, (_, at) => {
      const cell = row.getCell(at + 3)
      return cell.value === null ? '' : String(cell.result ?? cell.value)
    })
  })
  return lines
}

/** The value columns of a line: opening, closing, and the closing by state. */
const values = (line: readonly string[] = []) => line.filter((_, at) => at % 4 === 1)

/** Everything that is printed below the figures. */
function foot(sheet: Worksheet): string {
  const texts: string[] = []
  sheet.eachRow((row) => texts.push(row.getCell(1).text))
  return texts.join('\n')
}

describe('the stock of two days', () => {
  it('has opening and closing from the states of either day', async () => {
    const lines = linesOf(await stock('zhang', '?since=2026-01-31&asOf=2026-03-10'))
    expect(values(lines['(一)土地、房屋及构筑物'])).toEqual([
      '100000000000000.29',
      '99999999999000.29',
      '',
      '0.2',
      '99999999998999.99',
      '',
      '0.1',
    ])
    expect(values(lines['(二)通用设备'])).toEqual(['', '4000.1', '4000.1', '', '', '', ''])
    expect(values(lines['(三)专用设备']).slice(0, 4)).toEqual(['', '0.2', '', '0.2'])
    expect(values(lines.未分类)).toEqual(['', '0.3', '', '', '', '0.3', ''])
    expect(values(lines['二、无形资产'])).toEqual(['', '500', '500', '', '', '', ''])
    expect(lines['(六)家具、用具、装具及动植物']?.[0]).toBe('10.5')
    expect(lines['(六)家具、用具、装具及动植物']?.[4]).toBe('')
  })

  it('comes to what the database sums, to the cent', async () => {
    const sheet = await stock('zhang', '?since=2025-12-31')
    const [sums] = await test.db((tx) =>
      tx.execute<Record<string, string>>(sql`
        select sum(cost)::text as cost, sum(depreciation)::text as depreciation, sum(net_value)::text as net,
          sum(quantity)::text as quantity
        from cards where owner_unit_id = ${test.fixture.units[village]} and not voided
          and card_type <> 'resource' and nature is distinct from 'resource' and usage is distinct from 'disposed'`),
    )
    const { 合计: total = [] } = linesOf(sheet)
    expect(total.slice(0, 4)).toEqual(['', '', '', ''])
    expect(total.slice(4, 8).map(Number)).toEqual(
      [sums?.quantity, sums?.cost, sums?.depreciation, sums?.net].map(Number),
    )
    expect(total[5]).toBe(sums?.cost)
    expect(foot(sheet)).toContain('勾稽相符：期末合计 = 在用 + 出租出借 + 闲置 + 待处置 + 其他')
  })

  it('says what is not in it', async () => {
    const notes = foot(await stock('zhang', '?since=2026-01-31'))
    expect(notes).toContain('注：资源性资产不列入本表，期末有 1 项，价值 8.88 元。')
    expect(notes).toContain('注：台账中已处置的 1 项，价值 9.99 元，不是存量，不列入。')
    expect(notes).toContain('注：未分类的期末有 1 项')
    const then = foot(await stock('zhang', '?since=2026-01-31&asOf=2026-02-28'))
    expect(then).toContain('注：期末数中有 1 项，价值 99,999,999,998,999.99 元，是期末日之后补记的。')
    expect(then).not.toContain('期初数中')
    const shi = await stock('shi', '?since=2026-01-31')
    expect(foot(shi)).not.toContain('未分类')
    expect(foot(shi)).toContain('注：资源性资产不列入本表。')
  })

  it('prints eight or nine lines and six groups where everything can be told', async () => {
    const sheet = await stock('shi', '?since=2026-01-31')
    expect(sheet.columnCount).toBe(26)
    expect(Object.keys(linesOf(sheet)).filter((label) => /^合计|^[一二]、|^\(/.test(label))).toHaveLength(9)
    expect(values(linesOf(sheet).合计)).toEqual(['3000.33', '', '', '', '', ''])
  })

  it('keeps to what the account may read, and to the part asked for', async () => {
    expect(values(linesOf(await stock('hong', '?since=2026-02-28')).合计).slice(0, 2)).toEqual(['', ''])
    expect(values(linesOf(await stock('ju', '?since=2026-01-31')).合计).slice(0, 2)).toEqual(['80700.07', '80700.07'])
    const { codes } = test.fixture
    const unit = codes.蓬莱镇派出所
    const one = await stock('ju', `?since=2026-01-31&unit=${unit}&track=state`)
    expect(values(linesOf(one).合计).slice(0, 2)).toEqual(['80000', '80000'])
    expect(values(linesOf(await stock('ju', '?since=2026-01-31&track=collective')).合计)[1]).toBe('')
    expect((await page('zhang', '?unit=nothing')).statusCode).toBe(422)
    expect((await page('xi')).statusCode).toBe(403)
  })

  it.each([
    ['since=2026-02-30', '期初日期“2026-02-30”不是日期'],
    ['asOf=2026-03-11', '期末日期不能晚于今天 2026-03-10'],
    ['since=2026-03-11', '期初日期不能晚于今天 2026-03-10'],
    ['since=2026-02-28&asOf=2026-02-28', '期初日期 2026-02-28 要早于期末日期 2026-02-28，请改正。'],
    ['since=2026-03-01&asOf=2026-02-28', '要早于期末日期'],
  ])('refuses %s in a sentence', async (query, sentence) => {
    const { statusCode, body } = await page('zhang', `?${query}`)
    expect(statusCode).toBe(422)
    expect(body).toContain(sentence)
    for (const value of new URLSearchParams(query).values()) expect(body).toContain(`value="${value}"`)
    expect((await (await test.as('zhang')).get(`/statistics/stock.xlsx?${query}`)).statusCode).toBe(422)
  })

  it('agrees with the registers of both days for everybody', async () => {
    for (const account of ['zhang', 'hong', 'shi', 'nong', 'cai', 'tian', 'ju'] as const) {
      for (const query of ['', '?since=2026-01-31&asOf=2026-02-05', '?since=0001-01-01&asOf=2026-01-01']) {
        expect((await page(account, query)).body, `${account} ${query}`).toContain('勾稽相符')
      }
    }
  })

  it('is shown from the beginning of the year, and leads to its workbook', async () => {
    const { body } = await page('zhang')
    expect(body).toContain('value="2025-12-31"')
    expect(body).toContain('/statistics/stock.xlsx?asOf=2026-03-10&amp;since=2025-12-31')
    expect(body.replaceAll(/\s*\n\s*/g, '')).toMatch(/\(一\)土地、房屋及构筑物<\/th>.*99,999,999,999,000\.29/)
    expect((await page('zhang', '?asOf=2025-06-30')).body).toContain('value="2024-12-31"')
    expect((await (await test.as('zhang')).get('/statistics')).body).toContain('href="/statistics/stock"')
  })
})
