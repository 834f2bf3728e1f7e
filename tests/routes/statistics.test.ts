import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { texts, worksheet } from '../sheets/open.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import type { Account } from '../support/county.ts'
import { fetched } from '../support/download.ts'
import { fillRegister, moveOn } from '../support/register.ts'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
  await test.db((tx) => fillRegister(tx, test.clock, test.fixture))
  await test.db((tx) => moveOn(tx, test.clock))
})
afterAll(() => test.close())

describe('statistics', () => {
  const page = async (account: Account, query = '') => (await test.as(account)).get(`/statistics${query}`)
  const line = (body: string, label: string) => {
    const row = new RegExp(
      `<tr[^>]*><th[^>]*>(?:<a[^>]*>)?${label}(?:</a>)?(?:<div[^>]*>[^<]*</div>)?</th>(.*?)</tr>`,
      's',
    ).exec(body.replaceAll(/\s*\n\s*/g, ''))
    return [...(row?.[1] ?? '').matchAll(/<td[^>]*>(.*?)<\/td>/g)].map((cell) => cell[1]?.replaceAll(/<[^>]+>/g, ''))
  }

  it('prints figures by unit and type within the scope', async () => {
    const { body } = await page('zhang')
    expect(line(body, '古井村股份经济合作联合社')).toEqual([
      '4',
      '1,377.00',
      '2,196.80',
      '2,150.55',
      '100,000,000,000,000.29',
      '0.23',
      '99,999,999,999,999.86',
      '12,000.00',
    ])
    expect(line(body, '房屋')[0]).toBe('3')
    expect(line(body, '家具')).toEqual(['1', '—', '—', '—', '—', '—', '—', '—'])
    expect(body).not.toContain('红林村')
  })

  it('prints stationed units apart', async () => {
    const { body } = await page('ju')
    expect(line(body, '合计').slice(0, 1)).toEqual(['1'])
    expect(line(body, '合计')[4]).toBe('700.07')
    expect(line(body, '派驻小计')[4]).toBe('80,000.00')
  })

  it('takes the states of the day asked for', async () => {
    expect(line((await page('hong', '?asOf=2026-01-31')).body, '资源性资产').slice(0, 2)).toEqual(['1', '6,666.67'])
    expect(line((await page('hong', '?asOf=2026-02-01')).body, '资源性资产').slice(0, 2)).toEqual(['1', '7,000.00'])
    expect((await page('hong', '?asOf=2025-12-31')).body).toContain('没有可统计的资产')
    expect(line((await page('shi', '?asOf=2026-01-31')).body, '构筑物')[4]).toBe('3,000.33')
    expect((await page('shi')).body).not.toContain('构筑物')
  })

  it('says what is wrong with a day', async () => {
    for (const [asOf, text] of [
      ['2026-02-30', '不是日期'],
      ['2026-03-11', '统计时点不能晚于今天 2026-03-10'],
    ]) {
      const reply = await page('hong', `?asOf=${asOf}`)
      expect(reply.statusCode).toBe(422)
      expect(reply.body).toContain(text)
      expect((await (await test.as('hong')).get(`/statistics.xlsx?asOf=${asOf}`)).statusCode).toBe(422)
    }
  })

  it('filters by track, town and unit, a town government with all that lies in its township', async () => {
    const { codes } = test.fixture
    const town = await page('ju', `?unit=${codes.蓬莱镇人民政府}`)
    expect(line(town.body, '蓬莱镇人民政府')[0]).toBe('1')
    expect(line(town.body, '派驻小计')[0]).toBe('1')
    expect((await page('tian', '?town=510923101000')).body).not.toContain('古井村股份经济合作联合社</a></th>')
    expect((await page('nong', '?track=state')).body).toContain('没有可统计的资产')
    expect((await page('nong', '?unit=nothing')).statusCode).toBe(422)
  })

  it('gives the official sheet, whose details and summary agree', async () => {
    const { reply, workbook } = await fetched(test, 'ju', '/statistics.xlsx')
    expect(reply.headers['content-disposition']).toContain(encodeURIComponent('镇村公有资产清理统计表_2026-03-10'))
    const details = worksheet(workbook, '明细')
    const summary = worksheet(workbook, '汇总')
    expect(texts(details, 1)).toEqual(['镇村公有资产清理统计表'])
    expect(texts(details, 2).join()).toContain('填报单位：大英县财政局    统计时点：2026年3月10日')
    const shown: string[] = []
    for (const sheet of [details, summary]) sheet.eachRow((_row, number) => shown.push(texts(sheet, number).join('|')))
    expect(shown.filter((text) => text.startsWith('派驻单位('))).toHaveLength(2)
    expect(shown.find((text) => text.startsWith('勾稽'))).toBe('勾稽：本表合计 = 明细合计，相符。')
    const [sum] = await test.db((tx) =>
      tx.execute<{
        cost: string
      }>(sql`select sum(cost)::text as cost from cards c join units u on u.id = c.owner_unit_id
        where track = 'state' and kind <> 'stationed'`),
    )
    const total = shown.filter((text) => text.startsWith('合计|'))
    expect(total).toHaveLength(2)
    for (const text of total) expect(text.split('|')).toContain(sum?.cost)
  })

  it('is closed to people without business roles', async () => {
    expect((await page('shen')).statusCode).toBe(403)
    expect((await (await test.as('shen')).get('/statistics.xlsx')).statusCode).toBe(403)
  })
})
