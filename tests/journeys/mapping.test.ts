import ExcelJS from 'exceljs'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { axe, heading, journey, phone, press, sees, sidewaysBy } from '../support/browser.ts'
import { village } from '../support/cards.ts'

journey('saying how a file is meant', (stage) => {
  it('asks once, takes the answers, and remembers them for the next file of the layout', async () => {
    const page = await stage.signedIn('zhang')
    await whenTheFileIsUploaded(page, await givenAFile(['空着没人用', '自用', '空着没人用']))
    await thenThePageAsks(page)
    await whenTwoColumnsAreGivenOneField(page)
    await thenBothAreTold(page)
    await whenEverythingIsAnswered(page)
    await thenTheFileIsReadAsItIsMeant(page)
    await whenTheFileIsUploaded(page, await givenAFile(['自用', '空着没人用', '空着没人用']))
    await thenNothingIsAskedAgain(page)
    await whenTheMappingIsForgotten(page)
    await whenTheFileIsUploaded(page, await givenAFile(['空着没人用', '空着没人用', '自用']))
    await heading(page, '对应栏目')
  })

  it('can be given up before and after it is confirmed, and nothing is entered', async () => {
    const page = await stage.signedIn('zhang')
    for (const confirmed of [false, true]) {
      await whenTheFileIsUploaded(page, await givenAFile([confirmed ? '没人的' : '空荡荡', '自用', '自用']))
      await heading(page, '对应栏目')
      if (confirmed) {
        await press(page, '确认对应')
        await heading(page, '台账.xlsx')
      }
      await press(page, '取消导入')
      await heading(page, '导入')
      await sees(page, '已取消')
    }
    await page.goto('/assets?q=房屋')
    await sees(page, '没有符合条件的资产')
  })

  it('takes another table of the file', async () => {
    const page = await stage.signedIn('zhang')
    await whenTheFileIsUploaded(page, await givenAFile(['自用', '自用', '自用'], true))
    await heading(page, '对应栏目')
    await page.getByLabel('工作表').selectOption('土地')
    await press(page, '换表读取')
    await sees(page, '工作表「土地」')
    await sees(page, '没有认出')
  })

  it.runIf(stage.javaScript)('can be used by everybody, and fits a phone', async () => {
    const page = await stage.signedIn('zhang')
    await whenTheFileIsUploaded(page, await givenAFile(['关着门的', '自用', '自用'], true))
    await heading(page, '对应栏目')
    const found = [...(await axe(page))]
    await whenTwoColumnsAreGivenOneField(page)
    await page.locator('.app-error').first().waitFor()
    found.push(...(await axe(page)))
    await page.setViewportSize(phone)
    expect(await sidewaysBy(page)).toBe(0)
    await page.goto(page.url().includes('/mapping') ? page.url() : '/imports')
    await press(page, '确认对应')
    await heading(page, '台账.xlsx')
    for (const path of ['/imports/mappings', await addressOfTheMapping(page)]) {
      await page.goto(path)
      found.push(...(await axe(page)))
      expect(await sidewaysBy(page)).toBe(0)
    }
    expect(found).toEqual([])
  })
})

async function givenAFile(usages: readonly string[], more = false): Promise<Uint8Array> {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet('房屋')
  sheet.addRow(['资产名称', '账面原值', '使用状况', '管钥匙的', '另算的价'])
  for (const [at, usage] of usages.entries()) sheet.addRow([`房屋${at}`, 3, usage, '王会计', 2])
  if (more) {
    book.addWorksheet('土地').addRows([
      ['资产名称', '占地面积', '邻地'],
      ['水田', 2, '东至路'],
    ])
  }
  return new Uint8Array(await book.xlsx.writeBuffer())
}

async function whenTheFileIsUploaded(page: Page, bytes: Uint8Array): Promise<void> {
  await page.goto('/imports/new')
  const file = { name: '台账.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) }
  await page.getByLabel('选择表格文件').setInputFiles(file)
  const unit = page.locator('[name=unit]')
  await unit.selectOption((await unit.locator('option', { hasText: village }).getAttribute('value')) ?? '')
  await page.locator('[name=effectiveOn]').fill('2026-03-01')
  await page.getByRole('radio', { name: '集体' }).check()
  await press(page, '上传并核对')
  await page.waitForURL(/DR2026/)
}

async function thenThePageAsks(page: Page): Promise<void> {
  await heading(page, '对应栏目')
  await sees(page, '「空着没人用」（2 行）是哪种使用状况？')
  await sees(page, '第 2、4 行')
  expect(await page.getByRole('row', { name: '管钥匙的' }).innerText()).toContain('没有认出')
  expect(await page.getByRole('row', { name: '资产名称' }).innerText()).toContain('确定')
}

async function whenTwoColumnsAreGivenOneField(page: Page): Promise<void> {
  await page.getByLabel('E 列另算的价读作').selectOption({ label: '账面原值' })
  await press(page, '确认对应')
}

async function thenBothAreTold(page: Page): Promise<void> {
  for (const id of ['#error-column-B', '#error-column-E']) {
    await page.locator(id).waitFor()
    expect(await page.locator(id).innerText()).toBe('B、E 列都选了「账面原值」，一栏只能对应一列，请改其中的一列。')
  }
  expect(await page.getByLabel('E 列另算的价读作').inputValue()).toBe('cost')
}

async function whenEverythingIsAnswered(page: Page): Promise<void> {
  await page.getByLabel('E 列另算的价读作').selectOption({ label: '附加栏目（原样保留）' })
  await page.getByLabel('D 列管钥匙的读作').selectOption('keeper')
  await page.getByLabel('B 列账面原值的单位').selectOption('万元')
  await page.getByLabel('「空着没人用」（2 行）是哪种使用状况？').selectOption({ label: '闲置' })
  await press(page, '确认对应')
}

async function thenTheFileIsReadAsItIsMeant(page: Page): Promise<void> {
  await heading(page, '台账.xlsx')
  await sees(page, '90,000.00')
  await press(page, '改栏目对应')
  await heading(page, '对应栏目')
  expect(await page.getByLabel('D 列管钥匙的读作').inputValue()).toBe('keeper')
  expect(await page.getByLabel('B 列账面原值的单位').inputValue()).toBe('万元')
}

async function thenNothingIsAskedAgain(page: Page): Promise<void> {
  await heading(page, '台账.xlsx')
  await sees(page, '按上次的对应读取')
  await sees(page, '90,000.00')
}

async function whenTheMappingIsForgotten(page: Page): Promise<void> {
  await page.goto(await addressOfTheMapping(page))
  await heading(page, '台账.xlsx')
  await sees(page, '「空着没人用」')
  await press(page, '删除')
  await heading(page, '记住的对应')
  await sees(page, '还没有记住的对应')
}

async function addressOfTheMapping(page: Page): Promise<string> {
  await page.goto('/imports')
  await press(page, '记住的对应')
  await heading(page, '记住的对应')
  return (await page.getByRole('link', { name: '台账.xlsx' }).first().getAttribute('href')) ?? ''
}
