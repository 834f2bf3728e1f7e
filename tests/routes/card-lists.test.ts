import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folder, texts, worksheet } from '../sheets/open.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import { enterCards, village } from '../support/cards.ts'
import type { Account } from '../support/county.ts'
import { fetched } from '../support/download.ts'
import { fillRegister, moveOn } from '../support/register.ts'
import { stagedAgain } from '../support/round-trip.ts'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
  await test.db((tx) => fillRegister(tx, test.clock, test.fixture))
  await test.db((tx) => moveOn(tx, test.clock))
  await enterCards(test, [
    {
      name: '电脑',
      cardType: 'equipment',
      brand: '+联想',
      booked: '已入账',
      bookedOn: '2026-03-02',
      quantity: '3',
      cost: '4000.20',
      voucherNo: '记-12',
      keeper: '张会计',
      source: 'purchase',
    },
  ])
})
afterAll(() => test.close())

const cards = async (account: Account, query = '') =>
  worksheet((await fetched(test, account, `/statistics/cards.xlsx${query}`)).workbook, '资产卡片')
const lines = (sheet: ExcelJS.Worksheet) => {
  const shown: string[] = []
  sheet.eachRow((_row, number) => shown.push(texts(sheet, number).join('|')))
  return shown
}
/** The data rows by their printed headers. */
function rowsOf(sheet: ExcelJS.Worksheet): Record<string, string>[] {
  const headers = texts(sheet, 3)
  const rows: Record<string, string>[] = []
  sheet.eachRow((row, number) => {
    if (number <= 3 || !/^\d+$/.test(row.getCell(1).text)) return
    rows.push(Object.fromEntries(headers.map((header, index) => [header, row.getCell(index + 1).text])))
  })
  return rows
}
const names = (sheet: ExcelJS.Worksheet) => rowsOf(sheet).map((row) => row.资产名称)

describe('单位资产卡片', () => {
  it('has the official columns, and leaves blank what nobody knows', async () => {
    const sheet = await cards('zhang')
    expect(texts(sheet, 1)).toEqual(['单位资产卡片'])
    expect(texts(sheet, 3).join(' ')).toBe(
      '序号 登账状态 资产状态 资产编号 原资产编号 资产名称 规格型号 品牌 数量 单价(元) 价值(元) 购置日期 存放地点 取得方式 计量单位 会计凭证号 使用部门 使用人 管理部门 财务入账日期 备注',
    )
    const computer = rowsOf(sheet).find((row) => row.资产名称 === '电脑')
    expect(computer).toMatchObject({
      登账状态: '已入账',
      资产状态: '在用',
      品牌: '+联想',
      数量: '3',
      '单价(元)': '',
      '价值(元)': '4000.2',
      取得方式: '购置',
      会计凭证号: '记-12',
      使用人: '张会计',
      管理部门: '',
      财务入账日期: '2026年3月2日',
      购置日期: '',
    })
  })

  it('keeps texts that look like formulas as texts, and its own formulas to sums', async () => {
    const cells: ExcelJS.Cell[] = []
    ;(await cards('zhang')).eachRow((row) => row.eachCell((cell) => cells.push(cell)))
    for (const text of ['=HYPERLINK("http://example.test","点我")', '@SUM(A1)', '+联想']) {
      expect(cells.find((cell) => cell.value === text)?.type, text).toBe(ExcelJS.ValueType.String)
    }
    expect(cells.filter((cell) => cell.formula).every((cell) => cell.formula.startsWith('SUM('))).toBe(true)
  })

  it('lists unit by unit with sums that come to what the database sums', async () => {
    const shown = lines(await cards('nong'))
    const [sums] = await test.db((tx) =>
      tx.execute<{ all: string; own: string }>(sql`
        select sum(cost)::text as all, (sum(cost) filter (where owner_unit_id = ${test.fixture.units[village]}))::text as own
        from cards where track = 'collective' and not voided and division_code like '510923100%'`),
    )
    expect(shown).toContain(village)
    expect(shown).toContain('红林村股份经济合作联合社')
    expect(shown.find((line) => line.startsWith(`${village}小计`))).toContain(sums?.own)
    expect(shown.find((line) => line.startsWith('合计'))).toContain(sums?.all)
    expect(rowsOf(await cards('nong')).map((row) => row.序号)).toEqual(['1', '2', '3', '4', '5', '6'])
  })

  it.each<[Account, string, string[]]>([
    ['hong', '', ['堰塘']],
    ['ju', '', ['派出所车辆', '政府办公楼']],
    ['ju', '?track=collective', []],
    ['shi', '', []],
    ['shi', '?asOf=2026-01-31', ['晒坝']],
    ['zhang', '?asOf=2025-12-31', []],
  ])('holds what %s may read%s', async (account, query, expected) => {
    expect(names(await cards(account, query))).toEqual(expected)
  })

  it('takes a unit with all under it', async () => {
    const { codes } = test.fixture
    expect(names(await cards('tian', `?unit=${codes.隆盛镇人民政府}&asOf=2026-01-31`))).toEqual(['晒坝'])
    expect(names(await cards('zhang', `?unit=${codes.红林村股份经济合作联合社}`))).toEqual([])
  })

  it('imports again without edits: nothing new, nothing changed, nothing wrong', async () => {
    for (const [account, unit, count] of [
      ['zhang', village, 5],
      ['nong', '蓬莱镇人民政府', 6],
    ] as const) {
      const { reply } = await fetched(test, account, '/statistics/cards.xlsx')
      const path = join(await folder(), 'cards.xlsx')
      await writeFile(path, reply.rawPayload)
      const staged = await stagedAgain(test, path, { unit, track: 'collective' })
      expect(staged, account).toHaveLength(count)
      expect(staged.filter(({ status }) => status !== 'unchanged')).toEqual([])
    }
  })
})

describe('the lists of cards', () => {
  it.each(['/statistics/cards.xlsx', '/statistics/village-status.xlsx'])(
    '%s wants a day that has come',
    async (url) => {
      const zhang = await test.as('zhang')
      for (const asOf of ['2026-02-30', '2026-03-11', 'x']) {
        expect((await zhang.get(`${url}?asOf=${asOf}`)).statusCode).toBe(422)
      }
      expect((await zhang.get(`${url}?unit=nothing`)).statusCode).toBe(422)
      expect((await (await test.as('xi')).get(url)).statusCode).toBe(403)
      expect((await test.visitor().get(url)).headers.location).toContain('/sign-in')
    },
  )

  it('tell the state of a village’s assets on a day', async () => {
    const { reply, workbook } = await fetched(test, 'hong', '/statistics/village-status.xlsx?asOf=2026-01-31')
    expect(reply.headers['content-disposition']).toContain(encodeURIComponent('村资产现状表_2026-01-31'))
    expect(lines(worksheet(workbook, '村资产现状')).join('\n')).toContain('1|红林村委会|堰塘|6666.67')
  })

  it('are offered beside the statistics, with the same filter', async () => {
    const { body } = await (await test.as('zhang')).get('/statistics?asOf=2026-01-31')
    for (const place of ['stock', 'cards.xlsx', 'village-status.xlsx']) {
      expect(body).toContain(`href="/statistics/${place}?asOf=2026-01-31"`)
    }
  })
})
