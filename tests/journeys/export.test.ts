import ExcelJS from 'exceljs'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { worksheet } from '../sheets/open.ts'
import { heading, journey, press, type Stage, sees } from '../support/browser.ts'
import { enterCards } from '../support/cards.ts'

journey('exporting', (stage) => {
  it('takes the register as it is on the screen, and the statistics with the same totals', async () => {
    await givenSomeIdleHouses(stage)
    const page = await stage.signedIn('zhang')
    await whenOnlyTheIdleAreShown(page, stage)
    const shown = await thenTheTotalsAreShown(page)
    expect(shown).toContain('24,691.34')
    thenTheWorkbookHolds(await downloaded(page, '导出 Excel'), shown)

    await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '统计' }).click()
    await heading(page, '镇村公有资产统计')
    await sees(page, '1,024,691.34')
    thenTheStatisticsHold(await downloaded(page, '导出《镇村公有资产清理统计表》'))
  })
})

async function givenSomeIdleHouses({ test }: Stage): Promise<void> {
  await enterCards(test, [
    {
      name: '原古井小学',
      cardType: 'house',
      usage: 'idle',
      floorArea: '400.50',
      cost: '12345.67',
      depreciation: '0.67',
    },
    { name: '原村委会', cardType: 'house', usage: 'idle', floorArea: '99.50', cost: '12345.67', depreciation: '0.67' },
    { name: '村级活动室', cardType: 'house', floorArea: '300.00', cost: '1000000.00' },
  ])
}

async function whenOnlyTheIdleAreShown(page: Page, { javaScript }: Stage): Promise<void> {
  await page.goto('/assets')
  await page.getByLabel('使用状况').selectOption('闲置')
  if (!javaScript) await press(page, '查询')
  await page.waitForURL((url) => url.searchParams.get('usage') === 'idle')
}

async function thenTheTotalsAreShown(page: Page): Promise<string> {
  await page.getByText('共 2 项', { exact: true }).first().waitFor()
  return page.locator('tfoot').innerText()
}

async function downloaded(page: Page, link: string): Promise<ExcelJS.Workbook> {
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, link)])
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.readFile(await download.path())
  return workbook
}

function thenTheWorkbookHolds(workbook: ExcelJS.Workbook, shown: string): void {
  const sheet = worksheet(workbook, '资产台账')
  const names = rowsWith(sheet, /^\d+$/).flatMap((row) => row.filter((text) => /^原/.test(text)))
  expect(names.sort()).toEqual(['原古井小学', '原村委会'].sort())
  const [total = []] = rowsWith(sheet, /^合计$/)
  for (const figure of ['500.00', '24,691.34', '24,690.00']) {
    expect(shown).toContain(figure)
    expect(total.map(Number)).toContain(Number(figure.replaceAll(',', '')))
  }
}

function thenTheStatisticsHold(workbook: ExcelJS.Workbook): void {
  const [sheet] = workbook.worksheets
  if (!sheet) throw new Error('no worksheet')
  const [total = []] = rowsWith(sheet, /^合计$/)
  expect(total.map(Number)).toContain(1_024_691.34)
  expect(total.map(Number)).toContain(800)
}

/** The texts of the rows whose first cell reads like this, sums as they were computed. */
function rowsWith(sheet: ExcelJS.Worksheet, first: RegExp): string[][] {
  const rows: string[][] = []
  sheet.eachRow((row) => {
    if (!first.test(row.getCell(1).text)) return
    const texts: string[] = []
    row.eachCell((cell) => texts.push(String(cell.result ?? cell.text)))
    rows.push(texts)
  })
  return rows
}
