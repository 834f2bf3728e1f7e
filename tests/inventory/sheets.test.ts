import { eq, sql } from 'drizzle-orm'
import type { Workbook, Worksheet } from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countLines } from '../../db/schema/inventory.ts'
import { events } from '../../db/schema/kernel.ts'
import { sheetLinks } from '../../server/inventory/sheets/links.ts'
import { countedStock } from '../../server/overview/counted-stock.ts'
import { texts, worksheet } from '../sheets/open.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import { village } from '../support/cards.ts'
import type { Account } from '../support/county.ts'
import { fetched } from '../support/download.ts'
import type { IssuedCall } from '../support/inventory.ts'
import { type Arranged, arrangeCount, arrangeVillage, otherTown, police, town } from '../support/inventory-lines.ts'

let test: TestApp
let arranged: Arranged
let inVillage: IssuedCall
beforeAll(async () => {
  test = await openTestApp()
  arranged = await arrangeCount(test)
  inVillage = await arrangeVillage(test)
})
afterAll(() => test.close())

const countNo = (unit: string) => arranged.call.counts[unit]?.no ?? ''
const ofCount = (unit: string) => `/inventory/counts/${countNo(unit)}`
const ofVillage = () => `/inventory/counts/${inVillage.counts[village]?.no}`
const ofCall = () => `/inventory/calls/${arranged.call.no}`
const book = async (account: Account, address: string) => (await fetched(test, account, `${address}.xlsx`)).workbook

function lines(workbook: Workbook, tab: string): string[] {
  const found = worksheet(workbook, tab)
  const shown: string[] = []
  found.eachRow((_row, number) => shown.push(texts(found, number).join('|')))
  return shown
}

const rows = (workbook: Workbook, tab: string) => lines(workbook, tab).filter((line) => /^\d+\|/.test(line))
const line = (workbook: Workbook, tab: string, label: string) =>
  lines(workbook, tab).find((text) => text.startsWith(`${label}|`)) ?? ''
const tabs = (workbook: Workbook) => workbook.worksheets.map(({ name }) => name)

/** What a line of 汇总 says under a group of its header. */
function group(sheet: Worksheet, label: string, name: string): (string | null)[] {
  const columns: number[] = []
  sheet.getRow(3).eachCell((cell, column) => cell.text === name && columns.push(column))
  const found: (string | null)[] = []
  sheet.eachRow((row) => {
    if (row.getCell(1).text !== label || found.length > 0) return
    for (const column of columns) {
      const cell = row.getCell(column)
      const value = cell.result ?? cell.value
      found.push(value === null || typeof value === 'object' ? null : String(value))
    }
  })
  return found
}

