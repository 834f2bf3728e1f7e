import ExcelJS from 'exceljs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inspectJson } from '../../imports/inspect.ts'
import { columnName } from '../../imports/reading/columns.ts'
import type { Cells } from '../../imports/reading/events.ts'
import { readWorkbook } from '../../imports/reading/workbook.ts'
import type { Column, Sheet } from '../../imports/sheets/sheet.ts'
import { writeWorkbook } from '../../imports/writing/write.ts'
import { save, scratch } from './workbooks.ts'

const word = fc.string({
  unit: fc.constantFrom(...'村部办公楼闲置资产合计原值㎡亩〇𠮷（）,;"\'<>&＝=0123456789.-年月日 \nabcxX_'),
  minLength: 1,
  maxLength: 12,
})

/** What is put into a cell, and what has to come out of it. */
type Put = { value: ExcelJS.CellValue; format?: string; text: string }

const day = fc.integer({ min: 0, max: 55_000 }).map((days) => {
  const date = new Date(Date.UTC(1950, 0, 1) + days * 86_400_000)
  return { date, text: date.toISOString().slice(0, 10) }
})
const cents = fc.integer({ min: -9_999_999_999, max: 9_999_999_999 }).map((amount) => amount / 100)
const plainPut: fc.Arbitrary<Put | null> = fc.oneof(
  { weight: 4, arbitrary: word.map((text) => ({ value: text, text })) },
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((value) => ({ value, text: String(value) })),
  cents.map((value) => ({ value, text: String(value) })),
  cents.map((value) => ({ value, format: '#,##0.00_);[Red](#,##0.00)', text: String(value) })),
  day.map(({ date, text }) => ({ value: date, text })),
  day.map(({ date, text }) => ({ value: date, format: 'yyyy"年"m"月"d"日"', text })),
  fc.nat(99_999).map((value) => ({ value, format: '000000', text: String(value).padStart(6, '0') })),
  fc.constantFrom('510923197001012345', '000123', '9007199254740993').map((text) => ({ value: text, text })),
  fc.boolean().map((value) => ({ value, text: value ? 'TRUE' : 'FALSE' })),
  cents.map((result) => ({ value: { formula: 'A1+B1', result }, text: String(result) })),
  word.map((text) => ({ value: { formula: 'A1&B1', result: text }, text })),
  fc.constantFrom('#N/A', '#REF!', '#DIV/0!').map((error) => ({
    value: { error } as ExcelJS.CellErrorValue,
    text: error,
  })),
  fc.constant(null),
)
const rich = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => ({
  value: { richText: parts.map((text, at) => ({ text, font: { bold: at % 2 === 0 } })) },
  text: parts.join(''),
}))
const put = fc.oneof({ weight: 12, arbitrary: plainPut }, rich)
const gridOf = (cell: typeof put) =>
  fc.array(fc.array(cell, { minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 20 })

function expected(rows: readonly (readonly (Put | null)[])[]): Record<number, Cells> {
  const found: Record<number, Cells> = {}
  for (const [at, row] of rows.entries()) {
    const cells = row.flatMap((cell, column) => (cell ? [[columnName(column + 1), cell.text] as const] : []))
    if (cells.length > 0) found[at + 1] = Object.fromEntries(cells)
  }
  return found
}

function fill(sheet: ExcelJS.Worksheet, rows: readonly (readonly (Put | null)[])[]): void {
  for (const [at, row] of rows.entries()) {
    for (const [column, cell] of row.entries()) {
      if (!cell) continue
      const target = sheet.getCell(at + 1, column + 1)
      target.value = cell.value
      if (cell.format !== undefined) target.numFmt = cell.format
    }
  }
}

/** One process reads several tables in the time that it takes to start. */
const gridsOf = (cell: typeof put) => fc.array(gridOf(cell), { minLength: 1, maxLength: 6 })

async function read(path: string): Promise<Record<number, Cells>[]> {
  const { sheets } = await inspectJson(path)
  return sheets.map(({ rows }) => Object.fromEntries(rows.map(({ row, cells }) => [row, cells])))
}

test('what exceljs wrote from random Chinese tables reads back the same', async () => {
  await fc.assert(
    fc.asyncProperty(gridsOf(put), fc.boolean(), async (tables, date1904) => {
      const book = new ExcelJS.Workbook()
      book.properties.date1904 = date1904
      for (const [at, rows] of tables.entries()) fill(book.addWorksheet(`台账${at}`), rows)
      expect(await read(await save(book))).toEqual(tables.map(expected))
    }),
    { numRuns: 10 },
  )
})

test('what its streaming writer wrote, with or without a table of texts, reads back the same', async () => {
  await fc.assert(
    // It writes every rich text of a workbook as the first of them, so there are none.
    fc.asyncProperty(gridsOf(plainPut), fc.boolean(), async (tables, useSharedStrings) => {
      const path = scratch('流.xlsx')
      const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: path, useSharedStrings, useStyles: true })
      for (const [at, rows] of tables.entries()) {
        const sheet = book.addWorksheet(`台账${at}`)
        fill(sheet, rows)
        sheet.commit()
      }
      await book.commit()
      expect(await read(path)).toEqual(tables.map(expected))
    }),
    { numRuns: 6 },
  )
})

