import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { heading, journey, press, sees } from '../support/browser.ts'
import { village } from '../support/cards.ts'
import { ledger, threeAssets } from '../support/workbook.ts'

journey('importing', (stage) => {
  it('takes a village’s own table from the file to the register, without its wrong row', async () => {
    const page = await stage.signedIn('zhang')
    await whenTheTableIsUploaded(page, await givenALedgerWithAMistake())
    await whenTheColumnsAreConfirmed(page)
    await thenEveryRowIsReviewed(page)
    await thenTheMistakeIsNamedWithItsPlace(page)
    await whenOnlyTheGoodRowsAreTaken(page)
    await thenTheCardCanBeFound(page)
  })

  it('says what to do about a file that is no table', async () => {
    const page = await stage.signedIn('zhang')
    await whenTheTableIsUploaded(page, new TextEncoder().encode('%PDF-1.7 一份扫描件'))
    await heading(page, '导入表格')
    expect(await page.locator('#error-file').innerText()).toMatch(/请/)
    expect(await page.locator('[name=effectiveOn]').inputValue()).toBe('2026-03-01')
  })
})

function givenALedgerWithAMistake(): Promise<Uint8Array> {
  const mistaken = [4, '看不清原值的仓库', 'GJ-004', '古井村三组', '2011', '三十几万', null, null]
  const rows = [...threeAssets, mistaken].map((row) => [...row, '王干部'])
  return ledger(rows, [['合计', null, null, null, null, 62.5, 12.3, null]], ['包村人'])
}

async function whenTheTableIsUploaded(page: Page, bytes: Uint8Array): Promise<void> {
  await page.goto('/imports')
  await press(page, '导入表格')
  await heading(page, '导入表格')
  const file = { name: '古井村资产台账.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) }
  await page.getByLabel('选择表格文件').setInputFiles(file)
  const unit = page.locator('[name=unit]')
  const option = unit.locator('option', { hasText: village })
  await unit.selectOption((await option.getAttribute('value')) ?? '')
  await page.locator('[name=effectiveOn]').fill('2026-03-01')
  await page.getByRole('radio', { name: '集体' }).check()
  await press(page, '上传并核对')
}

async function whenTheColumnsAreConfirmed(page: Page): Promise<void> {
  await heading(page, '对应栏目')
  const row = page.getByRole('row', { name: '包村人' })
  expect(await row.innerText()).toContain('没有认出')
  await press(page, '确认对应')
}

async function thenEveryRowIsReviewed(page: Page): Promise<void> {
  await heading(page, /古井村资产台账/)
  await sees(page, '625,000.00')
  expect(await page.locator('#results tr[id^=row-]').count()).toBe(4)
  expect(await page.getByRole('button', { name: '全部导入（3 行）' }).isDisabled()).toBe(true)
}

async function thenTheMistakeIsNamedWithItsPlace(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: '按结果看' }).getByRole('link', { name: '有错' }).click()
  await page.waitForURL(/status=wrong/)
  const row = page.locator('#results tr[id^=row-]')
  await row.filter({ hasText: '看不清原值的仓库' }).waitFor()
  expect(await row.count()).toBe(1)
  expect(await row.innerText()).toContain('F7 ')
}

async function whenOnlyTheGoodRowsAreTaken(page: Page): Promise<void> {
  await press(page, '只导入正确的行（3 行）')
  await sees(page, '已导入')
}

async function thenTheCardCanBeFound(page: Page): Promise<void> {
  await page.goto('/assets?q=小学')
  await page.getByRole('link', { name: '原古井小学' }).click()
  await heading(page, /原古井小学/)
  await sees(page, '20,000.00')
  await sees(page, '闲置')
  await page.goto('/assets?q=仓库')
  await sees(page, '没有符合条件的资产')
}
