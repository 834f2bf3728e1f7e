import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type County, openCounty } from '../db/client.ts'
import { activate } from '../server/access/activation.ts'
import { loadActor } from '../server/access/actor.ts'
import { verifyPassword } from '../server/access/passwords.ts'
import { policyOn } from '../server/access/policy.ts'
import { digest } from '../server/access/sessions.ts'
import type { Command } from '../server/commands/command.ts'
import { explain } from '../server/commands/explain.ts'
import { readConfig } from '../server/config.ts'
import { systemClock } from '../server/kernel/clock.ts'
import { runCommand } from './support/command.ts'
import { settle } from './support/county.ts'
import { freshDatabase, testSchema } from './support/database.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
let county: County
const folder = mkdtempSync(join(tmpdir(), 'panhuo-cli-'))
const script = fileURLToPath(new URL('../server/cli.ts', import.meta.url))

beforeAll(async () => {
  database = await freshDatabase()
  county = openCounty({ dsn: database.url, schema: testSchema }, { max: 2 })
  await county.transaction({}, (tx) => settle(tx, systemClock))
})
afterAll(async () => {
  await county.driver.end()
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

const environment = (more: Record<string, string> = {}) => ({
  PATH: process.env.PATH ?? '',
  DATABASE_URL: database.url,
  PANHUO_DATA: folder,
  ...more,
})

function panhuo(args: readonly string[], more: Record<string, string> = {}) {
  return runCommand(args, environment(more))
}

/** The same without a process of its own: what a command says when it ends badly. */
async function refusal(name: string, args: readonly string[], more: Record<string, string> = {}) {
  const { run } = (await loaders[name]?.()) ?? {}
  if (!run) throw new Error(`no such command: ${name}`)
  return run(args, readConfig(environment(more))).then(
    () => ({ exit: 0, text: '' }),
    (error) => explain(error),
  )
}

const loaders: Record<string, Command['load']> = {
  account: () => import('../server/commands/account.ts'),
  migrate: () => import('../server/commands/migrate.ts'),
  seed: () => import('../server/commands/seed.ts'),
  serve: () => import('../server/commands/serve.ts'),
}

async function person(account: string) {
  const [found] = await county.transaction({ readOnly: true }, (tx) =>
    tx.execute<{ id: string; hash: string; change: boolean }>(
      sql`select id, password_hash as hash, must_change_password as change from people where account = ${account}`,
    ),
  )
  return found
}

test('help is an answer, an unknown command a refusal with the usage', async () => {
  const help = await panhuo(['--help'])
  expect(help).toMatchObject({ exit: 0, err: '' })
  for (const command of ['serve', 'migrate', 'seed demo', 'account add', 'account reset']) {
    expect(help.out).toContain(`bin/panhuo ${command}`)
  }
  const unknown = await panhuo(['constructor'])
  expect(unknown).toMatchObject({ exit: 2, out: '' })
  expect(unknown.err).toContain('没有“constructor”这个命令。')
  expect(unknown.err).toContain('bin/panhuo serve')
})

test('migrating again changes nothing', async () => {
  expect(await panhuo(['migrate'])).toEqual({ exit: 0, out: '数据库已是最新（county_510923）。\n', err: '' })
})

test('an account gets its role and a password for once', async () => {
  const { exit, out } = await panhuo([
    'account',
    'add',
    'Wang',
    '--name',
    '王会计',
    '--unit',
    '510923100210',
    '--role',
    '经办人',
    '--track',
    'collective',
  ])
  expect(exit).toBe(0)
  expect(out).toContain('已建立账号 wang（王会计，古井村股份经济合作联合社')
  expect(out).toContain('/activate，输入开通码')
  const added = await person('wang')
  expect(added?.hash).toBeNull()
  expect(await opens(out)).toEqual({ personId: added?.id, account: 'wang' })
  expect(await verifyPassword('Chunfeng-huayu-26', (await person('wang'))?.hash ?? null)).toBe(true)
  const actor = await county.transaction({ readOnly: true }, (tx) =>
    loadActor(tx, added?.id ?? '', systemClock.today()),
  )
  expect(actor?.grants).toMatchObject([{ role: 'keeper', track: 'collective', unitName: '古井村股份经济合作联合社' }])
})

/** Does with a printed code what its receiver does. */
async function opens(out: string) {
  const given = {
    code: /开通码：(\S+)/.exec(out)?.[1] ?? '',
    password: 'Chunfeng-huayu-26',
    again: 'Chunfeng-huayu-26',
  }
  return county.transaction({}, async (tx) =>
    activate(tx, given, await policyOn(tx, systemClock.today()), systemClock.now()),
  )
}

test('a reset ends every session, the old password and a lock', async () => {
  const before = await person('zhang')
  await county.transaction({}, (tx) =>
    tx.execute(sql`insert into sessions (id_hash, person_id, created_at, last_seen_at, expires_at)
      values ('x', ${before?.id}, now(), now(), now() + interval '1 hour')`),
  )
  await county.transaction({}, (tx) =>
    tx.execute(sql`insert into sign_in_attempts (bucket, failures, locked_until, last_at)
      values (${`${digest('zhang')}:unknown`}, 9, now() + interval '1 hour', now())`),
  )
  const { exit, out } = await panhuo(['account', 'reset', 'zhang'])
  expect(exit).toBe(0)
  const after = await person('zhang')
  expect(after?.hash).toBeNull()
  expect(await opens(out)).toMatchObject({ account: 'zhang' })
  const left = await county.transaction({ readOnly: true }, (tx) =>
    tx.execute(sql`select 1 from sessions where person_id = ${before?.id} union all select 1 from sign_in_attempts`),
  )
  expect(left).toHaveLength(0)
})

test.each([
  [['account', 'add', 'cai', '--name', '蔡', '--unit', '510923100000', '--role', 'keeper'], '账号 cai 已有人使用'],
  [['account', 'add', 'x y', '--name', '蔡', '--unit', '510923100000', '--role', 'keeper'], '不合要求'],
  [['account', 'add', 'new', '--name', '蔡', '--unit', '510923100000', '--role', 'boss'], '没有角色“boss”'],
  [['account', 'add', 'new', '--name', '蔡', '--unit', '510923999999', '--role', 'keeper'], '还没有单位'],
  [['account', 'add', 'new', '--name', '蔡', '--unit'], '请在 --unit 后面写上内容'],
  [['account', 'add', 'new', '--unit', '510923100000', '--role', 'keeper'], '缺少 --name'],
  [['account', 'add', 'new', '--nane', '蔡'], '没有选项 --nane'],
  [['account', 'reset'], '缺少 账号'],
  [['account', 'reset', 'nobody'], '没有账号 nobody'],
  [['account'], '请写 account add 或 account reset'],
  [['seed', 'other'], '没有“other”这种数据'],
  [['migrate', 'now'], '多了“now”'],
])('%j is refused in one sentence', async ([name = '', ...args], sentence) => {
  const { exit, text } = await refusal(name, args)
  expect(exit).toBe(2)
  expect(text).toContain(sentence)
  expect(text).not.toContain('\n')
})

test('a refusal goes beside the answer and leaves with 2', async () => {
  const refused = await panhuo(['account', 'reset', 'nobody'])
  expect(refused).toEqual({ exit: 2, out: '', err: '没有账号 nobody，请核对写法。\n' })
})

test('a county with units gets no demonstration data', async () => {
  const { exit, out } = await panhuo(['seed', 'demo'])
  expect(exit).toBe(0)
  expect(out).toContain('这个县已有单位，没有写入演示数据。')
})

test.each([
  [{ DATABASE_URL: 'postgres://x:y@127.0.0.1:1/z' }, '连不上数据库'],
  [{ DATABASE_URL: 'nonsense' }, 'DATABASE_URL 读不懂'],
  [{ PANHUO_COUNTY: '411323' }, '数据库里还没有建表：请先运行 bin/panhuo migrate。'],
])('%j fails with one sentence', async (more, sentence) => {
  const { exit, text } = await refusal('account', ['reset', 'zhang'], more)
  expect(exit).toBe(1)
  expect(text).toContain(sentence)
})

test('a wrong setting is named before anything happens', async () => {
  const { exit, err } = await panhuo(['migrate'], { PORT: 'abc' })
  expect(exit).toBe(1)
  expect(err).toBe('环境变量 PORT 的值不对，应为 0 到 65535 之间的整数，写法见 .env.example。\n')
})

test('a busy port is named', async () => {
  const other = createServer()
  const port = await new Promise<number>((ready) =>
    other.listen(0, '127.0.0.1', () => {
      const address = other.address()
      ready(typeof address === 'object' && address ? address.port : 0)
    }),
  )
  const { exit, text } = await refusal('serve', [], { PORT: String(port) })
  other.close()
  expect(exit).toBe(1)
  expect(text).toBe(`端口 ${port} 已被占用：请先停掉占用它的程序，或换一个端口，例如 PORT=${port + 1}。`)
})

test('what nobody foresaw is one sentence too', () => {
  const { exit, text } = explain(new Error('Failed query', { cause: new TypeError('x is not a function\n    at y') }))
  expect({ exit, text }).toEqual({ exit: 1, text: expect.stringMatching(/^没有做成，.*（x is not a function）/) })
})

test('serving answers probes, seeds nothing and stops on a signal', async () => {
  const child = spawn(process.execPath, [script, 'serve'], { env: environment({ PORT: '0' }) })
  const address = await new Promise<string>((found) => {
    let log = ''
    child.stdout.on('data', (part) => {
      log += part
      const match = /http:\/\/127\.0\.0\.1:\d+/.exec(log)
      if (match) found(match[0])
    })
  })
  expect(await (await fetch(`${address}/health`)).json()).toEqual({ status: 'ok' })
  const ended = new Promise((end) => child.on('exit', end))
  child.kill('SIGTERM')
  expect(await ended).toBe(0)
  const [{ n } = { n: '' }] = await county.transaction({ readOnly: true }, (tx) =>
    tx.execute<{ n: string }>(sql`select count(*) as n from cards`),
  )
  expect(n).toBe('0')
})
