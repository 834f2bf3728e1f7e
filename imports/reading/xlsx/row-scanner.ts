import { damaged } from '../../refused.ts'
import { columnName } from '../columns.ts'
import { checkCell, limits, tooLarge } from '../limits.ts'
import { type FoundRow, RowLine } from '../rows.ts'
import { type CellContext, noteOf, sharedText, valueText, wholeText } from './cell-value.ts'
import { elementText, plainRun } from './runs.ts'
import {
  C,
  endsName,
  endsValue,
  follows,
  GT,
  incomplete,
  isNamed,
  LT,
  nextTag,
  pastElement,
  pastMarked,
  SLASH,
  tagEnd,
  V,
} from './scan.ts'
import { type CellTag, type RowTag, readCellTag, readRowTag } from './tags.ts'
import { itemText, textOf } from './xml.ts'

const POINT = 46
const startOfInline = Buffer.from('<is>')
const endOfInline = Buffer.from('</is></c>')

function namesWith(prefix: string) {
  const name = (local: string) => Buffer.from(prefix + local)
  return { row: name('row'), c: name('c'), v: name('v'), f: name('f'), is: name('is'), sheetData: name('sheetData') }
}

/**
 * Reads the rows of a worksheet from its bytes, cell by cell in one pass: taking the part to text and every cell out of
 * it again costs several times as much. A row that the bytes do not hold to its end waits for the next piece.
 */
export class RowScanner {
  readonly #context: CellContext
  readonly #prefixed: boolean
  readonly #names: ReturnType<typeof namesWith>
  readonly #rowTag: RowTag = { number: 0, hidden: false, closed: false }
  readonly #tag: CellTag = { column: 0, kind: 'number', style: 0, closed: false }
  readonly #line = new RowLine()
  #bytes: Buffer
  #at = 0
  #elements = 0
  /** Number of the last row, filled or not. */
  lastRow = 0
  /** The rows are over: what is left stands behind them. */
  ended = false
  /** Cells whose text is the result of a formula. */
  formulas = 0

  /** `bytes` begin behind the start tag of the rows; `prefix` is that of the worksheet's elements, with its colon. */
  constructor(bytes: Buffer, prefix: string, context: CellContext) {
    this.#bytes = bytes
    this.#context = context
    this.#prefixed = prefix !== ''
    this.#names = namesWith(prefix)
  }

  /** Bytes that have not become anything yet. */
  get rest(): Buffer {
    return this.#bytes.subarray(this.#at)
  }

  push(piece: Buffer): void {
    const rest = this.rest
    if (rest.length > limits.rowBytes) throw tooLarge(`第 ${this.lastRow + 1} 行的内容过长`)
    this.#bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece
    this.#at = 0
  }

