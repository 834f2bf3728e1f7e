import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { texts, worksheet } from '../sheets/open.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import { village } from '../support/cards.ts'
import type { Account } from '../support/county.ts'
import { fetched } from '../support/download.ts'
import { liveThrough, renamed } from '../support/past.ts'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
  await liveThrough(test)
})
afterAll(() => test.close())

const plain = (html: string) =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
const rowsIn = (body: string, region: string) => {
  const table = new RegExp(`aria-label="${region}">(.*?)</table>`, 's').exec(body)?.[1] ?? ''
  return [...(/<tbody>(.*?)<\/tbody>/s.exec(table)?.[1] ?? '').matchAll(/<tr.*?<\/tr>/gs)].map(([row]) => plain(row))
}
const changes = async (account: Account, query = '') => {
  const { statusCode, body } = await (await test.as(account)).get(`/assets/changes${query && `?${query}`}`)
  return { status: statusCode, body, sums: rowsIn(body, '增减合计'), rows: rowsIn(body, '变动的资产') }
}

describe('the difference of two days', () => {
  it('leads from opening to closing by kind, to the cent', async () => {
    const { sums, body } = await changes('zhang', 'from=2026-01-31&to=2026-02-28')
    expect(sums).toEqual([
      '期初 4 100,000,000,000,000.29 0.23 99,999,999,999,999.86 1,377.00 2,196.80',
      '− 数值调减 涉及 1 张，截止日之后才记 1 张 1,000.00 0.00 1,000.00 0.00 0.00',
      '− 划出 1 0.00 0.00 0.00 0.00 0.00',
      '期末 其中后补 1 张，原值 99,999,999,998,999.99 元 3 99,999,999,999,000.29 0.23 99,999,999,998,999.86 1,377.00 2,196.80',
    ])
    expect(body).toContain('勾稽相符')
    expect(body).toContain('/assets?asOf=2026-01-31')
    expect(body).toContain('/assets?asOf=2026-02-28')
  })

  it('tells of each card what changed, when, when it was recorded, and by what', async () => {
    const { rows, body } = await changes('zhang', 'from=2026-01-31&to=2026-02-28')
    expect(rows).toHaveLength(2)
    expect(rows[0]).toContain('办公桌')
    expect(rows[0]).toContain(`划出 权属单位 ${village} → 红林村股份经济合作联合社`)
    expect(rows[0]).toContain('2026-02-20 2026-02-26 记入 后补 按权属界定变更权属 QD2026-0009')
    expect(body).toContain('href="/determinations/QD2026-0009"')
    expect(rows[1]).toContain('账面原值 99,999,999,999,999.99 → 99,999,999,998,999.99')
    expect(rows[1]).toContain('-1,000.00 -1,000.00 2026-02-10 2026-03-10 记入 后补 修改资产卡片 评估减值')
  })

  it('counts what came from another unit, what is new and what is voided', async () => {
    const hong = await changes('hong', 'from=2026-01-31&to=2026-02-28')
    expect(hong.sums[1]).toBe('+ 划入 1 0.00 0.00 0.00 0.00 0.00')
    expect(hong.rows.join()).toContain(`权属单位 ${village} → 红林村股份经济合作联合社`)
    expect(hong.rows.join()).toContain('占地面积 6,666.67 → 7,000.00')
    const shi = await changes('shi', 'from=2025-12-31&to=2026-01-31')
    expect(shi.sums[1]).toBe('+ 新增 1 3,000.33 0.00 0.00 0.00 0.00')
    expect((await changes('shi', 'from=2026-01-31&to=2026-02-28')).sums[1]).toBe(
      '− 作废 1 3,000.33 0.00 0.00 0.00 0.00',
    )
    expect((await changes('shi', 'from=2025-12-31&to=2026-02-28')).rows).toEqual([])
  })

  it('keeps to the part that is asked for, and to one kind', async () => {
    const nong = await changes('nong', 'from=2026-01-31&to=2026-02-28')
    expect(nong.sums.join()).not.toContain('划')
    expect(nong.rows).toHaveLength(3)
    const { codes } = test.fixture
    const one = await changes('nong', `from=2026-01-31&to=2026-02-28&unit=${codes[village]}`)
    expect(one.sums.join()).toContain('− 划出 1')
    expect(one.body).toContain(renamed)
    expect((await changes('nong', 'from=2026-01-31&to=2026-02-28&type=resource')).rows).toHaveLength(1)
    expect((await changes('nong', 'from=2026-01-31&to=2026-02-28&track=state')).rows).toHaveLength(0)
    expect((await changes('nong', 'from=2026-01-31&to=2026-02-28&kind=other')).rows).toHaveLength(1)
    expect((await changes('nong', 'from=2026-01-31&to=2026-02-28&unit=nothing')).sums[0]).toContain('期初 0 0.00')
    expect((await changes('ju', 'from=2025-12-31')).sums.join()).not.toContain('3,000.33')
  })

  it('starts at the end of the month before', async () => {
    expect((await changes('zhang')).body).toContain('value="2026-02-28"')
    expect((await changes('zhang', 'to=2026-02-28')).body).toContain('value="2026-01-31"')
  })

  it.each([
    ['from=2026-02-30', '起始日期“2026-02-30”不是日期'],
    ['to=2026-03-11', '截止日期不能晚于今天 2026-03-10'],
    ['from=2026-02-28&to=2026-02-28', '起始日期 2026-02-28 要早于截止日期 2026-02-28，请改正。'],
    ['from=2026-03-01&to=2026-02-28&type=house', '要早于截止日期'],
  ])('refuses %s in a sentence', async (query, sentence) => {
    const { status, body } = await changes('zhang', query)
    expect(status).toBe(422)
    expect(body).toContain(sentence)
    for (const value of new URLSearchParams(query).values()) expect(body).toContain(`value="${value}"`)
    expect((await (await test.as('zhang')).get(`/assets/changes.xlsx?${query}`)).statusCode).toBe(422)
  })

  it('agrees with the registers of both days for everybody', async () => {
    const days = ['2025-12-31', '2026-01-04', '2026-01-31', '2026-02-09', '2026-02-20', '2026-02-28', '2026-03-10']
    for (const account of ['zhang', 'hong', 'shi', 'nong', 'cai', 'tian', 'ju'] as const) {
      for (const [index, from] of days.entries()) {
        for (const to of days.slice(index + 1)) {
          expect((await changes(account, `from=${from}&to=${to}`)).body, `${account} ${from} ${to}`).toContain(
            '勾稽相符',
          )
        }
      }
    }
  })
})

