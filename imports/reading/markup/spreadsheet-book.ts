import { damaged } from '../../refused.ts'
import { columnName } from '../columns.ts'
import { limits, tooLarge } from '../limits.ts'
import { isRounded, type NumberFormat, shownPrecision } from '../number-format.ts'
import { type CellNote, putCell, type ScannedRow } from '../rows.ts'
import { attributeOf, decodeEntities, type MarkupReader, named } from './markup.ts'
import { namedFormat, valueText } from './spreadsheet-values.ts'

type Sheet = { name: string; hidden: boolean; merges: string[]; hiddenColumns: string[]; formulas: number }

const plain: NumberFormat = { kind: 'plain' }
const attributes = {
  id: named('[\\w.-]+:ID'),
  parent: named('[\\w.-]+:Parent'),
  format: named('[\\w.-]+:Format'),
  name: named('[\\w.-]+:Name'),
  index: named('[\\w.-]+:Index'),
  span: named('[\\w.-]+:Span'),
  hidden: named('[\\w.-]+:Hidden'),
  style: named('[\\w.-]+:StyleID'),
  across: named('[\\w.-]+:MergeAcross'),
  down: named('[\\w.-]+:MergeDown'),
  formula: named('[\\w.-]+:Formula'),
  type: named('[\\w.-]+:Type'),
}

/** Follows the elements of the workbook; rows are handed on as they end, each worksheet's number before them. */
export class SpreadsheetBook implements MarkupReader {
  readonly sheets: Sheet[] = []
  date1904: boolean
  readonly #found: (row: ScannedRow | number) => void
  readonly #formats = new Map<string, NumberFormat>()
  readonly #path: string[] = []
  #style = ''
  #row: ScannedRow | null = null
  #number = 0
  #column = 0
  #nextColumn = 0
  #tableColumn = 0
  /** Styles of cells that name none: the row's, then the column's. */
  #rowStyle: string | undefined
  readonly #columnStyles = new Map<number, string>()
  #cell: { style: string; formula: boolean; type: string; text: string | null } | null = null
  #collected: string | null = null

  constructor(found: (row: ScannedRow | number) => void, date1904 = false) {
    this.#found = found
    this.date1904 = date1904
  }

