import ExcelJS from 'exceljs'
import { expect, test, vi } from 'vitest'
import { interpret } from '../../imports/interpreting/interpret.ts'
import { marked, mended, reasonColumns, unmarked } from '../../imports/mending.ts'
import type { ImportTarget, InterpretedRow } from '../../imports/target.ts'
import { writeLayout } from '../../imports/writing/write.ts'
import { type RowToMend, wrongLayout } from '../../imports/wrong-rows.ts'
import { plainCards } from './plain-cards.ts'
import { sumsOf } from './sums.ts'
import { save, scratch, textFile } from './workbooks.ts'

// Each file is read several times, each time by a process of its own.
vi.setConfig({ testTimeout: 120_000 })

test('a mark is found wherever its mender left it, and taken for nothing else', () => {
  const cell = marked('三十几万', '「三【十】」不是数字。')
  expect(cell).toBe('三十几万【请改：「三〔十〕」不是数字。】')
  expect(unmarked(cell)).toBe('三十几万')
  expect(unmarked('【请改：没有写名称。】办公楼')).toBe('办公楼')
  expect(unmarked('【注意】请改')).toBe('【注意】请改')
})

test('an ordinary file has no column of reasons', () => {
  const row = (cells: Record<string, string>) => ({ kind: 'row' as const, row: 1, cells })
  expect(reasonColumns([row({ A: '资产名称', B: '错误' })])).toBeNull()
  expect(reasonColumns([row({ A: '资产名称', B: '错误说明' })])).toEqual(['B'])
  expect(reasonColumns([row({ A: '办公楼', B: '【请改：不是数字】' })])).toEqual([])
  expect(mended(row({ A: '1【请改：x】', B: '说明' }), ['B']).cells).toEqual({ A: '1' })
})

/** A village's ledger: title, unit line, a header of two rows, a merged village, a hidden column, notes below. */
async function ledger(): Promise<string> {
  const book = new ExcelJS.Workbook()
  const sheet = book.addWorksheet('集体资产')
  sheet.addRow(['古井村集体资产台账'])
  sheet.addRow(['填报单位：古井村', null, null, null, null, '单位：万元'])
  sheet.addRow(['序号', '村组', '资产名称', '编号', '价值', null, '备注'])
  sheet.addRow([null, null, null, null, '原值', '累计折旧', null])
  sheet.addRow([1, '古井村一组', '办公楼', '0012', 60, 12, '=好'])
  sheet.addRow([2, null, '原小学', '0013', '三十几万', 1, '=HYPERLINK("http://x")'])
  sheet.addRow([3, null, null, '0014', 2, 1, null])
  sheet.addRow([4, '二组', '水泵房', '0015', 3, '#N/A', null])
  sheet.addRow(['合计', null, null, null, 65, 14, null])
  for (const range of ['A1:G1', 'E3:F3', 'A3:A4', 'B3:B4', 'C3:C4', 'D3:D4', 'G3:G4', 'B5:B7']) sheet.mergeCells(range)
  sheet.getColumn('D').hidden = true
  return save(book)
}

