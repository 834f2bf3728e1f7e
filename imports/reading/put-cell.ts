import { columnName } from './columns.ts'
import type { Cells, Found } from './events.ts'
import { checkCell } from './limits.ts'
import type { ScannedRow } from './xlsx/row-scanner.ts'

/** What is told of a cell besides its text. */
export type CellNote = 'errors' | 'rounded' | 'uncomputed' | 'months' | 'years'

/** A filled row whose cells may show only part of a date. */
export type PutRow = ScannedRow & { months?: string[]; years?: string[] }

/** Puts a cell into its row; of two cells in one place the later counts. Columns count from 1. */
export function putCell(row: PutRow, column: number, text: string, note?: CellNote): void {
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

/** The rows in their order; those that tell of months or years are no plain rows, and go as events. */
export function* handedOn(rows: readonly PutRow[]): Generator<Found> {
  let plain: PutRow[] = []
  for (const row of rows) {
    if (!row.months && !row.years) {
      plain.push(row)
      continue
    }
    if (plain.length > 0) yield plain
    plain = []
    const { columns, texts, ...told } = row
    const cells: Cells = {}
    for (const [at, text] of texts.entries()) cells[columnName(columns[at] ?? 0)] = text
    yield { kind: 'row', cells, ...told }
  }
  if (plain.length > 0) yield plain
}
