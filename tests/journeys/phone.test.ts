import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { heading, journey, phone, press, sees, sidewaysBy } from '../support/browser.ts'
import { enterCards } from '../support/cards.ts'

journey('on a phone', (stage) => {
  it('a card is found and opened without scrolling sideways', async () => {
    await enterCards(stage.test, [{ name: '原古井小学教学楼二层东侧大教室', cardType: 'house', cost: '1234567890.12' }])
    const page = await stage.signedIn('zhang', { viewport: phone, hasTouch: true, isMobile: true })
    await thenItFits(page)
    await page.getByText('导航', { exact: true }).click()
    await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '资产台账' }).click()
    await heading(page, '资产台账')
    await thenItFits(page)
    await page.getByLabel('查找').fill('教室')
    await press(page, '查询')
    await page.waitForURL(/q=/)
    await page.getByRole('link', { name: '原古井小学教学楼二层东侧大教室' }).click()
    await heading(page, /大教室/)
    await sees(page, '1,234,567,890.12')
    await thenItFits(page)
    await press(page, '修改')
    await heading(page, '修改资产卡片')
    await thenItFits(page)
  })
})

async function thenItFits(page: Page): Promise<void> {
  expect(await sidewaysBy(page), new URL(page.url()).pathname).toBeLessThanOrEqual(0)
}
