import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { axe, heading, journey, phone, press, type Stage, sees, sidewaysBy } from '../support/browser.ts'
import { enterCards } from '../support/cards.ts'

journey('views', (stage) => {
  it('are made of filter, order and columns, opened, renamed, given other conditions and deleted', async () => {
    await givenHousesAndDesks(stage)
    const page = await stage.signedIn('zhang')
    await whenLookingForHouses(page, stage)
    await whenColumnsAreChosenAndMoved(page)
    await thenTheListShowsThem(page)
    await whenTheViewIsSaved(page, '房屋权证')
    await thenItIsMarkedAndLeadsBack(page)
    await whenTheSameNameIsSavedForOtherConditions(page, stage)
    await thenItCanBePutInItsPlace(page)
    await whenItIsRenamed(page)
    await whenItIsDeleted(page)
    await thenNoneIsLeft(page)
  })

  it('show the chosen columns on a phone too, each with its name', async () => {
    await enterCards(stage.test, [
      { name: '敬老院', cardType: 'house', certificate: '川(2019)第 7 号', cost: '5000.00' },
    ])
    const page = await stage.signedIn('zhang', { viewport: phone, hasTouch: true, isMobile: true })
    await page.goto('/assets?q=敬老院&columns=name,certificate,cost')
    await sees(page, '川(2019)第 7 号')
    const labels = await page
      .locator('tbody td.is-at-field')
      .evaluateAll((cells) =>
        cells.map((cell) => cell.ownerDocument.defaultView?.getComputedStyle(cell, '::before').content),
      )
    expect(labels).toEqual(['"权证名称及编号"', '"账面原值"'])
    expect(await sidewaysBy(page)).toBe(0)
    await press(page, '选择栏目')
    await heading(page, '选择栏目')
    expect(await sidewaysBy(page)).toBe(0)
  })

  it('tell of a column that is not there, and show the others', async () => {
    const page = await stage.signedIn('zhang')
    await page.goto('/assets?type=house&columns=name,plate')
    await sees(page, '“车牌号”不是每类资产都有的栏目，请先选定有它的资产类别。')
    if (stage.javaScript) expect(await axe(page)).toEqual([])
    await press(page, '恢复默认栏目')
    await page.waitForURL((url) => url.search === '?type=house')
  })
})

async function givenHousesAndDesks({ test }: Stage): Promise<void> {
  await enterCards(test, [
    { name: '村小学', cardType: 'house', cost: '90000.00', certificate: '川(2018)大英县不动产权第 12 号' },
    { name: '村卫生室', cardType: 'house', cost: '250000.00' },
    { name: '课桌', cost: '120.00' },
  ])
}

async function whenLookingForHouses(page: Page, { javaScript }: Stage): Promise<void> {
  await page.goto('/assets')
  await page.getByLabel('类别').selectOption('房屋')
  if (!javaScript) await press(page, '查询')
  await page.waitForURL((url) => url.searchParams.get('type') === 'house')
  await page.locator('thead').getByRole('link', { name: /原值/ }).click()
  await page.waitForURL((url) => url.searchParams.get('sort') === 'cost')
}

async function whenColumnsAreChosenAndMoved(page: Page): Promise<void> {
  await press(page, '选择栏目')
  await heading(page, '选择栏目')
  await sees(page, '资产类别：房屋')
  for (const name of [
    '资产编号',
    '资产属性',
    '资产类别',
    '权属单位',
    '坐落位置',
    '建成/取得时间',
    '占地面积',
    '建筑面积',
  ]) {
    await page.getByLabel(name, { exact: true }).uncheck()
  }
  for (const name of ['账面净值', '使用状况']) await page.getByLabel(name, { exact: true }).uncheck()
  await page.getByLabel('权证名称及编号').check()
  // What is ticked and what is not stays when a column is moved.
  await press(page, '前移“账面原值”')
  await page.waitForURL((url) => url.searchParams.get('earlier') === 'cost')
  await press(page, '前移“权证名称及编号”')
  await page.waitForURL((url) => url.searchParams.get('earlier') === 'certificate')
  await press(page, '在台账中显示')
  await heading(page, '资产台账')
}

