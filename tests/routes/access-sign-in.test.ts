import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openTestApp, type Reply, type TestApp } from '../support/app.ts'
import { password } from '../support/county.ts'

const morning = '2026-03-10T02:00:00Z'
let test: TestApp
beforeAll(async () => {
  test = await openTestApp(morning)
})
afterAll(() => test.close())
beforeEach(async () => {
  test.clock.set(morning)
  await test.db((tx) => tx.execute(sql`delete from sign_in_attempts`))
})

let address = 0
/** Each try from an address of its own, as a botnet would: the budget per address stays out of it. */
const enter = (account: string, secret = password, cookie = '', next = '/') =>
  test
    .visitor()
    .post(
      '/sign-in',
      { account, password: secret, next },
      { headers: cookie ? { cookie } : {}, remoteAddress: `10.1.${++address >> 8}.${address & 255}` },
    )
const cookieOf = (reply: Reply, name: string) => reply.cookies.find((cookie) => cookie.name === name)?.value ?? ''
const jar = (reply: Reply) => reply.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
const device = (reply: Reply) => `panhuo-device=${cookieOf(reply, 'panhuo-device')}`
const home = (cookie: string) => test.visitor().get('/units', { headers: { cookie } })
const fail = async (times: number, account: string, cookie = '') => {
  let last: Reply | undefined
  for (let n = 0; n < times; n++) last = await enter(account, 'falsch', cookie)
  return last?.body ?? ''
}
const events = (account: string, action: string) =>
  test.db(async (tx) => {
    const rows = await tx.execute(
      sql`select 1 from events where person_id = ${test.fixture.people[account] ?? ''} and action = ${action}`,
    )
    return rows.length
  })

it('asks for account and password on a page of its own', async () => {
  const reply = await test.visitor().get('/sign-in?next=%2Fassets')
  expect(reply.statusCode).toBe(200)
  expect(reply.body).toContain('name="account"')
  expect(reply.body).toContain('name="password"')
  expect(reply.body).toContain('name="next" value="/assets"')
})

it('signs in, records it and leads to the place asked for', async () => {
  const reply = await enter('Zhang ', password, '', '/units?q=x')
  expect(reply.statusCode).toBe(303)
  expect(reply.headers.location).toBe('/units?q=x')
  expect(reply.headers['set-cookie']).toEqual(
    expect.arrayContaining([expect.stringMatching(/^panhuo=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)]),
  )
  expect((await home(jar(reply))).statusCode).toBe(200)
  expect(await events('zhang', 'person.sign-in')).toBe(1)
})

it('takes full-width letters for the same account', async () => {
  expect((await enter('ＺＨＡＮＧ')).statusCode).toBe(303)
})

it('never leads to another site', async () => {
  expect((await enter('zhang', password, '', '//evil.example')).headers.location).toBe('/')
})

