import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApp, type TestApp } from './support/app.ts'
import { enterCards, village } from './support/cards.ts'
import { storedClaims } from './support/claims.ts'
import { runCommand } from './support/command.ts'
import { filledSheet } from './support/count-sheets.ts'
import { issueCall, linesOf } from './support/inventory.ts'

let test: TestApp
let folder: string
beforeAll(async () => {
  test = await openTestApp()
  folder = mkdtempSync(join(tmpdir(), 'panhuo-cli-counted-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await test.close()
})

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

const panhuo = (...args: string[]) =>
  runCommand(args, { PATH: process.env.PATH ?? '', DATABASE_URL: test.url, PANHUO_DATA: folder })

describe('bin/panhuo import', () => {
  it('brings a count sheet to the count it names, and only there', async () => {
    await enterCards(test, [{ name: '课桌', quantity: '40', cost: '8000.00' }])
    const count = (await issueCall(test)).counts[village] ?? { id: '', no: '' }
    const path = file(
      '盘点单.xlsx',
      await filledSheet(test, 'zhang', count.no, (desk) =>
        desk.set(1, { 清查数量: 38, 盘亏数量: 2, 盘亏原因: '遗失' }),
      ),
    )
    const brought = (...more: string[]) => panhuo('import', path, '--target', 'count-lines', ...more)
    expect((await brought()).err).toContain('--document')
    expect((await brought('--document', count.no, '--unit', 'x')).err).toContain('按 --document 导入时不用 --unit')
    expect((await brought('--document', 'PD2026-9999')).err).toContain('没有清查单 PD2026-9999')
    const { exit, out, err } = await brought('--document', count.no, '--as', 'zhang')
    expect([exit, err]).toEqual([0, ''])
    expect(out).toContain('变更 1')
    expect(await linesOf(test, count.id)).toMatchObject([{ countedQuantity: '38.000', missingReason: '遗失' }])
  }, 60_000)

  it('enters a ledger of claims and debts', async () => {
    const path = file(
      '往来.csv',
      '村往来款\r\n科目,往来单位,借方余额,贷方余额\r\n应收款,刘一,12.5,\r\n短期借款,信用社,,300\r\n',
    )
    const ledger = ['import', path, '--target', 'claims', '--unit', '510923100210']
    expect((await panhuo(...ledger, '--track', 'state')).err).toContain('资产属性请选“集体”')
    const { exit, out } = await panhuo(...ledger, '--track', 'collective')
    expect([exit, out]).toEqual([0, expect.stringContaining('债务金额合计 300.00 元')])
    expect((await storedClaims(test)).map(({ counterparty, amount }) => [counterparty, amount])).toEqual([
      ['刘一', '12.50'],
      ['信用社', '300.00'],
    ])
  }, 60_000)

  it('tells what there is to import', async () => {
    const { exit, err } = await panhuo('import', 'x.xlsx', '--target', 'toString', '--unit', '1')
    expect(exit).toBe(2)
    for (const one of ['cards（', 'people（', 'claims（债权债务）', 'count-lines（盘点单）', 'baseline（'])
      expect(err).toContain(one)
  }, 30_000)
})
