import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { people } from '../../db/schema/access.ts'
import { issueCode } from '../../server/access/activation.ts'
import { personByAccount } from '../../server/access/people-queries.ts'
import { asSystem } from '../../server/access/system.ts'
import { eventsOf } from '../../server/kernel/events.ts'
import { openTestApp, type Reply, type TestApp, type Visitor } from '../support/app.ts'
import { password } from '../support/county.ts'

const morning = '2026-03-10T02:00:00Z'
const own = 'Chunfeng-huayu-26'
let test: TestApp
let xi: Visitor
beforeAll(async () => {
  test = await openTestApp(morning)
  for (const account of ['liu', 'wang', 'sun']) {
    await (await test.as('xi')).post('/people', { account, name: `${account}会计` })
  }
})
beforeEach(async () => {
  test.clock.set(morning)
  xi = await test.as('xi')
})
afterAll(() => test.close())

const jar = (reply: Reply) => reply.cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
const codeIn = (body: string) => /<code class="app-secret">([^<]+)<\/code>/.exec(body)?.[1] ?? ''
const newCode = async (account: string) => codeIn((await xi.post(`/people/${account}/code`)).body)
const open = (code: string, secret = own, again = secret) =>
  test.visitor().post('/activate', { code, password: secret, again })
const enter = (account: string, secret: string) => test.visitor().post('/sign-in', { account, password: secret })
const personOf = async (account: string) => {
  const [person] = await test.db((tx) => tx.select().from(people).where(eq(people.account, account)))
  return person
}
const actions = async (account: string) => {
  const id = (await personOf(account))?.id ?? ''
  return test.db(async (tx) => (await eventsOf(tx, { kind: 'person', id })).map(({ action }) => action))
}

it('shows a code once, keeps only its hash, and signs in whoever turns it into a password', async () => {
  const shown = await xi.post('/people/liu/code')
  const code = codeIn(shown.body)
  expect(code).toMatch(/^([B-DF-HJKMNP-TV-Z2-9]{4}-){3}[B-DF-HJKMNP-TV-Z2-9]{4}$/)
  expect(shown.body).toContain('http://localhost/activate')
  expect(shown.body).toContain('2026-03-13 10:00 前有效')
  expect(shown.headers['cache-control']).toBe('no-store')
  expect((await xi.get('/people/liu')).body).not.toContain(code)
  expect((await xi.get('/people/liu/code')).headers.location).toBe('/people/liu')
  const kept = await test.db((tx) =>
    tx.execute(sql`
      select 1 from events where detail::text like ${`%${code}%`}
      union all select 1 from submissions where flash like ${`%${code}%`}
      union all select 1 from account_tokens where token_hash in (${code}, ${code.replaceAll('-', '')})`),
  )
  expect(kept).toHaveLength(0)

  const opened = await open(` ${code.toLowerCase().replaceAll('-', ' ')} `)
  expect([opened.statusCode, opened.headers.location]).toEqual([303, '/'])
  const home = await test.visitor().get('/', { headers: { cookie: jar(opened) } })
  expect(home.statusCode).toBe(200)
  expect(home.body).toContain('以后请用账号 liu 和这个密码登录')
  expect((await enter('liu', own)).statusCode).toBe(303)
  expect(await actions('liu')).toEqual([
    'person.add',
    'person.issue-code',
    'person.activate',
    'person.sign-in',
    'person.sign-in',
  ])
})

it('opens once, even when the same code comes many times at once', async () => {
  const code = await newCode('wang')
  const replies = await Promise.all(Array.from({ length: 5 }, () => open(code)))
  expect(replies.map(({ statusCode }) => statusCode).sort()).toEqual([303, 422, 422, 422, 422])
  expect((await open(code)).body).toContain('这个开通码已经用过，请直接登录')
})

