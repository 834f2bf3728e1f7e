import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { memberships, people, sessions } from '../../db/schema/access.ts'
import { addPerson, grantRole } from '../../server/access/people-actions.ts'
import { asSystem } from '../../server/access/system.ts'
import { eventsOf } from '../../server/kernel/events.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'

let test: TestApp
let xi: Visitor
let an: Visitor
beforeAll(async () => {
  test = await openTestApp()
  xi = await test.as('xi')
  an = await test.as('an')
})
afterAll(() => test.close())

const today = '2026-03-10'
const village = '古井村股份经济合作联合社'
const personOf = async (account: string) => {
  const [person] = await test.db((tx) => tx.select().from(people).where(eq(people.account, account)))
  return person
}
const heldBy = async (account: string) => {
  const id = (await personOf(account))?.id ?? ''
  return test.db((tx) => tx.select().from(memberships).where(eq(memberships.personId, id)))
}
const actions = async (account: string) => {
  const id = (await personOf(account))?.id ?? ''
  return test.db(async (tx) => (await eventsOf(tx, { kind: 'person', id })).map(({ action }) => action))
}
const keeper = { unit: village, role: 'keeper', track: 'both', validFrom: today }
const grant = (account: string, fields: Record<string, string>) => an.post(`/people/${account}/grant`, fields)
const revoke = async (account: string, lastDay = '') =>
  an.post(`/people/${account}/revoke`, { membership: (await heldBy(account)).at(-1)?.id ?? '', lastDay })

it('makes an account without rights, and lets another person grant the role', async () => {
  const made = await xi.post('/people', { account: ' Liu ', name: '刘会计', phone: '0825-7000000', token: 'once' })
  expect(made.headers.location).toBe('/people/liu')
  const page = (await xi.get('/people/liu')).body
  expect(page).toContain('还没有岗位')
  expect(page).toContain('席工，2026-03-10 10:00')
  expect((await grant('liu', keeper)).statusCode).toBe(303)
  expect((await an.get('/people/liu')).body).toContain(`授予了岗位：经办人 · ${village}，自 ${today} 起`)
  expect(await actions('liu')).toEqual(['person.add', 'person.grant'])
})

it('corrects a name and a phone, against the version that was seen', async () => {
  const edit = (fields: Record<string, string>) => xi.post('/people/liu/edit', fields)
  expect((await edit({ name: '刘会计', phone: '0825-7000000', version: '1' })).body).toContain('姓名和电话都没有改动')
  expect((await edit({ name: '', phone: 'x', version: '1' })).body).toContain('请填写姓名。')
  expect((await edit({ name: '\u202e刘\r\n', phone: '', version: '1' })).body).toContain('姓名里有看不见的字符')
  expect((await edit({ name: '刘出纳', phone: '', version: '1' })).statusCode).toBe(303)
  expect(await personOf('liu')).toMatchObject({ name: '刘出纳', phone: null })
  expect((await edit({ name: '刘会计', phone: '', version: '1' })).statusCode).toBe(409)
  expect((await an.post('/people/liu/edit', { name: '刘', version: '2' })).statusCode).toBe(403)
  expect((await xi.get('/people/liu')).body).toContain('修改了姓名或联系电话')
})

it('ends a role earlier only: a later day is another grant', async () => {
  await test.db(async (tx) => {
    const system = asSystem(test.clock)
    const personId = await addPerson(tx, system, { account: 'befristet', name: '临时工', password: null })
    const here = { personId, unitId: test.fixture.units[village] ?? '', track: 'both' } as const
    await grantRole(tx, system, { ...here, role: 'keeper', validFrom: today, validTo: '2026-06-30' })
    await grantRole(tx, system, { ...here, role: 'audit_administrator', validFrom: '2026-07-01' })
  })
  const [first] = await heldBy('befristet')
  const until = (lastDay: string) => an.post('/people/befristet/revoke', { membership: first?.id ?? '', lastDay })
  for (const day of ['2026-06-30', '2027-06-30']) {
    const refused = await until(day)
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('这个岗位本来就到 2026-06-30 结束，最后一天请填更早的日期；要延长，请另行授予。')
  }
  expect((await until('2026-05-31')).statusCode).toBe(303)
})

