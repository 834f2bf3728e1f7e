import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { heading, journey, press, sees } from '../support/browser.ts'
import { enterCards, village } from '../support/cards.ts'
import { ledger, threeAssets } from '../support/workbook.ts'

journey('undoing an import', (stage) => {
  it('takes a mistaken import back, keeps what was used since, and takes the right file afterwards', async () => {
    await enterCards(stage.test, [{ name: '村委会办公楼', originalCode: 'GJ-001', cost: '500000.00' }])
    const page = await stage.signedIn('zhang')
    const bytes = await ledger(threeAssets)
    await whenTheTableIsImported(page, bytes)
    await whenACardIsEdited(page, '原古井小学')
    await whenTheImportIsTakenBack(page)
    await thenThePageSaysWhatWasKeptAndWhy(page)
    await thenTheRegisterIsAsBefore(page)
    await whenTheTableIsUploaded(page, bytes)
    await sees(page, /已撤销，可以重新导入/)
  })
})

async function whenTheTableIsImported(page: Page, bytes: Uint8Array): Promise<void> {
  await whenTheTableIsUploaded(page, bytes)
  await press(page, '全部导入（3 行）')
  await sees(page, '已导入：新增 2 项，变更 1 项')
}

async function whenTheTableIsUploaded(page: Page, bytes: Uint8Array): Promise<void> {
  await page.goto('/imports/new')
  const file = { name: '传错的台账.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) }
  await page.getByLabel('选择表格文件').setInputFiles(file)
  const unit = page.locator('[name=unit]')
  const option = unit.locator('option', { hasText: village })
  await unit.selectOption((await option.getAttribute('value')) ?? '')
  await page.locator('[name=effectiveOn]').fill('2026-03-05')
  await page.getByRole('radio', { name: '集体' }).check()
  await press(page, '上传并核对')
  await heading(page, /传错的台账/)
}

async function whenACardIsEdited(page: Page, name: string): Promise<void> {
  const batch = page.url()
  await page.goto(`/assets?q=${name}`)
  await page.getByRole('link', { name }).click()
  await heading(page, new RegExp(name))
  await press(page, '修改')
  await heading(page, /修改/)
  await page.locator('[name=remark]').fill('已核实')
  await press(page, '保存修改')
  await heading(page, new RegExp(name))
  await page.goto(batch)
}

async function whenTheImportIsTakenBack(page: Page): Promise<void> {
  await press(page, '撤销导入')
  await heading(page, '撤销导入')
  await sees(page, '导入后修改过')
  await press(page, '撤销导入（2 项）')
  await sees(page, '请填写撤销原因')
  await page.locator('[name=reason]').fill('传错了文件')
  await press(page, '撤销导入（2 项）')
  await sees(page, '已撤销：作废新增的 1 项，恢复变更的 1 项，保留 1 项。')
}

async function thenThePageSaysWhatWasKeptAndWhy(page: Page): Promise<void> {
  await heading(page, '撤销导入')
  await sees(page, /张会计于 .* 撤销：传错了文件。/)
  const row = page.locator('#results tbody tr')
  expect(await row.count()).toBe(1)
  expect(await row.innerText()).toContain('原古井小学')
  expect(await row.innerText()).toContain('导入后修改过')
  await row.getByRole('link', { name: /原古井小学/ }).click()
  await heading(page, /原古井小学/)
}

async function thenTheRegisterIsAsBefore(page: Page): Promise<void> {
  await page.goto('/assets?q=办公')
  await page.getByRole('link', { name: '村委会办公楼' }).click()
  await sees(page, '500,000.00')
  await sees(page, '导入已撤销，恢复导入前的内容')
  await page.goto('/assets?q=办公电脑')
  await sees(page, '没有符合条件的资产')
}
