import { sql } from 'drizzle-orm'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { axe, heading, journey, phone, press, type Stage, sees, sidewaysBy } from '../support/browser.ts'
import { village } from '../support/cards.ts'
import { ledger, threeAssets } from '../support/workbook.ts'

journey(
  'importing while others do',
  (stage) => {
    it('waits in the queue, is stopped, and goes on by itself', async () => {
      const page = await stage.signedIn('zhang')
      await givenTwoOthersAtWork(stage)
      await whenATableIsUploaded(page)
      await thenItsPlaceInTheQueueIsShown(page, stage.javaScript)
      await whenTheOthersAreDone(stage)
      await sees(page, '全部导入（3 行）')
      await givenTwoOthersAtWork(stage)
      await press(page, '全部导入（3 行）')
      await sees(page, '排队等待办理')
      await press(page, '取消')
      await sees(page, '已停止，台账没有改动。')
      await press(page, '全部导入（3 行）')
      await sees(page, '排队等待办理')
      await whenTheOthersAreDone(stage)
      await sees(page, '已导入')
      expect(await page.locator('.app-progress').count()).toBe(0)
    })

    it('that was given up is read again without another upload', async () => {
      const page = await stage.signedIn('zhang')
      await givenTwoOthersAtWork(stage)
      await whenATableIsUploaded(page)
      await sees(page, '排队等待办理')
      await press(page, '取消')
      await sees(page, '已取消，台账没有改动。')
      await whenTheOthersAreDone(stage)
      await page.getByRole('link', { name: /^DR/ }).first().click()
      await sees(page, '需要时可以重新读取')
      if (stage.javaScript) expect(await axe(page)).toEqual([])
      await press(page, '重新读取')
      await sees(page, '全部导入')
    })
  },
  { patience: 0 },
)

/** All the places where jobs are worked on are taken. */
async function givenTwoOthersAtWork({ test }: Stage): Promise<void> {
  await test.db((tx) =>
    tx.execute(sql`
      insert into jobs (kind, person_id, state, attempt, worker, lease_until, created_at, started_at)
      select 'other', id, 'running', 1, 'other', now() + interval '1 hour', now(), now() from people
      where account in ('nong', 'hong')`),
  )
}

async function whenTheOthersAreDone({ test }: Stage): Promise<void> {
  await test.db((tx) => tx.execute(sql`delete from jobs where kind = 'other'`))
}

async function whenATableIsUploaded(page: Page): Promise<void> {
  await page.goto('/imports/new')
  const buffer = Buffer.from(await ledger(threeAssets.map((row) => row.with(2, crypto.randomUUID().slice(0, 8)))))
  const file = { name: '古井村资产台账.xlsx', mimeType: 'application/octet-stream', buffer }
  await page.getByLabel('选择表格文件').setInputFiles(file)
  const unit = page.locator('[name=unit]')
  const option = unit.locator('option', { hasText: village })
  await unit.selectOption((await option.getAttribute('value')) ?? '')
  await page.locator('[name=effectiveOn]').fill('2026-03-01')
  await page.getByRole('radio', { name: '集体' }).check()
  await press(page, '上传并核对')
}

async function thenItsPlaceInTheQueueIsShown(page: Page, javaScript: boolean): Promise<void> {
  await heading(page, /古井村资产台账/)
  await sees(page, '排队等待办理')
  await sees(page, '前面还有 2 个')
  // Without it the page loads itself anew every few seconds.
  if (!javaScript) return
  expect(await axe(page)).toEqual([])
  await page.setViewportSize(phone)
  expect(await sidewaysBy(page)).toBe(0)
}
