import { damaged } from '../../refused.ts'
import type { Lines } from '../events.ts'
import { limits, tooLarge } from '../limits.ts'
import type { ScannedRow } from '../rows.ts'
import { CellReader, type Names, namesWith } from './cell-reader.ts'
import type { CellContext } from './cell-value.ts'
import { Joined } from './joined.ts'
import { RowBlock } from './row-block.ts'
import { C, endsName, incomplete, isNamed, LT, nextTag, pastElement, pastMarked, SLASH, tagEnd } from './scan.ts'
import { type RowTag, readCellTag, readRowTag } from './tags.ts'

/**
 * Reads the rows of a worksheet from its bytes, cell by cell in one pass: taking the part to text and every cell out of
 * it again costs several times as much. A row that the bytes do not hold to its end waits for the next piece.
 */
export class RowScanner {
  readonly #context: CellContext
  readonly #prefixed: boolean
  readonly #names: Names
  readonly #rowTag: RowTag = { number: 0, hidden: false, closed: false }
  readonly #block = new RowBlock()
  /** A row out of the ordinary that comes behind the block before it. */
  #apart: ScannedRow | null = null
  #left: number
  #bytes: Buffer
  readonly #joined = new Joined()
  #at = 0
  #elements = 0
  /** Number of the last row, filled or not. */
  lastRow = 0
  /** The rows are over: what is left stands behind them. */
  ended = false
  readonly #cells: CellReader

  /**
   * `bytes` begin behind the start tag of the rows; `prefix` is that of the worksheet's elements, with its colon; `most`
   * is how many filled rows are wanted.
   */
  constructor(bytes: Buffer, prefix: string, context: CellContext, most = Number.POSITIVE_INFINITY) {
    this.#left = most
    this.#bytes = bytes
    this.#context = context
    this.#prefixed = prefix !== ''
    this.#names = namesWith(prefix)
    this.#cells = new CellReader(context, this.#block, this.#names)
  }

  /** Cells whose text is the result of a formula. */
  get formulas(): number {
    return this.#cells.formulas
  }

  /** Bytes that have not become anything yet. */
  get rest(): Buffer {
    return this.#bytes.subarray(this.#at)
  }

  push(piece: Buffer): void {
    const { rest } = this
    if (rest.length > limits.rowBytes) throw tooLarge(`第 ${this.lastRow + 1} 行的内容过长`)
    this.#bytes = this.#joined.join(rest, piece)
    this.#at = 0
  }

  /** The next filled rows; null when the bytes hold no more whole ones, or no more are wanted. */
  next(): ScannedRow | Lines | null {
    const found = this.#left > 0 ? this.#find() : null
    if (found !== null) this.#left -= 'kind' in found ? (found.rows ?? 1) : 1
    return found
  }

  #find(): ScannedRow | Lines | null {
    const apart = this.#apart
    this.#apart = null
    if (apart) return apart
    while (!this.ended) {
      const { formulas } = this.#cells
      const { cells, wide, bytes } = this.#context.spent
      try {
        const found = this.#readRow()
        if (found !== null) return found
      } catch (error) {
        if (error !== incomplete) throw error
        // What there is of the row is read again when more has come.
        this.#cells.formulas = formulas
        Object.assign(this.#context.spent, { cells, wide, bytes })
        break
      }
    }
    return this.#block.count > 0 ? this.#block.take() : null
  }

  /** Reads on to behind one row, or whatever stands between rows; null while there is nothing to hand on. */
  #readRow(): ScannedRow | Lines | null {
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
    const block = this.#block
    if (!block.follows(tag.number)) return block.take()
    block.begin(tag.number)
    this.#at = tag.closed ? start : this.#readCells(start)
    this.lastRow = tag.number
    // Empty ones count as well: nothing else bounds how many of them a file may hold.
    if (++this.#elements > limits.rowNumber) throw tooLarge(`一张工作表超出 ${limits.rowNumber} 行`)
    const apart = block.end(tag.hidden)
    if (block.count === 0) return apart
    this.#apart = apart
    return apart || block.full || block.count >= this.#left ? block.take() : null
  }

  /** Reads the cells of a row and returns the place behind it. */
  #readCells(start: number): number {
    const bytes = this.#bytes
    const end = bytes.length
    const reader = this.#cells
    const { tag } = reader
    const { number } = this.#rowTag
    reader.bytes = bytes
    reader.row = number
    const { spent } = this.#context
    const most = spent.cells + limits.columnNumber
    const mostBytes = spent.bytes + 3 * limits.rowText
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
      if (!tag.closed) at = reader.read(at)
      if (spent.bytes > mostBytes) throw tooLarge(`第 ${number} 行的文字超出 ${limits.rowText} 个字`)
    }
  }
}
