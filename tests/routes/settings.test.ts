import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { events } from '../../db/schema/kernel.ts'
import { settingOn } from '../../server/settings/settings.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'

let test: TestApp
let an: Visitor
let tian: Visitor
beforeAll(async () => {
  test = await openTestApp()
  an = await test.as('an')
  tian = await test.as('tian')
})
afterAll(() => test.close())

const today = '2026-03-10'
const change = { value: '3', validFrom: today, reason: '县网信办检查意见' }
const written = (topic: string) =>
  test.db((tx) => tx.select().from(events).where(sql`topic = ${topic}`).orderBy(events.id))
const onDay = (key: Parameters<typeof settingOn>[1], day: string, track?: 'state' | 'collective') =>
  test.db((tx) => settingOn(tx, key, day, track))

it('shows every policy with its default and why, to the security and the audit administrator', async () => {
  for (const visitor of [an, await test.as('shen')]) {
    const { statusCode, body } = await visitor.get('/policies')
    expect(statusCode).toBe(200)
    expect(body).toContain('连续输错几次暂停登录')
    expect(body).toContain('5 次')
    expect(body).toContain('GB/T 22239-2019')
    expect(body).not.toContain('闲置')
  }
  expect((await an.get('/policies/lockFailures')).body).toContain('name="reason"')
  expect((await (await test.as('shen')).get('/policies/lockFailures')).body).not.toContain('name="reason"')
})

it('changes a policy from a day on, with a reason, and tells it in an event', async () => {
  const reply = await an.post('/policies/lockFailures', { ...change, validFrom: '2026-04-01' })
  expect([reply.statusCode, reply.headers.location]).toEqual([303, '/policies'])
  expect([await onDay('lockFailures', '2026-03-31'), await onDay('lockFailures', '2026-04-01')]).toEqual(['5', '3'])
  expect((await an.get('/policies')).body).toContain('自 2026-04-01 起改为 3 次')
  expect((await an.post('/policies/lockFailures', { ...change, value: '4' })).statusCode).toBe(303)
  const one = (await an.get('/policies/lockFailures')).body
  expect(one).toContain('4 次')
  expect(one).toContain('安工')
  expect(one).toContain('县网信办检查意见')
  expect(await written('policy')).toMatchObject([
    {
      action: 'policy.set',
      effectiveOn: '2026-04-01',
      comment: '县网信办检查意见',
      detail: { setting: '连续输错几次暂停登录', changes: { value: { old: '5 次', new: '3 次' } } },
    },
    { action: 'policy.set', effectiveOn: today, detail: { changes: { value: { old: '5 次', new: '4 次' } } } },
  ])
})

it.each([
  ['lockFailures', { ...change, value: '1000' }, '请写 3 到 10 之间的整数'],
  ['lockFailures', { ...change, value: '2' }, '请写 3 到 10 之间的整数'],
  ['lockFailures', { ...change, value: '3.5' }, '要写整数'],
  ['lockFailures', { ...change, value: '很多' }, '不是数字'],
  ['lockFailures', { ...change, value: '' }, '请填写新的值。'],
  ['lockFailures', { ...change, validFrom: '2026-03-09' }, '开始日期不能早于今天（2026-03-10）'],
  ['lockFailures', { ...change, reason: '' }, '请填写理由。'],
  ['lockFailures', { ...change, value: '4' }, '本来就是 4 次'],
  ['passwordProfile', { ...change, value: 'none' }, '请从列表中选择新的值。'],
])('refuses %s %j: %s', async (key, fields, sentence) => {
  const before = await written('policy')
  const reply = await an.post(`/policies/${key}`, fields)
  expect(reply.statusCode).toBe(422)
  expect(reply.body).toContain(sentence)
  expect(reply.body).toContain(`value="${fields.validFrom}"`)
  expect(await written('policy')).toEqual(before)
})

it('keeps one value for one day, however many come at once', async () => {
  const values = ['6', '7', '8', '9']
  const replies = await Promise.all(values.map((value) => an.post('/policies/passwordFormer', { ...change, value })))
  expect(replies.map(({ statusCode }) => statusCode)).toEqual([303, 303, 303, 303])
  const rows = await test.db((tx) => tx.execute(sql`select 1 from settings where key = 'passwordFormer'`))
  expect(rows).toHaveLength(1)
  const told = (await written('policy')).slice(-4).map(({ detail }) => detail.changes?.value)
  // Each begins where the one before ended.
  expect(told.slice(1).map((each) => each?.old)).toEqual(told.slice(0, -1).map((each) => each?.new))
})

it("lets a bureau set its own track's numbers only, and the leads read them", async () => {
  const months = { value: '12', validFrom: today, reason: '县办法第八条' }
  expect((await tian.post('/settings/idleMonthsRealEstate', { ...months, track: 'collective' })).statusCode).toBe(303)
  const foreign = await tian.post('/settings/idleMonthsRealEstate', { ...months, track: 'state' })
  expect(foreign.statusCode).toBe(422)
  expect(foreign.body).toContain('这是国有条线的参数')
  expect(await onDay('idleMonthsRealEstate', today, 'collective')).toBe('12')
  expect(await onDay('idleMonthsRealEstate', today, 'state')).toBe('6')
  const lead = await test.as('cai')
  expect((await lead.get('/settings')).body).toContain('12 个月')
  expect((await lead.get('/settings/idleMonthsRealEstate?track=collective')).body).not.toContain('name="reason"')
  expect((await lead.post('/settings/idleMonthsRealEstate', months)).statusCode).toBe(403)
  expect(await written('settings')).toMatchObject([{ action: 'settings.set', detail: { track: 'collective' } }])
})

it('knows no setting of another page, and no other track', async () => {
  expect((await an.get('/policies/idleMonthsRealEstate')).statusCode).toBe(404)
  expect((await an.get('/policies/nothing')).statusCode).toBe(404)
  expect((await an.get('/policies/__proto__')).statusCode).toBe(404)
  expect((await tian.post('/settings/lockFailures', change)).statusCode).toBe(404)
  expect((await tian.get('/settings/idleMonthsRealEstate?track=both')).statusCode).toBe(404)
})

it('holds at once what was set for today', async () => {
  await an.post('/policies/sessionIdleMinutes', { ...change, value: '5' })
  test.clock.set('2026-03-10T02:05:01Z')
  expect((await an.get('/policies')).statusCode).toBe(303)
})