describe('the sheets of a count', () => {
  it('list every line once: gains, losses, uncounted, and the rest', async () => {
    const address = ofCount(town)
    const names = async (sheet: string, tab: string) =>
      rows(await book('zhen', `${address}/${sheet}`), tab).map((text) =>
        text.split('|').find((word) => listed.has(word)),
      )
    const listed = new Set([...Object.keys(arranged.codes), '发电机'])
    expect(await names('gains', '盘盈')).toEqual(['发电机'])
    expect(await names('losses', '盘亏')).toEqual(['电脑', '会议桌', '=HYPERLINK("http://x.test")'])
    expect(await names('uncounted', '未盘')).toEqual(['未盘的椅子'])
    expect(await names('matched', '无盈亏')).toEqual(['原粮站', '旧复印机', '文件柜', '只有原值的书柜'])
  })

  it('say the sums first, then why and by whom', async () => {
    const workbook = await book('zhen', `${ofCount(town)}/losses`)
    const shown = lines(workbook, '盘亏')
    expect(shown[3]).toBe('合计|14|10|6000.01|4|5200|4020.5|1179.5')
    expect(shown[5]).toContain('会议桌|10|8|1000.01|2|200|20|180|搬迁时丢失|在用|甄干事|待报废 1（桌腿断裂）')
    expect(worksheet(workbook, '盘亏').getRow(4).getCell(8).formula).toBe('SUM(H5:H7)')
  })

  it('group the detail by card type, and leave blank what nobody knows', async () => {
    const workbook = await book('zhen', `${ofCount(town)}/count-detail`)
    const shown = lines(workbook, '明细')
    expect(shown.filter((text) => text.includes('小计')).map((text) => text.split('|')[0])).toEqual([
      '房屋小计',
      '设备小计',
      '家具小计',
    ])
    expect(shown.find((text) => text.includes('HYPERLINK'))).toMatch(/家具\|3\|2\|1\|早已拆除\|在用$/)
    expect(shown.find((text) => text.includes('原粮站'))).toContain('闲置|老街 8 号|大门上锁')
    expect(shown.find((text) => text.includes('未盘的椅子'))).toMatch(/20\|2000\|500\|1500\|在用\|未盘$/)
  })

  it('keep a text that looks like a formula a text', async () => {
    const workbook = await book('zhen', `${ofCount(town)}/count-detail`)
    worksheet(workbook, '明细').eachRow((row) =>
      row.eachCell((cell) => {
        if (cell.text.includes('HYPERLINK')) expect(cell.formula).toBeUndefined()
      }),
    )
  })

  it('total to the cent what the database sums', async () => {
    const [sums] = await test.db((tx) =>
      tx.execute<Record<string, string>>(sql`
        select sum(book_cost)::text as book, sum(missing_cost)::text as missing, sum(scrap_cost)::text as scrap,
          sum(coalesce(book_cost, 0) + coalesce(surplus_cost, 0) - coalesce(missing_cost, 0))
            filter (where counted_quantity is not null)::text as counted
        from count_lines where count_id = ${arranged.call.counts[town]?.id}`),
    )
    const sheet = worksheet(await book('zhen', `${ofCount(town)}/count-summary`), '汇总')
    const cost = (name: string) => group(sheet, '合计', name)[1]
    expect(Number(sums?.book)).toBe(106933.34)
    expect(cost('账面数')).toBe(String(Number(sums?.book)))
    expect(cost('盘亏')).toBe(String(Number(sums?.missing)))
    expect(cost('清查数')).toBe(String(Number(sums?.counted)))
    expect(cost('其中待报废')).toBe(String(Number(sums?.scrap)))
  })

  it('print 镇村公有资产清理统计表 with what was counted, and agree with 汇总', async () => {
    const workbook = await book('zhen', `${ofCount(town)}/statistics`)
    expect(rows(workbook, '明细').join()).not.toContain('电脑')
    expect(rows(workbook, '明细').find((text) => text.includes('原粮站'))).toContain('老街 8 号|320|1|90000|30000.07')
    expect(lines(workbook, '统计汇总')).toContain('勾稽：本表合计 = 明细合计，相符。')
    expect(lines(workbook, '勾稽关系').at(-2)).toMatch(/^共 \d+ 项，全部相符。$/)
  })

  it('end with the checks, in every workbook but the form to fill in', async () => {
    for (const sheet of ['count-detail', 'gains', 'losses', 'uncounted', 'matched', 'count-summary', 'additions']) {
      expect(tabs(await book('cai', `${ofCount(town)}/${sheet}`)).slice(-2), sheet).toEqual(['汇总', '勾稽关系'])
    }
    expect(tabs(await book('zhen', `${ofCount(town)}/count-sheet`))).toEqual(['盘点单', '填写说明'])
  })
})

describe('the sheets of a whole call', () => {
  it('print stationed units apart, in no sum of a township', async () => {
    const workbook = await book('ju', `${ofCall()}/count-detail`)
    expect(line(workbook, '明细', '派驻合计')).toContain('|80000|')
    const summary = worksheet(workbook, '汇总')
    expect(group(summary, '合计', '账面数')[1]).toBe('107633.41')
    expect(group(summary, `${police}小计`, '账面数')[1]).toBe('80000')
    expect(group(summary, '全部单位类别合计', '账面数')[1]).toBe('107633.41')
    expect(lines(workbook, '勾稽关系').at(-2)).toMatch(/^共 \d+ 项，全部相符。$/)
  })

  it('hold the counts that somebody reads, and say so when it is not all', async () => {
    const workbook = await book('long', `${ofCall()}/count-summary`)
    expect(lines(workbook, '汇总').join()).not.toContain(town)
    expect(lines(workbook, '汇总')).toContain('注：共 3 个单位，本表只列您可以查看的 1 个，不是全部合计。')
    expect(group(worksheet(workbook, '汇总'), '合计', '账面数')[1]).toBe('700.07')
  })
})

describe('the sheets of the collective track', () => {
  it('put resources under the classes of the land survey', async () => {
    const workbook = await book('zhang', `${ofVillage()}/resources`)
    expect(rows(workbook, '登记表')[0]).toContain('三社水田|耕地|耕地|河|1|6666.67|6666.67|发包|在用|李某|1200')
    const classes = lines(workbook, '登记总表')
    expect(classes).toContain('农用地|耕地|1|6666.67|6666.67')
    expect(classes).toContain('农用地|其他农用地|1|3000|3000')
    expect(classes).toContain('地类未填或未归类|1|10.5|10.5')
    expect(classes).toContain('合计|3|9677.17|9677.17')
  })

  it('list by source what was acquired after the earlier census, and say what has no date', async () => {
    const shown = lines(await book('zhang', `${ofVillage()}/additions`), '新增资产')
    expect(shown.filter((text) => text.includes('小计'))).toEqual(['政府投入小计|1|50000||', '社会捐赠小计|1|300.1||'])
    expect(shown.join()).not.toContain('旧仓库')
    expect(shown).toContain('注：有 4 项没有取得时间，无法判断是否新增，没有列入；请补填取得时间。')
  })

  it('hold claims and debts against the ledger, by the forms of the census', async () => {
    const workbook = await book('zhang', `${ofVillage()}/claims`)
    expect(tabs(workbook)).toEqual(['债权清查登记表', '债务清查登记表', '汇总', '勾稽关系'])
    const claimed = lines(workbook, '债权清查登记表')
    expect(claimed.find((text) => text.includes('王某'))).toMatch(
      /^1\|03\|古井村股份经济合作联合社\|ZQ2026-0001\|应收款项\|王某\|2019年?\|1000.01\|100.01\|900\|已收回/,
    )
    expect(line(workbook, '债权清查登记表', '合计')).toBe('合计|1007.11||100.11|7|900')
    expect(line(workbook, '债务清查登记表', '合计')).toMatch(/\|50000\|3000.5\|.*53000.5$/)
    expect(lines(workbook, '勾稽关系')).toEqual(
      expect.arrayContaining([
        expect.stringContaining('债务清查登记表：核实数|核实数 = 账面数 + 调增 − 调减 − 未核对|53000.5|53000.5'),
      ]),
    )
    expect(lines(workbook, '勾稽关系').at(-2)).toMatch(/^共 \d+ 项，全部相符。$/)
  })

  it('have no resources on the other track', async () => {
    expect((await (await test.as('zhen')).get(`${ofCount(town)}/resources.xlsx`)).statusCode).toBe(404)
    expect((await (await test.as('zhen')).get(`${ofCount(town)}/claims.xlsx`)).statusCode).toBe(404)
  })
})

