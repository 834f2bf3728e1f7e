import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cards } from '../../db/schema/assets.ts'
import { asSystem } from '../../server/access/system.ts'
import { placeHolds, releaseHolds } from '../../server/assets/holds.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { importing } from '../support/imports.ts'
import { type Cell, ledger } from '../support/workbook.ts'

let test: TestApp
let zhang: Visitor
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
})
afterAll(() => test.close())

const document = { kind: 'transfer', id: '9', no: 'YJ2026-0009', path: '/transfers/YJ2026-0009' }

describe('what people looked at', () => {
  it('is not committed once it comes to something else: the new picture is shown first', async () => {
    const first = await upload([[1, '先来', 'MV-1', '一组', '2010', 2, null, null]])
    const second = await upload([
      [1, '先来', 'MV-1', '一组', '2010', 5, null, null],
      [2, '另一项', 'MV-2', '一组', '2010', 5, null, null],
    ])
    expect((await batchOf(second)).counts).toMatchObject({ new: 2, changed: 0 })
    expect((await commit(first)).statusCode).toBe(303)
    const refused = await commit(second)
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('您核对之后台账有变动，有 1 行的结果和您看到的不同，没有导入')
    expect(refused.body).toContain('全部导入（2 行）')
    expect(await batchOf(second)).toMatchObject({ state: 'checked', counts: { new: 1, changed: 1 } })
    expect((await cardOf('MV-1'))?.cost).toBe('20000.00')
    expect(await cardOf('MV-2')).toBeUndefined()
    expect((await commit(second)).statusCode).toBe(303)
    expect((await cardOf('MV-1'))?.cost).toBe('50000.00')
  })

  it('is committed where somebody saved what the file says nothing of', async () => {
    const no = await upload([[1, '先来', 'MV-1', '一组', '2010', 6, null, null]])
    const card = await cardOf('MV-1')
    const edit = { name: '先来', track: 'collective', cardType: 'other', keeper: '刚改', effectiveOn: '2026-03-01' }
    const fields = { ...edit, originalCode: 'MV-1', location: '一组', acquiredOn: '2010', cost: '50000', version: '2' }
    const ownerUnit = '古井村股份经济合作联合社'
    const saved = await zhang.post(`/assets/${card?.code}`, { ...fields, ownerUnit })
    expect(saved.statusCode, saved.body.slice(0, 3000)).toBe(303)
    expect((await commit(no)).statusCode).toBe(303)
    expect(await cardOf('MV-1')).toMatchObject({ cost: '60000.00', keeper: '刚改' })
  })

  it('is judged anew once a card is held, and once it is let go', async () => {
    await commit(await upload([[1, '占用', 'MV-3', '一组', '2010', 2, null, null]]))
    const card = await cardOf('MV-3')
    const no = await upload([[1, '占用', 'MV-3', '一组', '2010', 4, null, null]])
    await test.db((tx) => placeHolds(tx, asSystem(test.clock), [{ cardId: card?.id ?? '' }], 'transferring', document))
    const held = await commit(no)
    expect(held.statusCode).toBe(422)
    expect(held.body).toContain('有 1 行的结果和您看到的不同')
    expect(held.body).toContain('YJ2026-0009')
    expect((await batchOf(no)).counts).toMatchObject({ changed: 0, wrong: 1 })
    await test.db((tx) => releaseHolds(tx, asSystem(test.clock), document))
    expect((await commit(no)).statusCode).toBe(422)
    expect((await batchOf(no)).counts).toMatchObject({ changed: 1, wrong: 0 })
    expect((await commit(no)).statusCode).toBe(303)
    expect((await cardOf('MV-3'))?.cost).toBe('40000.00')
  })
})

const way = importing(
  () => test,
  () => zhang,
  '古井村股份经济合作联合社',
)
const { batchOf, commit } = way
const upload = async (rows: readonly Cell[][]) => way.upload(await ledger(rows))

async function cardOf(originalCode: string) {
  const [card] = await test.db((tx) => tx.select().from(cards).where(eq(cards.originalCode, originalCode)))
  return card
}
