import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { axe, desk, heading, journey, phone, press, type Stage, sees, sidewaysBy } from '../support/browser.ts'
import { enterCards } from '../support/cards.ts'

journey('two cards of one school', (stage) => {
  it('are found, compared and merged; the spent code still finds the card; and back', async () => {
    const [kept, other] = await givenASchoolEnteredTwice(stage, '0000007')
    const page = await stage.signedIn('zhang')
    await whenTheDuplicatesAreOpened(page, kept)
    await thenTheDifferencesStandSideBySide(page)
    if (stage.javaScript) await thenThePageCanBeUsedByEverybody(page)
    await whenTheyAreMerged(page, other)
    await thenTheSpentCodeFindsTheCard(page, kept, other)
    await whenTheMergeIsTakenBack(page, kept)
    await thenBothAreThere(page, kept, other)
  })

  it('are kept both with a reason, and taken for the same again', async () => {
    const [kept, other] = await givenASchoolEnteredTwice(stage, '0000008')
    const page = await stage.signedIn('zhang')
    await page.goto(`/assets/duplicates/${kept}/${other}`)
    await press(page, '确认是两项资产')
    await sees(page, '请填写理由。')
    await page.locator('[name=reason]').fill('一证两栋')
    await press(page, '确认是两项资产')
    await sees(page, '已确认是两项资产，不再列为疑似重复。')
    await page.goto('/assets/duplicates')
    expect(await page.getByRole('main').innerText()).not.toContain(other)
    await page.goto(`/assets/${kept}`)
    await page.getByRole('listitem').filter({ hasText: '已确认不同' }).getByRole('link').click()
    await page.locator('[name=reason]').fill('是同一栋')
    await press(page, '撤回确认')
    await sees(page, '已撤回，两张卡片会重新列为疑似重复。')
  })
})

async function givenASchoolEnteredTwice({ test }: Stage, no: string): Promise<[string, string]> {
  const school = { name: '原古井小学', cardType: 'house', floorArea: `50${no.at(-1)}.00`, usage: 'in_use' }
  const [kept = '', other = ''] = await enterCards(test, [
    { ...school, cost: '100000.00', certificate: `川（2019）大英县不动产权第${no}号` },
    {
      ...school,
      name: '古井小学校舍',
      cost: '120000.00',
      keeper: '李保管',
      certificate: `川(2019)大英县不动产权第${no}号`,
    },
  ])
  return [kept, other]
}

async function whenTheDuplicatesAreOpened(page: Page, kept: string): Promise<void> {
  await page.goto('/assets')
  await press(page, '疑似重复')
  await heading(page, '疑似重复的资产')
  await sees(page, '权证编号相同')
  await page.getByRole('link', { name: new RegExp(`比较 ${kept}`) }).click()
  await heading(page, '并排比较')
}

async function thenTheDifferencesStandSideBySide(page: Page): Promise<void> {
  const table = page.getByRole('region', { name: '两张卡片的不同之处' })
  const told = await table.innerText()
  for (const text of ['资产名称', '原古井小学', '古井小学校舍', '100,000.00', '120,000.00', '李保管'])
    expect(told).toContain(text)
  expect(told).not.toContain('建筑面积')
  await table.getByLabel(/账面原值取 .*120,000\.00/).check()
}

async function thenThePageCanBeUsedByEverybody(page: Page): Promise<void> {
  expect(await axe(page)).toEqual([])
  await page.setViewportSize(phone)
  expect(await sidewaysBy(page)).toBe(0)
  await page.setViewportSize(desk)
}

async function whenTheyAreMerged(page: Page, other: string): Promise<void> {
  await page.locator('[name=comment]').fill('两次清查各录一张')
  await press(page, '合并为一张卡片')
  await sees(page, `已合并，编号 ${other} 不再使用`)
  await sees(page, '120,000.00')
  await sees(page, '李保管')
}

async function thenTheSpentCodeFindsTheCard(page: Page, kept: string, other: string): Promise<void> {
  await page.goto(`/assets/${other}`)
  await page.waitForURL((url) => url.pathname === `/assets/${kept}`)
  await sees(page, `编号 ${other} 的资产与本卡片重复，已并入本卡片。`)
  await sees(page, `${other}：录入资产卡片`)
  await page.goto(`/assets?q=${other}`)
  await page.getByRole('link', { name: '原古井小学' }).waitFor()
  expect(await page.locator('tbody tr').count()).toBe(1)
}

async function whenTheMergeIsTakenBack(page: Page, kept: string): Promise<void> {
  await page.goto(`/assets/${kept}`)
  await press(page, '撤销合并')
  await heading(page, '撤销合并')
  await press(page, '撤销合并')
  await sees(page, '合并已撤销')
}

async function thenBothAreThere(page: Page, kept: string, other: string): Promise<void> {
  await sees(page, '100,000.00')
  await page.goto(`/assets/${other}`)
  await page.waitForURL((url) => url.pathname === `/assets/${other}`)
  await heading(page, /古井小学校舍/)
  await page.getByRole('listitem').filter({ hasText: '疑似重复' }).getByText(kept).waitFor()
}
