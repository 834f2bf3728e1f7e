import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { administratorRoles, businessRoles, type Role } from '../../server/kernel/actor.ts'
import type { TestApp } from '../support/app.ts'
import type { Account } from '../support/county.ts'
import { roster } from '../support/roster.ts'
import { openWithRoutes, type Route, uploadTable } from './every-route.ts'

let test: TestApp
let routes: Route[]
beforeAll(async () => {
  const opened = await openWithRoutes()
  test = opened.test
  routes = opened.routes
})
afterAll(() => test.close())

const three: readonly (readonly [Account, Role])[] = [
  ['xi', 'system_administrator'],
  ['an', 'security_administrator'],
  ['shen', 'audit_administrator'],
]
const rolesOf = ({ access }: Route): readonly Role[] => (typeof access === 'object' ? access.roles : [])
const writes = () => routes.filter(({ method }) => method !== 'GET')
/**
 * Imports have one address for everybody: assets are the business's, lists of people the administrators'. What a batch is
 * of decides who sees it; that neither sees the other's is held below.
 */
const isShared = ({ url }: Route) => /^\/imports(?:\/|$)/.test(url)
const named = (found: readonly Route[]) => found.map(({ method, url }) => `${method} ${url}`).sort()
const holdsAny = (roles: readonly Role[]) => (route: Route) => rolesOf(route).some((role) => roles.includes(role))

describe('what the three administrators may write', () => {
  it('is written down, and no two of them may write the same', () => {
    const mine = Object.fromEntries(
      three.map(([, role]) => [role, named(writes().filter((route) => holdsAny([role])(route) && !isShared(route)))]),
    )
    expect(mine).toEqual({
      system_administrator: [
        'POST /people',
        'POST /people/:account/code',
        'POST /people/:account/disable',
        'POST /people/:account/edit',
        'POST /people/:account/enable',
        'POST /units',
        'POST /units/:code/change',
        'POST /units/:code/close',
        'POST /units/:code/dissolve',
        'POST /units/:code/reopen',
        'POST /units/:code/withdraw',
      ],
      security_administrator: [
        'POST /people/:account/grant',
        'POST /people/:account/revoke',
        'POST /people/:account/unlock',
        'POST /policies/:key',
      ],
      audit_administrator: [],
    })
  })

  it('is no business, and business writes nothing of theirs', () => {
    const both = writes().filter((route) => holdsAny(businessRoles)(route) && holdsAny(administratorRoles)(route))
    expect(named(both.filter((route) => !isShared(route)))).toEqual([])
  })

  it('is, open to everybody, only what belongs to oneself and objections to what was posted', () => {
    const open = writes().filter((route) => rolesOf(route).length === 0)
    expect(named(open)).toEqual([
      'POST /activate',
      'POST /notices/public/:no/objections',
      'POST /password',
      'POST /sign-in',
      'POST /sign-out',
    ])
  })
})

describe('what the three administrators may read', () => {
  it('is no page that a business role reads by its role', () => {
    const both = routes.filter((route) => holdsAny(businessRoles)(route) && holdsAny(administratorRoles)(route))
    expect(named(both.filter((route) => !isShared(route)))).toEqual([])
  })

  it('is, open to everybody, only what holds no business row or was posted for everybody', () => {
    const open = routes.filter((route) => route.method === 'GET' && rolesOf(route).length === 0)
    expect(named(open)).toEqual([
      'GET /',
      'GET /activate',
      'GET /health',
      'GET /notices/public',
      'GET /notices/public/:no',
      'GET /password',
      'GET /sign-in',
      'GET /units',
      'GET /units/:code',
    ])
  })

  it.each(three)('%s is turned away from every business route', async (account) => {
    const visitor = await test.as(account)
    const answers = []
    for (const { method, url } of routes.filter(holdsAny(businessRoles))) {
      if (/^\/imports(?:\/new|\/mappings)?$/.test(url)) continue
      const path = url.replaceAll(/:\w+/g, '1')
      const reply = method === 'GET' ? await visitor.get(path) : await visitor.post(path)
      if (reply.statusCode !== 403 && reply.statusCode !== 404) answers.push(`${method} ${url}: ${reply.statusCode}`)
    }
    expect(answers).toEqual([])
  })

  it('is no batch of assets, nor does the business see a list of people', async () => {
    const [xi, zhang] = [await test.as('xi'), await test.as('zhang')]
    const cards = await uploadTable(zhang, '古井村股份经济合作联合社', 'collective')
    const list = { name: '名单.csv', bytes: roster(['姓名', '账号', '岗位'], [['王芳', 'wangfang', '经办人']]) }
    const sent = await xi.upload('/imports', { unit: '蓬莱镇人民政府', token: 'list' }, list)
    const people = String(sent.headers.location).split('/')[2] ?? ''
    const answers: string[] = []
    const look = async (accounts: readonly Account[], no: string) => {
      for (const account of accounts) {
        const visitor = await test.as(account)
        if ((await visitor.get('/imports')).body.includes(no)) answers.push(`${account} sees ${no} in the list`)
        for (const { method, url } of routes.filter(({ url }) => url.startsWith('/imports/:no'))) {
          const path = url.replace(':no', no).replaceAll(/:\w+/g, '1')
          const reply = method === 'GET' ? await visitor.get(path) : await visitor.post(path, { version: '2' })
          if (reply.statusCode !== 403 && reply.statusCode !== 404) answers.push(`${account} ${method} ${path}`)
        }
      }
    }
    await look(['xi', 'an', 'shen'], cards)
    await look(['zhang', 'zhen', 'cai', 'ju', 'deng', 'ji', 'zhen-ling', 'shen'], people)
    expect(people).toMatch(/^DR/)
    expect(answers).toEqual([])
  })
})
