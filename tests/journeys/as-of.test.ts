import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { axe, heading, journey, phone, press, type Stage, sees, sidewaysBy } from '../support/browser.ts'
import { enterCards } from '../support/cards.ts'

journey('the past', (stage) => {
  it('shows a day before and after a change that was entered afterwards, and the difference of the two', async () => {
    const page = await givenTwoCardsEnteredInJanuary(stage)
    await whenTheSchoolIsFoundToBeWorthLessSinceFebruary(page)
    await thenTheListOfJanuaryKnowsNothingOfIt(page, stage)
    await thenTheListOfFebruaryMarksIt(page, stage)
    await thenTheCardOfFebruaryLeadsToTheOneBefore(page)
    await thenTheDifferenceAddsUp(page)
    await thenItFitsAPhone(page, stage)
  })
})

async function givenTwoCardsEnteredInJanuary({ test, signedIn }: Stage): Promise<Page> {
  const now = test.clock.now().toISOString()
  test.clock.set('2026-01-05T02:00:00Z')
  await enterCards(
    test,
    [
      { name: '原古井小学', cardType: 'house', cost: '500000.00', floorArea: '2150.55' },
      { name: '办公桌', cost: '800.00' },
    ],
    '2026-01-01',
  )
  test.clock.set(now)
  return signedIn('zhang')
}

async function whenTheSchoolIsFoundToBeWorthLessSinceFebruary(page: Page): Promise<void> {
  await page.goto('/assets')
  await page.getByRole('link', { name: '原古井小学' }).click()
  await press(page, '修改')
  await page.locator('[name=cost]').fill('480000.50')
  await page.locator('[name=netValue]').fill('')
  await page.locator('[name=effectiveOn]').fill('2026-02-10')
  await page.locator('[name=comment]').fill('评估后调整')
  await press(page, '保存修改')
  await sees(page, '修改已保存。')
}

async function lookAt(page: Page, day: string, { javaScript }: Stage): Promise<void> {
  await page.goto('/assets')
  await page.getByLabel('时点').fill(day)
  // With JavaScript the list follows the day, and so does what the page's head offers.
  if (!javaScript) await press(page, '查询')
  await page.waitForURL((url) => url.searchParams.get('asOf') === day)
  await sees(page, `这是 ${day} 的台账`)
  expect(await page.getByRole('link', { name: '录入卡片' }).count()).toBe(0)
}

async function thenTheListOfJanuaryKnowsNothingOfIt(page: Page, stage: Stage): Promise<void> {
  await lookAt(page, '2026-01-31', stage)
  expect(await page.locator('tfoot').innerText()).toContain('500,800.00')
  expect(await page.getByText('后补').count()).toBe(0)
}

async function thenTheListOfFebruaryMarksIt(page: Page, stage: Stage): Promise<void> {
  await lookAt(page, '2026-02-28', stage)
  expect(await page.locator('tfoot').innerText()).toContain('480,800.50')
  expect(await page.locator('tfoot').innerText()).toContain('其中后补 1 项')
  expect(await page.locator('tbody tr', { hasText: '原古井小学' }).innerText()).toContain('后补：2026-03-10 才记入')
  await sees(page, '其中 1 项是后来补记的：原值 480,000.50 元')
}

async function thenTheCardOfFebruaryLeadsToTheOneBefore(page: Page): Promise<void> {
  await page.getByRole('link', { name: '原古井小学' }).click()
  await heading(page, /原古井小学/)
  await sees(page, '它是 2026-03-10 才后补记入的')
  expect(await page.getByRole('link', { name: '修改', exact: true }).count()).toBe(0)
  await press(page, '前一状态（自 2026-01-01）')
  await sees(page, '这是 2026-01-01 的卡片')
  await sees(page, '500,000.00')
  await press(page, '回到今天')
  await heading(page, /原古井小学/)
  await page.getByRole('region', { name: '历次状态' }).getByRole('link', { name: '2026-01-01' }).waitFor()
}

async function thenTheDifferenceAddsUp(page: Page): Promise<void> {
  await page.goto('/assets?asOf=2026-02-28')
  await press(page, '增减变动')
  await heading(page, '增减变动')
  expect(await page.getByLabel('起始日期').inputValue()).toBe('2026-01-31')
  await sees(page, '勾稽相符')
  const sums = await page.getByRole('region', { name: '增减合计' }).innerText()
  for (const figure of ['500,800.00', '19,999.50', '480,800.50']) expect(sums).toContain(figure)
  const row = await page.getByRole('region', { name: '变动的资产' }).locator('tbody tr').innerText()
  for (const text of ['500,000.00', '480,000.50', '2026-02-10', '2026-03-10 记入', '后补', '评估后调整']) {
    expect(row).toContain(text)
  }
}

async function thenItFitsAPhone(page: Page, { javaScript }: Stage): Promise<void> {
  await page.setViewportSize(phone)
  const card = await page.getByRole('link', { name: '原古井小学' }).getAttribute('href')
  for (const path of [
    '/assets/changes?to=2026-02-28',
    '/assets?asOf=2026-02-28',
    card ?? '',
    '/statistics?asOf=2026-02-28',
  ]) {
    await page.goto(path)
    expect(await sidewaysBy(page), path).toBeLessThanOrEqual(0)
    if (javaScript) expect(await axe(page), path).toEqual([])
  }
}
