import { columnName } from '../columns.ts'
import { limits, tooLarge } from '../limits.ts'
import { decimalText, isRounded } from '../number-format.ts'
import { putCell, type ScannedRow, unwrapped } from '../rows.ts'
import { attributeOf, decodeEntities, type MarkupReader, named } from './markup.ts'

export type Table = {
  number: number
  row: number
  column: number
  /** Per column the last row that a cell from above covers. */
  covered: number[]
  current: ScannedRow | null
  cell: Cell | null
  merges: string[]
  columns: number
  hiddenColumns: string[]
  /** The line before the table that says its unit; it is the first row. */
  lead: string
  /** The only cell so far of a table within a cell: should it stay the only one, it is text of that cell. */
  lone: ScannedRow | null
  told: boolean
}
type Cell = { tag: string; text: string; column: number }

const attributes = {
  colspan: named('colspan'),
  rowspan: named('rowspan'),
  span: named('span'),
  style: named('style'),
  /** The number behind what a cell shows, as Excel and LibreOffice write it. */
  number: named('x:num|sdval'),
  formula: named('x:fmla'),
}
/** Where a line breaks; no character data can hold it. */
const lineBreak = '<br>'
const breaks = new Set(['br', 'p', 'div', 'li', 'center', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'])
/** What browsers take at most. */
const mostColumns = 1000
const mostRows = 65_534

/** Text before a table that is looked at; the line that says its unit stands close to it. */
const outsideChars = 2000

/** Follows the tables of a page; a table of several cells inside a cell is a table of its own, and no text of that cell. */
export class HtmlTables implements MarkupReader {
  readonly #closed: (table: Table) => void
  readonly #row: (table: Table, row: ScannedRow) => void
  readonly #open: Table[] = []
  readonly #formulas = new Map<number, number>()
  #count = 0
  #outside = ''

  constructor(closed: (table: Table) => void, row: (table: Table, row: ScannedRow) => void) {
    this.#closed = closed
    this.#row = row
  }

  isOpen(number: number): boolean {
    return this.#open.some((table) => table.number === number)
  }

  formulas(number: number): number {
    return this.#formulas.get(number) ?? 0
  }

  opened(name: string, tag: string): void {
    if (name === 'table') {
      if (this.#open.length === 100) throw tooLarge('表格一层套一层，超出 100 层')
      const lead = this.#open.length === 0 ? unitLine(this.#outside) : ''
      this.#outside = ''
      this.#open.push({
        number: this.#count++,
        row: lead === '' ? 0 : 1,
        column: 0,
        covered: [],
        current: null,
        cell: null,
        merges: [],
        columns: 0,
        hiddenColumns: [],
        lead,
        lone: null,
        told: false,
      })
      return
    }
    const table = this.#open.at(-1)
    if (!table) {
      if (breaks.has(name)) this.#before(lineBreak)
    } else if (name === 'tr' || name === 'caption') {
      this.#endRow(table)
      this.#startRow(table, tag)
      if (name === 'caption') this.#startCell(table, tag)
    } else if (name === 'td' || name === 'th') this.#startCell(table, tag)
    else if (name === 'col') this.#column(table, tag)
    else if (table.cell && breaks.has(name)) table.cell.text += lineBreak
  }

  closed(name: string): void {
    const table = this.#open.at(-1)
    if (!table) {
      if (breaks.has(name)) this.#before(lineBreak)
    } else if (name === 'table') {
      this.#endRow(table)
      this.#open.pop()
      this.#joinLone(table)
      this.#closed(table)
    } else if (name === 'tr' || name === 'caption') this.#endRow(table)
    else if (name === 'td' || name === 'th') this.#endCell(table)
    else if (table.cell && name !== 'br' && breaks.has(name)) table.cell.text += lineBreak
  }

  text(raw: string): void {
    if (this.#open.length === 0) this.#before(raw)
    const cell = this.#open.at(-1)?.cell
    if (!cell) return
    cell.text += raw
    // Blanks and entities take more characters than they come to.
    if (cell.text.length > limits.cellChars * 16) throw tooLarge('一个单元格的内容过长')
  }

  #before(raw: string): void {
    this.#outside += raw
    if (this.#outside.length > outsideChars * 2) this.#outside = this.#outside.slice(-outsideChars)
  }

  /** A page that stops early ends its tables. */
  end(): void {
    while (this.#open.length > 0) this.closed('table')
  }

  #startRow(table: Table, tag: string): void {
    table.row++
    table.column = 0
    if (table.row > limits.rowNumber) throw tooLarge(`超出 ${limits.rowNumber} 行`)
    table.current = { row: table.row, columns: [], texts: [] }
    if (/display\s*:\s*none/i.test(attributeOf(tag, attributes.style) ?? '')) table.current.hidden = true
  }

  #startCell(table: Table, tag: string): void {
    this.#endCell(table)
    if (!table.current) this.#startRow(table, '')
    while ((table.covered[table.column] ?? 0) >= table.row) table.column++
    const wide = spanOf(tag, attributes.colspan, mostColumns)
    const high = spanOf(tag, attributes.rowspan, mostRows)
    const first = table.column
    if (first + wide > limits.columnNumber) throw tooLarge(`超出 ${limits.columnNumber} 列`)
    table.cell = { tag, text: '', column: first }
    table.column += wide
    if (wide === 1 && high === 1) return
    while (table.covered.length < first) table.covered.push(0)
    for (let column = first; high > 1 && column < table.column; column++) table.covered[column] = table.row + high - 1
    if (table.merges.length < limits.merges) {
      const end = `${columnName(table.column)}${table.row + high - 1}`
      table.merges.push(`${columnName(first + 1)}${table.row}:${end}`)
    }
  }

  #endCell(table: Table): void {
    const { cell, current } = table
    table.cell = null
    if (!cell || !current) return
    const shown = cellText(cell.text)
    const number = attributeOf(cell.tag, attributes.number)
    if (attributeOf(cell.tag, attributes.formula) !== undefined)
      this.#formulas.set(table.number, this.formulas(table.number) + 1)
    const text = number === undefined ? unwrapped(shown) : exactText(shown, number)
    const rounded = text !== '' && number !== undefined && isRounded(text)
    putCell(current, cell.column + 1, text, rounded ? 'rounded' : undefined)
  }

  #endRow(table: Table): void {
    this.#endCell(table)
    const { current } = table
    table.current = null
    if (!current || current.columns.length === 0) return
    const alone = current.columns.length === 1 && !current.hidden
    if (this.#open.length > 1 && alone && !table.told && table.lone === null) table.lone = current
    else this.#tell(table, current)
  }

  #tell(table: Table, row: ScannedRow | null): void {
    if (table.lead !== '') this.#row(table, { row: 1, columns: [1], texts: [table.lead] })
    if (table.lone) this.#row(table, table.lone)
    table.lead = ''
    table.lone = null
    table.told = true
    if (row) this.#row(table, row)
  }

  #joinLone(table: Table): void {
    if (table.lone === null) return
    if (!this.#open.at(-1)?.cell) {
      this.#tell(table, null)
      return
    }
    const raw = (table.lone.texts[0] ?? '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\n', lineBreak)
    this.text(lineBreak + raw + lineBreak)
  }

  #column(table: Table, tag: string): void {
    const first = table.columns
    table.columns += spanOf(tag, attributes.span, mostColumns)
    if (!/display\s*:\s*none/i.test(attributeOf(tag, attributes.style) ?? '')) return
    for (let column = first; column < Math.min(table.columns, limits.columnNumber); column++) {
      table.hiddenColumns.push(columnName(column + 1))
    }
  }
}

