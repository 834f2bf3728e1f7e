import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { lastPart, phone, press, type Stage, sees, withBrowser } from '../support/browser.ts'
import { enterCards, storedCard, village } from '../support/cards.ts'
import { enterClaims, storedClaims } from '../support/claims.ts'
import {
  at,
  everybodyLeaves,
  row,
  whenASheetComesBack,
  whenTheCountyFiles,
  whenTheKeeperCountsAgain,
  whenTheKeeperHandsIn,
  whenTheKeeperOpensTheCount,
  whenTheLeadCalls,
  whenTheLeadChecks,
  whenTheLeadReturns,
} from '../support/counting-story.ts'
import { agree } from '../support/inventory-agree.ts'
import { picture } from '../support/papers.ts'

const desks = '课桌'
const hall = '村部'
const pump = '旧抽水机'
const shed = '原村小库房'
const chairs = '会议椅'

// Its forms are sent without JavaScript in tests/routes/counting and notices; told twice, the story takes two minutes.
withBrowser('a count of a collective', { javaScript: true }, (stage) => {
  it('is called, counted by screen, phone and sheet, returned once, posted, confirmed, compiled and filed', async () => {
    const codes = await givenTheVillagesAssets(stage)
    const call = await whenTheLeadCalls(stage, { lead: 'nong', title: '2026年村集体资产清查', units: [village] })
    const place = await whenTheKeeperOpensTheCount(stage, 'zhang', village, 5)
    await whenTheKeeperCountsByRows(stage, place)
    await whenTheHallIsCountedByPhone(stage, codes[hall] ?? '')
    await whenASheetComesBack(stage, 'zhang', place, {
      [shed]: { 清查数量: 1, 待报废数量: 1, 待报废原因: 'D 级危房' },
      [chairs]: { 清查数量: 18, 盘亏数量: 2, 盘亏原因: '散架' },
    })
    await whenASurplusIsFound(stage, place)
    await whenTheKeeperChecksTheClaims(stage, place)
    await whenTheKeeperHandsIn(stage, 'zhang', place)
    await whenTheLeadReturns(stage, 'nong', place, { name: desks, reason: '教室里只有 7 张' })
    await whenTheKeeperCountsAgain(stage, 'zhang', place, {
      ...{ name: desks, counted: '8', missing: '早年报废没有销账', scrap: '1' },
    })
    await whenTheLeadChecks(stage, 'nong', place, { again: desks, same: chairs })
    const notice = await whenTheKeeperPosts(stage, place)
    await whenAVillagerObjects(stage, notice)
    await whenTheKeeperAnswers(stage, notice)
    await whenTheMembersConfirm(stage, place)
    const compilation = await whenTheLeadCompiles(stage, call)
    await whenTheCompilationIsFiled(stage, compilation)
    await thenTheRegisterHasIt(stage, codes, compilation)
  }, 120_000)
})

async function givenTheVillagesAssets({ test }: Stage): Promise<Record<string, string>> {
  everybodyLeaves()
  test.clock.set('2026-03-10T02:00:00Z')
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = await enterCards(test, [
    { name: desks, quantity: '10', cost: '1000.01', unitOfMeasure: '张' },
    { name: hall, cardType: 'house', floorArea: '220.00', cost: '310000.00', location: '2 社' },
    { name: pump, cardType: 'equipment', quantity: '1', cost: '1200.00' },
    { name: shed, cardType: 'house', floorArea: '80.00', cost: '40000.00', location: '5 社' },
    { name: chairs, quantity: '20', cost: '2000.00', unitOfMeasure: '把' },
  ])
  await enterClaims(test, [
    { counterparty: '王某', amount: '1000' },
    { counterparty: '信用社', amount: '5000.50', category: 'long_loan' },
  ])
  return { [desks]: first, [hall]: second, [pump]: third, [shed]: fourth, [chairs]: fifth }
}

