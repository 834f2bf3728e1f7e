import { choiceLabel } from '../sheets/fields.ts'
import type { Column, SheetRow } from '../sheets/sheet.ts'
import type { Style } from './styles.ts'

/** What one cell shows: a text, an exact decimal, a formula with the figure or text it results in, or nothing. */
export type Cell = { style: Style } & (
  | { text: string }
  | { number: string }
  | { formula: string; result: string }
  | { formula: string; shown: string }
  | { blank: true }
)

/** Spreadsheets keep 15 significant digits; longer figures are written as text so that none is lost. */
export function fitsNumber(value: string): boolean {
  if (!/^-?\d+(\.\d+)?$/.test(value)) return false
  if (value.length <= 15) return true
  const digits = value.includes('.') ? value.replace(/0+$/, '') : value
  return digits.replace(/[-.]/g, '').replace(/^0+/, '').length <= 15
}

/** A row's value as this column prints it. */
export function printCell(column: Column, row: SheetRow, serial: number): Cell {
  const style = styles[column.kind]
  if (column.kind === 'serial') return { style, number: String(serial) }
  const value = row[column.key]
  if (value === null || value === undefined || value === '') return { style, blank: true }
  switch (column.kind) {
    case 'money':
    case 'area':
    case 'quantity':
    case 'integer':
      return fitsNumber(value) ? { style, number: value } : { style: 'longNumber', text: value }
    case 'tick':
      return column.ticks === value ? { style, text: '√' } : { style, blank: true }
    case 'choice':
      return { style, text: choiceLabel(column.choices, value) }
    case 'date':
      return { style, text: printDate(value) }
    default:
      return { style, text: value }
  }
}

/** A cell to be filled in, formatted for what belongs there. */
export function emptyCell(column: Column): Cell {
  return { style: styles[column.kind], blank: true }
}

/** '2018' → 2018, '2018-03' → 2018年3月, '2018-03-01' → 2018年3月1日; anything else stays as it was written. */
export function printDate(value: string): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(value) ?? []
  if (year === undefined || month === undefined) return value
  return `${year}年${Number(month)}月${day === undefined ? '' : `${Number(day)}日`}`
}

const styles: Record<Column['kind'], Style> = {
  serial: 'count',
  text: 'text',
  longText: 'text',
  money: 'money',
  area: 'money',
  quantity: 'quantity',
  integer: 'count',
  date: 'centred',
  choice: 'centred',
  tick: 'centred',
  unit: 'text',
  division: 'text',
}
