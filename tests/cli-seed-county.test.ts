import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asc } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type County, openCounty } from '../db/client.ts'
import { divisions } from '../db/schema/access.ts'
import { run as accounts } from '../server/commands/account.ts'
import type { Run } from '../server/commands/command.ts'
import { explain } from '../server/commands/explain.ts'
import { run as seedAny } from '../server/commands/seed.ts'
import { readConfig } from '../server/config.ts'
import { freshDatabase, testSchema } from './support/database.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
let county: County
const folder = mkdtempSync(join(tmpdir(), 'panhuo-county-'))
beforeAll(async () => {
  database = await freshDatabase()
  county = openCounty({ dsn: database.url, schema: testSchema }, { max: 1 })
})
afterAll(async () => {
  await county.driver.end()
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

/** A command as its process would answer, without one. */
async function called(run: Run, args: readonly string[]) {
  const said = { out: '', err: '' }
  const listen = (stream: 'stdout' | 'stderr', to: 'out' | 'err') =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[to] += String(text)
      return true
    })
  const spies = [listen('stdout', 'out'), listen('stderr', 'err')]
  try {
    const exit = (await run(args, readConfig({ DATABASE_URL: database.url, PANHUO_DATA: folder }))) ?? 0
    return { exit, ...said }
  } catch (error) {
    const { text, exit } = explain(error)
    return { exit, out: said.out, err: `${said.err}${text}\n` }
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

const seed = async (lines: readonly string[] | Uint8Array, ...more: string[]) => {
  const file = join(folder, 'divisions.csv')
  writeFileSync(file, lines instanceof Uint8Array ? lines : `${lines.join('\n')}\n`)
  return called(seedAny, ['county', '--divisions', file, ...more])
}
const stored = () =>
  county.transaction({ readOnly: true }, (tx) => tx.select().from(divisions).orderBy(asc(divisions.code)))

/** 区划代码,名称 / 510923000000,大英县 / 510923100000,蓬莱镇 in GB 18030. */
const gb18030 = Buffer.from(
  'c7f8bbaeb4fac2eb2cc3fbb3c60a3531303932333030303030302cb4f3d3a2cfd80a3531303932333130303030302cc5eec0b3d5f20a',
  'hex',
)

test('a file without the columns is refused, and nothing is opened', async () => {
  const { exit, err } = await seed(['乡镇,村', '蓬莱镇,古井村'])
  expect(exit).toBe(2)
  expect(err).toContain('请在第一行写“区划代码”和“名称”两列')
  const none = await seed(['区划代码,名称', '510923100000,蓬莱镇'])
  expect(none.exit).toBe(1)
  expect(none.err).toContain('第 2 行：蓬莱镇（510923100000）上级区划 510923000000 不在表里')
  expect(none.err).toContain('表里没有本县 510923000000，没有设立单位')
  expect(await stored()).toEqual([])
})

test('a county begins with its divisions and one unit', async () => {
  expect(await seed(gb18030, '--since', '2020-01-01')).toEqual({
    exit: 0,
    out: [
      '区划：新录入 2 个。',
      '已设立第一个单位 大英县财政局（510923000000B01），自 2020-01-01 起。',
      '接着建立三员账号，例如 bin/panhuo account add xitong --name 姓名 --unit 510923000000B01 --role system_administrator',
      '',
    ].join('\n'),
    err: '',
  })
})

test('more divisions join, what cannot be read is listed by its line, and the unit stays the only one', async () => {
  const { exit, out, err } = await seed([
    'code,name,valid_to,merged_into',
    '510923000000,大英县,,',
    '510923100000,蓬莱乡,,',
    '510923101000,隆盛镇,,',
    '510923100210,古井村委会,,',
    '510923100211,虎林村委会,2020-06-01,510923100210',
    '5109231002,古井,,',
    '510924100000,别县的镇,,',
    '510923100210,古井村,,',
    '510923102201,孤村,,',
    '510923100212,,,',
    '510923100213,并村,,510923100210',
    '510923100214,错村,2020-13-01,',
    '510923100215,甲村,2020-01-01,510923102202',
    '510923102202,乙村,,',
    '510923103,天保镇,,',
  ])
  expect(exit).toBe(0)
  expect(out).toContain('区划：新录入 3 个，原有 2 个不变，10 行没有录入。')
  expect(out).toContain('这个县已有 1 个单位，没有再设立。')
  for (const line of [
    '510923100000 已录为“蓬莱镇”，表里写“蓬莱乡”，没有改动。',
    '第 7 行：“5109231002”不是 12 位区划代码',
    '第 8 行：510924100000 不属于本县 510923',
    '第 9 行：代码 510923100210 与第 5 行重复',
    '第 10 行：孤村（510923102201）上级区划 510923102000 不在表里',
    '第 11 行：510923100212 没有名称',
    '第 12 行：510923100213 写了并入 510923100210 而没有撤销日期',
    '第 13 行：510923100214 的日期要写到日',
    '第 14 行：甲村（510923100215）并入的区划 510923102202 不在表里',
    '第 16 行：“510923103”只有 9 位，请在后面补 0，写成 510923103000。',
  ]) {
    expect(err).toContain(line)
  }
  const rows = (await stored()).map(({ code, level, parentCode, validTo, mergedInto }) => [
    code,
    level,
    parentCode,
    validTo,
    mergedInto,
  ])
  expect(rows).toEqual([
    ['510923000000', 3, null, null, null],
    ['510923100000', 4, '510923000000', null, null],
    ['510923100210', 5, '510923100000', null, null],
    ['510923100211', 5, '510923100000', '2020-06-01', '510923100210'],
    ['510923101000', 4, '510923000000', null, null],
  ])
})

test('the same again changes nothing; a division that has ended since is ended', async () => {
  const before = await stored()
  expect((await seed(gb18030)).out).toContain('区划：新录入 0 个，原有 2 个不变。')
  expect(await stored()).toEqual(before)
  const ended = ['代码,名称,撤销日期,并入', '510923101000,隆盛镇,2025-12-31,510923100000']
  expect((await seed(ended)).out).toContain('区划：新录入 0 个，登记撤销 1 个。')
  expect((await stored()).at(-1)).toMatchObject({ validTo: '2025-12-31', mergedInto: '510923100000' })
})

test('three administrators can be made for it', async () => {
  for (const [account, role] of [
    ['xitong', 'system_administrator'],
    ['anquan', 'security_administrator'],
    ['shenji', 'audit_administrator'],
  ] as const) {
    const made = ['add', account, '--name', '某工', '--unit', '大英县财政局', '--role', role]
    expect(await called(accounts, made)).toMatchObject({ exit: 0, err: '' })
  }
})
