import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { heading, journey, press, type Stage, sees, signIn } from '../support/browser.ts'
import { enterCards, village } from '../support/cards.ts'

const own = 'Chunfeng-huayu-26'

journey('a new colleague', (stage) => {
  it('gets an account from one administrator, a role from another, and a password of their own', async () => {
    await enterCards(stage.test, [{ name: '村委会办公桌' }])
    const secret = await whenTheSystemAdministratorMakesTheAccount(await stage.signedIn('xi'))
    await whenTheSecurityAdministratorGrantsTheRole(await stage.signedIn('an'))
    const page = await stage.open()
    await signIn(page, 'liu', secret)
    await thenThePasswordMustBeChangedFirst(page)
    await whenAnOwnPasswordIsSet(page, secret)
    await thenTheirCardsAreThere(page)
    await thenOnlyTheNewPasswordOpens(stage, secret)
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
  await press(page, '生成初始密码')
  await sees(page, '只显示这一次，请当面交给本人。')
  return page.locator('.app-secret').innerText()
}

async function whenTheSecurityAdministratorGrantsTheRole(page: Page): Promise<void> {
  await page.goto('/people/liu')
  await page.locator('[name=unit]').fill(village)
  await page.locator('[name=role]').selectOption('经办人')
  await press(page, '授予')
  await sees(page, `已授予刘会计在${village}的岗位。`)
}

async function thenThePasswordMustBeChangedFirst(page: Page): Promise<void> {
  await heading(page, '请设置自己的密码')
  await page.goto('/assets')
  await heading(page, '请设置自己的密码')
}

async function whenAnOwnPasswordIsSet(page: Page, secret: string): Promise<void> {
  await page.locator('[name=old]').fill(secret)
  await page.locator('[name=password]').fill(own)
  await page.locator('[name=again]').fill(own)
  await press(page, '保存新密码')
  await heading(page, '工作台')
}

async function thenTheirCardsAreThere(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '资产台账' }).click()
  await page.getByRole('link', { name: '村委会办公桌' }).waitFor()
}

async function thenOnlyTheNewPasswordOpens(stage: Stage, secret: string): Promise<void> {
  const page = await stage.open()
  await page.goto('/sign-in')
  await page.getByLabel('账号').fill('liu')
  await page.getByLabel('密码').fill(secret)
  await press(page, '登录')
  await sees(page, '账号或密码不对，请重新输入。')
  await signIn(page, 'liu', own)
  expect(new URL(page.url()).pathname).toBe('/')
}