describe('who gets them', () => {
  it.each<[Account, number]>([
    ['zhen', 200],
    ['cai', 200],
    ['ju', 200],
    ['long', 404],
    ['zhang', 404],
    ['tian', 404],
    ['xi', 403],
  ])('%s asks for the count of a township: %s', async (account, status) => {
    expect((await (await test.as(account)).get(`${ofCount(town)}/count-detail.xlsx`)).statusCode).toBe(status)
  })

  it('leaves an event of each', async () => {
    await book('zhen', `${ofCount(town)}/gains`)
    const told = await test.db((tx) =>
      tx.select().from(events).where(eq(events.action, 'export.inventory-counts')).orderBy(events.id),
    )
    expect(told.at(-1)?.detail).toMatchObject({ filter: { no: countNo(town), sheet: 'gains' } })
  })

  it('refuses numbers and sheets that there are not', async () => {
    const zhen = await test.as('zhen')
    for (const address of [
      '/inventory/counts/PD2026-9999/gains.xlsx',
      `/inventory/calls/${countNo(town)}/gains.xlsx`,
      `${ofCount(town)}/toString.xlsx`,
      `${ofCall()}/count-sheet.xlsx`,
    ]) {
      const { statusCode } = await zhen.get(address)
      expect(statusCode, address).toBeGreaterThanOrEqual(400)
      expect(statusCode, address).toBeLessThan(500)
    }
  })
})

describe('the stock table of a count', () => {
  it('opens with the books, closes with what was counted, and puts scrap where it waits', async () => {
    const workbook = await book('ju', `${ofCall()}/stock`)
    expect(tabs(workbook)).toEqual(['存量情况表', '派驻单位存量情况表', '汇总', '勾稽关系'])
    const furniture = line(workbook, '存量情况表', '(六)家具、用具、装具及动植物')
    expect(furniture).toBe(
      '(六)家具、用具、装具及动植物|8|36.5|3933.34|600|3000.01|13.5|1733.34|80|1320.01|12.5|1633.34|70|1230.01|1|100|10|90',
    )
    expect(line(workbook, '存量情况表', '合计|1')).toContain('|40.5|107633.41|42600.64|64699.44|17.5|100434.41|')
    expect(lines(workbook, '存量情况表').join()).toContain('勾稽相符：')
    expect(line(workbook, '派驻单位存量情况表', '合计|1')).toContain('|80000|10000|70000|')
  })
})

describe('the list of what can be taken out', () => {
  const others = { stock: countedStock }
  it('leads to sheets that are there, the form to fill in first', async () => {
    const count = sheetLinks({ kind: 'count', no: countNo(town), track: 'state' }, others)
    const call = sheetLinks({ kind: 'call', no: arranged.call.no, track: 'state' }, others)
    expect(count.map(({ title, form }) => [title, form]).slice(0, 2)).toEqual([
      ['盘点单', true],
      ['固定资产清查明细表', false],
    ])
    const ju = await test.as('ju')
    for (const { href } of [...count, ...call]) expect((await ju.get(href)).statusCode, href).toBe(200)
    expect(call.map(({ title }) => title)).not.toContain('盘点单')
  })
})

describe('an empty count', () => {
  it('prints its sheets, with nothing in them', async () => {
    await test.db((tx) =>
      tx.delete(countLines).where(eq(countLines.countId, arranged.call.counts[otherTown]?.id ?? '')),
    )
    const workbook = await book('long', `${ofCount(otherTown)}/count-detail`)
    expect(rows(workbook, '明细')).toEqual([])
    expect(lines(workbook, '勾稽关系')).toContain('共 0 项，全部相符。')
  })
})
