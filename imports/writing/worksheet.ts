import type { Column, Sheet, SheetRow } from '../sheets/sheet.ts'
import { headerRowCount } from '../sheets/sheet.ts'
import { emptyCell, printCell } from './cells.ts'
import { checkLines } from './check.ts'
import { footLines, headLines, sectionLine, totalLine } from './frame.ts'
import type { Lines } from './lines.ts'
import { openLines } from './lines.ts'
import { type SumLines, withSums } from './sums.ts'
import type { Tally } from './tally.ts'
import { count, foretold, openTally, sumOf } from './tally.ts'
import { tabName } from './workbook.ts'
import { closingXml, openingXml } from './worksheet-xml.ts'

export type Rows = Iterable<SheetRow> | AsyncIterable<SheetRow>

export type Section = {
  /** Printed over the whole width above the rows. */
  heading?: string
  rows: Rows
  /** Which of the rows are sums of others; the rows are then a list. */
  adds?: SumLines
  /** In points, for all of its rows; else as high as the texts of each ask for. */
  height?: number
  /** Label of the line that sums this section; no line without it. */
  subtotal?: string
  /** What its rows are called in checks, one after the other; and its sum. */
  marks?: { rows?: readonly string[]; subtotal?: string }
}

/** One worksheet of a workbook: an official sheet and what goes into it. */
export type Worksheet = {
  sheet: Sheet
  /** Name of the tab; the sheet's title where missing. */
  name?: string
  /** Printed on top; the sheet's title where missing. */
  heading?: string
  /** Printed at the left above the header: 填报单位, 统计时点. */
  meta?: readonly string[]
  unitLine?: string
  sections: readonly Section[]
  /** Label of the 合计 line; null for a sheet without one. */
  total?: string | null
  /** Prints the 合计 above the rows, which must then be one section of so many rows with these sums. */
  totalFirst?: { rows: number; totals: Readonly<Record<string, string | null>> }
  /** Sections printed below the 合计 line and not counted in it. */
  apart?: readonly Section[]
  check?: Check
  notes?: readonly string[]
  signatures?: Readonly<Record<string, string | null>>
  /** Empty rows with drop-downs, for a form to fill in. */
  blankRows?: number
}

/** Compares this worksheet's 合计, column by column of the same key, with that of one written before it. */
export type Check = {
  /** Tab name of the other worksheet. */
  against: string
  /** What the other worksheet's 合计 is called here: 明细合计. */
  label: string
  /** Column of this sheet that counts the rows of the other. */
  rowCount?: string
}

/** What stands where in a finished worksheet. */
export type Written = {
  name: string
  /** Data rows, those of `apart` left out. */
  rows: number
  /** Exact sums of the summed columns, those of `apart` left out. */
  totals: Readonly<Record<string, string>>
  headerRows: readonly [top: number, bottom: number]
  /** Rows of the sections, first and last of each. */
  blocks: readonly (readonly [first: number, last: number])[]
  totalRow?: number
  filterRange?: string
  /** Column letters by key. */
  letters: Readonly<Record<string, string>>
  /** Lines that checks speak of, the 合计 under `total`. */
  marks: Readonly<Record<string, Mark>>
  /** False where the check found a difference. */
  agrees: boolean
}

/** Where a line stands and what it says. */
export type Mark = { row: number; figures: Readonly<Record<string, string>> }

