import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { heading, journey, press, sees } from '../support/browser.ts'
import { village } from '../support/cards.ts'
import { roster } from '../support/roster.ts'

journey('a list of people', (stage) => {
  it('becomes accounts by one administrator, posts by the other, and codes on one sheet', async () => {
    const xi = await stage.signedIn('xi')
    await whenTheListIsUploaded(xi)
    await whenTheWordIsLeftOpen(xi)
    await sees(xi, '与第 3 行是同一人，只建一个账号。')
    await press(xi, '全部导入（3 行）')
    await sees(xi, '已导入')
    await thenTheCodesArePrintedOnce(xi)
    const an = await stage.signedIn('an')
    await whenTheListIsUploaded(an)
    await whenTheWordIsDecided(an)
    await sees(an, '经办人')
    await press(an, '全部导入（3 行）')
    await sees(an, '已导入')
    await an.goto('/people/wangfang')
    await sees(an, `督导 · ${village}`)
    await sees(an, `经办人（集体） · ${village}`)
  })
})

async function whenTheListIsUploaded(page: Page): Promise<void> {
  await page.goto('/imports')
  await press(page, '导入表格')
  await heading(page, '导入人员名单')
  const rows = [
    ['王芳', 'wangfang', village, '资产会计', '集体'],
    ['王芳', 'wangfang', village, '督导', ''],
    ['李强', 'liqiang', '蓬莱镇财政办', '牵头', '国有'],
  ]
  const bytes = roster(['姓名', '账号', '单位', '岗位', '条线'], rows)
  const file = { name: '人员名单.csv', mimeType: 'text/csv', buffer: Buffer.from(bytes) }
  await page.getByLabel('选择人员名单').setInputFiles(file)
  await page.locator('[name=unit]').fill('蓬莱镇人民政府')
  await press(page, '上传并核对')
}

async function whenTheWordIsLeftOpen(page: Page): Promise<void> {
  await heading(page, '对应栏目')
  await sees(page, '资产会计')
  await press(page, '确认对应')
  await heading(page, /人员名单/)
}

async function whenTheWordIsDecided(page: Page): Promise<void> {
  await heading(page, '对应栏目')
  const word = page.locator('select').filter({ has: page.locator('option[value=keeper]') })
  await word.selectOption('keeper')
  await press(page, '确认对应')
  await heading(page, /人员名单/)
}

async function thenTheCodesArePrintedOnce(page: Page): Promise<void> {
  await press(page, '开通码清单')
  await heading(page, '开通码清单')
  await press(page, '生成开通码（2 个账号）')
  await sees(page, '只显示这一次')
  expect(
    (await page.locator('#results, main').last().innerText()).match(/[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}/g),
  ).toHaveLength(2)
}
