import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { events } from '../../db/schema/kernel.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { fetched, worksheetTexts } from '../support/download.ts'
import { fillRegister } from '../support/register.ts'

let test: TestApp
let shen: Visitor
beforeAll(async () => {
  test = await openTestApp()
  await test.db((tx) => fillRegister(tx, test.clock, test.fixture))
  test.clock.set('2026-03-11T02:00:00Z')
  shen = await test.as('shen')
  await test.visitor().post('/sign-in', { account: 'zhang', password: 'falsch' })
  await (await test.as('xi')).post('/people', { account: 'liu', name: '刘会计' })
  await (await test.as('an')).post('/policies/lockFailures', {
    value: '4',
    validFrom: '2026-04-01',
    reason: '检查意见',
  })
})
afterAll(() => test.close())

const list = async (query: Record<string, string> = {}) => (await shen.get(`/audit?${new URLSearchParams(query)}`)).body
const rowsIn = (body: string) => body.match(/href="\/audit\/\d+"/g)?.length ?? 0

it('shows everything that was done, newest first, as sentences', async () => {
  const body = await list()
  expect(body).toContain('修改了策略：连续输错几次暂停登录，自 2026-04-01 起')
  expect(body).toContain('建立了账号')
  expect(body).toContain('刘会计（liu）')
  expect(body).toContain('登录失败：密码不对')
  expect(body).toContain('127.0.0.1')
  expect(body.indexOf('修改了策略')).toBeLessThan(body.indexOf('建立了账号'))
  expect(body).toContain('现有记录从 2026-03-10 10:00 起')
  expect(rowsIn(body)).toBe(50)
})

it('is read to the end page by page, without a gap or a repeat', async () => {
  const seen: string[] = []
  let address: string | undefined = '/audit'
  while (address !== undefined) {
    const { body } = await shen.get(address)
    seen.push(...[...body.matchAll(/href="\/audit\/(\d+)"/g)].map(([, id]) => id ?? ''))
    address = /href="(\/audit\?after=[^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&')
  }
  const all = await test.db((tx) => tx.select({ id: events.id }).from(events))
  expect(seen).toHaveLength(all.length)
  expect(new Set(seen).size).toBe(all.length)
})

it.each([
  [{ who: 'xi' }, '建立了账号', '修改了策略'],
  [{ who: '安工' }, '修改了策略', '建立了账号'],
  [{ kind: 'policy' }, '修改了策略', '建立了账号'],
  [{ kind: 'sign-in' }, '登录失败', '修改了策略'],
  [{ result: 'failed' }, '登录失败', '修改了策略'],
  [{ q: 'liu' }, '建立了账号', '修改了策略'],
  [{ q: '暂停登录' }, '修改了策略', '建立了账号'],
  [{ q: '原古井小学' }, '资产卡片', '修改了策略'],
  [{ from: '2026-03-11' }, '建立了账号', '录入资产卡片'],
  [{ to: '2026-03-10', kind: 'card' }, '录入资产卡片', '建立了账号'],
])('narrows to %j', async (query, there, gone) => {
  const body = await list(query)
  const results = body.slice(body.indexOf('id="results"'))
  expect(results).toContain(there)
  expect(results).not.toContain(gone)
})

it.each([
  [{ from: '三月' }, '“从”要写到日'],
  [{ from: '2026-03-11', to: '2026-03-10' }, '结束的日期早于开始的日期，请对调。'],
])('says what is wrong with %j', async (query, sentence) => {
  const reply = await shen.get(`/audit?${new URLSearchParams(query)}`)
  expect(reply.statusCode).toBe(422)
  expect(reply.body).toContain(sentence)
  expect((await shen.get(`/audit.xlsx?${new URLSearchParams(query)}`)).statusCode).toBe(422)
})

it('shows one event with old and new, by whom and in which request', async () => {
  const [event] = await test.db((tx) => tx.select().from(events).where(sql`action = 'policy.set'`))
  const { body } = await shen.get(`/audit/${event?.id}`)
  for (const text of [
    '5 次',
    '4 次',
    '安工（an）',
    '大英县财政局',
    '检查意见',
    '2026-04-01',
    event?.requestId ?? '?',
  ]) {
    expect(body).toContain(text)
  }
  expect((await shen.get('/audit/999999999')).statusCode).toBe(404)
  expect((await shen.get('/audit/x')).statusCode).toBe(404)
})

