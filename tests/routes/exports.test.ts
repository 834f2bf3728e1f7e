import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folder, texts, worksheet } from '../sheets/open.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import type { Account } from '../support/county.ts'
import { fetched } from '../support/download.ts'
import { fillRegister, moveOn } from '../support/register.ts'
import { stagedAgain } from '../support/round-trip.ts'

const village = '古井村股份经济合作联合社'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
  await test.db((tx) => fillRegister(tx, test.clock, test.fixture))
  await test.db((tx) => moveOn(tx, test.clock))
})
afterAll(() => test.close())

/** The data rows by their printed headers. */
function rowsOf(sheet: ExcelJS.Worksheet, headerRow = 3): Record<string, string>[] {
  const headers = new Map<number, string>()
  sheet.getRow(headerRow).eachCell((cell, column) => headers.set(column, cell.text))
  const rows: Record<string, string>[] = []
  sheet.eachRow((row, number) => {
    if (number <= headerRow || !/^\d+$/.test(row.getCell(1).text)) return
    rows.push(Object.fromEntries([...headers].map(([column, header]) => [header, row.getCell(column).text])))
  })
  return rows
}

const names = (sheet: ExcelJS.Worksheet) => rowsOf(sheet).map((row) => row.资产名称)
const register = async (account: Account, query = '') =>
  worksheet((await fetched(test, account, `/assets.xlsx${query}`)).workbook, '资产台账')

/** The rows of an exported register as an import of the same file would stage them; nothing is kept. */
async function importedAgain(account: Account, query: string, unit: string, track: 'state' | 'collective') {
  const { reply } = await fetched(test, account, `/assets.xlsx${query}`)
  const path = join(await folder(), 'register.xlsx')
  await writeFile(path, reply.rawPayload)
  return stagedAgain(test, path, { unit, track })
}

