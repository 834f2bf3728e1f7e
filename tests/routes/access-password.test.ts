import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestApp, type Reply, type TestApp } from '../support/app.ts'
import { password } from '../support/county.ts'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
})
afterAll(() => test.close())

const jar = (reply: Reply) => reply.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
const enter = async (account: string, secret: string) => {
  const reply = await test.visitor().post('/sign-in', { account, password: secret })
  return { reply, headers: { cookie: jar(reply) } }
}
const fresh = 'Neues-Wort-77'
const change = (headers: Record<string, string>, old: string, next = fresh, again = next) =>
  test.visitor().post('/password', { old, password: next, again }, { headers })

it('lets someone with an initial password do nothing before setting an own one', async () => {
  await test.db((tx) => tx.execute(sql`update people set must_change_password = true where account = 'zhang'`))
  const { headers } = await enter('zhang', password)
  for (const path of ['/', '/units', '/assets', '/people']) {
    const reply = await test.visitor().get(path, { headers })
    expect([path, reply.statusCode, reply.headers.location]).toEqual([path, 303, '/password'])
  }
  const part = await test.visitor().get('/units', { headers: { ...headers, 'hx-request': 'true' } })
  expect(part.headers['hx-redirect']).toBe('/password')
  expect((await test.visitor().get('/password', { headers })).body).toContain('请设置自己的密码')
  const saved = await change(headers, password)
  expect([saved.statusCode, saved.headers.location]).toEqual([303, '/'])
  const next = await test.visitor().get('/units', { headers: { cookie: jar(saved) } })
  expect(next.statusCode).toBe(200)
  expect(next.body).toContain('新密码已保存')
})

it('asks for the old password and says what the new one lacks', async () => {
  const { headers } = await enter('hong', password)
  const cases: [string, string, string, string][] = [
    ['falsch', fresh, fresh, '现在的密码不对，请重新输入。'],
    [password, 'Kurz-1', 'Kurz-1', '密码至少 10 位，请写长一些。'],
    [password, 'nurkleinebuchstaben', 'nurkleinebuchstaben', '三种'],
    [password, 'Hong-2026-neu', 'Hong-2026-neu', '密码里不要包含账号。'],
    [password, password, password, '新密码不能与现在的或最近 3 次用过的相同，请换一个。'],
    [password, fresh, `${fresh}x`, '两次输入的新密码不一样，请重新输入。'],
  ]
  for (const [old, next, again, sentence] of cases) {
    const reply = await change(headers, old, next, again)
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain(sentence)
    expect(reply.body).not.toContain(next)
  }
  expect((await enter('hong', password)).reply.statusCode).toBe(303)
})

it('ends the other sessions and gives this one another id', async () => {
  const elsewhere = await enter('shi', password)
  const here = await enter('shi', password)
  const saved = await change(here.headers, password)
  expect(saved.statusCode).toBe(303)
  const status = async (headers: Record<string, string>) => (await test.visitor().get('/units', { headers })).statusCode
  expect(await status(elsewhere.headers)).toBe(303)
  expect(await status(here.headers)).toBe(303)
  expect(await status({ cookie: jar(saved) })).toBe(200)
  expect((await enter('shi', password)).reply.statusCode).toBe(422)
  expect((await enter('shi', fresh)).reply.statusCode).toBe(303)
  const found = await test.db((tx) =>
    tx.execute(
      sql`select 1 from events where person_id = ${test.fixture.people.shi ?? ''} and action = 'person.password'`,
    ),
  )
  expect(found).toHaveLength(1)
})

it('takes none of the last passwords again, and asks for another after 90 days', async () => {
  const next = ['Erstes-Wort-11', 'Zweites-Wort-22', 'Drittes-Wort-33']
  let [now, { headers }] = [password, await enter('zhen', password)]
  for (const secret of next) {
    const saved = await change(headers, now, secret)
    expect(saved.statusCode).toBe(303)
    headers = { cookie: jar(saved) }
    now = secret
  }
  expect((await change(headers, now, next[0] ?? '')).body).toContain('最近 3 次用过的相同')
  test.clock.set('2026-06-09T02:00:00Z')
  const later = await enter('zhen', now)
  expect((await test.visitor().get('/', { headers: later.headers })).headers.location).toBe('/password')
  const page = await test.visitor().get('/password', { headers: later.headers })
  expect(page.body).toContain('密码已用满 90 天')
  expect((await change(later.headers, now, password)).statusCode).toBe(303)
  test.clock.set('2026-03-10T02:00:00Z')
})

it('keeps of the form only what says that it was sent', async () => {
  const token = 'einmal'
  const { headers } = await enter('cai', password)
  const body = { old: password, password: fresh, again: fresh, token }
  expect((await test.visitor().post('/password', body, { headers })).headers.location).toBe('/')
  const hash = createHash('sha256')
    .update(`POST /password\n${JSON.stringify(body)}`)
    .digest('hex')
  const kept = await test.db((tx) =>
    tx.execute<{ hash: string }>(sql`select hash from submissions where token = ${token}`),
  )
  expect(kept).toHaveLength(1)
  expect(kept[0]?.hash).not.toBe(hash)
})
