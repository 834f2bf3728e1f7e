import { desc } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { events } from '../../db/schema/kernel.ts'
import { axe, desk, heading, phone, press, type Stage, sees, sidewaysBy, withBrowser } from '../support/browser.ts'
import type { Account } from '../support/county.ts'

withBrowser('the pages of the three administrators', { javaScript: true }, (stage) => {
  it.each<[Account | null, string, string | null]>([
    [null, '/activate', '开通并登录'],
    ['xi', '/people?state=waiting', null],
    ['xi', '/people/zhang', '生成开通码'],
    ['an', '/policies', null],
    ['an', '/policies/lockFailures', '保存'],
    ['an', '/policies/passwordProfile', '保存'],
    ['tian', '/settings', null],
    ['tian', '/settings/idleMonthsMovable', '保存'],
    ['shen', '/audit', null],
    ['shen', '/audit?q=没有这样的', null],
    ['shen', 'the latest event', null],
  ])('%s can use %s, also on a phone and after %s', async (account, path, button) => {
    const page = account ? await stage.signedIn(account) : await stage.open()
    await page.goto(path.startsWith('/') ? path : await latestEvent(stage))
    const found = await axe(page)
    if (button !== null) {
      await press(page, button === '生成开通码' ? /生成开通码/ : button)
      if (button === '生成开通码') await sees(page, /只显示这一次/)
      else await page.locator('[aria-invalid=true]').first().waitFor()
      found.push(...(await axe(page)))
    }
    await heading(page, /./)
    await page.setViewportSize(phone)
    expect([found, await sidewaysBy(page)]).toEqual([[], 0])
    await page.setViewportSize(desk)
  })
})

async function latestEvent({ test }: Stage): Promise<string> {
  const [event] = await test.db((tx) => tx.select({ id: events.id }).from(events).orderBy(desc(events.id)).limit(1))
  return `/audit/${event?.id}`
}