it('says the same for a wrong password, an unknown account and a NUL byte', async () => {
  const texts = []
  for (const account of ['zhang', 'niemand', 'zh\u0000ang']) {
    const reply = await enter(account, 'falsch')
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('账号或密码不对，请重新输入。')
    texts.push(reply.body.replaceAll(account, '').replaceAll(/value="[^"]*"/g, ''))
  }
  expect(texts[1]).toBe(texts[0])
  expect(await events('zhang', 'person.sign-in-failed')).toBe(2)
})

it('gives a new session at each sign-in and ends the old one', async () => {
  const first = jar(await enter('zhang'))
  const second = jar(await enter('zhang', password, first))
  expect((await home(first)).statusCode).toBe(303)
  expect((await home(second)).statusCode).toBe(200)
})

it('signs out for good', async () => {
  const cookie = jar(await enter('zhang'))
  const reply = await test.visitor().post('/sign-out', {}, { headers: { cookie } })
  expect(reply.headers.location).toBe('/sign-in')
  expect(reply.headers['clear-site-data']).toBe('"cache", "storage"')
  expect((await home(cookie)).headers.location).toBe('/sign-in?next=%2Funits')
})

it('ends a session after half an hour without a request, and after twelve hours in any case', async () => {
  const idle = jar(await enter('zhang'))
  test.clock.set('2026-03-10T02:29:00Z')
  expect((await home(idle)).statusCode).toBe(200)
  test.clock.set('2026-03-10T02:59:30Z')
  expect((await home(idle)).statusCode).toBe(303)

  test.clock.set(morning)
  const busy = jar(await enter('zhang'))
  for (let minutes = 25; minutes < 12 * 60; minutes += 25) {
    test.clock.set(new Date(Date.parse(morning) + minutes * 60_000).toISOString())
    expect((await home(busy)).statusCode).toBe(200)
  }
  test.clock.set('2026-03-10T14:00:30Z')
  expect((await home(busy)).statusCode).toBe(303)
})

it('opens the sign-in page, not a part of it, when a session ended under a page', async () => {
  const part = { 'hx-request': 'true', 'hx-request-type': 'partial', 'hx-current-url': 'http://localhost/units?q=a' }
  const reply = await test.visitor().get('/units?q=ab', { headers: part })
  expect(reply.statusCode).toBe(401)
  expect(reply.headers['hx-redirect']).toBe('/sign-in?next=%2Funits%3Fq%3Da&ended=1')
  const page = await test.visitor().get('/sign-in?ended=1')
  expect(page.body).toContain('没有提交的内容没有保存')
})

it('locks after five failures, says until when, and opens again then', async () => {
  expect(await fail(4, 'hong')).toContain('账号或密码不对')
  expect(await fail(1, 'hong')).toContain('已暂停登录到 10:15')
  const right = await enter('hong')
  expect(right.statusCode).toBe(422)
  expect(right.body).toContain('已暂停登录到 10:15')
  test.clock.set('2026-03-10T02:15:01Z')
  expect((await enter('hong')).statusCode).toBe(303)
  expect(await events('hong', 'person.sign-in-failed')).toBe(5)
  expect(await events('hong', 'person.locked')).toBe(1)
})

it('locks twice as long after five more', async () => {
  await fail(5, 'hong')
  test.clock.set('2026-03-10T02:16:00Z')
  expect(await fail(5, 'hong')).toContain('已暂停登录到 10:46')
})

it('locks an account that does not exist in the same way', async () => {
  expect(await fail(5, 'niemand')).toContain('已暂停登录到 10:15')
})

it('counts failures that come at the same time', async () => {
  const replies = await Promise.all(Array.from({ length: 12 }, () => enter('shi', 'falsch')))
  expect(replies.filter(({ body }) => body.includes('账号或密码不对'))).toHaveLength(4)
  expect(await events('shi', 'person.sign-in-failed')).toBe(5)
})

it('lets a known device in whatever strangers do, and locks it for its own failures', async () => {
  const known = device(await enter('zhen'))
  await fail(500, 'zhen')
  expect((await enter('zhen')).body).toContain('已暂停登录')
  expect((await enter('zhen', password, known)).statusCode).toBe(303)
  expect(await fail(5, 'zhen', known)).toContain('已暂停登录到 10:15')
  expect((await enter('zhen', password, known)).statusCode).toBe(422)
})

it('knows a device only for those who signed in from it', async () => {
  const shared = await enter('nong', password, device(await enter('cai')))
  await fail(5, 'cai')
  await fail(5, 'nong')
  await fail(5, 'ji')
  expect((await enter('cai', password, device(shared))).statusCode).toBe(303)
  expect((await enter('nong', password, device(shared))).statusCode).toBe(303)
  expect((await enter('ji', password, device(shared))).statusCode).toBe(422)
})

it('gives one address a budget, but a known device its own', async () => {
  const known = device(await enter('deng'))
  const once = (cookie = '', account = 'deng') =>
    test
      .visitor()
      .post('/sign-in', { account, password }, { headers: cookie ? { cookie } : {}, remoteAddress: '10.9.9.9' })
  const invented = `panhuo-device=${'x'.repeat(32)}`
  for (let n = 0; n < 100; n++) await once(invented, 'niemand')
  const last = await once()
  expect(last.statusCode).toBe(429)
  expect(last.body).toContain('操作太频繁')
  expect((await once(known)).statusCode).toBe(303)
})

it('is unlocked by the security administrator', async () => {
  await fail(5, 'ju')
  const an = await test.as('an')
  expect((await an.get('/people/ju')).body).toContain('登录已锁定')
  expect((await an.post('/people/ju/unlock')).statusCode).toBe(303)
  expect((await enter('ju')).statusCode).toBe(303)
  expect(await events('ju', 'person.unlock')).toBe(1)
})

it('lets nobody in by a password that stops while it is looked at', async () => {
  const body = { account: 'hong', password }
  const [entered] = await Promise.all([
    test.visitor().post('/sign-in', body, { remoteAddress: '10.9.0.1' }),
    test.db(async (tx) => {
      await tx.execute(sql`select 1 from people where account = 'hong' for update`)
      await new Promise((done) => setTimeout(done, 300))
      await tx.execute(sql`update people set password_hash = null where account = 'hong'`)
    }),
  ])
  expect(entered.statusCode).toBe(422)
})

it('records tries on a disabled account, too', async () => {
  await test.db((tx) => tx.execute(sql`update people set disabled_at = now() where account = 'long'`))
  expect((await enter('long')).body).toContain('账号或密码不对')
  expect(await events('long', 'person.sign-in-failed')).toBe(1)
})
