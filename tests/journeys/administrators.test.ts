import ExcelJS from 'exceljs'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { heading, journey, press, sees } from '../support/browser.ts'
import { enterCards, village } from '../support/cards.ts'
import { worksheetTexts } from '../support/download.ts'

const own = 'Chunfeng-huayu-26'

journey('the three administrators', (stage) => {
  it('each do their part, and the log tells all of it', async () => {
    await enterCards(stage.test, [{ name: '村委会办公桌' }])
    const code = await whenTheSystemAdministratorMakesAnAccount(await stage.signedIn('xi'))
    const clerk = await stage.open()
    await whenTheClerkOpensIt(clerk, code)
    await thenNothingCanBeDoneYet(clerk)
    await whenTheSecurityAdministratorGrants(await stage.signedIn('an'))
    await thenTheClerkWorks(clerk)
    await whenTheSecurityAdministratorSetsAPolicy(await stage.signedIn('an'))
    await thenTheAuditAdministratorFindsAndExportsAllOfIt(await stage.signedIn('shen'))
  })

  it('turns away own grants, a second kind and the end of the last one', async () => {
    const an = await stage.signedIn('an')
    await an.goto('/people/an')
    await sees(an, '这是您自己的账号')
    expect(await an.getByRole('button', { name: '授予' }).count()).toBe(0)
    await an.goto('/people/shen')
    await an.locator('[name=unit]').fill('大英县财政局')
    await an.locator('[name=role]').selectOption('系统管理员')
    await press(an, '授予')
    await sees(an, /系统、安全、审计管理员不能由同一人担任/)
    expect(await an.locator('[name=unit]').inputValue()).toBe('大英县财政局')
    await an.locator('[name=membership]').first().check()
    await press(an, '收回')
    await sees(an, /沈工是最后一位审计管理员/)
  })

  it('shows each administrator own pages only, and none a business page', async () => {
    await thenSeesOnly(await stage.signedIn('xi'), ['工作台', '导入', '单位', '账号'])
    await thenSeesOnly(await stage.signedIn('an'), ['工作台', '导入', '单位', '账号', '策略'])
    await thenSeesOnly(await stage.signedIn('shen'), ['工作台', '单位', '策略', '审计'])
  })
})

async function whenTheSystemAdministratorMakesAnAccount(page: Page): Promise<string> {
  await page.goto('/people/new')
  await page.locator('[name=name]').fill('刘会计')
  await page.locator('[name=account]').fill('liu')
  await press(page, '建立')
  await press(page, '生成开通码')
  await heading(page, /刘会计/)
  await sees(page, /只显示这一次/)
  const code = await page.locator('.app-secret').innerText()
  expect(await page.getByRole('button', { name: '授予' }).count()).toBe(0)
  await page.goto('/people/liu')
  expect(await page.locator('.app-secret').count()).toBe(0)
  return code
}

async function whenTheClerkOpensIt(page: Page, code: string): Promise<void> {
  await page.goto('/activate')
  await page.locator('[name=code]').fill('BBBB-BBBB-BBBB-BBBB')
  await page.locator('[name=password]').fill(own)
  await page.locator('[name=again]').fill(own)
  await press(page, '开通并登录')
  await sees(page, /开通码不对，请核对后重新输入/)
  await page.locator('[name=code]').fill(code)
  await page.locator('[name=password]').fill('Panhuo-2026')
  await page.locator('[name=again]').fill('Panhuo-2026')
  await press(page, '开通并登录')
  await sees(page, /这个密码太容易猜到/)
  expect(await page.locator('[name=code]').inputValue()).toBe(code)
  await page.locator('[name=password]').fill(own)
  await page.locator('[name=again]').fill(own)
  await press(page, '开通并登录')
  await heading(page, '工作台')
}

async function thenNothingCanBeDoneYet(page: Page): Promise<void> {
  await sees(page, '您还没有岗位')
  await page.goto('/assets')
  await heading(page, '您的岗位不办理这件事')
}

async function whenTheSecurityAdministratorGrants(page: Page): Promise<void> {
  await page.goto('/people/liu')
  await page.locator('[name=unit]').fill(village)
  await page.locator('[name=role]').selectOption('经办人')
  await press(page, '授予')
  await sees(page, `已授予刘会计在${village}的岗位。`)
}

async function thenTheClerkWorks(page: Page): Promise<void> {
  await page.goto('/assets')
  await page.getByRole('link', { name: '村委会办公桌' }).waitFor()
}

async function whenTheSecurityAdministratorSetsAPolicy(page: Page): Promise<void> {
  await page.getByRole('link', { name: '策略' }).first().click()
  await page.getByRole('link', { name: '连续输错几次暂停登录' }).click()
  await page.locator('[name=value]').fill('1000')
  await page.locator('[name=reason]').fill('县网信办检查意见')
  await press(page, '保存')
  await sees(page, /请写 3 到 10 之间的整数/)
  await page.locator('[name=value]').fill('3')
  await press(page, '保存')
  await heading(page, '策略')
  await sees(page, '3 次')
}

async function thenTheAuditAdministratorFindsAndExportsAllOfIt(page: Page): Promise<void> {
  await page.getByRole('link', { name: '审计' }).first().click()
  await heading(page, '审计')
  for (const sentence of [
    '建立了账号',
    '生成了开通码',
    '用开通码设置了密码',
    /授予了岗位：经办人/,
    /修改了策略：连续/,
  ]) {
    await sees(page, sentence)
  }
  await page.locator('[name=q]').fill('liu')
  await page.locator('[name=q]').press('Enter')
  await page.waitForURL(/q=liu/)
  await page.getByRole('link', { name: /授予了岗位/ }).click()
  await heading(page, /授予了岗位：经办人/)
  await sees(page, '刘会计（liu）')
  await page.goto('/audit?q=liu')
  const [download] = await Promise.all([page.waitForEvent('download'), press(page, '导出 Excel')])
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.readFile(await download.path())
  const texts = worksheetTexts(workbook)
  expect(texts).toContain('用开通码设置了密码')
  expect(texts.join()).not.toContain('修改了策略')
  await page.goto('/audit')
  await sees(page, '导出了审计记录')
}

async function thenSeesOnly(page: Page, places: readonly string[]): Promise<void> {
  const links = await page.getByRole('navigation', { name: '主导航' }).getByRole('link').allInnerTexts()
  expect(links.map((text) => text.trim())).toEqual(places)
  const reply = await page.goto('/assets')
  expect(reply?.status()).toBe(403)
}