  check(): void {
    if (this.#path.length > 0) throw damaged(`${this.#path.at(-1)} 没有结束`)
  }

  opened(name: string, tag: string): void {
    const parent = this.#path.at(-1)
    this.#path.push(name)
    if (this.#path.length > 200) throw damaged('标记一层套一层')
    if (name === 'style' && parent === 'styles') this.#startStyle(tag)
    else if (name === 'numberformat' && parent === 'style') {
      const code = attributeOf(tag, attributes.format)
      if (code !== undefined) this.#formats.set(this.#style, namedFormat(code))
    } else if (name === 'worksheet') this.#startSheet(tag)
    else if (name === 'column' && parent === 'table') this.#startColumn(tag)
    else if (name === 'row' && parent === 'table') this.#startRow(tag)
    else if (name === 'cell' && parent === 'row') this.#startCell(tag)
    else if (name === 'data' && parent === 'cell' && this.#cell) {
      this.#cell.type = attributeOf(tag, attributes.type) ?? 'String'
      this.#cell.text = ''
    } else if (name === 'br' && this.#cell?.text) this.#cell.text += '\n'
    else if (name === 'date1904') this.date1904 = true
    else if (name === 'visible') this.#collected = ''
  }

  text(raw: string): void {
    if (this.#collected !== null) this.#collected += raw.slice(0, 100)
    const cell = this.#cell
    if (cell?.text === null || cell === null || !this.#path.includes('data') || this.#path.includes('comment')) return
    cell.text += raw
    if (cell.text.length > limits.cellChars * 16) throw tooLarge('一个单元格的内容过长')
  }

  closed(name: string): void {
    if (this.#path.at(-1) !== name) throw damaged(`${name} 没有成对`)
    this.#path.pop()
    if (name === 'cell') this.#endCell()
    else if (name === 'row' && this.#row) {
      if (this.#row.columns.length > 0 || this.#row.uncomputed) this.#found(this.#row)
      this.#row = null
    } else if (name === 'visible') {
      const sheet = this.sheets.at(-1)
      if (sheet && /hidden/i.test(this.#collected ?? '')) sheet.hidden = true
      this.#collected = null
    }
  }

  #startStyle(tag: string): void {
    this.#style = attributeOf(tag, attributes.id) ?? ''
    const parent = this.#formats.get(attributeOf(tag, attributes.parent) ?? 'Default')
    if (parent && this.#formats.size < 100_000) this.#formats.set(this.#style, parent)
  }

  #startSheet(tag: string): void {
    const name = attributeOf(tag, attributes.name) ?? `Sheet${this.sheets.length + 1}`
    if (this.sheets.length === limits.sheets) throw tooLarge(`工作表超出 ${limits.sheets} 张`)
    this.sheets.push({ name, hidden: false, merges: [], hiddenColumns: [], formulas: 0 })
    this.#number = 0
    this.#tableColumn = 0
    this.#columnStyles.clear()
    this.#found(this.sheets.length - 1)
  }

  #startColumn(tag: string): void {
    const first = countOf(tag, attributes.index, this.#tableColumn + 1)
    this.#tableColumn = first + countOf(tag, attributes.span, 0)
    const style = attributeOf(tag, attributes.style)
    const hidden = attributeOf(tag, attributes.hidden) === '1'
    if (!hidden && style === undefined) return
    for (let column = first; column <= Math.min(this.#tableColumn, limits.columnNumber); column++) {
      if (hidden) this.sheets.at(-1)?.hiddenColumns.push(columnName(column))
      if (style !== undefined) this.#columnStyles.set(column, style)
    }
  }

  #startRow(tag: string): void {
    const number = countOf(tag, attributes.index, this.#number + 1)
    if (number <= this.#number || number > limits.rowNumber) throw damaged(`行号 ${number} 超出工作表范围`)
    this.#number = number + countOf(tag, attributes.span, 0)
    this.#nextColumn = 1
    this.#rowStyle = attributeOf(tag, attributes.style)
    this.#row = { row: number, columns: [], texts: [] }
    if (attributeOf(tag, attributes.hidden) === '1') this.#row.hidden = true
  }

  #startCell(tag: string): void {
    this.#column = countOf(tag, attributes.index, this.#nextColumn)
    const across = countOf(tag, attributes.across, 0)
    const down = countOf(tag, attributes.down, 0)
    const row = this.#row?.row ?? 0
    if (this.#column < this.#nextColumn || this.#column + across > limits.columnNumber) {
      throw damaged(`第 ${row} 行有超出范围的列`)
    }
    this.#nextColumn = this.#column + across + 1
    const sheet = this.sheets.at(-1)
    const formula = attributeOf(tag, attributes.formula) !== undefined
    if (formula && sheet) sheet.formulas++
    if (across + down > 0 && sheet && sheet.merges.length < limits.merges) {
      sheet.merges.push(`${columnName(this.#column)}${row}:${columnName(this.#column + across)}${row + down}`)
    }
    const own = attributeOf(tag, attributes.style) ?? this.#rowStyle ?? this.#columnStyles.get(this.#column)
    this.#cell = { style: own ?? 'Default', formula, type: '', text: null }
  }

  #endCell(): void {
    const cell = this.#cell
    const row = this.#row
    this.#cell = null
    if (!cell || !row) return
    const raw = cell.text === null ? '' : decodeEntities(cell.text).replace(/\r\n?/g, '\n')
    if (raw === '') {
      if (cell.formula && cell.type !== 'String') putCell(row, this.#column, '', 'uncomputed')
      return
    }
    const format = this.#formats.get(cell.style) ?? this.#formats.get('Default') ?? plain
    const text = valueText(raw, cell.type, format, this.date1904)
    putCell(row, this.#column, text, noteOf(text, cell.type, format) ?? undefined)
  }
}

function noteOf(text: string, type: string, format: NumberFormat): CellNote | null {
  if (type === 'Error') return 'errors'
  if (type === 'Number' && isRounded(text)) return 'rounded'
  return type === 'Number' || type === 'DateTime' ? shownPrecision(text, format) : null
}

function countOf(tag: string, name: RegExp, otherwise: number): number {
  const given = attributeOf(tag, name)
  if (given === undefined) return otherwise
  if (!/^\d{1,8}$/.test(given)) throw damaged('行列的位置有误')
  return Number(given)
}
