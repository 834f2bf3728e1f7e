import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { type Account, cast } from '../support/county.ts'

let test: TestApp
let town: string
const visitors = new Map<string, Visitor>()
beforeAll(async () => {
  test = await openTestApp()
  town = test.fixture.codes.蓬莱镇人民政府 ?? ''
  visitors.set('nobody', test.visitor())
  for (const [account] of cast) visitors.set(account, await test.as(account))
})
afterAll(() => test.close())

const business: readonly Account[] = ['zhang', 'cai', 'ju', 'deng', 'ji', 'zhen-ling']
const everyone: readonly Account[] = [...business, 'xi', 'an', 'shen']
/** Each route with the people who may call it at all; a form without its fields is answered with 422, not 403. */
const table: readonly [method: 'GET' | 'POST', path: string, allowed: readonly Account[], status: number][] = [
  ['GET', '/', everyone, 200],
  ['GET', '/units', everyone, 200],
  ['GET', '/units/:town', everyone, 200],
  ['GET', '/units/new', ['xi'], 200],
  ['POST', '/units', ['xi'], 422],
  ['GET', '/units/:town/change', ['xi'], 200],
  ['POST', '/units/:town/change', ['xi'], 422],
  ['GET', '/people', ['xi', 'an'], 200],
  ['GET', '/people/new', ['xi'], 200],
  ['POST', '/people', ['xi'], 422],
  ['GET', '/people/zhang', ['xi', 'an'], 200],
  ['GET', '/people/zhang/password', ['xi', 'an'], 303],
  ['POST', '/people/zhang/grant', ['an'], 422],
  ['POST', '/people/zhang/revoke', ['an'], 422],
  ['POST', '/people/zhang/enable', ['xi'], 422],
  ['POST', '/people/an/disable', ['xi'], 422],
  ['POST', '/people/xi/unlock', ['an'], 303],
  ['POST', '/people/hong/password', ['xi'], 200],
  ['GET', '/password', everyone, 200],
  ['POST', '/password', everyone, 400],
]

it.each(table)('%s %s is open to those it is meant for', async (method, path, allowed, status) => {
  const url = path.replace(':town', town)
  const call = (visitor: Visitor) => (method === 'GET' ? visitor.get(url) : visitor.post(url, { version: '1' }))
  const found: Record<string, number> = {}
  const wanted: Record<string, number> = {}
  for (const account of everyone) {
    found[account] = (await call(visitors.get(account) ?? test.visitor())).statusCode
    wanted[account] = allowed.includes(account) ? status : 403
  }
  expect(found).toEqual(wanted)
  const reply = await call(test.visitor())
  expect([reply.statusCode, reply.headers.location?.startsWith('/sign-in')]).toEqual([303, true])
})

it('has every route of units, people and passwords in that table', () => {
  const listed = table.map(([method, path]) =>
    `${method} ${path}`.replace(':town', ':code').replace(/\/people\/(zhang|hong|an|xi)/, '/people/:account'),
  )
  expect(listed.sort()).toEqual(routesOf(test.app).filter((route) => /^[A-Z]+ \/($|units|people|password)/.test(route)))
})

/** `GET /units/:code` of every route, read off the tree that fastify prints. */
function routesOf(app: TestApp['app']): string[] {
  const path: string[] = []
  const routes: string[] = []
  for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', part = '', methods = ''] = /^(.*)[├└]── (\S+) \((.+)\)$/.exec(line) ?? []
    if (part === '') continue
    path.splice(indent.length / 4, Number.POSITIVE_INFINITY, part)
    for (const method of methods.split(', ')) routes.push(`${method} ${path.join('')}`)
  }
  return routes.sort()
}

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
