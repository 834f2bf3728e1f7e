import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { axe, heading, journey, phone, press, type Stage, sees, sidewaysBy } from '../support/browser.ts'
import { enterCards } from '../support/cards.ts'

journey('a card of ten desks', (stage) => {
  it('is looked at, split, and put together again', async () => {
    const code = await givenTenDesks(stage)
    const page = await stage.signedIn('zhang')
    await whenThePiecesAreWritten(page, code)
    await thenTheFiguresAreShownBefore(page, stage)
    await whenItIsSplit(page)
    const pieces = await thenTheCardNamesItsPieces(page)
    await thenAPieceLeadsBack(page, pieces[0] ?? '', code)
    await whenTheSplitIsTakenBack(page, code)
    await thenThePiecesAreSpent(page, pieces[0] ?? '', code)
  })

  it('keeps what was written when more is asked than there is', async () => {
    const page = await stage.signedIn('zhang')
    await page.goto(`/assets/${await givenTenDesks(stage)}/split`)
    await page.locator('[name=quantity1]').fill('10')
    await page.locator('[name=name1]').fill('旧办公桌')
    await press(page, '拆分')
    await page.locator('#error-quantity1').getByText('拆出的数量合计要小于 10').waitFor()
    expect(await page.locator('[name=name1]').inputValue()).toBe('旧办公桌')
    if (!stage.javaScript) return
    expect(await axe(page)).toEqual([])
    await page.setViewportSize(phone)
    expect(await sidewaysBy(page)).toBe(0)
  })
})

async function givenTenDesks({ test }: Stage): Promise<string> {
  const desks = { name: '办公桌', quantity: '10.000', unitOfMeasure: '张', cost: '1000.00', depreciation: '333.33' }
  const [code = ''] = await enterCards(test, [desks])
  return code
}

async function whenThePiecesAreWritten(page: Page, code: string): Promise<void> {
  await page.goto(`/assets/${code}`)
  await press(page, '拆分')
  await heading(page, '拆分资产卡片')
  await page.locator('[name=quantity1]').fill('1')
  await page.locator('[name=copies1]').fill('2')
  await page.locator('[name=location1]').fill('村小学')
  await page.locator('[name=quantity2]').fill('3')
}

async function thenTheFiguresAreShownBefore(page: Page, { javaScript }: Stage): Promise<void> {
  // With JavaScript the figures follow what is written.
  if (!javaScript) await press(page, '试算')
  const table = page.getByRole('region', { name: '拆分后的数量、金额和面积' })
  await table.getByText('166.68').waitFor()
  for (const text of ['33.33', '99.99', '100.00', '300.00', '500.00', '1,000.00'])
    expect(await table.innerText()).toContain(text)
  expect(await page.locator('[name=location1]').inputValue()).toBe('村小学')
}

async function whenItIsSplit(page: Page): Promise<void> {
  await page.locator('[name=comment]').fill('搬到村小学')
  await press(page, '拆分')
  await sees(page, '已拆出 3 张卡片')
}

async function thenTheCardNamesItsPieces(page: Page): Promise<string[]> {
  await heading(page, /办公桌/)
  const links = page.getByRole('listitem').filter({ hasText: '拆出' }).getByRole('link')
  expect(await links.count()).toBe(3)
  await sees(page, '搬到村小学')
  return (await links.allInnerTexts()).map((text) => text.slice(0, 14))
}

async function thenAPieceLeadsBack(page: Page, piece: string, code: string): Promise<void> {
  await page.goto(`/assets/${piece}`)
  await sees(page, '村小学')
  await page.getByRole('listitem').filter({ hasText: '拆分自' }).getByRole('link').click()
  await page.waitForURL((url) => url.pathname === `/assets/${code}`)
}

async function whenTheSplitIsTakenBack(page: Page, code: string): Promise<void> {
  await page.goto(`/assets/${code}`)
  await press(page, '撤销拆分')
  await heading(page, '撤销拆分')
  await press(page, '撤销拆分')
  await sees(page, '拆分已撤销，拆出的数量和价值已收回本卡片。')
}

async function thenThePiecesAreSpent(page: Page, piece: string, code: string): Promise<void> {
  await page.goto(`/assets/${piece}`)
  await sees(page, '这张卡片已作废，编号不再使用')
  await page.getByRole('main').getByRole('link', { name: code, exact: true }).first().click()
  await page.waitForURL((url) => url.pathname === `/assets/${code}`)
  await sees(page, '1,000.00')
}
