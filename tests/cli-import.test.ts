import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type County, openCounty } from '../db/client.ts'
import { systemClock } from '../server/kernel/clock.ts'
import { runCommand } from './support/command.ts'
import { settle } from './support/county.ts'
import { freshDatabase, testSchema } from './support/database.ts'
import { roster } from './support/roster.ts'
import { type Cell, ledger, threeAssets } from './support/workbook.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
let county: County
let folder: string
beforeAll(async () => {
  database = await freshDatabase()
  county = openCounty({ dsn: database.url, schema: testSchema }, { max: 2 })
  await county.transaction({}, (tx) => settle(tx, systemClock))
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'panhuo-cli-import-'))
  return () => rmSync(folder, { recursive: true, force: true })
})
afterAll(async () => {
  await county.driver.end()
  await database.drop()
})

const village = ['--unit', '510923100210', '--track', 'collective']

test('a day that there is not is told, and nothing is read', async () => {
  const path = await file(threeAssets)
  for (const day of ['2025-02-31', '去年']) {
    const { exit, err } = await panhuo('import', path, ...village, '--date', day)
    expect([exit, err]).toEqual([2, expect.stringContaining(`数据日期“${day}”不是日期，请写成 `)])
  }
})

test('a dry run prints the whole report and leaves nothing behind', async () => {
  const path = await file(threeAssets, [['合计', null, null, null, null, 60, null, null]])
  const { exit, out, err } = await panhuo('import', path, ...village, '--dry-run', '--json')
  expect(err).toBe('')
  expect(exit).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    batch: null,
    worksheet: '资产台账',
    headerRows: [2, 3],
    columns: expect.arrayContaining([
      { header: '资产名称', field: 'name', unit: null },
      { header: '编号', field: 'originalCode', unit: null },
    ]),
    rows: { read: 3, new: 3, changed: 0, unchanged: 0, duplicate: 0, wrong: 0 },
    sums: { cost: '625000.00', depreciation: '123000.00' },
    totals: [{ field: 'cost', declared: '60', computed: '62.5', agrees: false }],
    committed: false,
  })
  expect(await count('cards')).toBe(0)
  expect(await count('import_batches')).toBe(0)
})

test('what a person should know is told apart from what is asked, with rows and columns', async () => {
  const path = await file([
    ['一、房屋', null, null, null, null, null, null, null],
    [1, '说明用甲', 'SM-1', '一组', '90年代', 60, 12, null],
    [2, '说明用乙', 'SM-1', '一组', '2010', '5000元', null, null],
    ['合计', null, null, null, null, 62, null, null],
  ])
  const { out } = await panhuo('import', path, ...village, '--dry-run', '--json')
  const report = JSON.parse(out)
  expect(report.questions).toEqual([])
  expect(report.notices).toEqual([
    'F 列「原值」的单位是万元，第 6 行格内写了别的单位，按格内的单位读入。',
    '第 4 行「一、房屋」是分段标题，没有作为资产读入。',
  ])
  const text = (await panhuo('import', path, ...village, '--dry-run')).out
  expect(text).toContain('  第 7 行的账面原值合计不符：表中写 62，各行相加 60.5，请核对原表。')
  expect(text).toContain('文件里还有这些情况：\n  F 列')
  expect(text).toContain('  第 5 行 E 列「建成/取得时间」：「90年代」不是确切的日期')
  expect(text).toContain('与第 5 行的原资产编号相同，资产名称、账面原值、累计折旧却不同，只录第 5 行；')
})

test('an import commits once, as the account named, and finds nothing new the second time', async () => {
  const path = await file(threeAssets)
  const first = await panhuo('import', path, ...village, '--as', 'zhang', '--json')
  expect(first.exit, first.err).toBe(0)
  expect(JSON.parse(first.out)).toMatchObject({
    rows: { new: 3 },
    committed: true,
    batch: expect.stringMatching(/^DR\d{4}-\d{4}$/),
  })
  expect(await count('cards')).toBe(3)
  expect(await count("events where action = 'card.import' and actor_name = '张会计'")).toBe(3)
  const second = await panhuo('import', path, ...village, '--json')
  expect(second.exit).toBe(1)
  expect(JSON.parse(second.out)).toMatchObject({ rows: { new: 0, unchanged: 3 }, committed: false })
  expect(await count('cards')).toBe(3)
})

test('without a column for it, the day of acquisition is the one of completion or first use, told and never changed', async () => {
  const path = join(folder, '竣工.csv')
  writeFileSync(
    path,
    '资产名称,账面原值,开始使用日期,竣工日期,入账日期\n礼堂甲,100,2015年3月,2014-12,2019-12-31\n礼堂乙,200,2016,,2019-12-31\n礼堂丙,300,,,2019-12-31\n',
  )
  const { out } = await panhuo('import', path, ...village, '--json')
  expect(JSON.parse(out)).toMatchObject({
    rows: { new: 3 },
    questions: [
      {
        about: '文件里没有建成/取得时间一栏，2 行写了竣工日期或投入使用日期，用它作建成/取得时间吗？',
        guess: '新卡片按竣工日期填写，没有的按投入使用日期；不是的，请加一列“取得时间”后重新上传',
      },
    ],
  })
  const days = () =>
    county.transaction({}, (tx) =>
      tx.execute(
        sql`select acquired_on::text as day, acquired_precision as kept from cards where name like '礼堂%' order by cost`,
      ),
    )
  expect(await days()).toEqual([
    { day: '2014-12-01', kept: 'month' },
    { day: '2016-01-01', kept: 'year' },
    { day: null, kept: null },
  ])
  await county.transaction({}, (tx) =>
    tx.execute(sql`update cards set acquired_on = null, acquired_precision = null where name = '礼堂乙'`),
  )
  const again = JSON.parse((await panhuo('import', path, ...village, '--json')).out)
  expect(again).toMatchObject({ rows: { new: 0, changed: 0, unchanged: 3 }, questions: [] })
})

