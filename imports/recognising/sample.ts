import { columnNumber, parseRange, type Range } from '../reading/columns.ts'
import type { SheetRow, SheetStart } from '../reading/events.ts'

/** The first rows of a worksheet, enough to find its header. */
export type Sample = {
  sheet: SheetStart
  rows: SheetRow[]
  merges: Range[]
  /** Numbers of the columns that hold something. */
  columns: Set<number>
  /** Columns that only tell what was wrong with the rows; null in a file that is no workbook of wrong rows. */
  reasons: string[] | null
}

export function newSample(sheet: SheetStart): Sample {
  const merges = sheet.merges.map(parseRange).filter((range) => range !== null)
  return { sheet, rows: [], merges, columns: new Set(), reasons: null }
}

export function columnsOf(row: SheetRow): string[] {
  const filled: string[] = []
  for (const column in row.cells) if (row.cells[column]?.trim() !== '') filled.push(column)
  return filled
}

/** Numbers of a row's filled columns; leaves a plain row as short as it came. */
export function* filledColumns(row: SheetRow): Generator<number> {
  if (row.texts) for (const [at, text] of row.texts.entries()) if (text.trim() !== '') yield at + 1
  if (!row.texts) for (const column of columnsOf(row)) yield columnNumber(column) ?? 0
}

/** A merge of several columns that starts in this row at this column. */
export function wideMerge(sample: Sample, row: number, column: string): Range | undefined {
  const number = columnNumber(column)
  return sample.merges.find((merge) => merge.top === row && merge.left === number && merge.right > merge.left)
}

export function isFigureText(text: string): boolean {
  return /^[-+¥￥]?\d[\d,.]*(?:%|元|万元|亩|㎡|平方米)?$/.test(text.normalize('NFKC').trim())
}
