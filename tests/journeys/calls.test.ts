import { expect, it } from 'vitest'
import { axe, phone, sidewaysBy, withBrowser } from '../support/browser.ts'
import { enterCards } from '../support/cards.ts'
import { issueCall } from '../support/inventory.ts'

const village = '古井村股份经济合作联合社'

withBrowser('the units of a call', { javaScript: true }, (stage) => {
  it('are found by name and ticked together; what is not shown stays as it is', async () => {
    const page = await stage.signedIn('nong')
    await page.goto('/inventory/calls/new')
    const bar = page.locator('.app-choose-bar')
    const number = () => page.locator('[data-choose-count]').innerText()
    await bar.getByRole('button', { name: '全不选' }).click()
    expect(await number()).toBe('0')
    await bar.getByRole('searchbox').fill('古井村股份')
    expect(await page.locator('.app-choice:visible').allInnerTexts()).toEqual([expect.stringContaining(village)])
    // Enter finds; it does not send the form.
    await bar.getByRole('searchbox').press('Enter')
    await bar.getByRole('button', { name: '全选', exact: true }).click()
    expect(await number()).toBe('1')
    await bar.getByRole('searchbox').fill('没有这个名称')
    expect(await page.getByText('没有名称含这几个字的单位').isVisible()).toBe(true)
    await bar.getByRole('searchbox').fill('')
    await page.getByRole('button', { name: /^全选 派驻机构/ }).click()
    expect(await number()).toBe('3')
    await page.getByRole('button', { name: /^全不选 派驻机构/ }).click()
    expect([await number(), await page.getByLabel(village).isChecked()]).toEqual(['1', true])
  })
})

withBrowser('the units of a call, without JavaScript', { javaScript: false }, (stage) => {
  it('are ticked one by one, and nothing is offered that would need a script', async () => {
    const page = await stage.signedIn('nong')
    await page.goto('/inventory/calls/new')
    expect(await page.getByLabel(village).isChecked()).toBe(true)
    expect(await page.locator('.app-scripted:visible').count()).toBe(0)
  })
})

withBrowser('the pages of a call', { javaScript: true }, (stage) => {
  it('can be used by everybody, also on a phone', async () => {
    await enterCards(stage.test, [{ name: '会议桌' }])
    const { no, counts } = await issueCall(stage.test)
    const page = await stage.signedIn('nong')
    const place = `/inventory/calls/${no}`
    const deadline = `/inventory/counts/${counts[village]?.no}/deadline`
    for (const path of [
      place,
      `${place}?tab=press`,
      `${place}/units`,
      deadline,
      '/inventory/waiting',
      '/inventory/calls/new',
    ]) {
      await page.goto(path)
      const found = await axe(page)
      const size = page.viewportSize()
      await page.setViewportSize(phone)
      expect([path, found, await sidewaysBy(page)]).toEqual([path, [], 0])
      if (size) await page.setViewportSize(size)
    }
  })
})
