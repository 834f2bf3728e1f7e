import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { heading, journey, phone, press, type Stage, sees, sidewaysBy } from '../support/browser.ts'
import { enterCards } from '../support/cards.ts'

const building = { name: '原古井小学综合楼', cardType: 'house', floorArea: '300.00', cost: '900000.00' }

journey('parts', (stage) => {
  it('divide a building, and its usage, idle area and values follow', async () => {
    const code = await givenABuilding(stage)
    const page = await stage.signedIn('zhang')
    await page.goto(`/assets/${code}`)
    await sees(page, '没有划分部位')
    await press(page, '划分部位')
    await heading(page, '划分部位')
    await whenThreeFloorsAreWritten(page)
    await whenARowIsAdded(page)
    await fillRow(page, 4, '阁楼', '200', '在用')
    await press(page, '保存部位')
    await sees(page, '各部位面积合计 420.00 ㎡，大于资产的建筑面积 300.00 ㎡，请核对。')
    expect(await page.locator('[name=name3]').inputValue()).toBe('三楼')
    await page.locator('[name=area4]').fill('20')
    await press(page, '保存部位')
    await sees(page, '部位已保存。')
    await thenTheCardFollows(page)
    await thenTheStatisticsFollow(page)
    await whenAPartLeaves(page, code)
    await sees(page, '部位已保存。')
    await page.locator('#parts').getByText('阁楼').waitFor({ state: 'detached' })
  })

  it('can be divided on a phone', async () => {
    const code = await givenABuilding(stage)
    const page = await stage.signedIn('zhang', { viewport: phone, hasTouch: true, isMobile: true })
    await page.goto(`/assets/${code}/parts`)
    await heading(page, '划分部位')
    await thenItFits(page)
    await fillRow(page, 1, '一楼', '140', '出租')
    await whenARowIsAdded(page)
    await thenItFits(page)
    await press(page, '保存部位')
    await sees(page, '部位已保存。')
    await sees(page, '未划分部分')
    await thenItFits(page)
  })

  it('one of them mortgaged, are kept by it until another person lifts it', async () => {
    const code = await givenABuilding(stage)
    const [zhang, nong] = [await stage.signedIn('zhang'), await stage.signedIn('nong')]
    await zhang.goto(`/assets/${code}/parts`)
    await whenThreeFloorsAreWritten(zhang)
    await press(zhang, '保存部位')
    await sees(zhang, '部位已保存。')
    await press(zhang, '登记限制')
    await heading(zhang, '登记限制')
    await whenThePartIsMortgaged(zhang)
    await sees(zhang, '限制已登记')
    await thenTheRecorderCannotLiftIt(zhang)
    const no = new URL(zhang.url()).pathname
    await zhang.getByRole('link', { name: building.name }).click()
    await sees(zhang, '部位 2 由')
    await press(zhang, '划分部位')
    await zhang.getByText('不能取消').waitFor()
    await zhang.getByRole('link', { name: /已抵押 XZ2026-/ }).click()
    await heading(zhang, /限制登记 XZ2026-/)
    await nong.goto(no)
    await press(nong, '解除限制')
    await nong.locator('[name=liftedBy]').fill('大英县农村商业银行')
    await nong.locator('[name=liftedOn]').fill('2026-03-10')
    await nong.locator('[name=comment]').fill('贷款已还清')
    await press(nong, '解除限制')
    await sees(nong, '限制已解除')
    await nong.goto(`/assets/${code}`)
    expect(await nong.getByText('部位 2 由').count()).toBe(0)
  })
})

async function givenABuilding({ test }: Stage): Promise<string> {
  const [code = ''] = await enterCards(test, [{ ...building, depreciation: '90000.00' }])
  return code
}

async function fillRow(page: Page, row: number, name: string, area: string, usage: string): Promise<void> {
  await page.locator(`[name=name${row}]`).fill(name)
  await page.locator(`[name=area${row}]`).fill(area)
  await page.locator(`[name=usage${row}]`).selectOption(usage)
}

async function whenThreeFloorsAreWritten(page: Page): Promise<void> {
  await fillRow(page, 1, '一楼', '120', '出租')
  await fillRow(page, 2, '二楼', '60', '闲置')
  await page.locator('[name=idleSince2]').fill('2024-03')
  await fillRow(page, 3, '三楼', '40', '在用')
}

async function whenARowIsAdded(page: Page): Promise<void> {
  await press(page, '加一行')
  await page.locator('[name=name4]').waitFor()
  expect(await page.locator('[name=name1]').inputValue()).toBe('一楼')
  expect(await page.locator('[name=name4]').inputValue()).toBe('')
}

async function thenTheCardFollows(page: Page): Promise<void> {
  const table = page.locator('#parts')
  await table.getByText('二楼').waitFor()
  expect(await table.innerText()).toMatch(/20\.0%/)
  expect(await table.innerText()).toContain('180,000.00')
  await sees(page, '未划分部分')
  await page.getByRole('heading', { level: 1 }).getByText('出租').waitFor()
}

async function thenTheStatisticsFollow(page: Page): Promise<void> {
  await page.goto('/statistics')
  await page.getByText('60.00', { exact: true }).first().waitFor()
}

async function whenAPartLeaves(page: Page, code: string): Promise<void> {
  await page.goto(`/assets/${code}/parts`)
  await page.getByLabel('取消部位 4').check()
  await press(page, '保存部位')
}

async function whenThePartIsMortgaged(page: Page): Promise<void> {
  await page.getByLabel('部位 2（二楼）').check()
  await page.locator('[name=kind]').selectOption('抵押')
  await page.locator('[name=body]').fill('大英县农村商业银行')
  await page.locator('[name=reason]').fill('流动资金贷款')
  await press(page, '登记限制')
}

async function thenTheRecorderCannotLiftIt(page: Page): Promise<void> {
  expect(await page.getByRole('button', { name: '解除限制' }).isDisabled()).toBe(true)
  await sees(page, '解除限制须由另一人办理')
}

async function thenItFits(page: Page): Promise<void> {
  expect(await sidewaysBy(page), new URL(page.url()).pathname).toBeLessThanOrEqual(0)
}