describe('the register as a workbook', () => {
  it('is a file with a Chinese name that no page may show', async () => {
    const { reply } = await fetched(test, 'zhang', '/assets.xlsx')
    expect(reply.headers['content-type']).toBe('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
    expect(reply.headers['content-disposition']).toBe(
      `attachment; filename="2026-03-10.xlsx"; filename*=UTF-8''${encodeURIComponent('资产台账_2026-03-10')}.xlsx`,
    )
    expect(reply.headers['x-content-type-options']).toBe('nosniff')
    expect(reply.headers['cache-control']).toBe('no-store')
  })

  it('prints labels, names, partial dates and exact figures', async () => {
    const [school] = rowsOf(await register('zhang', '?q=古井小学'))
    expect(school).toMatchObject({
      资产名称: '原古井小学',
      资产属性: '集体',
      资产性质: '非经营性',
      资产类别: '房屋',
      权属单位: '古井村股份经济合作联合社',
      '所在村(社区)': '古井村委会',
      '建成/取得时间': '1998',
      闲置起始时间: '2019年9月',
      '账面原值(元)': '99999999999999.99',
      '账面净值(元)': '99999999999999.79',
      使用单位: '',
      保管人: '张会计',
    })
    const [shop] = rowsOf(await register('zhang', '?q=商铺'))
    expect(shop).toMatchObject({ '建成/取得时间': '2018年3月31日', '年租金(元)': '12000', '占地面积(㎡)': '' })
  })

  it('of one type has the fields of that type and of the books, which the whole register leaves out', async () => {
    const police = await register('ju', '?type=vehicle')
    expect(rowsOf(police)).toMatchObject([{ 资产名称: '派出所车辆', 车牌号: '川J12345', 财务入账状态: '已入账' }])
    const [first] = rowsOf(await register('ju'))
    expect(Object.keys(first ?? {})).not.toContain('车牌号')
  })

  const headers = async (query: string) => Object.keys(rowsOf(await register('ju', query))[0] ?? {})

  it('prints the chosen columns in the order chosen, and no others', async () => {
    expect(await headers('?columns=name,cost&columns=code')).toEqual(['序号', '资产名称', '账面原值(元)', '资产编号'])
    expect(await headers('?columns=usage, usage')).toEqual(['序号', '使用状况'])
    expect(await headers('?columns=')).toEqual(await headers(''))
    const police = await register('ju', '?type=vehicle&columns=plate,name')
    expect(rowsOf(police)).toEqual([{ 序号: '1', 车牌号: '川J12345', 资产名称: '派出所车辆' }])
  })

  it('offers its columns on a page that keeps the filter of the list', async () => {
    const list = await (await test.as('ju')).get('/assets?type=vehicle&sort=-cost')
    const href = /href="(\/assets\/columns[^"]*)"/.exec(list.body)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const { body } = await (await test.as('ju')).get(href)
    expect(body).toContain('资产类别：车辆')
    const sent = [...body.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value,
    ])
    expect(Object.fromEntries(sent)).toMatchObject({ type: 'vehicle', sort: '-cost' })
    const offered = [...body.matchAll(/name="columns" value="(\w+)"/g)].map(([, key]) => key ?? '')
    expect(offered).toEqual(expect.arrayContaining(['code', 'remark', 'plate']))
    const all = offered.map((key) => `columns=${key}`).join('&')
    const sorted = async (query: string) => (await headers(query)).sort()
    expect(await sorted(`?type=vehicle&${all}`)).toEqual(await sorted('?type=vehicle'))
    expect((await (await test.as('ju')).get('/assets/columns')).body).not.toContain('value="plate"')
  })

  it.each([
    ['columns=nmae', '台账没有“nmae”这一栏，请重新选择栏目。'],
    ['columns=name,toString', '台账没有“toString”这一栏'],
    ['columns=name&columns=<b>', '台账没有“&lt;b&gt;”这一栏'],
    ['columns=plate', '“车牌号”不是每类资产都有的栏目，请先选定有它的资产类别。'],
    ['type=house&columns=plate', '“车牌号”不是每类资产都有的栏目'],
  ])('refuses %s in a sentence', async (query, sentence) => {
    const { statusCode, body } = await (await test.as('zhang')).get(`/assets.xlsx?${query}`)
    expect(statusCode).toBe(422)
    expect(body).toContain(sentence)
  })

  it('of chosen columns imports again without edits, as long as the codes are among them', async () => {
    const staged = await importedAgain('zhang', '?columns=code,name,cost', village, 'collective')
    expect(staged.map(({ status }) => status)).toEqual(Array(4).fill('unchanged'))
  })

  it('hands out its blank form, of one type too', async () => {
    const { reply, workbook } = await fetched(test, 'zhang', '/assets/template.xlsx?type=vehicle')
    expect(reply.headers['content-disposition']).toContain(encodeURIComponent('资产台账空白表_车辆'))
    expect(texts(worksheet(workbook, '填表'), 3)).toEqual(expect.arrayContaining(['资产名称', '车牌号']))
    const { workbook: whole } = await fetched(test, 'zhang', '/assets/template.xlsx')
    expect(texts(worksheet(whole, '填表'), 3)).not.toContain('车牌号')
    expect((await (await test.as('zhang')).get('/imports/new')).body).toContain('/assets/template.xlsx')
  })

  it('totals what the database totals, to the cent', async () => {
    const sheet = await register('zhang')
    const [sums] = await test.db((tx) =>
      tx.execute<Record<string, string>>(sql`
        select sum(cost)::text as cost, sum(depreciation)::text as depreciation, sum(floor_area)::text as floor
        from cards where owner_unit_id = ${test.fixture.units.古井村股份经济合作联合社}`),
    )
    const totals: string[] = []
    sheet.eachRow((row) => {
      if (row.getCell(1).text === '合计') row.eachCell((cell) => totals.push(String(cell.result ?? cell.text)))
    })
    expect(totals).toContain(sums?.cost)
    expect(totals.map(Number)).toContain(Number(sums?.depreciation))
    expect(totals.map(Number)).toContain(Number(sums?.floor))
  })

  it('keeps texts that look like formulas as texts', async () => {
    const sheet = await register('zhang', '?q=HYPERLINK')
    const cells: ExcelJS.Cell[] = []
    sheet.eachRow((row) => row.eachCell((cell) => cells.push(cell)))
    for (const text of ['=HYPERLINK("http://example.test","点我")', '@SUM(A1)']) {
      expect(cells.find((cell) => cell.value === text)?.type, text).toBe(ExcelJS.ValueType.String)
    }
    expect(cells.filter((cell) => cell.formula).every((cell) => cell.formula.startsWith('SUM('))).toBe(true)
  })

  it.each<[Account, string[]]>([
    ['zhang', ['=HYPERLINK("http://example.test","点我")', '20%_临街商铺', '办公桌', '原古井小学']],
    ['hong', ['堰塘']],
    ['cai', ['政府办公楼', '派出所车辆']],
    ['nong', ['=HYPERLINK("http://example.test","点我")', '20%_临街商铺', '办公桌', '原古井小学', '堰塘']],
    ['ju', ['政府办公楼', '派出所车辆']],
  ])('holds only what %s may read', async (account, expected) => {
    expect(names(await register(account)).sort()).toEqual([...expected].sort())
  })

  it('follows the filter and the order on the screen', async () => {
    expect(names(await register('zhang', '?type=house&sort=-floor'))).toEqual([
      '原古井小学',
      '20%_临街商铺',
      '=HYPERLINK("http://example.test","点我")',
    ])
    expect(names(await register('zhang', `?q=${encodeURIComponent('%_')}`))).toEqual(['20%_临街商铺'])
    const none = await register('zhang', '?unit=510923100215J01')
    expect(names(none)).toEqual([])
    expect(texts(none, 2).join()).toContain('单位：红林村股份经济合作联合社')
  })

  it('refuses people without business roles and strangers', async () => {
    expect((await (await test.as('xi')).get('/assets.xlsx')).statusCode).toBe(403)
    expect((await test.visitor().get('/assets.xlsx')).headers.location).toContain('/sign-in')
  })

  it('imports again without edits: nothing new, nothing changed, nothing wrong', async () => {
    const staged = await importedAgain('zhang', '', '古井村股份经济合作联合社', 'collective')
    expect(staged).toEqual(
      ['20%_临街商铺', '=HYPERLINK("http://example.test","点我")', '办公桌', '原古井小学'].map((name) =>
        expect.objectContaining({ name, status: 'unchanged' }),
      ),
    )
  })

  it('of one type imports again without edits, the fields of the type too', async () => {
    const staged = await importedAgain('ju', '?type=vehicle', '蓬莱镇派出所', 'state')
    expect(staged).toEqual([
      expect.objectContaining({ name: '派出所车辆', status: 'unchanged', plate: '川J12345', booked: '已入账' }),
    ])
  })

  it('reads rows in portions and holds them all', async () => {
    const { units } = test.fixture
    await test.db((tx) =>
      tx.execute(sql`insert into cards (code, name, track, card_type, owner_unit_id, division_code, valid_from, created_at, updated_at, cost)
        select '5109231' || lpad(n::text, 7, '0'), '书架', 'collective', 'furniture', ${units.石桥村股份经济合作联合社}, '510923101201', '2026-03-09', now(), now(), 0.01
        from generate_series(1, 2500) n`),
    )
    const rows = rowsOf(await register('shi', '?sort=code'))
    expect(rows).toHaveLength(2500)
    expect(new Set(rows.map((row) => row.资产编号)).size).toBe(2500)
  })
})
