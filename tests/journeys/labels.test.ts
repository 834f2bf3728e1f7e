import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { axe, heading, journey, phone, press, type Stage, sees } from '../support/browser.ts'
import { enterCards } from '../support/cards.ts'
import { password } from '../support/county.ts'
import { scannedPicture } from '../support/scan.ts'

journey('labels', (stage) => {
  it('are printed for what the list shows, 24 to a sheet of A4, and open the cards on a phone', async () => {
    await givenDesksAndAHall(stage)
    const page = await stage.signedIn('zhang')
    await whenLookingForDesks(page, stage)
    await whenTheirLabelsAreAskedFor(page)
    await thenTheyFillTwoSheets(page, stage)
    await whenTheyAreMeantForALabelPrinter(page)
    await thenEachIsAPageOfItsOwn(page)
    await thenAPhoneIsLedToTheCard(page, stage)
  })

  it('are printed for a single card from its page', async () => {
    const [code = ''] = await enterCards(stage.test, [{ name: '移动音箱', location: '村委会二楼会议室' }])
    const page = await stage.signedIn('zhang')
    await page.goto(`/assets/${code}`)
    await press(page, '打印标签')
    await heading(page, '资产标签')
    await sees(page, '村委会二楼会议室')
    expect(await page.locator('.app-asset-label').count()).toBe(1)
    // Without a script the browser's own way is left, which the page names.
    expect(await page.getByRole('button', { name: '打印' }).isVisible()).toBe(stage.javaScript)
    await sees(page, '按 Ctrl+P')
    expect(await printed(page)).toEqual([a4])
    expect(await scanned(page)).toBe(new URL(`/assets/${code}`, page.url()).href)
    await press(page, '移动音箱')
    await heading(page, /移动音箱/)
  })
})

/** The longest names an office writes, among plain ones. */
async function givenDesksAndAHall({ test }: Stage): Promise<void> {
  const desks = Array.from({ length: 23 }, (_, index) => ({ name: `课桌 ${index + 1}` }))
  const long = '原古井小学教学楼二层东侧大教室内靠窗一排双人钢木结构升降课桌（2019年县教育局统一调拨）'
  await enterCards(test, [
    ...desks,
    { name: long, location: `大英县蓬莱镇古井村三组原古井小学${long}`, keeper: '张会计' },
    { name: '课桌', keeper: '张会计' },
    { name: '村级活动室', cardType: 'house' },
  ])
}

async function whenLookingForDesks(page: Page, { javaScript }: Stage): Promise<void> {
  await page.goto('/assets')
  await page.getByLabel('查找').fill('课桌')
  if (!javaScript) await press(page, '查询')
  await page.waitForURL((url) => url.searchParams.get('q') === '课桌')
}

async function whenTheirLabelsAreAskedFor(page: Page): Promise<void> {
  // The page's head follows the filter.
  await page.locator('.app-head-actions a[href*="/labels?q="]', { hasText: '打印标签' }).click()
  await heading(page, '资产标签')
}

async function thenTheyFillTwoSheets(page: Page, { javaScript }: Stage): Promise<void> {
  await sees(page, '共 25 个标签，2 页 A4 纸')
  await sees(page, '手机扫了打不开')
  expect(await page.getByText('村级活动室').count()).toBe(0)
  expect(await printed(page)).toEqual([a4, a4])
  expect(await within(page)).toEqual([])
  if (javaScript) expect(await axe(page)).toEqual([])
}

async function whenTheyAreMeantForALabelPrinter(page: Page): Promise<void> {
  await press(page, '标签机（60×40 毫米）')
  await page.waitForURL((url) => url.searchParams.get('size') === 'single' && url.searchParams.get('q') === '课桌')
}

async function thenEachIsAPageOfItsOwn(page: Page): Promise<void> {
  await sees(page, '共 25 个标签')
  expect(await printed(page)).toEqual(Array.from({ length: 25 }, () => single))
  expect(await within(page)).toEqual([])
}

async function thenAPhoneIsLedToTheCard(page: Page, stage: Stage): Promise<void> {
  const address = await scanned(page)
  const name = await page.locator('.app-asset-label-name').first().innerText()
  const held = await stage.open({ viewport: phone, hasTouch: true, isMobile: true })
  await held.goto(address)
  await heading(held, '登录')
  await held.getByLabel('账号').fill('zhang')
  await held.getByLabel('密码').fill(password)
  await press(held, '登录')
  await heading(held, new RegExp(`^${name}`))
  expect(held.url()).toBe(address)
}

/** Whole millimetres. */
const a4 = '210×297'
const single = '60×40'

/** The sizes of the pages that come out of the printer. */
async function printed(page: Page): Promise<string[]> {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
  const millimetres = (points: string | undefined) => Math.round((Number(points) / 72) * 25.4)
  const boxes = pdf.matchAll(/\/Type\s*\/Page\b[^s][\s\S]*?\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/g)
  return [...boxes].map(([, width, height]) => `${millimetres(width)}×${millimetres(height)}`)
}

/** What a phone reads from the first label on the screen. */
async function scanned(page: Page): Promise<string> {
  return scannedPicture(await page.locator('.app-asset-label-code').first().screenshot())
}

/** The texts that reach over the edge of their label. */
async function within(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`[...document.querySelectorAll('.app-asset-label')].flatMap((label) => {
    const edge = label.getBoundingClientRect()
    return [...label.querySelectorAll('svg, p')].filter((part) => {
      const box = part.getBoundingClientRect()
      return box.right > edge.right || box.bottom > edge.bottom || box.left < edge.left || box.top < edge.top
    }).map((part) => part.textContent)
  })`)
}
