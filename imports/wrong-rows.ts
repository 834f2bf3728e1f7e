import { SpanReader } from './interpreting/spans.ts'
import { marked, reasonHeader, unmarked } from './mending.ts'
import { columnName, columnNumber, parseRange, type Range } from './reading/columns.ts'
import type { ReadEvent, SheetRow, SheetStart } from './reading/events.ts'
import { limits } from './reading/limits.ts'
import { readWorkbook } from './reading/workbook.ts'
import type { Column } from './recognising/columns.ts'
import type { ImportTarget } from './target.ts'
import { isFigure } from './values/value.ts'
import { type Cell, fitsNumber } from './writing/cells.ts'
import type { LaidRow, Layout } from './writing/layout.ts'

/** How the file was read that the rows come from. */
export type ReadAs = {
  worksheet: string
  headerRows: readonly number[]
  columns: readonly Pick<Column, 'column' | 'header' | 'field'>[]
  /** How many columns to the right of the first each of the tables side by side begins. */
  shifts?: readonly number[] | undefined
}

/** A row to hand back, by its place in the worksheet, and why; rows come in the worksheet's order. */
export type RowToMend = {
  row: number
  block: number
  /** Sentences for the last column. */
  reasons: readonly string[]
  /** What to do about a cell, by column letter. */
  cells: ReadonlyMap<string, string>
  /** What people typed over it, by column letter. */
  typed: ReadonlyMap<string, string>
}

/**
 * The rows to mend in the layout of the file they come from: everything down to its header as it stands, then these rows
 * only, each wrong cell with what to do behind its text, and a last column with all there is to say. Reads the file anew.
 * `wide` is the last column that one of the rows has a cell in.
 */
export async function wrongLayout(
  path: string,
  target: ImportTarget,
  read: ReadAs,
  wide: number,
  rows: AsyncIterable<RowToMend>,
): Promise<Layout> {
  const events = readWorkbook(path, { worksheet: read.worksheet, merges: true })
  const bottom = read.headerRows.at(-1) ?? 0
  const top = read.headerRows[0] ?? bottom
  const { sheet, head, first } = await headOf(events, bottom)
  const merges = sheet.merges.map(parseRange).filter((range) => range !== null)
  const known = knownColumns(head, top, read)
  const last = Math.max(wide, ...known.filled) + (known.reasons === null ? 1 : 0)
  const table: Table = { target, read, merges, reasonsAt: known.reasons ?? last, dropped: known.reasons }
  return {
    name: sheet.name,
    columns: columnsOf(Math.max(last, table.reasonsAt), head, top, sheet, table),
    head: headRows(head, top, merges, table),
    merges: headMerges(merges, top, bottom, table),
    headerRows: [top, bottom],
    rows: laidRows(first, events, rows, table),
  }
}

type Table = {
  target: ImportTarget
  read: ReadAs
  merges: readonly Range[]
  /** Number of the column for the reasons, and of that of an earlier workbook of wrong rows. */
  reasonsAt: number
  dropped: number | null
}

async function headOf(events: AsyncGenerator<ReadEvent>, bottom: number) {
  let sheet: SheetStart = { kind: 'sheet', index: 0, name: '', hidden: false, merges: [] }
  const head: SheetRow[] = []
  for (;;) {
    const { value, done } = await events.next()
    if (done) return { sheet, head, first: null }
    if (value.kind === 'sheet') sheet = value
    if (value.kind !== 'row') continue
    if (value.row > bottom) return { sheet, head, first: value }
    head.push(value)
  }
}

/** Numbers of the columns that the header or the reading knows of, and of the one that an earlier workbook added. */
function knownColumns(head: readonly SheetRow[], top: number, { columns, shifts }: ReadAs) {
  const reach = shifts?.at(-1) ?? 0
  const filled = columns.map(({ column }) => (columnNumber(column) ?? 0) + reach)
  let reasons: number | null = null
  for (const { row, cells } of head) {
    for (const [column, text] of Object.entries(cells)) {
      const number = columnNumber(column) ?? 0
      if (row >= top && text.trim() === reasonHeader) reasons = number
      else filled.push(number)
    }
  }
  return { filled, reasons }
}

function columnsOf(count: number, head: readonly SheetRow[], top: number, sheet: SheetStart, table: Table) {
  return Array.from({ length: count }, (_, at) => {
    const letter = columnName(at + 1)
    if (at + 1 === table.reasonsAt) return { width: 48 }
    const header = head.filter(({ row }) => row >= top).map(({ cells }) => cells[letter] ?? '')
    const longest = Math.max(0, ...header.flatMap((text) => text.split('\n')).map((text) => text.length))
    const hidden = sheet.hiddenColumns?.includes(letter) ?? false
    return { width: Math.min(24, Math.max(10, longest * 2 + 2)), ...(hidden ? { hidden } : {}) }
  })
}

function headRows(head: readonly SheetRow[], top: number, merges: readonly Range[], table: Table): LaidRow[] {
  const laid = new Map<number, Map<number, Cell>>()
  for (const { row, cells } of head) {
    const line = new Map<number, Cell>()
    for (const [column, text] of Object.entries(cells)) {
      const number = columnNumber(column) ?? 0
      const title = merges.some((range) => range.top === row && range.left === number && range.right > number)
      const style = row >= top ? 'header' : title && row === 1 ? 'title' : 'plain'
      if (number !== table.dropped) line.set(number - 1, { style, text })
    }
    laid.set(row, line)
  }
  const heading = laid.get(top) ?? new Map<number, Cell>()
  heading.set(table.reasonsAt - 1, { style: 'header', text: reasonHeader })
  laid.set(top, heading)
  return [...laid].map(([row, cells]) => ({ row, cells })).sort((a, b) => a.row - b.row)
}

