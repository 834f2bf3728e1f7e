import { desc } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { events } from '../../db/schema/kernel.ts'
import type { TestApp } from '../support/app.ts'
import { axe, desk, heading, phone, press, type Stage, sees, sidewaysBy, withBrowser } from '../support/browser.ts'
import type { Account } from '../support/county.ts'
import { roster } from '../support/roster.ts'

withBrowser('the pages of the three administrators', { javaScript: true }, (stage) => {
  it.each<[Account | null, string, string | RegExp | null]>([
    [null, '/activate', '开通并登录'],
    ['xi', '/people?state=waiting', null],
    ['xi', '/people/zhang', '生成开通码'],
    ['xi', '/imports', null],
    ['xi', '/imports/new', '上传并核对'],
    ['an', 'a list of people', null],
    ['xi', 'its codes', /生成开通码（/],
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
    await page.goto(path.startsWith('/') ? path : await (places[path] ?? latestEvent)(stage))
    const found = await axe(page)
    if (button !== null) {
      const gives = String(button).includes('生成开通码')
      await press(page, gives ? /生成开通码/ : button)
      if (gives) await sees(page, /只显示这一次/)
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

const places: Record<string, (stage: Stage) => Promise<string>> = {
  'a list of people': ({ test }) => uploadedList(test, 'an', 'zhang'),
  'its codes': async ({ test }) => `${await uploadedList(test, 'xi', 'xinren')}/codes`,
}

/** A list of one person; the system administrator's is committed. */
async function uploadedList(test: TestApp, who: Account, account: string): Promise<string> {
  const visitor = await test.as(who)
  const bytes = roster(['姓名', '账号', '岗位'], [['张会计', account, '登记']])
  const fields = { unit: '蓬莱镇人民政府', token: crypto.randomUUID() }
  const { headers } = await visitor.upload('/imports', fields, { name: '名单.csv', bytes })
  if (who === 'xi') await visitor.post(`${headers.location}/commit`, { action: 'all', version: '2', token: 'list' })
  return String(headers.location)
}
