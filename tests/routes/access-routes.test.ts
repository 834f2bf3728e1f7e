import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { openTestApp, type TestApp } from '../support/app.ts'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
})
afterAll(() => test.close())

it('refuses forms that another site sends, before and after sign-in', async () => {
  const foreign: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': '', origin: 'http://evil.example' },
    { 'sec-fetch-site': 'cross-site', origin: 'http://localhost' },
  ]
  for (const headers of foreign) {
    for (const visitor of [test.visitor(), await test.as('xi')]) {
      for (const path of ['/sign-in', '/sign-out', '/units', '/people/zhang/disable']) {
        expect((await visitor.post(path, {}, { headers })).statusCode).toBe(403)
      }
    }
  }
  const plain = { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded' }
  const post = (origin: Record<string, string>) =>
    test.app.inject({
      method: 'POST',
      url: '/sign-in',
      payload: 'account=a&password=b',
      headers: { ...plain, ...origin },
    })
  expect((await post({})).statusCode).toBe(403)
  expect((await post({ origin: 'null' })).statusCode).toBe(403)
  expect((await post({ origin: 'http://localhost' })).statusCode).toBe(422)
})

it.each(['/units?q=%00', '/units/%00', '/people?q=%00', '/people/%00'])(
  'answers 400 to the NUL byte in %s',
  async (path) => {
    const reply = await (await test.as('xi')).get(path)
    expect(reply.statusCode).toBe(400)
    expect(reply.body).toContain('请返回上一页检查后再提交')
  },
)

it('answers 400 to a NUL byte in a form', async () => {
  const xi = await test.as('xi')
  expect((await xi.post('/people', { account: 'leer', name: '乐', token: '\u0000' })).statusCode).toBe(400)
  expect((await xi.post('/people', { account: 'leer', name: '\u0000' })).statusCode).toBe(422)
})

it('sends the same guarding headers with every kind of answer', async () => {
  const zhang = await test.as('zhang')
  const answers = {
    page: await zhang.get('/units'),
    missing: await zhang.get('/nowhere'),
    refused: await zhang.get('/people'),
    signIn: await test.visitor().get('/sign-in'),
    led: await test.visitor().get('/units'),
    file: await test.visitor().get('/static/app.css'),
  }
  const policy =
    "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';font-src 'self';form-action 'self';frame-ancestors 'none';base-uri 'none'"
  for (const [name, { headers }] of Object.entries(answers)) {
    expect([name, headers['content-security-policy']]).toEqual([name, policy])
    expect([name, headers['x-content-type-options']]).toEqual([name, 'nosniff'])
    expect([name, headers['x-frame-options']]).toEqual([name, 'DENY'])
    expect([name, headers['referrer-policy']]).toEqual([name, 'same-origin'])
    const cache = name === 'file' ? 'public, max-age=3600' : 'no-store'
    expect([name, headers['cache-control']]).toEqual([name, cache])
  }
  expect(Object.values(answers).map(({ statusCode }) => statusCode)).toEqual([200, 404, 403, 200, 303, 200])
})

it('marks cookies for https alone once people come by https', async () => {
  const config = { ...readConfig({}), PUBLIC_ORIGIN: 'https://panhuo.example' }
  const app = await buildApp({ config, counties: [{ dsn: 'postgres://nowhere/none', schema: 'county_510923' }] })
  await app.ready()
  expect(app.deviceCookie.name).toBe('__Host-panhuo-device')
  await app.close()
})

it('does not start with a route that does not say who may call it', async () => {
  const app = await buildApp({
    config: readConfig({}),
    counties: [{ dsn: 'postgres://nowhere/none', schema: 'county_510923' }],
  })
  app.get('/forgotten', async () => 'open to all')
  await expect(app.ready()).rejects.toThrow('routes without declared access: GET /forgotten')
  await app.close()
})