it.each([
  [{ account: 'zhang', name: '张三' }, '账号 zhang 已有人使用，请换一个。'],
  [{ account: 'ＺＨＡＮＧ', name: '张三' }, '账号 zhang 已有人使用，请换一个。'],
  [{ account: '张三', name: '张三' }, '账号请用 2 到 40 位字母、数字、点或横线'],
  [{ account: 'new', name: '张三' }, '账号请用 2 到 40 位字母、数字、点或横线'],
  [{ account: 'zhang3', name: '' }, '请填写姓名。'],
  [{ account: 'zhang3', name: '张三', phone: '问老李' }, '联系电话请只写数字'],
])('refuses the account %j', async (fields, sentence) => {
  const reply = await xi.post('/people', fields)
  expect(reply.statusCode).toBe(422)
  expect(reply.body).toContain(sentence)
  expect(reply.body).toContain(`value="${fields.account}"`)
})

it('takes no field that the form does not have', async () => {
  const fields = {
    account: 'gast',
    name: '客人',
    id: '1',
    passwordHash: 'x',
    mustChangePassword: 'false',
    role: 'approver',
  }
  expect((await xi.post('/people', fields)).statusCode).toBe(303)
  expect(await personOf('gast')).toMatchObject({ passwordHash: null, mustChangePassword: true })
  expect(await heldBy('gast')).toEqual([])
})

it('lists accounts with what they lack, and finds them by name', async () => {
  const { body } = await an.get('/people')
  expect(body).toContain('牵头（国有） · 蓬莱镇财政办')
  expect(body).toContain('等待开通')
  const found = await an.get(`/people?q=${encodeURIComponent('蔡')}`)
  expect(found.body).toContain('/people/cai')
  expect(found.body).not.toContain('/people/zhang')
})

it('keeps what was written when a role cannot be granted', async () => {
  const reply = await grant('liu', { ...keeper, unit: '没有的单位', validTo: '2026-01-01' })
  expect(reply.statusCode).toBe(422)
  expect(reply.body).toContain('没有“没有的单位”这个单位')
  expect(reply.body).toContain('value="没有的单位"')
  expect(reply.body).toContain('value="2026-01-01"')
})

it('gives nobody rights over oneself, nor beside administration', async () => {
  expect((await grant('an', { ...keeper })).body).toContain('不能给自己授予岗位')
  expect((await grant('xi', { ...keeper })).body).toContain('管理员不能兼任业务岗位')
  expect((await grant('xi', { ...keeper, role: 'audit_administrator' })).body).toContain('不能由同一人担任')
  expect((await xi.post('/people/xi/disable')).body).toContain('不能停用自己的账号')
  expect((await xi.post('/people/xi/code')).body).toContain('自己的密码请在“修改密码”里改')
})

it('lets nobody grant rights to an account that the same person made', async () => {
  await test.db(async (tx) => {
    const actor = { ...asSystem(test.clock).actor, personId: test.fixture.people.an ?? '', name: '安工' }
    await addPerson(
      tx,
      { actor, clock: test.clock, requestId: null },
      { account: 'eigen', name: '艾根', password: null },
    )
  })
  expect((await grant('eigen', keeper)).body).toContain('这个账号是您建立的，请由另一位安全管理员授予岗位。')
})

it('grants one role once when the same form comes many times at once', async () => {
  const same = await Promise.all(Array.from({ length: 4 }, () => grant('gast', { ...keeper, token: 'same' })))
  expect(same.map(({ statusCode }) => statusCode)).toEqual([303, 303, 303, 303])
  const others = await Promise.all(Array.from({ length: 4 }, (_, n) => grant('gast', { ...keeper, token: `new ${n}` })))
  expect(others.map(({ statusCode }) => statusCode)).toEqual([422, 422, 422, 422])
  expect(await heldBy('gast')).toHaveLength(1)
})

