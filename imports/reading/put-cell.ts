import { columnName } from './columns.ts'
import { checkCell } from './limits.ts'
import type { ScannedRow } from './xlsx/row-scanner.ts'

/** What is told of a cell besides its text. */
export type CellNote = 'errors' | 'rounded' | 'uncomputed'

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