test('wrong rows keep all out, or only themselves', async () => {
  const path = await file([
    [1, '好的', 'CL-1', '一组', '2010', 1, null, null],
    [2, '坏的', 'CL-2', '一组', '2010', '三十多万', null, null],
  ])
  const before = await count('cards')
  const all = await panhuo('import', path, ...village, '--json')
  expect(all.exit).toBe(1)
  expect(JSON.parse(all.out).problems).toContainEqual(expect.objectContaining({ row: 5, column: 'F', field: 'cost' }))
  expect(await count('cards')).toBe(before)
  const good = await panhuo('import', path, ...village, '--mode', 'good')
  expect(good.exit).toBe(0)
  expect(good.out).toContain('新增 1')
  expect(await count('cards')).toBe(before + 1)
})

test.each([
  ['a file that is no table', '笔记.xlsx', '不是表格', village],
  ['a unit nobody knows', 'ok', '没有找到单位', ['--unit', '没有这个单位', '--track', 'state']],
  ['a track that is none', 'ok', '没有条线', ['--unit', '510923100210', '--track', 'public']],
  ['a unit the account does not keep', 'ok', '不经办', [...village, '--as', 'hong']],
])('%s is refused in one sentence', async (_what, name, sentence, args) => {
  const path = name === 'ok' ? await file(threeAssets) : join(folder, name)
  if (name !== 'ok') writeFileSync(path, '今天开会讨论了办公楼')
  const { exit, out, err } = await panhuo('import', path, ...args)
  expect(exit).toBe(2)
  expect(out).toBe('')
  expect(err).toContain(sentence)
  expect(err.trim().split('\n')).toHaveLength(1)
})

test('inspect prints what a file holds, before any meaning', async () => {
  const path = await file(threeAssets)
  const { exit, out } = await panhuo('inspect', path, '--rows', '4', '--json')
  expect(exit).toBe(0)
  const { container, sheets } = JSON.parse(out)
  expect(container).toBe('xlsx')
  expect(sheets[0].name).toBe('资产台账')
  expect(sheets[0].rows.at(-1)).toMatchObject({ row: 4, cells: { B: '村委会办公楼', F: '60' } })
})

async function file(rows: readonly (readonly Cell[])[], below: readonly (readonly Cell[])[] = []): Promise<string> {
  const path = join(folder, '台账.xlsx')
  writeFileSync(path, await ledger(rows, below))
  return path
}

function panhuo(...args: string[]) {
  return runCommand(args, { PATH: process.env.PATH ?? '', DATABASE_URL: database.url, PANHUO_DATA: folder })
}

async function count(from: string): Promise<number> {
  const [row] = await county.transaction({}, (tx) =>
    tx.execute<{ n: number }>(sql.raw(`select count(*)::int as n from ${from}`)),
  )
  return row?.n ?? 0
}

test('a list of people makes accounts and posts, without a track, and says the same of itself', async () => {
  const path = join(folder, '名单.csv')
  const village = '古井村股份经济合作联合社'
  writeFileSync(
    path,
    roster(
      ['姓名', '账号', '单位', '岗位'],
      [
        ['何一', 'heyi', village, '经办人'],
        ['何二', 'heer', village, '出纳'],
      ],
    ),
  )
  const list = ['import', path, '--unit', '510923100000', '--target', 'people']
  const seen = await panhuo(...list, '--dry-run', '--json')
  expect(seen.err).toBe('')
  expect(JSON.parse(seen.out)).toMatchObject({
    batch: null,
    headerRows: [2],
    columns: [
      { header: '姓名', field: 'name', unit: null },
      { header: '账号', field: 'account', unit: null },
      { header: '单位', field: 'unit', unit: null },
      { header: '岗位', field: 'role', unit: null },
    ],
    rows: { read: 2, new: 1, changed: 0, unchanged: 0, duplicate: 0, wrong: 1 },
    sums: {},
    problems: expect.arrayContaining([expect.objectContaining({ row: 4, column: 'D', field: 'role' })]),
  })
  const { exit, out } = await panhuo(...list, '--mode', 'good')
  expect(exit).toBe(0)
  expect(out).toContain('新增 1')
  expect(out).toContain('第 4 行 D 列「岗位」')
  const held = await county.transaction({}, (tx) =>
    tx.execute(
      sql`select p.name, m.role from people p join memberships m on m.person_id = p.id where p.account like 'he__'`,
    ),
  )
  expect(held).toEqual([{ name: '何一', role: 'keeper' }])
  expect((await panhuo(...list, '--track', 'state')).err).toContain('人员名单不分属性')
}, 90_000)
