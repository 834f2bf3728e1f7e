import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { draftDetermination } from '../guards/every-route.ts'
import { heading, journey, press, type Stage, sees } from '../support/browser.ts'
import { enterCards } from '../support/cards.ts'

const town = '蓬莱镇人民政府'

journey('time and decisions from outside', (stage) => {
  it('a holiday entered later moves the day by which the lead must act', async () => {
    const no = await givenASubmittedCase(stage)
    const lead = await stage.signedIn('nong')
    await lead.goto(`/determinations/${no}`)
    await sees(lead, '应于 2026-03-24 前审核，还有 10 个工作日')
    const county = await stage.signedIn('ju')
    await county.goto('/')
    await press(county, '放假安排')
    await heading(county, '2026 年放假安排')
    await enterDays(county, { from: '2026-03-18', to: '2026-03-16', name: '县庆' })
    await sees(county, '结束日期 2026-03-16 早于开始日期 2026-03-18')
    await enterDays(county, { from: '2026-03-16', to: '2026-03-18', name: '县庆' })
    await sees(county, /放假安排已保存，\d+ 件事项的时限已重新推算。/)
    await sees(county, '2026-03-16 至 2026-03-18')
    await lead.reload()
    await sees(lead, '应于 2026-03-27 前审核，还有 10 个工作日')
    await sees(lead, '放假安排变动，重新推算时限')
    await press(county, /^删除 2026-03-16/)
    await sees(county, /已删除 3 天/)
  })

  it('what is late stands on the workbench of everyone above, until it is done', async () => {
    const no = await givenASubmittedCase(stage)
    await onDay(stage, '2026-03-27', async () => {
      for (const account of ['nong', 'tian', 'zhen-ling'] as const) {
        const page = await stage.signedIn(account)
        await sees(page, '已逾期')
        await press(page, no)
        await sees(page, '应于 2026-03-24 前审核，晚了 3 个工作日')
      }
      const county = await stage.signedIn('tian')
      await county.goto(`/determinations/${no}`)
      await press(county, '延长时限')
      await county.getByLabel('延长几个工作日').fill('5')
      await press(county, '延长')
      await sees(county, '请填写理由。')
      expect(await county.getByLabel('延长几个工作日').inputValue()).toBe('5')
      await county.getByLabel('理由').fill('村里在补土地证')
      await press(county, '延长')
      await sees(county, '时限已延长到 2026-03-31。')
      await sees(county, '应于 2026-03-31 前审核，还有 2 个工作日')
    })
  })

  it('the county government’s decision is recorded by the lead and shown as recorded', async () => {
    const no = await givenASubmittedCase(stage)
    const lead = await stage.signedIn('nong')
    await lead.goto(`/determinations/${no}`)
    await press(lead, '审核通过')
    await sees(lead, '已审核，等待县级部门界定。')
    await press(lead, '代录界定结果')
    await heading(lead, '代录界定结果')
    await lead.locator('[name=bodyKind]').selectOption('县人民政府')
    await lead.locator('[name=body]').fill('大英县人民政府')
    await lead.locator('[name=decidedOn]').fill('2026-03-10')
    await lead.locator('[name=summary]').fill('同意界定为镇人民政府所有')
    await press(lead, '代录界定结果')
    await sees(lead, '请填写文号。')
    expect(await lead.locator('[name=summary]').inputValue()).toBe('同意界定为镇人民政府所有')
    await lead.locator('[name=documentNo]').fill('大府函〔2026〕12 号')
    await press(lead, '代录界定结果')
    await sees(lead, '已代录界定结果，资产卡片的权属已更新。')
    await sees(lead, '由侬主任照大英县人民政府《大府函〔2026〕12 号》录入')
    await press(lead, /^DL2026-/)
    await heading(lead, /代录决定 DL2026-/)
    const owner = await stage.signedIn('zhen')
    await press(owner, '代录决定')
    await heading(owner, '代录决定')
    await sees(owner, '大府函〔2026〕12 号')
    await owner.goto('/determinations')
    await sees(owner, '已界定（代录）')
  })
})

async function givenASubmittedCase({ test }: Stage): Promise<string> {
  const [code = ''] = await enterCards(test, [{ name: '原古井小学校舍', cardType: 'house', cost: '300000.00' }])
  const zhang = await test.as('zhang')
  const no = await draftDetermination(zhang, code, town)
  await zhang.post(`/determinations/${no}/steps`, { action: 'submit', version: '1' })
  return no
}

async function enterDays(page: Page, { from, to, name }: Record<'from' | 'to' | 'name', string>): Promise<void> {
  await page.getByLabel('开始日期').fill(from)
  await page.getByLabel('结束日期').fill(to)
  await page.locator('[name=kind]').selectOption('放假')
  await page.getByLabel('名称').fill(name)
  await press(page, '保存')
}

/** Tells a part of the story on another day. */
async function onDay({ test }: Stage, day: string, tell: () => Promise<void>): Promise<void> {
  const before = test.clock.now().toISOString()
  test.clock.set(`${day}T02:00:00Z`)
  await tell().finally(() => test.clock.set(before))
}