  /** The next filled row; null when the bytes hold no more whole ones. */
  next(): FoundRow | null {
    while (!this.ended) {
      const { formulas } = this
      const { cells, wide, chars } = this.#context.spent
      try {
        const row = this.#readRow()
        if (row !== null) return row
      } catch (error) {
        if (error !== incomplete) throw error
        // What there is of the row is read again when more has come.
        this.formulas = formulas
        Object.assign(this.#context.spent, { cells, wide, chars })
        return null
      }
    }
    return null
  }

  /** Reads on to behind one row, or whatever stands between rows; null when nothing is filled. */
  #readRow(): FoundRow | null {
    const bytes = this.#bytes
    const open = nextTag(bytes, this.#at)
    const behind = pastMarked(bytes, open)
    if (behind > open) {
      this.#at = behind
      return null
    }
    if (bytes[open + 1] === SLASH) {
      if (!isNamed(bytes, open + 2, this.#names.sheetData)) throw damaged(`第 ${this.lastRow} 行之后的结构有误`)
      this.#at = tagEnd(bytes, open)
      this.ended = true
      return null
    }
    if (!isNamed(bytes, open + 1, this.#names.row)) {
      this.#at = pastElement(bytes, open)
      return null
    }
    const tag = this.#rowTag
    tag.number = this.lastRow
    const start = readRowTag(bytes, open + 1 + this.#names.row.length, tag)
    const line = this.#line
    line.begin(tag.number)
    this.#at = tag.closed ? start : this.#readCells(start)
    this.lastRow = tag.number
    // Empty ones count as well: nothing else bounds how many of them a file may hold.
    if (++this.#elements > limits.rowNumber) throw tooLarge(`一张工作表超出 ${limits.rowNumber} 行`)
    return line.end(tag.hidden)
  }

  /** Reads the cells of a row and returns the place behind it. */
  #readCells(start: number): number {
    const bytes = this.#bytes
    const end = bytes.length
    const tag = this.#tag
    const { number } = this.#rowTag
    const { spent } = this.#context
    const most = spent.cells + limits.columnNumber
    const mostText = spent.chars + limits.rowText
    const skip = 1 + this.#names.c.length
    tag.column = 0
    let at = start
    for (;;) {
      while (at < end && bytes[at] !== LT) at++
      const next = bytes[at + 1]
      if (next === undefined) throw incomplete
      if (next === SLASH) {
        if (!isNamed(bytes, at + 2, this.#names.row)) throw damaged(`第 ${number} 行`)
        return tagEnd(bytes, at)
      }
      if (this.#prefixed || next !== C ? !isNamed(bytes, at + 1, this.#names.c) : !endsName(bytes[at + 2])) {
        const behind = pastMarked(bytes, at)
        at = behind > at ? behind : pastElement(bytes, at)
        continue
      }
      at = readCellTag(bytes, at + skip, tag, number)
      if (tag.column > limits.columnNumber) throw damaged(`第 ${number} 行有超出范围的列`)
      if (++spent.cells > most) throw damaged(`第 ${number} 行的单元格过多`)
      if (spent.cells > limits.cells) throw tooLarge(`单元格超出 ${limits.cells / 1e4} 万个`)
      if (!tag.closed) at = this.#readValue(at)
      if (spent.chars > mostText) throw tooLarge(`第 ${number} 行的文字超出 ${limits.rowText} 个字`)
    }
  }

  /** Reads what a cell holds and returns the place behind it; most hold a bare value: <v>12</v></c>. */
  #readValue(start: number): number {
    const bytes = this.#bytes
    if (this.#prefixed || bytes[start] !== LT || bytes[start + 2] !== GT || bytes[start + 1] !== V) {
      return this.#readInline(start)
    }
    const from = start + 3
    let to = from
    let whole = 0
    let odd = 0
    let point = 0
    let byte = bytes[to]
    for (; byte !== undefined && byte !== LT; byte = bytes[++to]) {
      if (byte > 47 && byte < 58) whole = whole * 10 + byte - 48
      else if (byte === POINT) point++
      else odd++
    }
    if (!endsValue(bytes, to)) return this.#readContent(start)
    const behind = to + 8
    if (to === from) return behind
    const { kind, style } = this.#tag
    if (odd + point === 0 && kind === 'shared') this.#keep(sharedText(whole, this.#context))
    else if (odd + point > 0 || kind !== 'number' || to - from > 15) {
      this.#keep(valueText(textOf(bytes.toString('utf8', from, to)), kind, style, this.#context))
    } else this.#keep(wholeText(whole, style, this.#context))
    return behind
  }

  /** Reads a text that stands in its cell as one run, as most do: <is><t>村部</t></is></c>. */
  #readInline(start: number): number {
    const bytes = this.#bytes
    const { kind } = this.#tag
    if (this.#prefixed || kind !== 'inline' || !follows(bytes, start, startOfInline)) {
      return this.#readContent(start)
    }
    const run = plainRun(bytes, start + startOfInline.length)
    if (run === null || !follows(bytes, run.behind, endOfInline)) return this.#readContent(start)
    this.#keep(run.text)
    return run.behind + endOfInline.length
  }

  /** Reads what a cell holds, whatever it is, and returns the place behind the cell. */
  #readContent(start: number): number {
    const bytes = this.#bytes
    const names = this.#names
    const { kind, style, column } = this.#tag
    let at = start
    let text = ''
    let formula = false
    for (;;) {
      const open = nextTag(bytes, at)
      const behind = pastMarked(bytes, open)
      if (behind > open) at = behind
      else if (bytes[open + 1] === SLASH) {
        if (!isNamed(bytes, open + 2, names.c)) throw damaged(`第 ${this.#rowTag.number} 行`)
        at = tagEnd(bytes, open)
        break
      } else if (isNamed(bytes, open + 1, names.v)) {
        const found = elementText(bytes, open, names.v)
        if (found.text !== '') text = valueText(textOf(found.text), kind, style, this.#context)
        at = found.behind
      } else if (isNamed(bytes, open + 1, names.is)) {
        at = pastElement(bytes, open)
        if (kind === 'inline') text = itemText(bytes.toString('utf8', tagEnd(bytes, open), at))
      } else {
        if (isNamed(bytes, open + 1, names.f)) formula = true
        at = pastElement(bytes, open)
      }
    }
    if (text !== '') {
      this.#keep(text)
      if (formula) this.formulas++
    } else if (formula && kind !== 'text') this.#line.tell('uncomputed', column)
    return at
  }

  #keep(text: string): void {
    if (text === '') return
    const { column, kind, style } = this.#tag
    const { spent } = this.#context
    spent.chars += text.length
    if (column > limits.wideColumn && ++spent.wide > limits.wideCells) {
      throw tooLarge(`第 ${limits.wideColumn} 列以后的内容超出 ${limits.wideCells / 1e4} 万个单元格`)
    }
    if (text.length > limits.cellChars) checkCell(text, columnName(column), this.#rowTag.number)
    this.#line.put(column, text)
    const note = kind === 'number' || kind === 'error' ? noteOf(text, kind, style, this.#context) : null
    if (note !== null) this.#line.tell(note, column)
  }
}
