import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { loadActor } from '../../server/access/actor.ts'
import { commitBatch } from '../../server/imports/actions.ts'
import { axe, desk, phone, press, type Stage, sidewaysBy, withBrowser } from '../support/browser.ts'
import { enterCards, village } from '../support/cards.ts'
import { cardsTarget, stagedBatch, undoneImport } from '../support/staged.ts'

withBrowser('undoing an import', { javaScript: true }, (stage) => {
  it('can be used by everybody, and fits a desk and a phone', async () => {
    const { committed, undone } = await givenTwoImports(stage)
    const found: string[] = []
    const look = async (page: Page, name: string) => {
      for (const place of await axe(page)) found.push(`${name}: ${place}`)
      for (const size of [phone, desk]) {
        await page.setViewportSize(size)
        const sideways = await sidewaysBy(page)
        if (sideways > 0) found.push(`${name}: ${sideways} px wider than ${size.width}`)
      }
    }
    const page = await stage.signedIn('zhang')
    for (const path of [
      ...[`/imports/${committed}/undo`, `/imports/${undone}/undo`, `/assets/duplicates?batch=${committed}`],
    ]) {
      await page.goto(path)
      await look(page, path)
    }
    await page.goto(`/imports/${committed}/undo`)
    await press(page, '撤销导入（2 项）')
    await page.locator('[aria-invalid=true]').first().waitFor()
    await look(page, 'undo refused')
    expect(found).toEqual([])
  })
})

/** One committed with a card that was imported again since, and one undone. */
async function givenTwoImports({ test }: Stage): Promise<{ committed: string; undone: string }> {
  await enterCards(test, [{ name: '碾房', originalCode: 'NF-1', certificate: '川A0001', cost: '1.00' }])
  return test.db(async (tx) => {
    const actor = await loadActor(tx, test.fixture.people.zhang ?? '', test.clock.today())
    if (!actor) throw new Error('no zhang')
    const acting = { actor, clock: test.clock, requestId: null }
    const unitId = test.fixture.units[village] ?? ''
    const bring = async (rows: Record<string, string>[]) => {
      const sheet = rows.map((values) => ({ values }))
      const { id, no } = await stagedBatch(tx, acting, { unitId, rows: sheet, effectiveOn: '2026-03-05' })
      await commitBatch(tx, acting, cardsTarget(acting), id, { version: 1, mode: 'all' })
      return no
    }
    const committed = await bring([
      { name: '碾房', originalCode: 'NF-1', cost: '2.00' },
      { name: '晒坝', originalCode: 'NF-2', cost: '3.00' },
      { name: '村级综合文化服务中心老碾房改造工程附属用房', originalCode: 'NF- 1', cost: '4.00' },
    ])
    await bring([{ name: '晒坝', originalCode: 'NF-2', cost: '5.00' }])
    const { no: undone } = await undoneImport(tx, acting, unitId)
    return { committed, undone }
  })
}
