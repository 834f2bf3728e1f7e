import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type { Worksheet } from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type County, openCounty } from '../db/client.ts'
import { explain } from '../server/commands/explain.ts'
import { run } from '../server/commands/export.ts'
import { readConfig } from '../server/config.ts'
import { systemClock } from '../server/kernel/clock.ts'
import { open, texts, worksheet } from './sheets/open.ts'
import { settle } from './support/county.ts'
import { freshDatabase, testSchema } from './support/database.ts'
import { arrangeCall } from './support/inventory-lines.ts'
import { fillRegister } from './support/register.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
let county: County
let no: string
const folder = mkdtempSync(join(tmpdir(), 'panhuo-export-'))

beforeAll(async () => {
  database = await freshDatabase()
  county = openCounty({ dsn: database.url, schema: testSchema }, { max: 2 })
  no = await county.transaction({}, async (tx) => {
    const fixture = await settle(tx, systemClock)
    await fillRegister(tx, systemClock, fixture)
    return arrangeCall(tx, systemClock, fixture)
  })
})
afterAll(async () => {
  await county.driver.end()
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

const environment = () => ({ PATH: process.env.PATH ?? '', DATABASE_URL: database.url, PANHUO_DATA: folder })

async function exported(...args: readonly string[]) {
  const out = join(folder, `${crypto.randomUUID()}.xlsx`)
  await run([...args, '--out', out], readConfig(environment()))
  return open(out)
}

function lines(sheet: Worksheet): string[] {
  const shown: string[] = []
  sheet.eachRow((_row, number) => shown.push(texts(sheet, number).join('|')))
  return shown
}

const dataRows = (sheet: Worksheet) => lines(sheet).filter((line) => /^\d+\|/.test(line))

describe('bin/panhuo export --document', () => {
  it('writes the sheets of what was counted, by the number of the document', async () => {
    const workbook = await exported('count-detail', '--document', no)
    expect(lines(worksheet(workbook, '明细'))[1]).toContain(`填报单位：大英县财政局    清查通知：${no}`)
    expect(dataRows(worksheet(workbook, '明细'))).toHaveLength(1)
    expect(workbook.worksheets.map(({ name }) => name)).toEqual(['明细', '汇总', '勾稽关系'])
    const stock = worksheet(await exported('stock', '--document', no), '存量情况表')
    expect(lines(stock).join('\n')).toContain('勾稽相符')
    const told = await county.transaction({}, (tx) =>
      tx.execute<{ filter: object }>(
        sql`select detail -> 'filter' as filter from events where action = 'export.count-detail'`,
      ),
    )
    expect(told.map(({ filter }) => filter)).toEqual([{ document: no }])
    const refused = async (...args: string[]) =>
      run([...args, '--out', join(folder, 'x.xlsx')], readConfig(environment())).then(
        () => '',
        (error) => explain(error).text,
      )
    expect(await refused('gains', '--document', no, '--as', 'long')).toContain(
      `没有 ${no} 的《盘盈资产清单》，或账号 long`,
    )
    expect(await refused('count-sheet', '--document', no)).toContain('请在 --document 后面写 PD 开头的编号')
  })
})