async function thenTheListShowsThem(page: Page): Promise<void> {
  const headers = await page.locator('thead th:not(.app-th-check)').allInnerTexts()
  expect(headers.map((text) => text.replaceAll(/\s|\(元\)/g, ''))).toEqual(['账面原值', '权证名称及编号', '资产名称'])
  expect(await names(page)).toEqual(['村小学', '村卫生室'])
  const total = page.locator('tfoot')
  expect(await total.innerText()).toContain('340,000.00')
  const { searchParams } = new URL(page.url())
  expect([searchParams.get('type'), searchParams.get('sort')]).toEqual(['house', 'cost'])
}

async function whenTheViewIsSaved(page: Page, name: string): Promise<void> {
  await page.locator('summary', { hasText: '保存为常用视图' }).click()
  await page.locator('.app-views-save').getByLabel('名称').fill(name)
  await page.locator('.app-views-save').getByRole('button', { name: '保存' }).click()
}

async function thenItIsMarkedAndLeadsBack(page: Page): Promise<void> {
  await sees(page, '已存为常用视图“房屋权证”。')
  expect(await page.locator('.app-view.is-current').innerText()).toBe('房屋权证')
  const saved = page.url()
  await page.goto('/assets')
  expect(await page.locator('.app-view.is-current').count()).toBe(0)
  expect(await names(page)).toContain('课桌')
  await press(page, '房屋权证')
  await page.waitForURL(saved)
  expect(await names(page)).toEqual(['村小学', '村卫生室'])
}

async function whenTheSameNameIsSavedForOtherConditions(page: Page, { javaScript }: Stage): Promise<void> {
  await page.getByLabel('查找').fill('卫生')
  if (!javaScript) await press(page, '查询')
  await page.waitForURL((url) => url.searchParams.get('q') === '卫生')
  await page.locator('tbody tr').nth(1).waitFor({ state: 'detached' })
  // The mark and what is saved follow the filter.
  expect(await page.locator('.app-view.is-current').count()).toBe(0)
  await whenTheViewIsSaved(page, '房屋权证')
}

async function thenItCanBePutInItsPlace(page: Page): Promise<void> {
  await heading(page, '保存为常用视图')
  await sees(page, '含“卫生”，资产类别：房屋，按原值升序，3 个栏目')
  await press(page, '覆盖“房屋权证”')
  await sees(page, '常用视图“房屋权证”已保存。')
  expect(await page.locator('.app-view.is-current').innerText()).toBe('房屋权证')
  expect(await names(page)).toEqual(['村卫生室'])
}

async function whenItIsRenamed(page: Page): Promise<void> {
  await press(page, /^管理\s*常用视图$/)
  await heading(page, '常用视图')
  await press(page, '修改')
  await heading(page, '修改常用视图')
  await page.getByLabel('名称').fill('')
  await press(page, '保存修改')
  await sees(page, '请填写名称。')
  await page.getByLabel('名称').fill('卫生室')
  await press(page, '保存修改')
  await sees(page, '常用视图“卫生室”已保存。')
  expect(await page.locator('.app-view.is-current').innerText()).toBe('卫生室')
}

async function whenItIsDeleted(page: Page): Promise<void> {
  await press(page, /^管理\s*常用视图$/)
  await heading(page, '常用视图')
  await press(page, '修改')
  await press(page, '删除这个视图')
  await sees(page, '常用视图“卫生室”已删除。')
}

async function thenNoneIsLeft(page: Page): Promise<void> {
  await sees(page, '还没有常用视图')
  await press(page, '打开资产台账')
  await heading(page, '资产台账')
  expect(await page.locator('.app-view').count()).toBe(0)
}

/** The names in the list, from above. */
async function names(page: Page): Promise<string[]> {
  return page
    .locator('tbody a')
    .filter({ hasNotText: /^\d{14}$/ })
    .allInnerTexts()
}