function spanOf(tag: string, name: RegExp, most: number): number {
  const value = Number(attributeOf(tag, name) ?? 1)
  return Number.isInteger(value) && value > 1 ? Math.min(value, most) : 1
}

/** Text as a browser shows it: blanks and line ends of the source are one blank, breaks are line ends. */
function cellText(raw: string): string {
  const lines = raw.split(lineBreak).map((line) =>
    decodeEntities(line.replace(/[ \t\r\n\f]+/g, ' '))
      .replaceAll('\u00a0', ' ')
      .trim(),
  )
  return lines.filter((line) => line !== '').join('\n')
}

/** The last line that says in what the figures of the table below it are: 单位：万元. */
function unitLine(raw: string): string {
  const lines = cellText(raw).split('\n')
  return lines.findLast((line) => line.length <= 200 && /单位\s*[:：]/.test(line)) ?? ''
}

/** The number behind a shown one, which may be rounded or have lost digits; dates and leading zeros stay as shown. */
function exactText(shown: string, number: string): string {
  const value = Number(number)
  if (number.trim() === '' || !Number.isFinite(value)) return shown
  if (/^-?0\d/.test(shown) || !/^-?[\d,]+(?:\.\d*)?(?:E[+-]?\d+)?$|^#+$/i.test(shown)) return shown
  return decimalText(value)
}