describe('the difference as a workbook', () => {
  it('prints the balance with its proof, and every card', async () => {
    const { reply, workbook } = await fetched(test, 'zhang', '/assets/changes.xlsx?from=2026-01-31&to=2026-02-28')
    expect(reply.headers['content-disposition']).toContain(encodeURIComponent('资产增减变动表_2026-01-31_2026-02-28'))
    const lines = (name: string) => {
      const sheet = worksheet(workbook, name)
      const shown: string[] = []
      sheet.eachRow((_row, number) => shown.push(texts(sheet, number).join('|')))
      return shown
    }
    const balance = lines('增减变动')
    expect(balance[0]).toBe('公有资产增减变动表')
    expect(balance[1]).toContain('期间：2026年1月31日至2026年2月28日')
    expect(balance.join('\n')).toContain('减：划出|1|0|0|0|0|0')
    expect(balance.join('\n')).toContain('勾稽：期初 + 增加 − 减少 = 期末，相符。')
    const details = lines('变动明细').filter((line) => /^\d+\|/.test(line))
    expect(details).toHaveLength(2)
    expect(details[1]).toMatch(/原古井小学\|.*\|数值变动\|99999999999999.99\|.*1000\|.*后补\|修改资产卡片 评估减值$/)
    const sheet = worksheet(workbook, '变动明细')
    const [first, last] = ['外部系统编号', '外部系统已调整'].map((header) =>
      sheet.getRow(3).values.toString().split(',').indexOf(header),
    )
    expect([sheet.getCell(4, first ?? 0).value, sheet.getCell(4, last ?? 0).value]).toEqual(['GZ-0007', null])
    // Ticked off by hand once the other system has it.
    for (const row of [4, 5]) expect(sheet.getCell(row, last ?? 0).dataValidation?.formulae).toEqual(['"√"'])
    expect(sheet.getCell(6, last ?? 0).dataValidation).toBeUndefined()
    expect(details[0]).toContain('权属单位：古井村股份经济合作联合社 → 红林村股份经济合作联合社')
  })
})
