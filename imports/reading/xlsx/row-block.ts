import { columnName } from '../columns.ts'
import type { Lines } from '../events.ts'
import { type CellNote, isPlain, type ScannedRow, separator, widest } from '../rows.ts'

const SEPARATOR = separator.charCodeAt(0)
const LINE_END = 10
/** Bytes after which a block is handed on, and rows that may be missing between two of it. */
const enough = 48 * 1024
const mostMissing = 64

/**
 * Puts rows together as the lines that are sent. The characters of a cell are copied as they stand in the file: taking
 * them to a text and back costs more than everything else. A row about which something is out of the ordinary is taken
 * out of the block, cell by cell.
 */
export class RowBlock {
  #bytes = Buffer.allocUnsafe(2 * enough)
  /** End of what is written, and of the whole rows. */
  #end = 0
  #whole = 0
  #first = 0
  #row = 0
  #last = 0
  #count = 0
  #column = 1
  #filled = false
  #apart: ScannedRow | null = null

  /** Filled rows that wait to be handed on. */
  get count(): number {
    return this.#count
  }

  get full(): boolean {
    return this.#whole > enough
  }

  /** Whether a row of this number can follow those that wait. */
  follows(row: number): boolean {
    return this.#count === 0 || (row > this.#last && row - this.#last <= mostMissing)
  }

  begin(row: number): void {
    this.#end = this.#whole
    this.#row = row
    this.#column = 1
    this.#filled = false
    this.#apart = null
    if (this.#count > 0) this.#fill(LINE_END, row - this.#last)
  }

  /** Puts a cell whose characters stand in `from` to `to`; none of them is a control character. */
  putBytes(column: number, bytes: Uint8Array, from: number, to: number): void {
    if (!this.#next(column)) {
      this.putText(column, Buffer.from(bytes.subarray(from, to)).toString())
      return
    }
    this.#need(to - from)
    const own = this.#bytes
    let end = this.#end
    for (let at = from; at < to; at++) own[end++] = bytes[at] ?? 0
    this.#end = end
  }

  /** Puts a cell of ASCII characters that are no control characters. */
  putAscii(column: number, text: string): void {
    if (!this.#next(column)) {
      this.putText(column, text)
      return
    }
    this.#need(text.length)
    const own = this.#bytes
    let end = this.#end
    for (let at = 0; at < text.length; at++) own[end++] = text.charCodeAt(at)
    this.#end = end
  }

  putText(column: number, text: string): void {
    this.#filled = true
    if (isPlain(text) && this.#next(column)) {
      this.#need(text.length * 3)
      this.#end += this.#bytes.write(text, this.#end)
      return
    }
    const row = this.#takeApart()
    row.columns.push(column)
    row.texts.push(text)
  }

  tell(note: CellNote, column: number): void {
    this.#filled = true
    const row = this.#takeApart()
    row[note] = [...(row[note] ?? []), columnName(column)]
  }

  /** Ends a row; what is told of it goes apart, and comes behind the block that waits. */
  end(hidden: boolean): ScannedRow | null {
    if (!this.#filled) {
      this.#end = this.#whole
      return null
    }
    const apart = hidden ? this.#takeApart() : this.#apart
    if (apart) {
      if (hidden) apart.hidden = true
      return apart
    }
    if (this.#count === 0) this.#first = this.#row
    this.#last = this.#row
    this.#whole = this.#end
    this.#count++
    return null
  }

  /** Hands on the rows that wait and begins anew: they are there until the next row begins. */
  take(): Lines {
    const text = this.#bytes.subarray(0, this.#whole)
    const lines: Lines = { kind: 'lines', first: this.#first, delimiter: separator, text, rows: this.#count }
    this.#whole = 0
    this.#end = 0
    this.#count = 0
    return lines
  }

  /** Moves on to a column; false when it cannot stand in the line. */
  #next(column: number): boolean {
    const gap = column - this.#column
    if (this.#apart || gap < 0 || gap > widest) return false
    this.#filled = true
    if (gap > 0) this.#fill(SEPARATOR, gap)
    this.#column = column
    return true
  }

  #fill(byte: number, times: number): void {
    this.#need(times)
    for (let left = times; left > 0; left--) this.#bytes[this.#end++] = byte
  }

  #need(more: number): void {
    if (this.#end + more <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(2 * (this.#end + more))
    this.#bytes.copy(larger, 0, 0, this.#end)
    this.#bytes = larger
  }

  #takeApart(): ScannedRow {
    if (this.#apart) return this.#apart
    const row: ScannedRow = { row: this.#row, columns: [], texts: [] }
    const line = this.#bytes.toString('utf8', this.#whole, this.#end).replace(/^\n+/, '')
    for (const [at, text] of line.split(separator).entries()) {
      if (text === '') continue
      row.columns.push(at + 1)
      row.texts.push(text)
    }
    this.#end = this.#whole
    this.#apart = row
    return row
  }
}
