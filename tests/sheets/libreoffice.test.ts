import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type { Workbook } from 'exceljs'
import { expect, onTestFinished, test } from 'vitest'
import { cardTypes, usages } from '../../imports/sheets/card-choices.ts'
import { writeWorkbook } from '../../imports/writing/write.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import { enterCards } from '../support/cards.ts'
import { fetched } from '../support/download.ts'
import { convert, hasLibreOffice } from '../support/libreoffice.ts'
import { fillRegister, moveOn } from '../support/register.ts'
import { stagedAgain } from '../support/round-trip.ts'
import { folder, open } from './open.ts'
import { statistics } from './sample.ts'

test.skipIf(!hasLibreOffice)('LibreOffice computes the totals that were written', { timeout: 120_000 }, async () => {
  const directory = await folder()
  const path = join(directory, 'statistics.xlsx')
  const [detail, summary] = await writeWorkbook(statistics(), path)
  // Filter options: comma, double quote, UTF-8, figures in full, every worksheet in a file of its own.
  const format = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1'
  await convert(directory, format, [path])

  const totalLine = async (name: string, label: string) =>
    (await readFile(join(directory, `statistics-${name}.csv`), 'utf8'))
      .split('\n')
      .find((line) => line.startsWith(label))
  expect(await totalLine('明细', '合计')).toContain(',54102000.09,1000.09,54101000,')
  expect(await totalLine('汇总', '合计')).toBe('合计,,3,1377,2196.75,2150.5,54102000.09,1000.09,54101000,12000')
  expect(await totalLine('汇总', '明细合计')).toBe('明细合计,,3,1377,2196.75,2150.5,54102000.09,1000.09,54101000,12000')
  expect(await totalLine('汇总', '差额')).toBe('差额(应为0),,0,0,0,0,0,0,0,0')
  expect([detail?.totals.cost, summary?.totals.cost]).toEqual(['54102000.09', '54102000.09'])
})

/** Every formula of a workbook with the result that stands beside it. */
function results(workbook: Workbook): Record<string, number> {
  const found: Record<string, number> = {}
  workbook.eachSheet((sheet) =>
    sheet.eachRow((row) =>
      row.eachCell((cell) => {
        if (cell.formula) found[`${sheet.name}!${cell.address}`] = Number(cell.result ?? 0)
      }),
    ),
  )
  return found
}

/** Figures of a line, by its label in the first column and in the order of the columns. */
function figures(workbook: Workbook, sheetName: string, label: string): (number | null)[] {
  const line: (number | null)[] = []
  workbook.getWorksheet(sheetName)?.eachRow((row) => {
    if (row.getCell(1).text !== label || line.length > 0) return
    row.eachCell((cell) => line.push(Number(cell.result ?? cell.value)))
  })
  return line
}

/** Cards of every type and usage with odd cents, of the one village that has only its own. */
async function enterOddCards(app: TestApp): Promise<void> {
  await app.db((tx) => fillRegister(tx, app.clock, app.fixture))
  await app.db((tx) => moveOn(tx, app.clock))
  const owner = { ownerUnit: app.fixture.units.石桥村股份经济合作联合社 ?? '', division: '510923101201' }
  const cards = cardTypes.flatMap(({ value: cardType }, type) =>
    [...usages, { value: null }].map(({ value: usage }, state) => {
      const cents = String((type * 37 + state * 11) % 100).padStart(2, '0')
      return {
        ...owner,
        name: `=${cardType}+${state}`,
        cardType,
        usage,
        classCode: ['2010104', '3220000', null][state % 3] ?? null,
        quantity: `${state}.5`,
        cost: `${(type + 1) * 1_234_567}.${cents}`,
        depreciation: `${type}.0${state}`,
      }
    }),
  )
  await enterCards(app, cards, '2026-02-10')
}

