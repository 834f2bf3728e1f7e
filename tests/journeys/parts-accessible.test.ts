import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { axe, desk, phone, press, type Stage, sidewaysBy, withBrowser } from '../support/browser.ts'
import { enterCards } from '../support/cards.ts'

withBrowser('parts and restrictions', { javaScript: true }, (stage) => {
  it('can be used by everybody, and fit a desk and a phone', async () => {
    const { code, restriction } = await givenAMortgagedFloor(stage)
    const found: string[] = []
    const look = async (page: Page, name: string) => {
      for (const place of await axe(page)) found.push(`${name}: ${place}`)
      for (const size of [phone, desk]) {
        await page.setViewportSize(size)
        const sideways = await sidewaysBy(page)
        if (sideways > 0) found.push(`${name}: ${sideways} px wider than ${size.width}`)
      }
    }
    const keeper = await stage.signedIn('zhang')
    const paths = [`/assets/${code}`, `/assets/${code}/parts`, `/restrictions/new?card=${code}`, '/restrictions']
    for (const path of [...paths, '/restrictions/new', restriction]) {
      await keeper.goto(path)
      await look(keeper, path)
    }
    await keeper.goto(`/assets/${code}/parts`)
    await keeper.locator('[name=area1]').fill('很大')
    await press(keeper, '保存部位')
    await keeper.locator('[aria-invalid=true]').first().waitFor()
    await look(keeper, 'parts refused')
    await keeper.goto('/restrictions/new')
    await press(keeper, '登记限制')
    await keeper.locator('[aria-invalid=true]').first().waitFor()
    await look(keeper, 'restriction refused')
    const lead = await stage.signedIn('nong')
    await lead.goto(`${restriction}/lift`)
    await look(lead, 'lift')
    expect(found).toEqual([])
  })
})

async function givenAMortgagedFloor({ test }: Stage): Promise<{ code: string; restriction: string }> {
  const [code = ''] = await enterCards(test, [
    { name: '原古井小学综合楼', cardType: 'house', floorArea: '300.00', cost: '900000.00' },
  ])
  const zhang = await test.as('zhang')
  await zhang.post(`/assets/${code}/parts`, {
    ...{
      name1: '一楼',
      area1: '120',
      usage1: 'leased',
      name2: '二楼',
      area2: '80',
      usage2: 'idle',
      idleSince2: '2024',
    },
    ...{ version: '1', effectiveOn: '2026-03-02', token: crypto.randomUUID() },
  })
  const reply = await zhang.post('/restrictions', {
    ...{ card: code, part2: '1', kind: 'mortgaged', body: '银行', since: '2026-03-02', reason: '贷款' },
    token: crypto.randomUUID(),
  })
  return { code, restriction: String(reply.headers.location) }
}
