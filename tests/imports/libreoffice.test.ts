import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { columnName } from '../../imports/reading/columns.ts'
import type { Cells } from '../../imports/reading/events.ts'
import { readWorkbook } from '../../imports/reading/workbook.ts'
import { convert, hasLibreOffice } from '../support/libreoffice.ts'
import { refusal } from './workbooks.ts'

type Value = { written: string | number | boolean | Date; format?: string; read: string }
type Table = { rows: (Value | null)[][]; merge: boolean }

/** Beyond GBK, so that a code page loses them; every format but the oldest keeps them. */
const letters = fc.constantFrom(...'镇村公有资产清理统计表〇㎡亩（）“”，；—·<>&"\'=+-/%abcXYZ0123456789. ')
const word = fc
  .array(letters, { minLength: 1, maxLength: 12 })
  .map((all) => all.join(''))
  // What stands alone may be a formula, a number or a date for the program that writes it.
  .map((text) => `村${text}`)
const text = fc.oneof(
  { weight: 6, arbitrary: word.map((word) => word.replace(/ +/g, ' ').trim()) },
  word.map((word) =>
    `${word}\n${word.trim()}`
      .replace(/ +/g, ' ')
      .replace(/ \n|\n /g, '\n')
      .trim(),
  ),
  fc.integer({ min: 0, max: 999 }).map((number) => `00${number}`),
  fc.integer({ min: 10 ** 8, max: 10 ** 9 }).map((number) => `370123${number}${String(number).slice(0, 3)}`),
)
const cents = fc.integer({ min: -9_999_999, max: 999_999_999 })
const date = fc.integer({ min: 0, max: 40_000 }).map((days) => new Date(Date.UTC(1950, 0, 1) + days * 86_400_000))
const value: fc.Arbitrary<Value | null> = fc.oneof(
  { weight: 5, arbitrary: text.map((text) => ({ written: text, format: '@', read: text })) },
  {
    weight: 2,
    arbitrary: fc
      .integer({ min: -99_999_999, max: 99_999_999 })
      .map((number) => ({ written: number, read: String(number) })),
  },
  { weight: 2, arbitrary: cents.map((cents) => ({ written: cents / 100, format: '0.00', read: String(cents / 100) })) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 0, max: 9999 })
      .map((number) => ({ written: number, format: '000000', read: String(number).padStart(6, '0') })),
  },
  {
    weight: 2,
    arbitrary: date.map((date) => ({ written: date, format: 'yyyy-mm-dd', read: date.toISOString().slice(0, 10) })),
  },
  { weight: 1, arbitrary: fc.boolean().map((boolean) => ({ written: boolean, read: boolean ? 'TRUE' : 'FALSE' })) },
  { weight: 2, arbitrary: fc.constant(null) },
)
const table: fc.Arbitrary<Table> = fc.record({
  rows: fc.array(fc.array(value, { minLength: 2, maxLength: 12 }), { minLength: 1, maxLength: 15 }),
  merge: fc.boolean(),
})

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
const tables = fc.sample(table, { numRuns: 8, seed })
const folder = mkdtempSync(join(tmpdir(), 'panhuo-libreoffice-'))
const source = join(folder, 'tables.xlsx')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeAll(async () => {
  if (!hasLibreOffice) return
  const book = new ExcelJS.Workbook()
  for (const [at, { rows, merge }] of tables.entries()) {
    const sheet = book.addWorksheet(`表${at + 1}`)
    // A title that is always filled keeps every table, and every row's number, in every format.
    sheet.getCell('A1').value = `第${at + 1}表`
    if (merge) sheet.mergeCells('A1:B1')
    for (const [line, row] of rows.entries()) {
      for (const [column, value] of row.entries()) {
        if (value === null) continue
        const cell = sheet.getCell(line + 2, column + 1)
        cell.value = value.written
        if (value.format) cell.numFmt = value.format
      }
    }
  }
  await book.xlsx.writeFile(source)
})

function expected(change: (value: Value) => string = ({ read }) => read) {
  return tables.map(({ rows, merge }, at) => {
    const all: Record<number, Cells> = { 1: { A: `第${at + 1}表` } }
    for (const [line, row] of rows.entries()) {
      const cells = row.flatMap((value, column) => (value === null ? [] : [[columnName(column + 1), change(value)]]))
      if (cells.length > 0) all[line + 2] = Object.fromEntries(cells)
    }
    return { merges: merge ? ['A1:B1'] : [], rows: all }
  })
}

