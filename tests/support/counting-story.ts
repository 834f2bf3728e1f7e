import type { Page } from 'playwright-core'
import { lastPart, press, type Stage, sees } from './browser.ts'
import { filledSheet } from './count-sheets.ts'
import type { Account } from './county.ts'

/** Everybody stays at their own computer; whoever has been away too long signs in anew. */
const windows = new Map<Account, Page>()

export async function at(stage: Stage, account: Account): Promise<Page> {
  const page = windows.get(account) ?? (await stage.signedIn(account))
  windows.set(account, page)
  return page
}

export function everybodyLeaves(): void {
  windows.clear()
}

/** The line of a count on the screen, by what it is called. */
export function row(page: Page, name: string) {
  return page.locator('.app-line', { has: page.getByRole('link', { name, exact: true }) })
}

type Call = { lead: Account; title: string; units: readonly string[] }

/** Drafts and issues a call of the base day 2026-03-05, due on 2026-03-20; the answer is its number. */
export async function whenTheLeadCalls(stage: Stage, { lead, title, units }: Call): Promise<string> {
  const page = await at(stage, lead)
  await page.goto('/inventory')
  await press(page, '起草清查通知')
  await page.locator('[name=title]').fill(title)
  await page.locator('[name=baseOn]').fill('2026-03-05')
  await page.locator('[name=dueOn]').fill('2026-03-20')
  await page.locator('[name=compileOn]').fill('2026-04-30')
  const ticked = page.locator('[name=units]:checked')
  while ((await ticked.count()) > 0) await ticked.first().uncheck()
  for (const unit of units) await page.getByLabel(new RegExp(unit)).first().check()
  await press(page, '保存草稿')
  await sees(page, '草稿已保存，核对后请发出通知。')
  const no = lastPart(page)
  await page.goto(`/inventory/calls/${no}?tab=notice`)
  await press(page, '发出通知')
  await sees(page, '清查通知已发出')
  return no
}

/** The page of the unit's count, with so many lines. */
export async function whenTheKeeperOpensTheCount(
  stage: Stage,
  keeper: Account,
  unit: string,
  lines: number,
): Promise<string> {
  const page = await at(stage, keeper)
  await page.goto('/inventory')
  await page.getByRole('link', { name: `去盘点 ${unit}` }).click()
  await sees(page, `0 / ${lines}`)
  return new URL(page.url()).pathname
}

/** Takes the 盘点单, fills in some lines and brings it back; then everything is counted. */
export async function whenASheetComesBack(
  stage: Stage,
  keeper: Account,
  place: string,
  found: Readonly<Record<string, Readonly<Record<string, string | number>>>>,
): Promise<void> {
  const page = await at(stage, keeper)
  await page.goto(place)
  const numbers = new Map<string, number>()
  for (const name of Object.keys(found)) {
    numbers.set(name, Number(await row(page, name).locator('.app-row-no').innerText()))
  }
  const bytes = await filledSheet(stage.test, keeper, lastPart(page), (desk) => {
    for (const [name, cells] of Object.entries(found)) desk.set(numbers.get(name) ?? 0, cells)
  })
  await press(page, '导入盘点单')
  await page.locator('[type=file]').setInputFiles({ name: '盘点单.xlsx', mimeType: '', buffer: Buffer.from(bytes) })
  await press(page, '上传并核对')
  await page.getByRole('button', { name: /^全部导入/ }).click()
  await sees(page, '已导入')
  await page.goto(place)
  await sees(page, '5 / 5')
}

export async function whenTheKeeperHandsIn(stage: Stage, keeper: Account, place: string): Promise<void> {
  const page = await at(stage, keeper)
  await page.goto(place)
  await press(page, '提交清查结果')
  await sees(page, '清查结果已提交，等待审核。')
}

/** One line goes back with its reason. */
export async function whenTheLeadReturns(
  stage: Stage,
  lead: Account,
  place: string,
  { name, reason }: { name: string; reason: string },
): Promise<void> {
  const page = await at(stage, lead)
  await page.goto(place)
  await row(page, name).getByRole('checkbox').check()
  await press(page, '退回选中的')
  await page.getByLabel(/项的理由/).fill(reason)
  await page.getByLabel('退回意见').fill('请重新清点')
  await press(page, '退回')
  await sees(page, '已退回')
}

/** It is counted again on its own page, some of it missing and some to be scrapped, and handed in. */
export async function whenTheKeeperCountsAgain(
  stage: Stage,
  keeper: Account,
  place: string,
  found: { name: string; counted: string; missing: string; scrap: string },
): Promise<void> {
  const page = await at(stage, keeper)
  await page.goto(`${place}?show=returned`)
  await sees(page, '退回：')
  await row(page, found.name).getByRole('link', { name: found.name, exact: true }).click()
  await page.getByLabel('清查数', { exact: true }).fill(found.counted)
  await page.getByLabel('盘亏原因').fill(found.missing)
  await page.getByLabel('其中待报废').fill(found.scrap)
  await page.getByLabel('报废原因', { exact: true }).fill('桌腿断裂')
  await press(page, '保存')
  await sees(page, '已保存。')
  await whenTheKeeperHandsIn(stage, keeper, place)
}

/** Only what is otherwise than the last time is looked at. */
export async function whenTheLeadChecks(
  stage: Stage,
  lead: Account,
  place: string,
  { again, same }: { again: string; same: string },
): Promise<void> {
  const page = await at(stage, lead)
  await page.goto(`${place}?show=again`)
  await row(page, again).waitFor()
  if ((await row(page, same).count()) > 0) throw new Error(`${same} is shown as different`)
  await press(page, '审核通过')
  await sees(page, '已审核通过。')
}

export async function whenTheCountyFiles(page: Page, documentNo: string): Promise<void> {
  await press(page, '备案')
  await page.locator('[name=documentNo]').fill(documentNo)
  await press(page, '备案')
  await sees(page, '已备案，清查差异已记入台账。')
}