it('takes a role away with the next click, or after a last day', async () => {
  const gast = await test.as('zhang')
  expect((await gast.get('/assets')).statusCode).toBe(200)
  const before = (await gast.get('/')).body
  expect(before).toContain('经办人')
  expect((await revoke('zhang', '2026-02-01')).body).toContain('最后一天不能早于今天')
  expect((await revoke('zhang', '2026-03-31')).statusCode).toBe(303)
  expect((await heldBy('zhang')).at(-1)?.validTo).toBe('2026-03-31')
  expect((await revoke('zhang')).statusCode).toBe(303)
  expect((await gast.get('/')).body).toContain('您还没有岗位')
  expect((await revoke('zhang')).body).toContain('这个岗位已经结束')
  expect((await actions('zhang')).slice(-2)).toEqual(['person.revoke', 'person.revoke'])
})

it('takes away a role that began today without a trace of a day', async () => {
  expect((await revoke('gast')).statusCode).toBe(303)
  expect(await heldBy('gast')).toEqual([])
})

it('ends the sessions of a disabled account at once and lets nobody in', async () => {
  const hong = await test.as('hong')
  expect((await hong.get('/units')).statusCode).toBe(200)
  expect((await xi.post('/people/hong/disable')).statusCode).toBe(303)
  expect((await hong.get('/units')).statusCode).toBe(303)
  const left = await test.db((tx) =>
    tx
      .select()
      .from(sessions)
      .where(eq(sessions.personId, test.fixture.people.hong ?? '')),
  )
  expect(left).toEqual([])
  const password = 'Panhuo-2026-ceshi'
  expect((await test.visitor().post('/sign-in', { account: 'hong', password })).statusCode).toBe(422)
  expect((await xi.post('/people/hong/enable')).statusCode).toBe(303)
  expect((await test.visitor().post('/sign-in', { account: 'hong', password })).statusCode).toBe(303)
})

it('keeps the last administrator of a kind', async () => {
  expect((await xi.post('/people/an/disable')).body).toContain('安工是最后一位安全管理员，请先让另一人担任安全管理员。')
  expect((await revoke('xi')).body).toContain('席工是最后一位系统管理员')
  expect((await revoke('shen', '2026-12-31')).body).toContain('沈工是最后一位审计管理员')
  await test.db(async (tx) => {
    const acting = asSystem(test.clock)
    const personId = await addPerson(tx, acting, { account: 'shen2', name: '沈二', password: 'Panhuo-2026-ceshi' })
    const unitId = test.fixture.units.大英县财政局 ?? ''
    await grantRole(tx, acting, { personId, unitId, role: 'audit_administrator', track: 'both', validFrom: today })
  })
  expect((await xi.post('/people/shen/disable')).statusCode).toBe(303)
  expect((await xi.post('/people/shen2/disable')).body).toContain('沈二是最后一位审计管理员')
})

it('lets only one of two administrators end the other at the same moment', async () => {
  await test.db(async (tx) => {
    const acting = asSystem(test.clock)
    const personId = await addPerson(tx, acting, { account: 'xi2', name: '席二', password: null, mustChange: false })
    await tx.update(people).set({ passwordHash: 'x' }).where(eq(people.id, personId))
    const unitId = test.fixture.units.大英县财政局 ?? ''
    await grantRole(tx, acting, { personId, unitId, role: 'system_administrator', track: 'both', validFrom: today })
    test.fixture.people.xi2 = personId
  })
  const xi2 = await test.as('xi2' as 'xi')
  await Promise.all([xi.post('/people/xi2/disable'), xi2.post('/people/xi/disable')])
  const left = [await personOf('xi'), await personOf('xi2')].filter((person) => person?.disabledAt === null)
  expect(left).toHaveLength(1)
})

it('answers 404 for an account that is not there', async () => {
  expect((await an.get('/people/niemand')).statusCode).toBe(404)
  expect((await an.post('/people/niemand/grant', keeper)).statusCode).toBe(404)
})

it('finds accounts that nobody has used for 90 days', async () => {
  test.clock.set('2026-06-20T02:00:00Z')
  await test.db((tx) =>
    tx.execute(sql`update people set password_changed_at = '2026-06-01', created_at = '2026-03-10'`),
  )
  await test.visitor().post('/sign-in', { account: 'cai', password: 'Panhuo-2026-ceshi' })
  const later = await test.as('an')
  const { body } = await later.get('/people?state=unused')
  expect(body).toContain('/people/zhang')
  expect(body).not.toContain('/people/cai')
  expect((await later.get('/people?state=waiting')).body).toContain('/people/liu')
})
