import { damaged } from '../../refused.ts'
import { columnName } from '../columns.ts'
import { checkCell, limits, tooLarge } from '../limits.ts'
import {
  type CellContext,
  isDay,
  isPlainFormat,
  isTidy,
  noteOf,
  sharedText,
  valueText,
  wholeText,
} from './cell-value.ts'
import type { RowBlock } from './row-block.ts'
import { elementText, plainRun, run, runText } from './runs.ts'
import { endsValue, follows, GT, isNamed, LT, nextTag, pastElement, pastMarked, SLASH, tagEnd, V } from './scan.ts'
import type { CellTag } from './tags.ts'
import { itemText, textOf } from './xml.ts'

const POINT = 46
const startOfInline = Buffer.from('<is>')
const endOfInline = Buffer.from('</is></c>')

/** The names of a worksheet's elements with their prefix. */
export type Names = ReturnType<typeof namesWith>

export function namesWith(prefix: string) {
  const name = (local: string) => Buffer.from(prefix + local)
  return { row: name('row'), c: name('c'), v: name('v'), f: name('f'), is: name('is'), sheetData: name('sheetData') }
}

/** Reads what stands in a cell, behind its start tag, and puts it into the row. */
export class CellReader {
  readonly #context: CellContext
  readonly #block: RowBlock
  readonly #names: Names
  readonly #prefixed: boolean
  /** The cell's start tag, as it was read last. */
  readonly tag: CellTag = { column: 0, kind: 'number', style: 0, closed: false }
  bytes: Buffer = Buffer.alloc(0)
  /** Number of the row, for what is told of it. */
  row = 0
  /** Cells whose text is the result of a formula. */
  formulas = 0

  constructor(context: CellContext, block: RowBlock, names: Names) {
    this.#context = context
    this.#block = block
    this.#names = names
    this.#prefixed = names.c.length > 1
  }

  /** Reads what a cell holds and returns the place behind it; most hold a bare value: <v>12</v></c>. */
  read(start: number): number {
    const { bytes } = this
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
    const { kind, style } = this.tag
    const context = this.#context
    if (odd + point === 0 && kind === 'shared') this.#keepShared(whole)
    else if (odd + point > 1 || odd > 0 || kind !== 'number' || to - from > 15) {
      this.#keep(valueText(textOf(bytes.toString('utf8', from, to)), kind, style, context))
    } else if (isPlainFormat(style, context) && isTidy(bytes, from, to, point > 0)) this.#keepBytes(bytes, from, to)
    else if (point > 0) this.#keep(valueText(bytes.toString('latin1', from, to), kind, style, context))
    else if (context.coarse.size === 0 && isDay(style, context)) this.#keepDay(wholeText(whole, style, context))
    else this.#keep(wholeText(whole, style, context))
    return behind
  }

  /** Reads a text that stands in its cell as one run, as most do: <is><t>村部</t></is></c>. */
  #readInline(start: number): number {
    const { bytes } = this
    const { kind } = this.tag
    if (this.#prefixed || kind !== 'inline' || !follows(bytes, start, startOfInline)) {
      return this.#readContent(start)
    }
    const behind = plainRun(bytes, start + startOfInline.length)
    if (behind < 0 || !follows(bytes, behind, endOfInline)) return this.#readContent(start)
    if (run.marked || run.chars > limits.cellChars) this.#keep(runText(bytes))
    else this.#keepBytes(bytes, run.from, run.to)
    return behind + endOfInline.length
  }

  /** Reads what a cell holds, whatever it is, and returns the place behind the cell. */
  #readContent(start: number): number {
    const { bytes } = this
    const names = this.#names
    const { kind, style, column } = this.tag
    let at = start
    let text = ''
    let formula = false
    for (;;) {
      const open = nextTag(bytes, at)
      const behind = pastMarked(bytes, open)
      if (behind > open) at = behind
      else if (bytes[open + 1] === SLASH) {
        if (!isNamed(bytes, open + 2, names.c)) throw damaged(`第 ${this.row} 行`)
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
    } else if (formula && kind !== 'text') this.#block.tell('uncomputed', column)
    return at
  }

  #keep(text: string): void {
    if (text === '') return
    const { column, kind, style } = this.tag
    this.#spend(3 * text.length)
    if (text.length > limits.cellChars) checkCell(text, columnName(column), this.row)
    this.#block.putText(column, text)
    const note = kind === 'number' || kind === 'error' ? noteOf(text, kind, style, this.#context) : null
    if (note !== null) this.#block.tell(note, column)
  }

  #keepBytes(bytes: Uint8Array, from: number, to: number): void {
    if (from === to) return
    this.#spend(to - from)
    this.#block.putBytes(this.tag.column, bytes, from, to)
  }

  #keepShared(place: number): void {
    const { strings } = this.#context
    const from = strings.start(place)
    const to = strings.end(place)
    if (to - from > limits.cellChars || !strings.isPlain(place)) this.#keep(sharedText(place, this.#context))
    else this.#keepBytes(strings.bytesOf(place), from, to)
  }

  #keepDay(text: string): void {
    this.#spend(text.length)
    this.#block.putAscii(this.tag.column, text)
  }

  #spend(bytes: number): void {
    const { spent } = this.#context
    spent.bytes += bytes
    if (this.tag.column > limits.wideColumn && ++spent.wide > limits.wideCells) {
      throw tooLarge(`第 ${limits.wideColumn} 列以后的内容超出 ${limits.wideCells / 1e4} 万个单元格`)
    }
  }
}