test('B21 export of errored rows: has the layout of the file, its wrong rows, and what to do in each cell', async () => {
  const path = await ledger()
  const book = await opened(await wrongOf(path))
  const sheet = book.worksheets[0]
  expect(sheet?.name).toBe('集体资产')
  const texts = (row: number) => Array.from({ length: 8 }, (_, at) => sheet?.getRow(row).getCell(at + 1).text ?? '')
  expect(texts(2)).toEqual(['填报单位：古井村', '', '', '', '', '单位：万元', '', ''])
  expect(texts(4).slice(4, 6)).toEqual(['原值', '累计折旧'])
  expect(sheet?.getCell('H3').text).toBe('错误说明')
  expect(sheet?.getCell('E3').isMerged).toBe(true)
  expect(sheet?.getColumn('D').hidden).toBe(true)
  expect(texts(5)).toEqual([
    '2',
    '古井村一组',
    '原小学',
    '0013',
    expect.stringMatching(/^三十几万【请改：「三十几万」不是数字/),
    '1',
    '=HYPERLINK("http://x")',
    expect.stringMatching(/^原表第 6 行：E 列/),
  ])
  expect(sheet?.getCell('G5').formula).toBeUndefined()
  expect(sheet?.getCell('F5').value).toBe(1)
  expect(sheet?.getCell('D5').value).toBe('0013')
  expect(sheet?.getCell('E5').fill).toMatchObject({ fgColor: { argb: 'FFFFC7CE' } })
  expect(texts(6)[2]).toBe('【请改：没有写资产名称，请补写。】')
  expect(texts(7)[5]).toMatch(/^#N\/A【请改：/)
  expect(sheet?.rowCount).toBe(7)
})

test('uploaded again unmended it is wrong in the same places, any number of times', async () => {
  const path = await ledger()
  const before = await read(path)
  const once = await wrongOf(path, before)
  const again = await read(once)
  expect(places(again.rows)).toEqual(places(before.rows))
  expect(again.rows).toHaveLength(3)
  expect(again.recognition.fingerprint).toBe(before.recognition.fingerprint)
  const asRead = ({ columns }: typeof before.recognition) => columns.map(({ samples: _samples, ...column }) => column)
  expect(asRead(again.recognition)).toEqual(asRead(before.recognition))
  expect(again.summary.notices).toContain('第 H 列「错误说明」不读入。')
  const twice = await wrongOf(once, again)
  expect(places((await read(twice)).rows)).toEqual(places(before.rows))
  expect((await opened(twice)).worksheets[0]?.getCell('I3').text).toBe('')
})

test('mended it is read clean, with the values of the file', async () => {
  const book = await opened(await wrongOf(await ledger()))
  const sheet = book.worksheets[0]
  if (!sheet) throw new Error('no worksheet')
  sheet.getCell('E5').value = 35
  sheet.getCell('C6').value = `粮仓${sheet.getCell('C6').text}`
  sheet.getCell('F7').value = null
  const { rows, summary } = await read(await save(book))
  expect(summary).toMatchObject({ read: 3, wrong: 0 })
  expect(sumsOf(rows).cost).toBe('400000.00')
  expect(rows.map(({ values }) => [values.name, values.cost])).toEqual([
    ['原小学', '350000.00'],
    ['粮仓', '20000.00'],
    ['水泵房', '30000.00'],
  ])
  expect(rows[0]?.extras).not.toHaveProperty('错误说明')
})

test('of tables side by side only the wrong one is handed back; a csv file becomes a workbook', async () => {
  const half = '序号,资产名称,账面原值,使用状况'
  const path = textFile('并排.csv', `${half},${half}\n1,甲,5,在用,3,丙,七,在用\n2,乙,六,在用,4,丁,8,闲置\n`)
  const before = await read(path)
  expect(before.recognition.blocks).toHaveLength(2)
  const written = await wrongOf(path, before)
  const sheet = (await opened(written)).worksheets[0]
  const texts = (row: number) => Array.from({ length: 9 }, (_, at) => sheet?.getRow(row).getCell(at + 1).text ?? '')
  expect(texts(2).slice(0, 5)).toEqual(['', '', '', '', '3'])
  expect(texts(3).slice(4, 8)).toEqual(['', '', '', ''])
  expect(texts(2)[8]).toMatch(/^原表第 2 行：G 列/)
  const again = await read(written)
  expect(again.rows.map(({ values }) => values.name)).toEqual(['乙', '丙'])
  expect(again.summary.wrong).toBe(2)
})

async function opened(path: string): Promise<ExcelJS.Workbook> {
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(path)
  return book
}

const target: ImportTarget = plainCards

async function read(path: string) {
  const { recognition, rows, summary } = await interpret(path, target)
  return { recognition, rows: await Array.fromAsync(rows()), summary }
}

/** What is wrong where, by name of the row's neighbours: the rows stand elsewhere in each file. */
function places(rows: readonly InterpretedRow[]): string[] {
  return rows.flatMap(({ problems }) =>
    problems
      .filter(({ severity }) => severity === 'wrong')
      .map(({ column, field, message }) => `${column} ${field} ${message}`),
  )
}

/** The workbook of a file's wrong rows, as reading alone finds them. */
async function wrongOf(path: string, from?: Awaited<ReturnType<typeof read>>): Promise<string> {
  const { recognition, rows } = from ?? (await read(path))
  const wrong = rows
    .map((row) => ({ ...row, found: row.problems.filter(({ severity }) => severity === 'wrong') }))
    .filter(({ found }) => found.length > 0)
    .sort((a, b) => a.row - b.row || (a.block ?? 0) - (b.block ?? 0))
  async function* toMend(): AsyncGenerator<RowToMend> {
    for (const { row, block = 0, found } of wrong) {
      const cells = new Map(
        found.flatMap(({ column, message }) => (column === null ? [] : [[column, message] as const])),
      )
      const reasons = found.map(({ column, message }) => `${column} 列 ${message}`)
      yield { row, block, reasons, cells, typed: new Map() }
    }
  }
  const { worksheet, headerRows, columns, blocks } = recognition
  const shifts = blocks.length > 1 ? blocks.map(({ shift }) => shift) : undefined
  const out = scratch('待改正.xlsx')
  await writeLayout(await wrongLayout(path, target, { worksheet, headerRows, columns, shifts }, 0, toMend()), out)
  return out
}
