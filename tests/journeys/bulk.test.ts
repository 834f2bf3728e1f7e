import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { heading, journey, press, type Stage, sees } from '../support/browser.ts'
import { enterCards } from '../support/cards.ts'

journey('editing in bulk', (stage) => {
  it('leads from a filter over a preview to the register, and back again', async () => {
    await givenThreeRoomsAndAHall(stage)
    const page = await stage.signedIn('zhang')
    await whenLookingForRooms(page, stage)
    await press(page, '批量修改全部')
    await heading(page, '批量修改')
    await sees(page, '符合条件的 3 项资产')
    await whenNothingIsSaid(page)
    await whenTheyAreSaidToBeIdle(page)
    await thenThePreviewShowsOldAndNew(page)
    await press(page, '全部修改（2 项）')
    await sees(page, '已修改 2 项。')
    expect(await usagesOf(page)).toEqual({ 东教室: '闲置', 南教室: '闲置', 西教室: '闲置', 礼堂: '在用' })
    await whenItIsTakenBack(page)
    expect(await usagesOf(page)).toEqual({ 东教室: '在用', 南教室: '在用', 西教室: '闲置', 礼堂: '在用' })
  })

  it('takes the cards that are ticked', async () => {
    await enterCards(stage.test, [{ name: '一号水泵' }, { name: '二号水泵' }, { name: '三号水泵' }])
    const page = await stage.signedIn('zhang')
    await page.goto('/assets?q=水泵')
    await press(page, '批量修改勾选的')
    await sees(page, '请先在台账里勾选要修改的资产')
    await page.goto('/assets?q=水泵')
    for (const name of ['一号水泵', '三号水泵']) await page.getByRole('checkbox', { name: `选择 ${name}` }).check()
    await press(page, '批量修改勾选的')
    await heading(page, '批量修改')
    await sees(page, '勾选的 2 项资产')
    await page.getByLabel('保管人').fill('王保管')
    await page.getByLabel('依据或原因').fill('交接清单')
    await press(page, '下一步：核对')
    await heading(page, '批量修改：保管人')
    await sees(page, '一号水泵')
    await sees(page, '三号水泵')
    expect(await page.locator('#results').innerText()).not.toContain('二号水泵')
    await press(page, '取消修改')
    await sees(page, '已取消，台账没有改动。')
  })
})

async function givenThreeRoomsAndAHall({ test }: Stage): Promise<void> {
  await enterCards(test, [
    { name: '东教室', cardType: 'house' },
    { name: '南教室', cardType: 'house' },
    { name: '西教室', cardType: 'house', usage: 'idle', idleSince: '2025-09' },
    { name: '礼堂', cardType: 'house' },
  ])
}

async function whenLookingForRooms(page: Page, { javaScript }: Stage): Promise<void> {
  await page.goto('/assets')
  await page.getByLabel('查找').fill('教室')
  if (!javaScript) await press(page, '查询')
  await page.waitForURL((url) => url.searchParams.get('q') === '教室')
  await page.locator('#results a[href*="/assets/bulk?q="]').waitFor()
}

async function whenNothingIsSaid(page: Page): Promise<void> {
  await page.getByLabel('依据或原因').fill('2025 年秋季停办')
  await press(page, '下一步：核对')
  await sees(page, '请至少填写一栏要改成的内容')
  expect(await page.getByLabel('依据或原因').inputValue()).toBe('2025 年秋季停办')
}

async function whenTheyAreSaidToBeIdle(page: Page): Promise<void> {
  await page.getByLabel('使用状况').selectOption('闲置')
  await page.getByLabel('闲置起始时间').fill('2025-09')
  await press(page, '下一步：核对')
}

async function thenThePreviewShowsOldAndNew(page: Page): Promise<void> {
  await heading(page, '批量修改：使用状况、闲置起始时间')
  await sees(page, '依据或原因：2025 年秋季停办')
  const east = page.locator('#results tbody tr', { hasText: '东教室' })
  expect(await east.innerText()).toMatch(/变更[\s\S]*使用状况\s*在用\s*→\s*闲置/)
  const west = page.locator('#results tbody tr', { hasText: '西教室' })
  expect(await west.innerText()).toContain('无变化')
}

async function whenItIsTakenBack(page: Page): Promise<void> {
  await page.goto('/imports')
  await page.locator('tbody tr', { hasText: '批量修改：使用状况' }).getByRole('link').first().click()
  await press(page, '撤销修改')
  await heading(page, '撤销修改')
  await page.getByLabel('撤销原因').fill('还在上课')
  await press(page, '撤销修改（2 项）')
  await sees(page, '恢复变更的 2 项')
}

async function usagesOf(page: Page): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of ['东教室', '南教室', '西教室', '礼堂']) {
    await page.goto(`/assets?q=${name}`)
    const row = page.locator('#results tbody tr', { hasText: name })
    found[name] = await row.locator('.app-badge').innerText()
  }
  return found
}