/** The worksheet's XML in pieces; `report` is called before the last piece. */
export async function* worksheetXml(
  worksheet: Worksheet,
  earlier: readonly Written[],
  report: (written: Written) => void,
): AsyncGenerator<string> {
  const { sheet } = worksheet
  const lines = openLines(sheet.columns)
  yield openingXml(sheet)
  yield headLines(worksheet, lines)
  const headerBottom = lines.next() - 1
  const marks: Record<string, Mark> = {}
  const first = worksheet.totalFirst
  const above = first === undefined ? undefined : lines.next()
  if (first !== undefined) {
    yield totalLine('合计', [foretold(lines.next() + 1, first.rows, first.totals)], sheet, lines)
  }

  const tallies = yield* sectionLines(worksheet.sections, sheet, lines, marks)
  const blankFirst = lines.next()
  for (let index = 0; index < (worksheet.blankRows ?? 0); index += 1) {
    yield lines.line(sheet.columns.map(emptyCell))
  }
  const blanks = lines.next() > blankFirst ? ([blankFirst, lines.next() - 1] as const) : undefined

  const summed = summedOf(sheet)
  const written: Written = {
    name: tabName(worksheet.name ?? sheet.title),
    rows: tallies.reduce((sum, tally) => sum + tally.last - tally.first + 1, 0),
    totals: Object.fromEntries(summed.map((column) => [column.key, sumOf(tallies, column)])),
    headerRows: [headerBottom - headerRowCount(sheet) + 1, headerBottom],
    blocks: tallies.filter((tally) => tally.last >= tally.first).map((tally) => [tally.first, tally.last] as const),
    letters: Object.fromEntries(sheet.columns.map((column, index) => [column.key, lines.letters[index] ?? ''])),
    marks,
    agrees: true,
  }
  if (above !== undefined) written.totalRow = above
  if (sheet.filter === true && tallies.length <= 1) {
    written.filterRange = `A${headerBottom}:${lines.letters.at(-1)}${Math.max(headerBottom, lines.next() - 1)}`
  }
  if (above === undefined && worksheet.total !== null && summed.length > 0 && blanks === undefined) {
    written.totalRow = lines.next()
    yield totalLine(worksheet.total ?? '合计', tallies, sheet, lines)
  }
  if (worksheet.check !== undefined) {
    const { xml, agrees } = checkLines(worksheet.check, written, earlier, sheet, lines)
    written.agrees = agrees
    yield xml
  }
  if (written.totalRow !== undefined) marks.total = { row: written.totalRow, figures: written.totals }
  yield* sectionLines(worksheet.apart ?? [], sheet, lines, marks)
  yield footLines(worksheet, lines)
  report(written)
  yield closingXml(sheet, lines, written, blanks)
}

async function* sectionLines(
  sections: readonly Section[],
  sheet: Sheet,
  lines: Lines,
  marks: Record<string, Mark>,
): AsyncGenerator<string, Tally[]> {
  const tallies: Tally[] = []
  let serial = 0
  for (const section of sections) {
    if (section.heading !== undefined) yield sectionLine(section.heading, sheet, lines)
    const tally = openTally(lines.next())
    tallies.push(tally)
    const { adds, rows, height } = section
    let piece = ''
    for await (const row of rows) {
      serial += 1
      const printed = sheet.columns.map((column) => printCell(column, row, serial))
      const cells =
        adds !== undefined && Array.isArray(rows)
          ? withSums(printed, sheet, { line: lines.next() - tally.first + 1, rows, adds, firstRow: tally.first })
          : printed
      for (const [index, column] of sheet.columns.entries()) {
        const cell = cells[index]
        if (column.sum === true && cell !== undefined) count(tally, column, cell)
      }
      const mark = section.marks?.rows?.[tally.last + 1 - tally.first]
      if (mark !== undefined) marks[mark] = { row: lines.next(), figures: figuresIn(row, sheet) }
      tally.last += 1
      piece += lines.line(cells, height)
      if (piece.length > pieceLength) {
        yield piece
        piece = ''
      }
    }
    yield piece
    if (section.subtotal === undefined) continue
    if (section.marks?.subtotal !== undefined) {
      const sums = summedOf(sheet).map((column) => [column.key, sumOf([tally], column)] as const)
      marks[section.marks.subtotal] = { row: lines.next(), figures: Object.fromEntries(sums) }
    }
    yield totalLine(section.subtotal, [tally], sheet, lines)
  }
  return tallies
}

function summedOf(sheet: Sheet): Column[] {
  return sheet.columns.filter((column, index) => column.sum === true && index > 0)
}

function figuresIn(row: SheetRow, sheet: Sheet): Record<string, string> {
  return Object.fromEntries(summedOf(sheet).map(({ key }) => [key, row[key] ?? '0']))
}

/** Handing on every row by itself would take as long as writing it. */
const pieceLength = 32_768