/** Saved with the keyboard; without JavaScript the page comes anew. */
async function counts(page: Page, name: string, counted: string, reason: string): Promise<void> {
  await row(page, name).locator('[name=missingReason]').fill(reason)
  await row(page, name).locator('[name=counted]').fill(counted)
  await row(page, name).locator('[name=counted]').press('Enter')
}

async function whenTheKeeperCountsByRows(stage: Stage, place: string): Promise<void> {
  const page = await at(stage, 'zhang')
  await page.goto(place)
  await counts(page, pump, '0', '')
  await sees(page, '少了 1，请写明盘亏原因。')
  await page.goto(place)
  await counts(page, pump, '0', '被盗')
  await row(page, pump).getByText('盘亏', { exact: true }).waitFor()
  await page.goto(place)
  await counts(page, desks, '10', '')
  await row(page, desks).getByText('相符').waitFor()
}

async function whenTheHallIsCountedByPhone(stage: Stage, code: string): Promise<void> {
  const page = await stage.signedIn('zhang', { viewport: phone })
  // The label's address is the card's.
  await page.goto(`/assets/${code}`)
  await page
    .getByRole('link', { name: /PD2026-/ })
    .first()
    .click()
  await page.getByLabel('结果').selectOption('相符')
  await page.getByLabel('使用状况').selectOption('闲置')
  await page.getByLabel('完好程度').selectOption('破损')
  await press(page, '保存')
  await sees(page, '已保存。')
  await page.goto(`/assets/${code}`)
  await page
    .getByRole('link', { name: /PD2026-/ })
    .first()
    .click()
  await press(page, '拍照')
  await page
    .getByLabel('照片', { exact: true })
    .setInputFiles({ name: '墙面.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no photo') })
  await page.locator('[name=title]').fill('墙面开裂')
  await press(page, '保存')
  await page.locator('.app-error').first().waitFor()
  await page
    .getByLabel('照片', { exact: true })
    .setInputFiles({ name: '墙面.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(await picture()) })
  await press(page, '保存')
  await sees(page, '墙面开裂')
}

async function whenASurplusIsFound(stage: Stage, place: string): Promise<void> {
  const page = await at(stage, 'zhang')
  await page.goto(place)
  await press(page, '登记盘盈')
  await page.locator('[name=name]').fill('发电机')
  await page.locator('[name=cardType]').selectOption('设备')
  await page.locator('[name=valueBasis]').selectOption('名义金额（1 元）')
  await page.locator('[name=remark]').fill('库房里找到')
  await press(page, '保存')
  await sees(page, '请写明为什么不能按有关凭据、评估值、重置成本计价。')
  await page.locator('[name=valueNote]').fill('早年捐赠，没有凭据')
  await press(page, '保存')
  await sees(page, '盘盈“发电机”已登记')
}

async function whenTheKeeperChecksTheClaims(stage: Stage, place: string): Promise<void> {
  const page = await at(stage, 'zhang')
  await page.goto(place)
  await sees(page, '还有 2 笔债权债务没有核对。')
  await page.getByRole('link', { name: '债权债务', exact: true }).last().click()
  const claim = row(page, '王某')
  await claim.locator('[name=counted]').fill('900')
  await claim.locator('[name=counted]').press('Enter')
  await sees(page, '请写明差额原因')
  await claim.locator('[name=reason]').fill('收回 100 元没有记账')
  await claim.locator('[name=counted]').press('Enter')
  await claim.getByText('调减 100.00').waitFor()
  await row(page, '信用社').getByRole('checkbox').check()
  await press(page, '选中的与账面相符')
  await sees(page, '已写明 1 笔与账面相符。')
  await press(page, '登记账外')
  await page.locator('[name=category]').selectOption('债务：应付款项')
  await page.locator('[name=counterparty]').fill('施工队')
  await page.locator('[name=counted]').fill('300.25')
  await page.locator('[name=reason]').fill('有欠条没有入账')
  await press(page, '保存')
  await sees(page, '账外“施工队”已登记')
}

async function whenTheKeeperPosts(stage: Stage, place: string): Promise<string> {
  const page = await at(stage, 'zhang')
  await page.goto(place)
  await page.getByRole('button', { name: '公示', exact: true }).click()
  await page.locator('[name=place]').fill('村务公开栏')
  await page.locator('[name=contact]').fill('张会计 0825-7000000')
  await press(page, '张榜公示')
  await sees(page, '已张榜公示')
  return lastPart(page)
}

async function whenAVillagerObjects(stage: Stage, notice: string): Promise<void> {
  const page = await stage.open()
  await page.goto('/notices/public')
  await page.getByRole('link', { name: /清查/ }).first().click()
  expect(lastPart(page)).toBe(notice)
  await page.getByLabel('姓名').fill('李大爷')
  await page.getByLabel('异议内容').fill('抽水机没有被盗，借给下村了。')
  await press(page, '提交异议')
  await sees(page, '您的异议已收到')
}

async function whenTheKeeperAnswers(stage: Stage, notice: string): Promise<void> {
  const page = await at(stage, 'zhang')
  await page.goto(`/notices/${notice}`)
  await page.getByLabel('是否采纳').selectOption('不采纳')
  await page.getByLabel('答复', { exact: true }).fill('已到下村核实，确实没有。')
  await press(page, '保存答复')
  await sees(page, '答复已保存')
}

async function whenTheMembersConfirm(stage: Stage, place: string): Promise<void> {
  everybodyLeaves()
  stage.test.clock.set('2026-03-21T02:00:00Z')
  const page = await at(stage, 'zhang')
  await page.goto(place)
  await press(page, '登记成员确认')
  await page.locator('[name=bodyKind]').selectOption('成员代表大会')
  await page.locator('[name=heldOn]').fill('2026-03-20')
  for (const [name, value] of [
    ['members', '30'],
    ['present', '28'],
    ['inFavour', '20'],
  ] as const) {
    await page.locator(`[name=${name}]`).fill(value)
  }
  await press(page, '登记决议')
  await sees(page, '成员确认已登记')
}

async function whenTheLeadCompiles(stage: Stage, call: string): Promise<string> {
  const page = await at(stage, 'nong')
  await page.goto(`/inventory/calls/${call}?tab=compile`)
  await press(page, '汇总清查结果')
  await press(page, '建立汇总')
  await sees(page, '汇总已建立')
  const no = lastPart(page)
  await press(page, '上报')
  await sees(page, '已上报，等待县级备案。')
  return no
}

async function whenTheCompilationIsFiled(stage: Stage, compilation: string): Promise<void> {
  const page = await at(stage, 'tian')
  await page.goto(`/inventory/compilations/${compilation}`)
  await whenTheCountyFiles(page, '英农〔2026〕5号')
}

async function thenTheRegisterHasIt(
  { test }: Stage,
  codes: Record<string, string>,
  compilation: string,
): Promise<void> {
  const stored = async (name: string) => storedCard(test, codes[name] ?? '')
  expect(await stored(desks)).toMatchObject({ quantity: '7.000', cost: '700.01' })
  expect(await stored(hall)).toMatchObject({ usage: 'idle' })
  expect(await stored(pump)).toMatchObject({ usage: 'awaiting_write_off' })
  expect(await stored(shed)).toMatchObject({ usage: 'awaiting_disposal' })
  expect(await stored(chairs)).toMatchObject({ quantity: '18.000', cost: '1800.00' })
  // 800.01 of desks, the hall, the shed, 1800 of chairs and one yuan of the generator.
  expect(await agree(test, 'nong', compilation, village)).toBe('352601.01')
  const ledger = (await storedClaims(test)).map(({ counterparty, amount, endedOn }) => [counterparty, amount, endedOn])
  expect(ledger).toEqual([
    ['王某', '900.00', null],
    ['信用社', '5000.50', null],
    ['施工队', '300.25', null],
  ])
}
