import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import type { Worksheet } from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type County, openCounty } from '../db/client.ts'
import { explain } from '../server/commands/explain.ts'
import { run } from '../server/commands/export.ts'
import { readConfig } from '../server/config.ts'
import { systemClock } from '../server/kernel/clock.ts'
import { open, texts, worksheet } from './sheets/open.ts'
import { type Fixture, settle } from './support/county.ts'
import { freshDatabase, testSchema } from './support/database.ts'
import { fillRegister } from './support/register.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
let county: County
let fixture: Fixture
const folder = mkdtempSync(join(tmpdir(), 'panhuo-export-'))
const script = fileURLToPath(new URL('../server/cli.ts', import.meta.url))

beforeAll(async () => {
  database = await freshDatabase()
  county = openCounty({ dsn: database.url, schema: testSchema }, { max: 2 })
  await county.transaction({}, async (tx) => {
    fixture = await settle(tx, systemClock)
    await fillRegister(tx, systemClock, fixture)
  })
})
afterAll(async () => {
  await county.driver.end()
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

const environment = () => ({ PATH: process.env.PATH ?? '', DATABASE_URL: database.url, PANHUO_DATA: folder })

/** The command as people call it, in a process of its own. */
function panhuo(...args: readonly string[]) {
  return new Promise<{ exit: number; out: string; err: string }>((done) => {
    const child = execFile(process.execPath, [script, ...args], { env: environment() }, (_error, out, err) =>
      done({ exit: child.exitCode ?? -1, out, err }),
    )
  })
}

/** The same without a process: what it says when it refuses. */
async function refusal(...args: readonly string[]): Promise<{ exit: number; text: string }> {
  return run(args, readConfig(environment())).then(
    () => ({ exit: 0, text: '' }),
    (error) => explain(error),
  )
}

async function exported(...args: readonly string[]) {
  const out = join(folder, `${crypto.randomUUID()}.xlsx`)
  expect(await refusal(...args, '--out', out)).toEqual({ exit: 0, text: '' })
  return open(out)
}

function lines(sheet: Worksheet): string[] {
  const shown: string[] = []
  sheet.eachRow((_row, number) => shown.push(texts(sheet, number).join('|')))
  return shown
}

const dataRows = (sheet: Worksheet) => lines(sheet).filter((line) => /^\d+\|/.test(line))

describe('bin/panhuo export', () => {
  it('writes the register of a town government: everything in its township, stationed units too', async () => {
    const out = join(folder, 'town.xlsx')
    const said = await panhuo('export', 'register', '--unit', '510923100000', '--out', out)
    expect(said).toEqual({ exit: 0, out: `已导出 7 行，写到 ${out}。\n`, err: '' })
    const shown = lines(worksheet(await open(out), '资产台账'))
    expect(shown[1]).toContain('单位：蓬莱镇人民政府')
    expect(shown.join()).toContain('派出所车辆')
    expect(shown.join()).not.toContain('晒坝')
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('means the collective by a village’s division code on the collective track', async () => {
    const workbook = await exported('statistics', '--unit', '510923100210', '--track', 'collective')
    expect(lines(worksheet(workbook, '明细'))[1]).toContain('填报单位：古井村股份经济合作联合社')
    expect(dataRows(worksheet(workbook, '明细'))).toHaveLength(4)
    const summary = lines(worksheet(workbook, '汇总'))
    expect(summary).toContain('勾稽：本表合计 = 明细合计，相符。')
    const [sums] = await county.transaction({}, (tx) =>
      tx.execute<{
        cost: string
        net: string
      }>(sql`select sum(cost)::text as cost, sum(net_value)::text as net from cards
        where owner_unit_id = ${fixture.units.古井村股份经济合作联合社}`),
    )
    const total = summary.find((line) => line.startsWith('合计|'))?.split('|')
    expect(total).toEqual(expect.arrayContaining([sums?.cost, sums?.net]))
  })

  it('keeps to the scope of the account it acts as', async () => {
    const unit = fixture.codes.蓬莱镇人民政府 ?? ''
    const mine = await exported('register', '--unit', unit, '--as', 'hong')
    expect(dataRows(worksheet(mine, '资产台账'))).toHaveLength(1)
    expect(await refusal('register', '--unit', '510923101000', '--as', 'hong', '--out', 'x.xlsx')).toEqual({
      exit: 2,
      text: '账号 hong 不能查看隆盛镇人民政府的资产，请换一个账号或单位。',
    })
    expect((await refusal('register', '--unit', unit, '--as', 'xi', '--out', 'x.xlsx')).exit).toBe(2)
    expect((await refusal('register', '--unit', unit, '--as', 'nobody', '--out', 'x.xlsx')).text).toContain('没有账号')
  })

  it('goes back to a day', async () => {
    const before = await exported('register', '--unit', '510923100000', '--as-of', '2025-12-31')
    expect(dataRows(worksheet(before, '资产台账'))).toEqual([])
    const then = await exported('register', '--unit', '510923100000', '--as-of', '2026-01-01')
    expect(dataRows(worksheet(then, '资产台账'))).toHaveLength(7)
    expect(
      (await refusal('register', '--unit', '510923100000', '--as-of', '2026-1-1', '--out', 'x.xlsx')).text,
    ).toContain('不是日期')
  })

  it('tells the changes since a day, and wants one that came before', async () => {
    const workbook = await exported(
      'changes',
      '--unit',
      '510923100000',
      '--since',
      '2025-12-31',
      '--as-of',
      '2026-01-31',
    )
    expect(lines(worksheet(workbook, '增减变动')).join('\n')).toContain('加：新增|7|')
    expect(dataRows(worksheet(workbook, '变动明细'))).toHaveLength(7)
    const refused = async (...args: string[]) =>
      (await refusal('changes', '--unit', '510923100000', ...args, '--out', 'x.xlsx')).text
    expect(await refused()).toContain('缺少 --since')
    expect(await refused('--since', '2026-02-30')).toContain('起始日期“2026-02-30”不是日期')
    expect(await refused('--since', '2026-02-01', '--as-of', '2026-02-01')).toContain('要早于截止日期 2026-02-01')
  })

  it('compares the stock of two days, and wants both in order', async () => {
    const days = ['--since', '2025-12-31', '--as-of', '2026-01-31']
    const sheet = worksheet(await exported('stock', '--unit', '510923100000', ...days), '存量情况表')
    expect(lines(sheet)[1]).toContain('填报单位：蓬莱镇人民政府    期初：2025年12月31日    期末：2026年1月31日')
    const vehicles = lines(sheet).find((line) => line.startsWith('(二)通用设备|'))
    expect(vehicles).toBe('(二)通用设备|4|80000|80000')
    expect(lines(sheet).join('\n')).toContain('勾稽相符')
    const refused = async (...args: string[]) =>
      (await refusal('stock', '--unit', '510923100000', ...args, '--out', 'x.xlsx')).text
    expect(await refused()).toContain('缺少 --since')
    expect(await refused('--since', '2026-02-01', '--as-of', '2026-02-01')).toContain('要早于截止日期 2026-02-01')
  })

  it('lists the cards of a town, unit by unit', async () => {
    const workbook = await exported('cards', '--unit', '510923100000', '--track', 'state', '--as-of', '2026-01-31')
    const shown = lines(worksheet(workbook, '资产卡片'))
    expect(shown[1]).toContain('单位：蓬莱镇人民政府    时点：2026年1月31日    资产属性：国有')
    expect(shown).toContain('蓬莱镇派出所小计|80000')
    expect(shown.find((line) => line.startsWith('合计|'))).toBe('合计|80700.07')
    const mine = await exported('cards', '--unit', '510923100000', '--as', 'hong')
    expect(dataRows(worksheet(mine, '资产卡片'))).toHaveLength(1)
  })

  it('ticks nature and state of a village’s assets', async () => {
    const workbook = await exported('village-status', '--unit', fixture.codes.古井村股份经济合作联合社 ?? '')
    const rows = dataRows(worksheet(workbook, '村资产现状'))
    // Beyond the official columns stands the code, by which the sheet finds its cards again.
    expect(rows).toContainEqual(expect.stringMatching(/^2\|古井村委会\|原古井小学\|√\|√\|2150\.55\|\d{14}$/))
    expect(rows).toContainEqual(
      expect.stringMatching(/^3\|古井村委会\|20%_临街商铺\|√\|√\|46\.25\|2024年1月1日至2026年12月31日\|\d{14}$/),
    )
  })

  it('hands out a blank form without asking for a unit', async () => {
    const workbook = await exported('template')
    expect(worksheet(workbook, '填表').getRow(3).values).toContain('资产名称')
  })

  it.each([
    [['gains', '--unit', '510923100000', '--out', 'x.xlsx'], '缺少 --document'],
    [['gains', '--document', 'PD2026-0001', '--unit', '510923100000', '--out', 'x.xlsx'], '按编号导出时不用 --unit'],
    [['gains', '--document', 'XZ2026-0001', '--out', 'x.xlsx'], '“XZ2026-0001”不是清查的编号'],
    [['register', '--document', 'PD2026-0001', '--out', 'x.xlsx'], '这张表不用 --document'],
    [['idle', '--unit', '510923100000', '--out', 'x.xlsx'], '《闲置资产台账》(idle)还不能导出，相应的业务尚未启用。'],
    [['cards', '--unit', '510923100000', '--since', '2026-01-01', '--out', 'x.xlsx'], '这张表不用 --since'],
    [['plan', '--unit', '510923100000', '--out', 'x.xlsx'], '《盘活清单》(plan)还不能导出，相应的业务尚未启用。'],
    [['toString', '--unit', '510923100000', '--out', 'x.xlsx'], '没有“toString”这张表'],
    [['register', '--unit', '510923100000', '--out', 'x.xls'], '--out 要写 .xlsx 文件'],
    [['register', '--unit', '510923100000', '--out', '/nowhere/x.xlsx'], '文件夹 /nowhere 不存在'],
    [['register', '--out', 'x.xlsx'], '缺少 --unit'],
    [['register', '--unit', '510923100000', '--since', '2026-01-01', '--out', 'x.xlsx'], '这张表不用 --since'],
    [['register', '--unit', '510923100000', '--track', '国', '--out', 'x.xlsx'], '没有条线“国”'],
    [['register', '--unit', '没有的单位', '--out', 'x.xlsx'], '没有找到单位'],
  ])('refuses %j', async (args, text) => {
    const { exit, text: said } = await refusal(...args)
    expect(exit).toBe(2)
    expect(said).toContain(text)
    expect(existsSync('x.xlsx')).toBe(false)
  })
})

describe('bin/panhuo verify', () => {
  it('exits 0 while everything holds, and 1 with names when something does not', async () => {
    const sound = await panhuo('verify')
    expect(sound).toMatchObject({ exit: 0, err: '' })
    expect(sound.out).toMatch(/共 \d+ 项，全部相符。\n$/)
    await county.transaction({}, (tx) => tx.execute(sql`update counters set value = 1 where name = 'card'`))
    const broken = await panhuo('verify', '--json')
    expect(broken.exit).toBe(1)
    const findings: { name: string; holds: boolean; broken: string[] }[] = JSON.parse(broken.out)
    expect(findings.filter(({ holds }) => !holds)).toEqual([
      { name: '流水号不落后于已用的号码', holds: false, broken: ['card：已用到 8，计数为 1'] },
    ])
    expect((await panhuo('verify')).out).toMatch(/1 项不符：流水号不落后于已用的号码。\n$/)
  })
})