it('names fields of a card and its choices in words', async () => {
  const zhang = await test.as('zhang')
  const { code, version } = await test.db(async (tx) => {
    const [card] = await tx.execute<{ code: string; version: number }>(
      sql`select code, version from cards where name = '原古井小学'`,
    )
    return card ?? { code: '', version: 0 }
  })
  const form = (await zhang.get(`/assets/${code}/edit`)).body
  expect(form).toContain('原古井小学')
  const detail = JSON.stringify({
    changes: {
      usage: { old: 'in_use', new: 'idle' },
      usingUnit: { old: null, new: test.fixture.units.蓬莱镇人民政府 },
      division: { old: '510923100215', new: '510923100210' },
    },
  })
  const [event] = await test.db((tx) =>
    tx.execute<{ id: string }>(sql`
      insert into events (at, actor_name, action, card_id, detail)
      select now(), '张会计', 'card.edit', id, ${detail}::jsonb
      from cards where code = ${code} and version = ${version} returning id::text`),
  )
  const { body } = await shen.get(`/audit/${event?.id}`)
  expect(body).toContain('使用状况')
  expect(body).toContain('闲置')
  for (const name of ['蓬莱镇人民政府', '红林村委会', '古井村委会']) expect(body).toContain(name)
  expect(body).not.toContain('in_use')
  // The log tells of the card; it does not lead to it.
  expect(body).not.toContain(`href="/assets`)
})

it('exports what the filter finds, safely, and tells of it', async () => {
  await (await test.as('xi')).post('/people', { account: 'evil', name: '=cmd|calc' })
  const { workbook, reply } = await fetched(test, 'shen', '/audit.xlsx?kind=account&from=2026-03-11')
  expect(reply.headers['content-disposition']).toContain(encodeURIComponent('审计记录_2026-03-11'))
  const texts = worksheetTexts(workbook)
  expect(texts).toContain('建立了账号')
  expect(texts).toContain('2026-03-11 10:00:00')
  expect(texts.join('\n')).toContain('操作类别：账号和岗位')
  expect(texts.join('\n')).not.toContain('修改了策略')
  const formulas: unknown[] = []
  workbook.eachSheet((sheet) =>
    sheet.eachRow((row) => row.eachCell((cell) => cell.formula && formulas.push(cell.formula))),
  )
  expect(formulas).toEqual([])
  const [told] = await test.db((tx) => tx.select().from(events).where(sql`action = 'audit.export'`))
  expect(told).toMatchObject({ topic: 'audit', actorName: '沈工', detail: { filter: { kind: 'account' } } })
})

it('tells of every export of business data, with its filter, and of none that was refused', async () => {
  await (await test.as('zhang')).get('/assets.xlsx?usage=idle')
  await (await test.as('zhang')).get('/statistics.xlsx')
  await (await test.as('zhang')).get('/assets.xlsx?columns=name,cost&columns=plate&type=vehicle')
  expect((await shen.get('/assets.xlsx')).statusCode).toBe(403)
  const told = await test.db((tx) => tx.select().from(events).where(sql`topic = 'export'`).orderBy(events.id))
  expect(told.map(({ action, actorName }) => [action, actorName])).toEqual([
    ['export.assets', '张会计'],
    ['export.statistics', '张会计'],
    ['export.assets', '张会计'],
  ])
  expect(told[0]?.detail.filter).toEqual({ usage: 'idle' })
  const body = await list({ kind: 'export' })
  expect(body).toContain('导出了资产台账')
  const { body: one } = await shen.get(`/audit/${told[0]?.id}`)
  expect(one).toContain('使用状况：闲置')
  const { body: chosen } = await shen.get(`/audit/${told[2]?.id}`)
  expect(chosen).toContain('栏目：资产名称、账面原值、车牌号')
})
