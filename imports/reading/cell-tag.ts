import { damaged } from '../refused.ts'
import type { Kind } from './cell-value.ts'
import { limits } from './limits.ts'
import { APOSTROPHE, EQUALS, GT, incomplete, isSpace, QUOTE, SLASH } from './scan.ts'

/** What the start tag of a cell says; one object serves all cells of a worksheet. */
export type CellTag = {
  /** From 1. */
  column: number
  kind: Kind
  style: number
  /** The cell is empty: its tag closes itself. */
  closed: boolean
}

const R = 114
const S = 115
const T = 116

/**
 * Reads the attributes of a cell from behind its name on and returns the place behind the tag. A cell without a
 * reference stands right of the one before.
 */
export function readCellTag(bytes: Buffer, start: number, tag: CellTag, row: number): number {
  const end = bytes.length
  let at = start
  tag.column++
  tag.kind = 'number'
  tag.style = 0
  tag.closed = false
  for (;;) {
    const byte = bytes[at]
    if (byte === undefined) throw incomplete
    if (byte === GT) break
    if (byte === SLASH) {
      tag.closed = true
      at++
      continue
    }
    if (isSpace(byte)) {
      at++
      continue
    }
    const name = at
    while (at < end && bytes[at] !== EQUALS) at++
    const quote = quoteAt(bytes, at + 1)
    const from = quote + 1
    const mark = bytes[quote]
    at = from
    while (at < end && bytes[at] !== mark) at++
    if (at >= end) throw incomplete
    const next = bytes[name + 1]
    if (next === EQUALS || isSpace(next)) {
      if (byte === R) tag.column = columnAt(bytes, from, at, row)
      else if (byte === S) tag.style = integer(bytes, from, at)
      else if (byte === T) tag.kind = kindOf(bytes.toString('latin1', from, at))
    }
    at++
  }
  if (tag.column > limits.columnNumber) throw damaged(`第 ${row} 行有超出范围的列`)
  return at + 1
}

/** Place of the quote that opens an attribute's value. */
function quoteAt(bytes: Buffer, at: number): number {
  let place = at
  while (isSpace(bytes[place])) place++
  const byte = bytes[place]
  if (byte === undefined) throw incomplete
  if (byte !== QUOTE && byte !== APOSTROPHE) throw damaged('属性没有引号')
  return place
}

/** Column of a reference such as AB12. */
function columnAt(bytes: Buffer, from: number, to: number, row: number): number {
  let column = 0
  for (let at = from; at < to; at++) {
    const letter = (bytes[at] ?? 0) - 64
    if (letter < 1 || letter > 26) break
    column = column * 26 + letter
    if (column > limits.columnNumber) throw damaged(`第 ${row} 行有超出范围的列`)
  }
  if (column === 0) throw damaged(`第 ${row} 行有认不出的单元格位置`)
  return column
}

function integer(bytes: Buffer, from: number, to: number): number {
  let number = 0
  for (let at = from; at < to; at++) number = number * 10 + (bytes[at] ?? 48) - 48
  return number
}

function kindOf(type: string): Kind {
  switch (type) {
    case 's':
      return 'shared'
    case 'str':
      return 'text'
    case 'inlineStr':
      return 'inline'
    case 'b':
      return 'boolean'
    case 'e':
      return 'error'
    case 'd':
      return 'date'
    default:
      return 'number'
  }
}
