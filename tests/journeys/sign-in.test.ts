import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { heading, journey, press, sees } from '../support/browser.ts'
import { password } from '../support/county.ts'

journey('signing in', (stage) => {
  it('leads from a wrong password to the workbench, and out again', async () => {
    const page = await stage.open()
    await givenTheRegisterIsAskedFor(page)
    await whenSomeoneTries(page, 'zhang', 'ChangguanMima-1')
    await thenTheFormSaysWhyAndKeepsTheAccount(page)
    await whenSomeoneTries(page, 'zhang', password)
    await thenTheRegisterIsThere(page)
    await whenThePersonLeaves(page)
    await thenNothingIsReadableAnyMore(page)
  })
})

async function givenTheRegisterIsAskedFor(page: Page): Promise<void> {
  await page.goto('/assets')
  await heading(page, '登录')
}

async function whenSomeoneTries(page: Page, account: string, secret: string): Promise<void> {
  await page.getByLabel('账号').fill(account)
  await page.getByLabel('密码').fill(secret)
  await press(page, '登录')
}

async function thenTheFormSaysWhyAndKeepsTheAccount(page: Page): Promise<void> {
  await sees(page, '账号或密码不对，请重新输入。')
  expect(await page.getByLabel('账号').inputValue()).toBe('zhang')
  expect(await page.getByLabel('密码').inputValue()).toBe('')
}

async function thenTheRegisterIsThere(page: Page): Promise<void> {
  await heading(page, '资产台账')
  await sees(page, '张会计')
}

async function whenThePersonLeaves(page: Page): Promise<void> {
  await press(page, '退出')
  await heading(page, '登录')
}

async function thenNothingIsReadableAnyMore(page: Page): Promise<void> {
  await page.goto('/assets')
  await heading(page, '登录')
}
