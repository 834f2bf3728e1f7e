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

export type FoundRow = ScannedRow | PackedRow

export const separator = '\u001f'

/** What a line of cells cannot hold: line breaks and the separators themselves among them. */
const special = /\n|\p{Cc}/u
/** Empty cells between two filled ones that are still written out. */
const widest = 64
const gaps = Array.from({ length: widest + 1 }, (_, gap) => separator.repeat(gap))

/** Puts a row together cell by cell: as a line as long as its cells are plain and in order, otherwise one by one. */
export class RowLine {
  #line = ''
  #column = 1
  #row: ScannedRow = { row: 0, columns: [], texts: [] }
  #plain = true
  #filled = false

  begin(row: number): void {
    this.#row = { row, columns: [], texts: [] }
    this.#line = ''
    this.#column = 1
    this.#plain = true
    this.#filled = false
  }

  put(column: number, text: string): void {
    this.#filled = true
    if (this.#plain) {
      const gap = column - this.#column
      if (gap >= 0 && gap <= widest && !special.test(text)) {
        this.#line += gap === 0 ? text : gaps[gap] + text
        this.#column = column
        return
      }
      this.#takeApart()
    }
    this.#row.columns.push(column)
    this.#row.texts.push(text)
  }

  tell(note: CellNote, column: number): void {
    this.#takeApart()
    this.#filled = true
    const row = this.#row
    row[note] = [...(row[note] ?? []), columnName(column)]
  }

  /** The row as it is handed on; null when nothing is in it. */
  end(hidden: boolean): FoundRow | null {
    if (!this.#filled) return null
    if (hidden) this.#takeApart()
    if (this.#plain) return { row: this.#row.row, line: this.#line }
    if (hidden) this.#row.hidden = true
    return this.#row
  }

  #takeApart(): void {
    if (!this.#plain) return
    this.#plain = false
    const row = this.#row
    for (const [at, text] of this.#line.split(separator).entries()) {
      if (text === '') continue
      row.columns.push(at + 1)
      row.texts.push(text)
    }
  }
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
export function handedOn(row: FoundRow): PackedRow | SheetRow {
  if ('line' in row) return row
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
