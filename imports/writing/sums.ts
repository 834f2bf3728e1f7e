import type { Column, Sheet, SheetRow } from '../sheets/sheet.ts'
import type { Cell } from './cells.ts'
import { fitsNumber } from './cells.ts'
import type { Style } from './styles.ts'
import { columnLetters } from './xml.ts'

/** Lines of a section that are sums of others of it, all counted from 1: { 1: [2, 9] }. */
export type SumLines = Readonly<Record<number, readonly number[]>>

/** A line of figures among all lines of its section, which are few enough to be held. */
export type Place = { line: number; rows: readonly SheetRow[]; adds: SumLines; firstRow: number }

/**
 * The cells of a line with its sums as formulas: across where its column adds others, down where the line does. The
 * results are what stands in the row, so that a program that does not reckon shows them too; a figure that a SUM could
 * not give the same stays a figure.
 */
export function withSums(cells: readonly Cell[], sheet: Sheet, { line, rows, adds, firstRow }: Place): Cell[] {
  const down = adds[line]
  return sheet.columns.map((column, index) => {
    const cell = cells[index] ?? { style: 'text', blank: true }
    const shown = down === undefined ? cell : { ...cell, style: strong[cell.style] ?? cell.style }
    if (!('number' in shown) || column.kind === 'serial') return shown
    const parts = partsOf(column, sheet, { line, rows, adds, firstRow }, index)
    if (parts.length === 0 || parts.some(({ value }) => !summable(value))) return shown
    return {
      style: shown.style,
      formula: `SUM(${parts.map(({ reference }) => reference).join(',')})`,
      result: shown.number,
    }
  })
}

type Summand = { reference: string; value: string | null | undefined }

function partsOf(column: Column, sheet: Sheet, { line, rows, adds, firstRow }: Place, index: number): Summand[] {
  if (column.adds !== undefined) {
    return column.adds.map((key) => ({
      reference: `${columnLetters(sheet.columns.findIndex((other) => other.key === key))}${firstRow + line - 1}`,
      value: rows[line - 1]?.[key],
    }))
  }
  return (adds[line] ?? []).map((other) => ({
    reference: `${columnLetters(index)}${firstRow + other - 1}`,
    value: rows[other - 1]?.[column.key],
  }))
}

function summable(value: string | null | undefined): boolean {
  return value === null || value === undefined || fitsNumber(value)
}

const strong: Partial<Record<Style, Style>> = {
  text: 'section',
  count: 'totalCount',
  money: 'totalMoney',
  quantity: 'totalQuantity',
  longNumber: 'totalLong',
}