function headMerges(merges: readonly Range[], top: number, bottom: number, { reasonsAt }: Table): string[] {
  const own = merges
    .filter((range) => range.bottom <= bottom && !(range.left <= reasonsAt && reasonsAt <= range.right))
    .map(({ left, top, right, bottom }) => `${columnName(left)}${top}:${columnName(right)}${bottom}`)
  const letter = columnName(reasonsAt)
  return bottom > top ? [...own, `${letter}${top}:${letter}${bottom}`] : own
}

/** Goes through the file's rows and the rows to mend at the same time. */
async function* laidRows(
  first: SheetRow | null,
  events: AsyncGenerator<ReadEvent>,
  rows: AsyncIterable<RowToMend>,
  table: Table,
): AsyncGenerator<ReadonlyMap<number, Cell>> {
  const bottom = table.read.headerRows.at(-1) ?? 0
  const spans = table.merges
    .filter((range) => range.top > bottom && range.left === range.right && range.bottom > range.top)
    .map((range) => ({ column: columnName(range.left), top: range.top, bottom: range.bottom }))
  const shifts = table.read.shifts ?? [0]
  const readers = shifts.map(
    (shift) =>
      new SpanReader(
        table.target,
        table.read.columns.map((column) => ({ ...column, column: shiftedBy(column.column, shift) })),
        spans,
      ),
  )
  const wanted = rows[Symbol.asyncIterator]()
  try {
    let next = await wanted.next()
    for (let source = first; source !== null && !next.done; source = await nextRow(events)) {
      for (const reader of readers) reader.fill(source)
      const meant: RowToMend[] = []
      while (!next.done && next.value.row <= source.row) {
        if (next.value.row === source.row) meant.push(next.value)
        next = await wanted.next()
      }
      if (meant.length > 0) yield lineOf(source, meant, table)
    }
  } finally {
    await wanted.return?.(undefined)
    await events.return(undefined)
  }
}

async function nextRow(events: AsyncGenerator<ReadEvent>): Promise<SheetRow | null> {
  for (;;) {
    const { value, done } = await events.next()
    if (done) return null
    if (value.kind === 'row') return value
  }
}

/** The cells of the tables that are to be mended; what stands beside them has been taken already. */
function lineOf(source: SheetRow, meant: readonly RowToMend[], table: Table): Map<number, Cell> {
  const line = new Map<number, Cell>()
  for (const mend of meant) {
    const [from, to] = boundsOf(mend.block, table.read)
    const letters = new Set([...Object.keys(source.cells), ...mend.cells.keys(), ...mend.typed.keys()])
    for (const letter of letters) {
      const number = columnNumber(letter) ?? 0
      if (number < from || number > to || number === table.dropped || number === table.reasonsAt) continue
      const text = mend.typed.get(letter) ?? textOf(source, letter)
      const reason = mend.cells.get(letter)
      const cell =
        reason === undefined ? plainCell(text, letter, mend.block, table) : wrongCell(text, reason, source, letter)
      if (cell) line.set(number - 1, cell)
    }
  }
  const reasons = meant.flatMap((mend) => mend.reasons)
  const text = `原表第 ${source.row} 行：${reasons.join('；')}`
  line.set(table.reasonsAt - 1, { style: 'text', text: text.slice(0, longestReasons) })
  return line
}

/** Columns of one of the tables side by side, from and to. */
function boundsOf(block: number, { columns, shifts = [0] }: ReadAs): [from: number, to: number] {
  const last = Math.max(...columns.map(({ column }) => columnNumber(column) ?? 0))
  const end = (at: number) => last + (shifts[at] ?? 0)
  return [block === 0 ? 1 : end(block - 1) + 1, block === shifts.length - 1 ? limits.columnNumber : end(block)]
}

function textOf(source: SheetRow, letter: string): string {
  const text = unmarked(source.cells[letter] ?? '')
  if (source.years?.includes(letter)) return text.slice(0, 4)
  return source.months?.includes(letter) ? text.slice(0, 7) : text
}

/** Figures stay figures; a number that only names something stays a text. */
function plainCell(text: string, letter: string, block: number, { target, read }: Table): Cell | null {
  if (text === '') return null
  const known = read.columns.find(({ column }) => shiftedBy(column, read.shifts?.[block] ?? 0) === letter)
  const field = target.fields.find(({ key }) => key === known?.field)
  const counts = field ? isFigure(field) : text.length <= 11
  if (counts && figure.test(text) && fitsNumber(text)) return { style: 'quantity', number: text }
  return { style: 'text', text }
}

function wrongCell(text: string, reason: string, source: SheetRow, letter: string): Cell {
  // An empty cell would be read as one that nobody filled in.
  const shown = text === '' && source.uncomputed?.includes(letter) ? '（公式没有结果）' : text
  if (shown.length + reason.length > limits.cellChars - 10) return { style: 'wrong', text: shown }
  return { style: 'wrong', text: marked(shown, reason) }
}

function shiftedBy(column: string, shift: number): string {
  return columnName((columnNumber(column) ?? 0) + shift)
}

const longestReasons = 2000
/** A number as a spreadsheet writes it: read back, it is the same text. */
const figure = /^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/
