import { expect, it } from 'vitest'
import { axe, desk, phone, sidewaysBy, withBrowser } from '../support/browser.ts'
import { enterCards, village } from '../support/cards.ts'
import { enterClaims } from '../support/claims.ts'
import type { Account } from '../support/county.ts'
import { issueCall, noticed } from '../support/inventory.ts'
import { compiledFrom } from '../support/inventory-lines.ts'

withBrowser('every page of the inventory', { javaScript: true }, (stage) => {
  it('can be used by everybody, and fits a phone', async () => {
    const { test } = stage
    await enterCards(test, [
      { name: '村部', cardType: 'house', floorArea: '220.00', cost: '310000.00', location: '2 社' },
      { name: '课桌', quantity: '40', cost: '8000.00' },
    ])
    const [claim = ''] = await enterClaims(test, [{ counterparty: '李某' }, { category: 'payable' }])
    const call = await issueCall(test)
    const count = call.counts[village] ?? { id: '', no: '' }
    const place = `/inventory/counts/${count.no}`
    const zhang = await test.as('zhang')
    await zhang.post(`${place}/surplus`, {
      ...{ name: '发电机', cardType: 'equipment', quantity: '1', foundOn: '2026-03-09', remark: '库房里找到' },
      ...{ valueBasis: 'papers', cost: '300' },
    })
    const shown = await noticed(test, 'zhang', village, count)
    const open = `/notices/public/${shown.notice}`
    await test.visitor().post(`${open}/objections`, { name: '李大爷', text: '少写了一间' })
    const compilation = await compiledFrom(test, (await issueCall(test)).id)
    const found: string[] = []
    const walk = async (account: Account | null, paths: readonly string[]) => {
      const page = account ? await stage.signedIn(account) : await stage.open()
      for (const path of paths) {
        await page.goto(path)
        for (const what of await axe(page)) found.push(`${path}: ${what}`)
        await page.setViewportSize(phone)
        const sideways = await sidewaysBy(page)
        if (sideways > 0) found.push(`${path}: ${sideways} px wider than a phone`)
        await page.setViewportSize(desk)
      }
    }
    await walk('zhang', [
      ...['/inventory', place, `${place}?show=surplus`, `${place}/find?code=1`, `${place}/lines/1`, `${place}/lines/2`],
      ...[`${place}/lines/3`, `${place}/surplus`, `${place}/post`, `${place}/confirm`, `${place}/baseline`],
      ...[`${place}/claims`, `${place}/claims/1`, `${place}/claims/new`],
      ...['/claims', '/claims/new', `/claims/${claim}`, `/claims/${claim}/edit`, '/imports/new?target=claims'],
      ...['/notices', `/notices/${shown.notice}`, `/notices/${shown.notice}/print`],
      ...['/resolutions', `/resolutions/${shown.resolution}`, `/imports/new?target=count-lines&count=${count.no}`],
    ])
    await walk('nong', [
      ...['/inventory', '/inventory/calls/new', `/inventory/calls/${call.no}`, `/inventory/calls/${call.no}?tab=press`],
      ...[`/inventory/calls/${call.no}?tab=compile`, `/inventory/calls/${call.no}?tab=notice`],
      ...[`/inventory/calls/${call.no}/compile`, `/inventory/compilations/${compilation}`, `${place}/return?lines=1`],
      `/inventory/compilations/${compilation}/record`,
    ])
    await walk('tian', [`/inventory/compilations/${compilation}/file`])
    await walk(null, ['/notices/public', open])
    expect(found).toEqual([])
  }, 200_000)
})
