import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { heading, journey, lastPart, phone, press, sees, sidewaysBy } from '../support/browser.ts'
import { enterCards } from '../support/cards.ts'
import { pdf, picture } from '../support/papers.ts'

journey('papers on a phone', (stage) => {
  it('a photo and a reply are added on the spot, opened, corrected and withdrawn', async () => {
    const [code = ''] = await enterCards(stage.test, [{ name: '原古井小学', cardType: 'house' }])
    const page = await stage.signedIn('zhang', { viewport: phone, hasTouch: true, isMobile: true })
    await page.goto(`/assets/${code}`)
    await whenAPhotoIsTaken(page)
    await thenItIsShownSmall(page)
    await whenAReplyIsAdded(page)
    await thenTheReplyIsDownloaded(page)
    await whenItsNumberIsCorrected(page)
    await whenItIsWithdrawn(page)
    expect(lastPart(page)).toBe(code)
    await sees(page, '撤下材料')
  })

  it('a file that is not what its name says is refused, and what was written stays', async () => {
    const [code = ''] = await enterCards(stage.test, [{ name: '村委会办公楼', cardType: 'house' }])
    const page = await stage.signedIn('zhang', { viewport: phone })
    await page.goto(`/papers/new?card=${code}`)
    await page.getByLabel('种类').selectOption('产权证')
    await page.getByLabel('文号或证号').fill('川（2020）大英县不动产权第 1 号')
    await choose(page, '产权证.pdf', await picture())
    await press(page, '保存')
    await page.locator('#error-file').waitFor()
    await sees(page, '文件“产权证.pdf”其实是图片，请改名为 .jpg 或换一个文件。')
    expect(await page.getByLabel('文号或证号').inputValue()).toBe('川（2020）大英县不动产权第 1 号')
    await thenItFits(page)
  })
})

async function whenAPhotoIsTaken(page: Page): Promise<void> {
  await press(page, '拍照')
  await heading(page, '添加照片')
  await thenItFits(page)
  expect(await page.locator('input[type=file]').getAttribute('capture')).toBe('environment')
  await choose(page, 'IMG_20260310.jpg', await picture({ width: 1600, height: 1200 }))
  await page.getByLabel('名称').fill('正面')
  await press(page, '保存')
  await sees(page, '材料“正面”已保存。')
}

async function thenItIsShownSmall(page: Page): Promise<void> {
  const photo = page.getByRole('img', { name: '正面' })
  await photo.scrollIntoViewIfNeeded()
  await expect
    .poll(() => photo.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
    .toBe(320)
  await thenItFits(page)
}

async function whenAReplyIsAdded(page: Page): Promise<void> {
  await press(page, '添加材料')
  await heading(page, '添加材料')
  await choose(page, '批复.pdf', pdf())
  await page.getByLabel('种类').selectOption('批复')
  await page.getByLabel('名称').fill('划转批复')
  await page.getByLabel('出具日期').fill('2020-8')
  await press(page, '保存')
  await sees(page, '材料“划转批复”已保存。')
  await page.getByRole('link', { name: '划转批复', exact: true }).click()
  await heading(page, /划转批复/)
  await thenItFits(page)
}

async function thenTheReplyIsDownloaded(page: Page): Promise<void> {
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, '下载')])
  expect(download.suggestedFilename()).toBe('批复.pdf')
}

async function whenItsNumberIsCorrected(page: Page): Promise<void> {
  await press(page, '修改')
  await heading(page, '修改材料')
  await thenItFits(page)
  await page.getByLabel('文号或证号').fill('大府函〔2020〕3 号')
  await press(page, '保存修改')
  await sees(page, '修改已保存。')
  await sees(page, '大府函〔2020〕3 号')
}

async function whenItIsWithdrawn(page: Page): Promise<void> {
  await press(page, '撤下材料')
  await sees(page, '请写明为什么撤下。')
  await page.getByLabel('撤下的原因').fill('传错了文件')
  await press(page, '撤下材料')
  await sees(page, '材料“划转批复”已撤下。')
}

async function choose(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
}

async function thenItFits(page: Page): Promise<void> {
  expect(await sidewaysBy(page), new URL(page.url()).pathname).toBeLessThanOrEqual(0)
}
