import { eq } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { cards } from '../../db/schema/assets.ts'
import { events } from '../../db/schema/kernel.ts'
import { heading, journey, lastPart, press, type Stage, sees } from '../support/browser.ts'
import { enterCards } from '../support/cards.ts'

journey('the register', (stage) => {
  it('leads from two characters to a card on the second page, and takes its change', async () => {
    await givenAClassroomFullOfDesks(stage)
    const page = await stage.signedIn('zhang')
    await whenLookingForUsedDesks(page, stage)
    await thenOnlyTheyAreListed(page)
    await whenTheDearestComeLast(page)
    await whenTurningThePage(page)
    await thenTheDearestIsThere(page)
    await whenTheCardIsOpened(page)
    await whenItIsSaidToBeIdle(page)
    await thenThePageTellsWhatHappened(page)
  })

  it('shows what another has saved meanwhile instead of writing over it', async () => {
    const [code = ''] = await enterCards(stage.test, [{ name: '办公桌', cost: '800.00' }])
    const [zhang, nong] = [await stage.signedIn('zhang'), await stage.signedIn('nong')]
    for (const page of [zhang, nong]) await page.goto(`/assets/${code}/edit`)
    await whenTheFormIsSaved(zhang, { location: '村委会一楼' })
    await sees(zhang, '修改已保存。')
    await whenTheFormIsSaved(nong, { location: '村委会二楼' })
    await heading(nong, '这条记录刚被别人改过')
    await sees(nong, '村委会一楼')
    await sees(nong, '村委会二楼')
    await press(nong, '打开最新的一页')
    await heading(nong, '修改资产卡片')
    expect(await nong.locator('[name=location]').inputValue()).toBe('村委会一楼')
    expect(await stateOf(stage, code)).toMatchObject({ version: 2, location: '村委会一楼' })
  })

  it('takes an impatient double click, and the same form sent again, as one', async () => {
    const page = await stage.signedIn('zhang')
    await page.goto('/assets/new')
    await page.locator('[name=name]').fill('移动音箱')
    await page.locator('[name=cardType]').selectOption('设备')
    await page.locator('[name=cost]').fill('1,200')
    const posted = page.waitForRequest((request) => request.method() === 'POST')
    await page.getByRole('button', { name: '建立卡片' }).dblclick()
    await heading(page, /移动音箱/)
    const sent = await posted
    const again = await page.request.post(sent.url(), {
      data: sent.postDataBuffer() ?? '',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    })
    expect(again.ok()).toBe(true)
    expect(await stage.test.db((tx) => tx.$count(cards, eq(cards.name, '移动音箱')))).toBe(1)
    expect(await actionsOn(stage, lastPart(page))).toEqual(['card.create'])
  })

  it('names every mistake beside its field and keeps what was written', async () => {
    const page = await stage.signedIn('zhang')
    await page.goto('/assets/new')
    await page.locator('[name=cost]').fill('约三万')
    await press(page, '建立卡片')
    await sees(page, '请填写资产名称。')
    await page.locator('#error-cost').getByText('账面原值不是数字').waitFor()
    expect(await page.locator('[name=cost]').inputValue()).toBe('约三万')
    expect(await page.locator('[name=cost]').getAttribute('aria-invalid')).toBe('true')
    expect(await page.title()).toMatch(/^错误:/)
  })
})

/** 55 desks at 100, 200 … 5,500 yuan, five of them idle besides, and a hall of another name. */
async function givenAClassroomFullOfDesks({ test }: Stage): Promise<void> {
  const desks = Array.from({ length: 55 }, (_, index) => ({ name: `课桌 ${index + 1}`, cost: `${index + 1}00.00` }))
  const idle = Array.from({ length: 5 }, () => ({ name: '课桌', cost: '99999.00', usage: 'idle' }))
  await enterCards(test, [...desks, ...idle, { name: '村级活动室', cardType: 'house', cost: '880000.00' }])
}

async function whenLookingForUsedDesks(page: Page, { javaScript }: Stage): Promise<void> {
  await page.goto('/assets')
  await page.getByLabel('查找').fill('课桌')
  await page.getByLabel('使用状况').selectOption('在用')
  // With JavaScript the list follows what is written.
  if (!javaScript) await press(page, '查询')
  await page.waitForURL((url) => url.searchParams.get('q') === '课桌' && url.searchParams.get('usage') === 'in_use')
}

async function thenOnlyTheyAreListed(page: Page): Promise<void> {
  await page.getByText('共 55 项', { exact: true }).first().waitFor()
  expect(await page.locator('tbody tr').count()).toBe(50)
  expect(await page.locator('tfoot').innerText()).toContain('154,000.00')
}

async function whenTheDearestComeLast(page: Page): Promise<void> {
  await page.getByRole('columnheader', { name: '原值' }).getByRole('link').click()
  await page.waitForURL((url) => url.searchParams.get('sort') === 'cost')
  await page.locator('tbody tr').first().getByText('100.00').waitFor()
}

async function whenTurningThePage(page: Page): Promise<void> {
  await page.getByRole('link', { name: '下一页' }).click()
  await page.waitForURL((url) => url.searchParams.has('after'))
}

async function thenTheDearestIsThere(page: Page): Promise<void> {
  await page.getByRole('link', { name: '课桌 55' }).waitFor()
  expect(await page.locator('tbody tr').count()).toBe(5)
}

async function whenTheCardIsOpened(page: Page): Promise<void> {
  await page.getByRole('link', { name: '课桌 55' }).click()
  await heading(page, /课桌 55/)
}

async function whenItIsSaidToBeIdle(page: Page): Promise<void> {
  await press(page, '修改')
  await heading(page, '修改资产卡片')
  await page.getByLabel('使用状况').selectOption('闲置')
  await page.locator('[name=idleSince]').fill('2026-03')
  await page.locator('[name=comment]').fill('学校已撤并')
  await press(page, '保存修改')
}

async function thenThePageTellsWhatHappened(page: Page): Promise<void> {
  await heading(page, /课桌 55/)
  await sees(page, '修改已保存。')
  const told = page.getByRole('complementary').getByRole('listitem').first()
  for (const text of ['学校已撤并', '张会计', '在用', '闲置', '2026-03']) {
    expect(await told.innerText(), text).toContain(text)
  }
  await page.getByRole('region', { name: '历次状态' }).getByRole('cell', { name: '闲置' }).waitFor()
}

async function whenTheFormIsSaved(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.locator(`[name=${name}]`).fill(value)
  await press(page, '保存修改')
}

async function stateOf({ test }: Stage, code: string) {
  const [card] = await test.db((tx) => tx.select().from(cards).where(eq(cards.code, code)))
  return card
}

async function actionsOn(stage: Stage, code: string): Promise<string[]> {
  const id = (await stateOf(stage, code))?.id ?? ''
  const told = await stage.test.db((tx) => tx.select().from(events).where(eq(events.cardId, id)).orderBy(events.id))
  return told.map(({ action }) => action)
}