test.skipIf(!hasLibreOffice)(
  'LibreOffice reckons of a register what the database sums, in every sheet',
  { timeout: 180_000 },
  async () => {
    const app = await openTestApp()
    onTestFinished(() => app.close())
    await enterOddCards(app)
    const directory = await folder()
    await mkdir(join(directory, 'written'))
    const places = {
      register: '/assets.xlsx?columns=code,name,quantity,cost,depreciation',
      statistics: '/statistics.xlsx',
      cards: '/statistics/cards.xlsx',
      stock: '/statistics/stock.xlsx?since=2026-01-31',
      changes: '/assets/changes.xlsx?from=2026-01-31',
    }
    const paths: string[] = []
    for (const [name, url] of Object.entries(places)) {
      const path = join(directory, 'written', `${name}.xlsx`)
      await writeFile(path, (await fetched(app, 'shi', url)).reply.rawPayload)
      paths.push(path)
    }
    await convert(directory, 'xlsx', paths)

    const [all, stock] = await app.db((tx) =>
      tx.execute<{ cost: string; depreciation: string; net: string; quantity: string }>(sql`
        select sum(c.cost)::text as cost, sum(c.depreciation)::text as depreciation, sum(c.net_value)::text as net,
          sum(c.quantity)::text as quantity
        from (values (false), (true)) part (stock)
        join cards c on not part.stock or (c.card_type <> 'resource' and c.usage is distinct from 'disposed')
        where c.owner_unit_id = ${app.fixture.units.石桥村股份经济合作联合社} and not c.voided
        group by part.stock order by part.stock`),
    )
    const [cost, depreciation, net] = [Number(all?.cost), Number(all?.depreciation), Number(all?.net)]
    expect(cost).toBeGreaterThan(1_000_000)
    const reckoned = Object.fromEntries(
      await Promise.all(
        Object.keys(places).map(async (name) => [name, await open(join(directory, `${name}.xlsx`))] as const),
      ),
    )
    for (const [name, workbook] of Object.entries(reckoned)) {
      const cached = results(await open(join(directory, 'written', `${name}.xlsx`)))
      const again = results(workbook)
      expect(Object.keys(again).length, name).toBeGreaterThan(0)
      expect(Object.keys(again).sort(), name).toEqual(Object.keys(cached).sort())
      for (const [cell, result] of Object.entries(again))
        expect(result, `${name} ${cell}`).toBeCloseTo(cached[cell] ?? -1, 2)
    }
    const total = (name: string, sheet: string) => figures(reckoned[name] as Workbook, sheet, '合计')
    expect(total('register', '资产台账')).toEqual(expect.arrayContaining([cost, depreciation]))
    expect(total('statistics', '明细')).toEqual(expect.arrayContaining([cost, depreciation, net]))
    expect(total('statistics', '汇总')).toEqual(expect.arrayContaining([cost, depreciation, net]))
    expect(total('cards', '资产卡片')).toContain(cost)
    expect(total('stock', '存量情况表')).toEqual(
      expect.arrayContaining([stock?.quantity, stock?.cost, stock?.depreciation, stock?.net].map(Number)),
    )
    expect(total('changes', '变动明细')).toContain(cost)
  },
)

test.skipIf(!hasLibreOffice)(
  'what LibreOffice has opened and saved again imports without a change',
  { timeout: 120_000 },
  async () => {
    const app = await openTestApp()
    onTestFinished(() => app.close())
    await enterOddCards(app)
    const directory = await folder()
    const keeper = await app.as('shi')
    const sheets = {
      register: '/assets.xlsx',
      statistics: '/statistics.xlsx',
      village: '/statistics/village-status.xlsx',
    }
    for (const [name, url] of Object.entries(sheets)) {
      await writeFile(join(directory, `${name}.xlsx`), (await keeper.get(url)).rawPayload)
    }
    const saved = join(directory, 'saved')
    await mkdir(saved)
    const files = Object.keys(sheets).map((name) => join(directory, `${name}.xlsx`))
    await convert(saved, 'xlsx', files)
    for (const name of Object.keys(sheets)) {
      const rows = await stagedAgain(app, join(saved, `${name}.xlsx`), {
        unit: '石桥村股份经济合作联合社',
        track: 'collective',
      })
      expect(rows.length, name).toBeGreaterThan(10)
      expect(rows.filter(({ status }) => status !== 'unchanged').slice(0, 3), name).toEqual([])
    }
  },
)