it('tells whoever has it what an old code lacks, and whoever has none nothing', async () => {
  const first = await newCode('sun')
  const second = await newCode('sun')
  expect((await open(first)).body).toContain('这个开通码已过期或已停用，请系统管理员重新生成。')
  test.clock.set('2026-03-13T02:00:00Z')
  expect((await open(second)).body).toContain('这个开通码已过期或已停用')
  for (const wrong of ['', 'sun', 'BBBB-BBBB-BBBB-BBBB', '\u0000', `${second}B`]) {
    const reply = await open(wrong)
    expect([wrong, reply.statusCode]).toEqual([wrong, 422])
    expect(reply.body).toContain('开通码不对，请核对后重新输入')
  }
  expect((await personOf('sun'))?.passwordHash).toBeNull()
})

it('keeps the code when the password is refused', async () => {
  const code = await newCode('sun')
  const cases: [string, string, string][] = [
    ['Kurz-1', 'Kurz-1', '密码至少 10 位'],
    ['Sun-kuaiji-2026', 'Sun-kuaiji-2026', '密码里不要包含账号'],
    ['Daying-2026', 'anders', '两次输入的新密码不一样'],
    ['大英县-2026-Aa', '大英县-2026-Aa', '这个密码太容易猜到'],
  ]
  for (const [secret, again, sentence] of cases) {
    const reply = await open(code, secret, again)
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain(sentence)
    expect(reply.body).toContain(`value="${code}"`)
    expect(reply.body).not.toContain(secret)
  }
  expect((await open(code)).statusCode).toBe(303)
})

it('stops a forgotten password at once, with its sessions, and unlocks the account', async () => {
  const hong = await test.as('hong')
  for (let n = 0; n < 5; n++) await enter('hong', 'falsch')
  const code = await newCode('hong')
  expect((await hong.get('/units')).statusCode).toBe(303)
  test.clock.set('2026-03-10T05:00:00Z')
  expect((await enter('hong', password)).statusCode).toBe(422)
  expect((await open(code, password)).body).toContain('最近 3 次用过的相同')
  expect((await open(code)).statusCode).toBe(303)
  expect((await enter('hong', own)).statusCode).toBe(303)
  expect(await actions('hong')).toContain('person.reset-code')
})

it('opens no disabled account, and none after it is enabled again', async () => {
  const code = await newCode('zhen')
  expect((await xi.post('/people/zhen/disable')).statusCode).toBe(303)
  expect((await open(code)).body).toContain('已过期或已停用')
  expect((await xi.post('/people/zhen/code')).body).toContain('请先恢复再生成开通码')
  expect((await xi.post('/people/zhen/enable')).statusCode).toBe(303)
  expect((await open(code)).body).toContain('已过期或已停用')
})

it('gives the system administrator no code for themselves', async () => {
  expect((await xi.post('/people/xi/code')).body).toContain('自己的密码请在“修改密码”里改。')
})

const reset = 'bin/panhuo account reset'
const bureau = { unit: '大英县财政局', track: 'both', validFrom: '2026-03-10' }
const rule = '安全管理员、审计管理员的开通码不在网页上生成'

it('leaves codes for security and audit administrators to the operator', async () => {
  const an = await test.as('an')
  for (const account of ['an', 'shen']) {
    const before = (await personOf(account))?.passwordHash
    const refused = await xi.post(`/people/${account}/code`)
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain(rule)
    expect(refused.body).toContain(`${reset} ${account}，并由本人当场设置密码`)
    expect((await personOf(account))?.passwordHash).toBe(before)
    const { body } = await xi.get(`/people/${account}`)
    expect(body).toMatch(/<button[^>]* disabled aria-describedby="by-operator"/)
    expect(body).toContain(`${rule}：请由运维人员在服务器上运行 ${reset} ${account}`)
  }
  await xi.post('/people', { account: 'spaeter', name: '后任' })
  await open(await newCode('spaeter'))
  const later = { ...bureau, role: 'audit_administrator', validFrom: '2026-06-01' }
  expect((await an.post('/people/spaeter/grant', later)).statusCode).toBe(303)
  expect((await xi.post('/people/spaeter/code')).body).toContain(rule)
  expect((await xi.post('/people/spaeter/disable')).statusCode).toBe(303)
  expect((await an.post('/people/spaeter/grant', { ...bureau, role: 'audit_administrator' })).body).toContain(
    '这个账号已经停用，请系统管理员先恢复',
  )
  expect((await xi.post('/people/spaeter/enable')).statusCode).toBe(303)
  expect((await xi.post('/people/spaeter/code')).body).toContain(rule)
  const made = await test.db(async (tx) =>
    issueCode(tx, asSystem(test.clock), (await personByAccount(tx, 'spaeter'))?.id ?? '', 24),
  )
  expect((await open(made.code, 'Anderes-2026-Wort')).statusCode).toBe(303)
})

