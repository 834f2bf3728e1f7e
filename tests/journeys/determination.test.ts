import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { heading, journey, lastPart, press, type Stage, sees } from '../support/browser.ts'
import { enterCards, village } from '../support/cards.ts'

const town = '蓬莱镇人民政府'

journey('a determination', (stage) => {
  it('goes from keeper to lead to county, and the card goes to its owner', async () => {
    const code = await givenASchoolhouseOfUncertainOwner(stage)
    const keeper = await stage.signedIn('zhang')
    const no = await whenTheKeeperStatesTheCase(keeper, code)
    await thenTheCardIsHeld(keeper, code, no)
    await whenTheLeadReviews(await stage.signedIn('nong'), no)
    await whenTheCountyDecides(await stage.signedIn('tian'), no)
    await thenTheCardHasMoved(await stage.signedIn('zhen'), code)
    await thenTheOldKeeperSeesItNoLonger(keeper, code)
  })

  it('is returned with a reason that the keeper reads', async () => {
    const keeper = await stage.signedIn('zhang')
    const no = await whenTheKeeperStatesTheCase(keeper, await givenASchoolhouseOfUncertainOwner(stage))
    const lead = await stage.signedIn('nong')
    await lead.goto(`/determinations/${no}`)
    await press(lead, '退回补充')
    await sees(lead, '请写明退回补充的理由。')
    await lead.getByLabel('意见').fill('请补一份土地证')
    await press(lead, '退回补充')
    await sees(lead, '已退回申请单位补充。')
    await keeper.goto(`/determinations/${no}`)
    await sees(keeper, '请补一份土地证')
    await sees(keeper, '草稿')
  })
})

async function givenASchoolhouseOfUncertainOwner({ test }: Stage): Promise<string> {
  const [code = ''] = await enterCards(test, [{ name: '原古井小学校舍', cardType: 'house', cost: '300000.00' }])
  return code
}

async function whenTheKeeperStatesTheCase(page: Page, code: string): Promise<string> {
  await page.goto(`/assets/${code}`)
  await page.getByRole('main').getByRole('link', { name: '权属界定' }).click()
  await heading(page, '起草权属界定')
  expect(await page.locator('[name=cards]').inputValue()).toBe(code)
  await page.locator('[name=reason]').fill('校舍由镇投资、村出地，归属说法不一')
  await page.locator('[name=proposedOwner]').fill(town)
  await page.locator('[name=proposedTrack]').selectOption('国有')
  await page.locator('[name=claimant1]').fill(town)
  await page.locator('[name=claim1]').fill('财政投资建设')
  await press(page, '保存草稿')
  await sees(page, '草稿已保存，请添加权属依据，核对后提交审核。')
  const no = lastPart(page)
  await sees(page, '至少添加一份权属依据')
  await press(page, '添加材料')
  await page.getByLabel('种类').selectOption('批复')
  await page.getByLabel('文号或证号').fill('蓬府〔2004〕7 号')
  await press(page, '保存')
  await sees(page, '材料“批复”已保存。')
  await press(page, '提交审核')
  await sees(page, '已提交，等待牵头单位审核。')
  return no
}

async function thenTheCardIsHeld(page: Page, code: string, no: string): Promise<void> {
  await page.goto(`/assets/${code}`)
  await page.getByRole('link', { name: no }).first().waitFor()
  await sees(page, '占用，办结前不能')
  expect(await page.getByRole('main').getByRole('link', { name: '权属界定' }).count()).toBe(0)
}

async function whenTheLeadReviews(page: Page, no: string): Promise<void> {
  await page.goto('/')
  await page
    .getByRole('main')
    .getByRole('link', { name: /权属界定/ })
    .first()
    .click()
  await heading(page, '权属界定')
  await page.getByRole('link', { name: no }).click()
  await heading(page, new RegExp(no))
  await press(page, '审核通过')
  await sees(page, '已审核，等待县级部门界定。')
}

async function whenTheCountyDecides(page: Page, no: string): Promise<void> {
  await page.goto(`/determinations/${no}`)
  await press(page, '作出界定')
  await heading(page, '作出界定')
  await page.locator('[name=decidingBody]').fill('大英县人民政府')
  await page.locator('[name=documentNo]').fill('大府函〔2026〕3 号')
  await page.locator('[name=decidedOn]').fill('2026-03-09')
  await press(page, '作出界定')
  await sees(page, '已界定，资产卡片的权属已更新。')
  await sees(page, '大府函〔2026〕3 号')
}

async function thenTheCardHasMoved(page: Page, code: string): Promise<void> {
  await page.goto(`/assets/${code}`)
  await heading(page, /原古井小学校舍/)
  const states = page.getByRole('region', { name: '历次状态' }).locator('tbody tr')
  expect(await states.first().innerText()).toContain(village)
  expect(await states.last().innerText()).toContain(town)
  await sees(page, '田科长')
}

async function thenTheOldKeeperSeesItNoLonger(page: Page, code: string): Promise<void> {
  await page.goto(`/assets/${code}`)
  await heading(page, '没有找到这一页')
}
