import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { eq, sql } from 'drizzle-orm'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cards } from '../../db/schema/assets.ts'
import { asSystem } from '../../server/access/system.ts'
import { changeCard } from '../../server/assets/actions.ts'
import { valuesOf } from '../../server/assets/card.ts'
import { cardTarget } from '../../server/assets/import-target.ts'
import { openBatch, readBatch } from '../../server/imports/actions.ts'
import { folder, texts, worksheet } from '../sheets/open.ts'
import { openTestApp, type Reply, type TestApp } from '../support/app.ts'
import type { Account } from '../support/county.ts'
import { fillRegister } from '../support/register.ts'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
  await test.db((tx) => fillRegister(tx, test.clock, test.fixture))
  await test.db(async (tx) => {
    const [card] = await tx.select().from(cards).where(eq(cards.name, '堰塘'))
    if (!card) throw new Error('no card')
    const grown = { ...valuesOf(card), landArea: '7000.00', cost: '50.05' }
    await changeCard(tx, asSystem(test.clock), card, grown, { action: 'card.edit', effectiveOn: '2026-02-01' })
    const [table] = await tx.select().from(cards).where(eq(cards.name, '晒坝'))
    if (!table) throw new Error('no card')
    await changeCard(
      tx,
      asSystem(test.clock),
      table,
      valuesOf(table),
      { action: 'card.void', effectiveOn: '2026-02-01' },
      { voided: true },
    )
  })
})
afterAll(() => test.close())

async function fetched(account: Account, url: string): Promise<{ reply: Reply; workbook: ExcelJS.Workbook }> {
  const reply = await (await test.as(account)).get(url)
  expect(reply.statusCode, reply.body.slice(0, 1500)).toBe(200)
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.read(Readable.from([reply.rawPayload]))
  return { reply, workbook }
}

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
  worksheet((await fetched(account, `/assets.xlsx${query}`)).workbook, '资产台账')

describe('the register as a workbook', () => {
  it('is a file with a Chinese name that no page may show', async () => {
    const { reply } = await fetched('zhang', '/assets.xlsx')
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
    const { reply } = await fetched('zhang', '/assets.xlsx')
    const path = join(await folder(), 'register.xlsx')
    await writeFile(path, reply.rawPayload)
    const undo = new Error('undo')
    let staged: unknown[] = []
    await test
      .db(async (tx) => {
        const acting = asSystem(test.clock, [])
        const target = cardTarget('510923', acting)
        const batch = await openBatch(tx, acting, 'cards', {
          file: { sha256: '0'.repeat(64), size: reply.rawPayload.length },
          fileName: 'register.xlsx',
          unitId: test.fixture.units.古井村股份经济合作联合社 ?? '',
          track: 'collective',
          effectiveOn: '2026-03-10',
        })
        await readBatch(tx, batch, path, target)
        staged = await tx.execute(
          sql`select "values" ->> 'name' as name, status, problems, changes from import_rows order by 1`,
        )
        throw undo
      })
      .catch((error) => {
        if (error !== undo) throw error
      })
    expect(staged).toEqual(
      ['20%_临街商铺', '=HYPERLINK("http://example.test","点我")', '办公桌', '原古井小学'].map((name) =>
        expect.objectContaining({ name, status: 'unchanged' }),
      ),
    )
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

describe('statistics', () => {
  const page = async (account: Account, query = '') => (await test.as(account)).get(`/statistics${query}`)
  const line = (body: string, label: string) => {
    const row = new RegExp(`<tr[^>]*><th[^>]*>(?:<a[^>]*>)?${label}(?:</a>)?</th>(.*?)</tr>`, 's').exec(
      body.replaceAll(/\s*\n\s*/g, ''),
    )
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
    const { reply, workbook } = await fetched('ju', '/statistics.xlsx')
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
