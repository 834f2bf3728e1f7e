import { columnName } from './columns.ts'
import type { Cells, SheetRow } from './events.ts'
import { checkCell } from './limits.ts'

/** A filled row as it is found: columns from 1 beside the texts of their cells. */
export type ScannedRow = {
  row: number
  columns: number[]
  texts: string[]
  hidden?: true
  errors?: string[]
  rounded?: string[]
  uncomputed?: string[]
  months?: string[]
  years?: string[]
}

/** What is told of a cell besides its text. */
export type CellNote = 'errors' | 'rounded' | 'uncomputed' | 'months' | 'years'

/** A row about which nothing is out of the ordinary: the texts of its cells from column 1 on, joined by `separator`. */
export type PackedRow = { row: number; line: string }

export const separator = '\u001f'

/** What a line of cells cannot hold: line breaks and the separators themselves among them. */
const special = /\n|\p{Cc}/u
/** Empty cells between two filled ones that are still written out. */
export const widest = 64
const gaps = Array.from({ length: widest + 1 }, (_, gap) => separator.repeat(gap))

/** Whether a text may stand in a line of cells. */
export function isPlain(text: string): boolean {
  return !special.test(text)
}

/** Puts a cell into its row; of two cells in one place the later counts. Columns count from 1. */
export function putCell(row: ScannedRow, column: number, text: string, note?: CellNote): void {
  if (note !== undefined) {
    row[note] ??= []
    row[note].push(columnName(column))
  }
  if (text === '') return
  if (text.length > 255) checkCell(text, columnName(column), row.row)
  const last = row.columns.at(-1) ?? 0
  const at = column > last ? -1 : row.columns.indexOf(column)
  if (at >= 0) row.texts[at] = text
  else {
    row.columns.push(column)
    row.texts.push(text)
  }
}

/** ="00123" is how programs keep the zeros of a code in text that a spreadsheet opens; it shows 00123. */
export function unwrapped(text: string): string {
  return text.startsWith('="') && /^="[^"]*"$/.test(text) ? text.slice(2, -1) : text
}

/** A row in the form in which it costs least to hand on. */
export function handedOn(row: ScannedRow): PackedRow | SheetRow {
  const line = lineOf(row)
  if (line !== null) return { row: row.row, line }
  const { columns, texts, ...told } = row
  const cells: Cells = {}
  for (const [at, text] of texts.entries()) cells[columnName(columns[at] ?? 0)] = text
  return { kind: 'row', cells, ...told }
}

/** The cells of a row as a line; null when something about it is out of the ordinary. */
function lineOf(row: ScannedRow): string | null {
  if (row.hidden || row.errors || row.rounded || row.uncomputed || row.months || row.years) return null
  let line = ''
  let column = 1
  for (let at = 0; at < row.texts.length; at++) {
    const place = row.columns[at] ?? 0
    const text = row.texts[at] ?? ''
    const gap = place - column
    if (gap < 0 || gap > widest || special.test(text)) return null
    line += gap === 0 ? text : gaps[gap] + text
    column = place
  }
  return line
}
