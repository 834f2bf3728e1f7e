import { readFile } from 'node:fs/promises'
import ExcelJS from 'exceljs'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { heading, journey, press, sees } from '../support/browser.ts'
import { village } from '../support/cards.ts'
import { type Cell, ledger } from '../support/workbook.ts'

journey('reviewing an import', (stage) => {
  it('goes from a file with questions, wrong rows, a duplicate and a 合计 that does not agree to a clean register', async () => {
    const page = await stage.signedIn('zhang')
    page.setDefaultTimeout(60_000)
    await whenUploaded(page, '古井村资产台账.xlsx', await givenALedgerWithTroubles())
    await whenTheGuessesAreTaken(page)
    await thenTheTroublesAreNamed(page)
    await whenAWrongRowIsMended(page)
    await whenAWrongRowIsSkipped(page)
    await whenARowIsToldApart(page)
    await whenTheGoodRowsAreCommitted(page)
    const mended = await whenTheWrongRowsAreMendedAtHome(page)
    await whenUploaded(page, '改好.xlsx', mended)
    await whenTheGuessesAreTaken(page)
    await thenEverythingIsRight(page)
  }, 240_000)
})

/** 7 rows: two good, a cost that is words, one to be skipped, one without a name, and one that repeats another. */
function givenALedgerWithTroubles(): Promise<Uint8Array> {
  const rows: readonly Cell[][] = [
    [1, '村委会办公楼', 'RJ-1', '古井村一组', '2015年3月', 60, 12, null, '王干部'],
    [2, '原古井小学', 'RJ-2', '古井村二组', '1998', 2, null, '闲置', '李干部'],
    [3, '仓库', 'RJ-3', '古井村三组', '2011', '三十几万', null, null, '王干部'],
    [4, '说不清的一项', 'RJ-4', '古井村三组', '2011', '不详的数', null, null, '王干部'],
    [5, null, 'RJ-5', '古井村四组', '2012', 3, null, null, '王干部'],
    [6, '水泵', 'RJ-6', '古井村四组', '2012', 1, null, null, '王干部'],
    [7, '水泵', 'RJ-6', '古井村五组', '2013', 1, null, null, '王干部'],
  ]
  return ledger(rows, [['合计', null, null, null, null, 70, 12, null]], ['包村人'])
}

async function whenUploaded(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  await page.goto('/imports/new')
  const file = { name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) }
  await page.getByLabel('选择表格文件').setInputFiles(file)
  const unit = page.locator('[name=unit]')
  const option = unit.locator('option', { hasText: village })
  await unit.selectOption((await option.getAttribute('value')) ?? '')
  await page.locator('[name=effectiveOn]').fill('2026-03-01')
  await page.getByRole('radio', { name: '集体' }).check()
  await press(page, '上传并核对')
  await page.waitForURL(/\/imports\/DR/)
}

/** What the file leaves open is asked once; the second file has the same headers. */
async function whenTheGuessesAreTaken(page: Page): Promise<void> {
  if (!new URL(page.url()).pathname.endsWith('/mapping')) return
  await press(page, '确认对应')
  await page.waitForURL(/\/imports\/DR[\d-]+$/)
}

async function thenTheTroublesAreNamed(page: Page): Promise<void> {
  await sees(page, '合计核对')
  const totals = page.getByRole('region', { name: '合计核对' })
  expect(await totals.getByRole('row').filter({ hasText: '不符' }).innerText()).toMatch(/70\s+67\s+\+3\s+不符/)
  await sees(page, '有错的地方')
  await sees(page, /没有写资产名称，请补写：第 8 行/)
  expect(await rowOf(page, 10).innerText()).toContain('与第 9 行的原资产编号相同')
}

async function whenAWrongRowIsMended(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: '按结果看' }).getByRole('link', { name: '有错' }).click()
  await page.waitForURL(/status=wrong/)
  await page.getByRole('link', { name: '修改第 6 行' }).click()
  const cost = page.getByLabel('账面原值', { exact: true })
  await cost.waitFor()
  expect(await cost.inputValue()).toBe('三十几万')
  await cost.fill('三十多')
  await press(page, '保存这一行')
  await heading(page, /第 6 行：仓库/)
  await sees(page, '第 6 行已保存，但还有错')
  expect(await cost.inputValue()).toBe('三十多')
  await cost.fill('30万元')
  await press(page, '保存这一行')
  await sees(page, '第 6 行已改好，现在是“新增”。')
  await page.waitForURL(/status=wrong/)
  expect(await page.locator('tr[id^=row-]').count()).toBe(2)
}

async function whenAWrongRowIsSkipped(page: Page): Promise<void> {
  await page.getByLabel('选择第 7 行').check()
  await press(page, '跳过')
  await sees(page, '已跳过 1 行')
  expect(await page.locator('tr[id^=row-]').count()).toBe(1)
}

async function whenARowIsToldApart(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: '按结果看' }).getByRole('link', { name: '重复' }).click()
  await page.waitForURL(/status=duplicate/)
  await page.getByLabel('选择第 10 行').check()
  await press(page, '不是同一项')
  await sees(page, '1 行将各自作为新的一项录入')
}

async function whenTheGoodRowsAreCommitted(page: Page): Promise<void> {
  await press(page, '只导入正确的行（5 行）')
  await sees(page, '已导入：新增 5 项')
  await sees(page, '有 1 行有错没有录入')
}

async function whenTheWrongRowsAreMendedAtHome(page: Page): Promise<Uint8Array> {
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, '下载有错的行')])
  expect(download.suggestedFilename()).toBe('古井村资产台账_待改正.xlsx')
  const book = new ExcelJS.Workbook()
  await book.xlsx.load(Uint8Array.from(await readFile(await download.path())).buffer)
  const sheet = book.worksheets[0]
  expect(sheet?.rowCount).toBe(4)
  expect(sheet?.getCell('B4').text).toContain('【请改：')
  if (sheet) sheet.getCell('B4').value = '村卫生室'
  return new Uint8Array(await book.xlsx.writeBuffer())
}

async function thenEverythingIsRight(page: Page): Promise<void> {
  await press(page, '全部导入（1 行）')
  await sees(page, '已导入：新增 1 项')
  await page.goto('/assets?q=卫生室')
  await sees(page, '村卫生室')
  await page.goto('/assets?q=水泵')
  expect(await page.getByRole('link', { name: '水泵' }).count()).toBe(2)
}

function rowOf(page: Page, row: number) {
  return page.locator(`#row-${row}`)
}
