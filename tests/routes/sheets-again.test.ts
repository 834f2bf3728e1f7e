import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards } from '../support/cards.ts'
import { fillRegister, moveOn } from '../support/register.ts'

let test: TestApp
let lead: Visitor
beforeAll(async () => {
  test = await openTestApp()
  await test.db((tx) => fillRegister(tx, test.clock, test.fixture))
  await test.db((tx) => moveOn(tx, test.clock))
  lead = await test.as('nong')
})
afterAll(() => test.close())

/** A workbook as it is downloaded, sent to the page of imports as it is. */
async function sentBack(url: string) {
  const file = await lead.get(url)
  expect(file.statusCode, file.body.slice(0, 300)).toBe(200)
  const unit = test.fixture.codes.蓬莱镇人民政府 ?? ''
  const form = { unit, track: 'collective', effectiveOn: '2026-03-10', token: crypto.randomUUID() }
  const reply = await lead.upload('/imports', form, { name: '导出.xlsx', bytes: file.rawPayload })
  const [batch] = await test.db((tx) =>
    tx.execute<{ state: string; counts: Record<string, number> }>(
      sql`select state, counts from import_batches order by id desc limit 1`,
    ),
  )
  return { status: reply.statusCode, refusal: /id="error-file">([^<]*)</.exec(reply.body)?.[1], ...batch }
}

describe('a sheet that is sent back as it was downloaded', () => {
  it.each([
    '/assets.xlsx',
    '/assets.xlsx?columns=code,name,usage,cost',
    '/statistics.xlsx',
    '/statistics/cards.xlsx',
    '/statistics/village-status.xlsx',
  ])('brings nothing new and asks nothing: %s', async (url) => {
    const { status, state, counts } = await sentBack(url)
    expect(status).toBe(303)
    expect(state).toBe('checked')
    const { unchanged, ...others } = counts ?? {}
    expect(unchanged).toBeGreaterThan(4)
    expect(Object.values(others)).toEqual([0, 0, 0, 0, 0])
  })

  it('brings nothing new where a figure of its type has an idle zero', async () => {
    await enterCards(test, [{ name: '青冈林', cardType: 'resource', timberVolume: '11.030' }])
    const { counts } = await sentBack('/assets.xlsx?type=resource&q=青冈林')
    expect(counts).toMatchObject({ unchanged: 1, changed: 0, wrong: 0 })
  })

  it('brings nothing new where a card is called like a sum', async () => {
    await enterCards(test, [{ name: '机械小计', externalCode: '合计', cost: '5.00' }])
    for (const sheet of ['/assets.xlsx?q=小计', '/statistics/cards.xlsx']) {
      const { counts } = await sentBack(sheet)
      expect(counts).toMatchObject({ new: 0, changed: 0, wrong: 0, skipped: 0 })
      const [named] = await test.db((tx) =>
        tx.execute(sql`select 1 from import_rows where "values" ->> 'name' = '机械小计' and status = 'unchanged'
          and batch_id = (select max(id) from import_batches)`),
      )
      expect(named, sheet).toBeDefined()
    }
  })

  it('knows its total where that has as many digits as a code', async () => {
    await enterCards(test, [{ name: '大额资产', cost: '59134614162402.00' }])
    const { counts } = await sentBack('/assets.xlsx?q=大额资产')
    expect(counts).toMatchObject({ unchanged: 1, new: 0, changed: 0, wrong: 0 })
  })

  it.each([
    ['/statistics/stock.xlsx?from=2026-03-01&to=2026-03-10', '《固定和无形资产存量情况表》'],
    ['/assets/changes.xlsx?from=2026-03-01&to=2026-03-10', '《公有资产增减变动表》'],
  ])('is refused by its name where it lists no cards: %s', async (url, title) => {
    const { status, refusal } = await sentBack(url)
    expect(status).toBe(422)
    expect(refusal).toContain(`这是${title}，只有合计或变动，没有逐项的资产卡片，不能导入。`)
  })
})