it('gives these roles only to who has used their code up, so that nobody else can', async () => {
  const an = await test.as('an')
  await xi.post('/people', { account: 'neu', name: '新人' })
  const code = await newCode('neu')
  const wanted = { ...bureau, role: 'audit_administrator' }
  const early = await an.post('/people/neu/grant', wanted)
  expect([early.statusCode, early.body.includes('请本人先用开通码设好密码')]).toEqual([422, true])
  const session = jar(await open(code))
  expect((await an.post('/people/neu/grant', wanted)).statusCode).toBe(303)
  expect((await test.visitor().get('/audit', { headers: { cookie: session } })).statusCode).toBe(200)
  expect((await xi.post('/people/neu/code')).body).toContain(rule)
})

it('ends the older sign-in of an administrator, and says so', async () => {
  const first = await enter('an', password)
  const second = await enter('an', password)
  const look = (reply: Reply) => test.visitor().get('/', { headers: { cookie: jar(reply) } })
  expect((await look(first)).statusCode).toBe(303)
  const page = await look(second)
  expect(page.statusCode).toBe(200)
  expect(page.body).toContain('这个账号最多同时登录 1 处，较早的登录已退出。')
  const others = []
  for (let n = 0; n < 6; n++) others.push(await enter('cai', password))
  const statuses = []
  for (const reply of others) statuses.push((await look(reply)).statusCode)
  expect(statuses).toContain(303)
  expect(statuses.filter((status) => status === 200)).toHaveLength(5)
  expect(statuses.at(-1)).toBe(200)
})

it('follows the policy of the day: fewer tries, longer locks, shorter sessions', async () => {
  await test.db((tx) =>
    tx.execute(sql`
      insert into settings (key, track, valid_from, value, reason, set_at) values
        ('lockFailures', 'both', '2026-03-10', '3', 'x', now()), ('lockMinutes', 'both', '2026-03-10', '20', 'x', now()),
        ('sessionIdleMinutes', 'both', '2026-03-10', '10', 'x', now()),
        ('activationHours', 'both', '2026-03-10', '2', 'x', now()),
        ('passwordProfile', 'both', '2026-03-11', 'asvs', 'x', now())`),
  )
  for (let n = 0; n < 2; n++) expect((await enter('ji', 'falsch')).body).toContain('账号或密码不对')
  expect((await enter('ji', 'falsch')).body).toContain('已暂停登录到 10:20')
  expect((await xi.post('/people/shi/code')).body).toContain('2026-03-10 12:00 前有效')
  const deng = await test.as('deng')
  test.clock.set('2026-03-10T02:10:01Z')
  expect((await deng.get('/units')).statusCode).toBe(303)
  test.clock.set('2026-03-11T02:00:00Z')
  xi = await test.as('xi')
  expect((await open(await newCode('shi'), 'nur kleine buchstaben')).statusCode).toBe(303)
  await test.db((tx) => tx.execute(sql`delete from settings`))
})

it('gives one address a budget of tries, and a failure the time of a sign-in', async () => {
  const started = performance.now()
  await open('BBBB-BBBB-BBBB-BBBB')
  expect(performance.now() - started).toBeGreaterThan(140)
  const from = { remoteAddress: '10.9.9.9' }
  const tries = await Promise.all(
    Array.from({ length: 61 }, () =>
      test.visitor().post('/activate', { code: 'BBBB', password: own, again: own }, from),
    ),
  )
  expect(tries.filter(({ statusCode }) => statusCode === 429)).toHaveLength(1)
})
