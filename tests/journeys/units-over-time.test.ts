import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import {
  axe,
  desk,
  heading,
  journey,
  phone,
  press,
  type Stage,
  sees,
  sidewaysBy,
  withBrowser,
} from '../support/browser.ts'
import { enterCards, village } from '../support/cards.ts'

const renamed = '龙井村股份经济合作联合社'
const successor = '红林村股份经济合作联合社'

journey('units over time', (stage) => {
  it('renames and moves a village; figures follow the tree of their day, access that of today', async () => {
    await enterCards(stage.test, [{ name: '原古井小学校舍', cardType: 'house', cost: '300000.00' }])
    const { 蓬莱镇人民政府: from = '', 隆盛镇人民政府: to = '' } = stage.test.fixture.codes
    const county = await stage.signedIn('tian')
    await thenTheTownCounts(county, from, { asOf: '2026-03-10', sees: village })
    const administrator = await stage.signedIn('xi')
    await whenTheVillageMoves(administrator, stage)
    await thenTheTownCounts(county, from, { asOf: '2026-03-04', sees: village })
    await thenTheTownCounts(county, to, { asOf: '2026-03-10', sees: renamed })
    await thenTheTownCounts(county, from, { asOf: '2026-03-10', sees: null })
    const lead = await stage.signedIn('nong')
    await lead.goto('/assets')
    expect(await lead.getByText('原古井小学校舍').count()).toBe(0)
    await thenItIsFoundByItsOldName(administrator)
  })

  it('dissolves a unit, names what is left with it, and closes it when that is gone', async () => {
    const page = await stage.signedIn('xi')
    await page.goto(`/units/${stage.test.fixture.codes.石桥村股份经济合作联合社}`)
    await press(page, '撤销')
    await heading(page, '撤销单位')
    await page.locator('[name=on]').fill('2026-03-01')
    await page.locator('[name=successor1]').fill(successor)
    await press(page, '登记撤销')
    await sees(page, '请填写原因和批准文件。')
    expect(await page.locator('[name=successor1]').inputValue()).toBe(successor)
    await page.locator('[name=reason]').fill('两村合并')
    await press(page, '登记撤销')
    await sees(page, '进入清算')
    await sees(page, '清算中')
    await press(page, '办结撤销')
    await sees(page, '还有 1 个岗位在任，请安全管理员收回：')

    const security = await stage.signedIn('an')
    await security.goto('/people/shi')
    await security.locator('[name=membership]').first().check({ force: true })
    await press(security, '收回')
    await sees(security, '已收回')

    await page.reload()
    await press(page, '办结撤销')
    await sees(page, '撤销办结，历史资料照常可查。')
    await page.goto(`/units?q=${encodeURIComponent('石桥村')}`)
    await sees(page, '已撤销')
    await sees(page, `由${successor}承继`)
  })
})

withBrowser('the pages of units', { javaScript: true }, (stage) => {
  it('can be used by everybody, and fit a phone', async () => {
    const page = await stage.signedIn('xi')
    const found: string[] = []
    const look = async (name: string) => {
      found.push(...(await axe(page)).map((place) => `${name}: ${place}`))
      await page.setViewportSize(phone)
      const sideways = await sidewaysBy(page)
      if (sideways > 0) found.push(`${name}: ${sideways} px wider than a phone`)
      await page.setViewportSize(desk)
    }
    const unit = `/units/${stage.test.fixture.codes.石桥村股份经济合作联合社}`
    for (const path of ['/units?q=石桥&asOf=2026-01-01', unit, `${unit}/change`, `${unit}/dissolve`]) {
      await page.goto(path)
      await look(path)
    }
    await press(page, '登记撤销')
    await sees(page, '请填写原因和批准文件。')
    await look('dissolve refused')
    await page.locator('[name=reason]').fill('两村合并')
    await press(page, '登记撤销')
    await sees(page, '清算中')
    await page.goto(`${unit}/close`)
    await look('close')
    await press(page, '撤回撤销')
    await sees(page, '请填写撤回的原因。')
    await look('reopen refused')
    expect(found).toEqual([])
  })
})

async function whenTheVillageMoves(page: Page, { test }: Stage): Promise<void> {
  await page.goto(`/units/${test.fixture.codes[village]}`)
  await press(page, '变更')
  await page.locator('[name=name]').fill(renamed)
  await page.locator('[name=parent]').fill('隆盛镇人民政府')
  await page.locator('[name=division]').selectOption('510923101201')
  await page.locator('[name=validFrom]').fill('2026-03-05')
  await press(page, '保存变动')
  await sees(page, `${renamed}的变动已保存，自 2026-03-05 起生效。`)
  await sees(page, '改名、改隶、属地变更')
}

async function thenTheTownCounts(page: Page, code: string, { asOf, sees }: { asOf: string; sees: string | null }) {
  await page.goto(`/statistics?unit=${code}`)
  await page.locator('[name=asOf]').fill(asOf)
  await press(page, '查询')
  await page.waitForURL((url) => url.searchParams.get('asOf') === asOf && url.searchParams.get('unit') === code)
  const results = page.locator('#results')
  if (sees === null) await results.getByText('没有可统计的资产').waitFor()
  else await results.getByText(sees).first().waitFor()
}

async function thenItIsFoundByItsOldName(page: Page): Promise<void> {
  await page.goto('/units')
  await page.locator('[name=q]').fill('古井村股份')
  await page.locator('[name=q]').press('Enter')
  await page.waitForURL(/q=/)
  await sees(page, `原名：${village}（到 2026-03-04）`)
  await page.goto('/units?asOf=2026-03-04')
  await sees(page, `今名：${renamed}`)
}