/** Without number formats a number has no zeros before it. */
const unformatted = ({ written, read }: Value) => (typeof written === 'number' ? String(written) : read)

async function read(path: string) {
  const sheets: { merges: string[]; rows: Record<number, Cells> }[] = []
  for await (const event of readWorkbook(path, { merges: true })) {
    if (event.kind === 'sheet') sheets.push({ merges: event.merges, rows: {} })
    const sheet = sheets.at(-1)
    if (event.kind === 'row' && sheet) sheet.rows[event.row] = event.cells
  }
  return sheets
}

function quoted(value: Value | null): string {
  if (value === null) return ''
  return typeof value.written === 'string' ? `"${value.read.replaceAll('"', '""')}"` : unformatted(value)
}

async function converted(name: string, format: string): Promise<string> {
  const to = join(folder, name)
  mkdirSync(to, { recursive: true })
  await convert(to, format, [source])
  return to
}

test.skipIf(!hasLibreOffice).for([
  ['xlsx', 'xlsx:Calc MS Excel 2007 XML'],
  ['xls', 'xls:MS Excel 97'],
] as const)('what LibreOffice wrote as .%s reads back the same', { timeout: 120_000 }, async ([ending, format]) => {
  const to = await converted(ending, format)
  expect(await read(join(to, `tables.${ending}`)), `SEED=${seed}`).toEqual(expected())
})

/** Its way to this format fails on worksheets that come from .xlsx, whose last column is the 16,384th. */
test.skipIf(!hasLibreOffice)(
  'what LibreOffice wrote as Excel 2003 XML reads back the same',
  { timeout: 120_000 },
  async () => {
    const to = join(folder, 'xml')
    mkdirSync(to)
    const files = tables.map(({ rows }, at) => {
      const path = join(to, `${at}.csv`)
      const lines = rows.map((row) => row.map(quoted).join(','))
      writeFileSync(path, [`第${at + 1}表`, ...lines].join('\n'))
      return path
    })
    // Filter options: comma, double quote, UTF-8, from the first line on, quoted fields are text, dates are dates.
    await convert(to, 'xml:MS Excel 2003 XML', files, ['--infilter=CSV:44,34,76,1,,0,true,true'])
    for (const [at, { rows }] of expected(unformatted).entries()) {
      expect((await read(join(to, `${at}.xml`)))[0]?.rows, `SEED=${seed}`).toEqual(rows)
    }
  },
)

test.skipIf(!hasLibreOffice)('what LibreOffice wrote as a page reads back the same', { timeout: 120_000 }, async () => {
  const to = await converted('html', 'html:HTML (StarCalc)')
  expect(await read(join(to, 'tables.html')), `SEED=${seed}`).toEqual(expected())
})

// Filter options: comma, double quote, character set, numbers without their formats, every worksheet in a file of its own.
test.skipIf(!hasLibreOffice).for([
  ['UTF-8', 76],
  ['GB18030', 85],
] as const)('what LibreOffice wrote as .csv in %s reads back in full', { timeout: 120_000 }, async ([name, set]) => {
  const to = await converted(name, `csv:Text - txt - csv (StarCalc):44,34,${set},1,,0,false,true,false,false,false,-1`)
  const files = readdirSync(to).filter((name) => name.endsWith('.csv'))
  expect(files).toHaveLength(tables.length)
  for (const [at, { rows }] of expected(unformatted).entries()) {
    if (Object.keys(rows).length === 1) continue
    expect((await read(join(to, `tables-表${at + 1}.csv`)))[0]?.rows, `SEED=${seed}`).toEqual(rows)
  }
})

test.skipIf(!hasLibreOffice)('.ods and .fods are refused by name', { timeout: 120_000 }, async () => {
  const to = await converted('ods', 'ods')
  expect(await refusal(join(to, 'tables.ods'))).toContain('.ods')
  await convert(to, 'fods', [source])
  expect(await refusal(join(to, 'tables.fods'))).toContain('.ods')
})
