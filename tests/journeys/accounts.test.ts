import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { heading, journey, press, type Stage, sees, signIn } from '../support/browser.ts'
import { enterCards, village } from '../support/cards.ts'

const own = 'Chunfeng-huayu-26'

journey('a new colleague', (stage) => {
  it('opens an account with a code from one administrator, and gets a role from another', async () => {
    await enterCards(stage.test, [{ name: '村委会办公桌' }])
    const code = await whenTheSystemAdministratorMakesTheAccount(await stage.signedIn('xi'))
    const page = await stage.open()
    await whenTheCodeIsTurnedIntoAPassword(page, code)
    await whenTheSecurityAdministratorGrantsTheRole(await stage.signedIn('an'))
    await thenTheirCardsAreThere(page)
    await thenTheCodeOpensNothingMore(stage, code)
  })
})

async function whenTheSystemAdministratorMakesTheAccount(page: Page): Promise<string> {
  await page.goto('/people')
  await press(page, '建立账号')
  await heading(page, '建立账号')
  await page.locator('[name=name]').fill('刘会计')
  await page.locator('[name=account]').fill('liu')
  await press(page, '建立')
  await heading(page, /刘会计/)
  await press(page, '生成开通码')
  await sees(page, /只显示这一次/)
  return page.locator('.app-secret').innerText()
}

async function whenTheSecurityAdministratorGrantsTheRole(page: Page): Promise<void> {
  await page.goto('/people/liu')
  await page.locator('[name=unit]').fill(village)
  await page.locator('[name=role]').selectOption('经办人')
  await press(page, '授予')
  await sees(page, `已授予刘会计在${village}的岗位。`)
}

async function whenTheCodeIsTurnedIntoAPassword(page: Page, code: string): Promise<void> {
  await page.goto('/sign-in')
  await page.getByRole('link', { name: '开通账号' }).click()
  await heading(page, '开通账号')
  await page.locator('[name=code]').fill(code.toLowerCase())
  await page.locator('[name=password]').fill(own)
  await page.locator('[name=again]').fill('anders')
  await press(page, '开通并登录')
  await sees(page, '两次输入的新密码不一样，请重新输入。')
  await page.locator('[name=password]').fill(own)
  await page.locator('[name=again]').fill(own)
  await press(page, '开通并登录')
  await heading(page, '工作台')
  await sees(page, '您还没有岗位')
}

async function thenTheirCardsAreThere(page: Page): Promise<void> {
  await page.goto('/')
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '资产台账' }).click()
  await page.getByRole('link', { name: '村委会办公桌' }).waitFor()
}

async function thenTheCodeOpensNothingMore(stage: Stage, code: string): Promise<void> {
  const page = await stage.open()
  await page.goto('/activate')
  await page.locator('[name=code]').fill(code)
  await page.locator('[name=password]').fill(own)
  await page.locator('[name=again]').fill(own)
  await press(page, '开通并登录')
  await sees(page, /这个开通码已经用过/)
  await signIn(page, 'liu', own)
  expect(new URL(page.url()).pathname).toBe('/')
}
