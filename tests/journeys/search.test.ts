import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { heading, journey, lastPart, press, type Stage, sees } from '../support/browser.ts'
import { enterCards } from '../support/cards.ts'

journey('a search', (stage) => {
  it('finds two characters in the middle of a name, a part of a certificate, and says when nobody has a text', async () => {
    await givenAVillageWithASchool(stage)
    const page = await stage.signedIn('zhang')
    await page.goto('/assets')
    await whenLookingFor(page, stage, '井小')
    await thenOnlyTheseAreListed(page, ['原古井小学'])
    await whenLookingFor(page, stage, '不动产权第 0012')
    await thenOnlyTheseAreListed(page, ['原古井小学'])
    await whenLookingFor(page, stage, '三组')
    await thenOnlyTheseAreListed(page, ['村卫生室', '水塘'])
    await whenAlsoNarrowedTo(page, stage, '房屋')
    await thenOnlyTheseAreListed(page, ['村卫生室'])
    await whenLookingFor(page, stage, '龙宫')
    await sees(page, '没有符合条件的资产')
    await press(page, '清空')
    await thenOnlyTheseAreListed(page, ['原古井小学', '村卫生室', '水塘'])
  })

  it('for a whole code opens its card, blanks or not', async () => {
    const [code = ''] = await enterCards(stage.test, [{ name: '移动音箱' }])
    const page = await stage.signedIn('zhang')
    for (const written of [code, `${code.slice(0, 6)} ${code.slice(6, 10)} ${code.slice(10)}`]) {
      await page.goto('/assets')
      await page.getByLabel('查找').fill(written)
      if (!stage.javaScript) await press(page, '查询')
      await heading(page, /移动音箱/)
      expect(lastPart(page)).toBe(code)
    }
  })

  it('finds nothing of another village', async () => {
    await enterCards(stage.test, [{ name: '戏台' }])
    const page = await stage.signedIn('hong')
    await page.goto('/assets')
    await whenLookingFor(page, stage, '戏台')
    await sees(page, '没有符合条件的资产')
  })
})

async function givenAVillageWithASchool({ test }: Stage): Promise<void> {
  await enterCards(test, [
    { name: '原古井小学', cardType: 'house', certificate: '川（2018）大英县不动产权第0012号' },
    { name: '村卫生室', cardType: 'house', location: '古井村三组' },
    { name: '水塘', cardType: 'resource', location: '古井村三组' },
  ])
}

async function whenLookingFor(page: Page, { javaScript }: Stage, text: string): Promise<void> {
  await page.getByLabel('查找').fill(text)
  if (!javaScript) await press(page, '查询')
  await page.waitForURL((url) => url.searchParams.get('q') === text)
}

async function whenAlsoNarrowedTo(page: Page, { javaScript }: Stage, type: string): Promise<void> {
  await page.getByLabel('类别').selectOption(type)
  if (!javaScript) await press(page, '查询')
  await page.waitForURL((url) => url.searchParams.has('type'))
}

async function thenOnlyTheseAreListed(page: Page, names: readonly string[]): Promise<void> {
  await sees(page, `共 ${names.length} 项`)
  const rows = await page.locator('tbody td.is-at-title a').allInnerTexts()
  expect(rows.sort()).toEqual([...names].sort())
}