test('hidden rows, columns and worksheets and merged cells are told as they were written', async () => {
  const hidden = fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(
      hidden,
      hidden,
      fc.boolean(),
      fc.record({ top: fc.nat(5), left: fc.nat(5), height: fc.nat(2), width: fc.integer({ min: 1, max: 3 }) }),
      async (rows, columns, away, { top, left, height, width }) => {
        const book = new ExcelJS.Workbook()
        book.addWorksheet('首页').getCell('A1').value = '目录'
        const sheet = book.addWorksheet('台账', { state: away ? 'hidden' : 'visible' })
        for (let row = 1; row <= 8; row++)
          for (let column = 1; column <= 8; column++) sheet.getCell(row, column).value = 1
        sheet.mergeCells(top + 1, left + 1, top + 1 + height, left + 1 + width)
        for (const row of rows) sheet.getRow(row).hidden = true
        for (const column of columns) sheet.getColumn(column).hidden = true
        const found = { hidden: [] as number[], columns: [] as string[], away: false, merges: [] as string[] }
        for await (const event of readWorkbook(await save(book), { merges: true, worksheet: '台账' })) {
          if (event.kind === 'row' && event.hidden) found.hidden.push(event.row)
          else if (event.kind === 'sheet') {
            Object.assign(found, { columns: event.hiddenColumns ?? [], away: event.hidden, merges: event.merges })
          }
        }
        const order = (numbers: readonly number[]) => numbers.toSorted((one, other) => one - other)
        const range = `${columnName(left + 1)}${top + 1}:${columnName(left + 1 + width)}${top + 1 + height}`
        expect(found).toEqual({ hidden: order(rows), columns: order(columns).map(columnName), away, merges: [range] })
      },
    ),
    { numRuns: 8 },
  )
})

const columns = ['text', 'money', 'quantity', 'date', 'text'] as const

test('what our own writer wrote reads back the same, in every worksheet', async () => {
  const amount = fc.bigInt({ min: -999_999_999_999n, max: 999_999_999_999n }).map((value) => {
    const digits = String(value < 0n ? -value : value).padStart(3, '0')
    return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
  })
  const count = fc.nat(9_999_999).map((thousandths) => String(thousandths / 1000))
  const cell = {
    text: word,
    money: amount,
    quantity: count,
    date: fc.constantFrom('2018', '2018-03', '2018-03-01'),
  }
  const row = fc.tuple(...columns.map((kind) => fc.option(cell[kind], { nil: null })))
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(row, { minLength: 1, maxLength: 15 }), { minLength: 1, maxLength: 3 }),
      async (sheets) => {
        const path = scratch('导出.xlsx')
        const worksheets = sheets.map((rows, at) => ({
          sheet,
          name: `表${at + 1}`,
          total: null,
          sections: [
            { rows: rows.map((values) => Object.fromEntries(values.map((value, key) => [`c${key}`, value]))) },
          ],
        }))
        const written = await writeWorkbook(worksheets, path)
        const read = await inspectJson(path)
        expect(read.sheets.map(({ name }) => name)).toEqual(written.map(({ name }) => name))
        for (const [at, rows] of sheets.entries()) {
          const found = read.sheets[at]?.rows ?? []
          const first = found.findIndex(({ cells }) => cells.A === '甲') + 1
          const blank = rows.filter((values) => values.every((value) => value === null)).length
          const data = found.slice(first, first + rows.length - blank).map(({ cells }) => cells)
          expect(data).toEqual(rows.filter((values) => values.some((value) => value !== null)).map(printed))
        }
      },
    ),
    { numRuns: 8 },
  )
})

const sheet: Sheet = {
  key: 'random',
  title: '随机表',
  columns: columns.map((kind, at): Column => ({ key: `c${at}`, header: '甲乙丙丁戊'[at] ?? '', kind, width: 10 })),
  unitLine: '',
  signatures: [],
  paper: 'A4',
  orientation: 'landscape',
}

/** A row's cells as they are read: figures without idle zeros, dates as they are printed. */
function printed(values: readonly (string | null)[]): Cells {
  const dates: Record<string, string> = { '2018': '2018', '2018-03': '2018年3月', '2018-03-01': '2018年3月1日' }
  const cells: Cells = {}
  for (const [at, value] of values.entries()) {
    if (value === null) continue
    const kind = columns[at]
    const figure = kind === 'money' || kind === 'quantity'
    cells[columnName(at + 1)] = figure ? plainDecimal(value) : kind === 'date' ? (dates[value] ?? '') : value
  }
  return cells
}

function plainDecimal(value: string): string {
  const plain = value.includes('.') ? value.replace(/\.?0+$/, '') : value
  return plain === '-0' ? '0' : plain
}
