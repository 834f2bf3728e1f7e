import { damaged } from '../../refused.ts'
import { limits } from '../limits.ts'
import type { Kind } from './cell-value.ts'
import { APOSTROPHE, EQUALS, follows, GT, incomplete, isSpace, QUOTE, SLASH } from './scan.ts'

/** An attribute by its places: its name from `name` to `nameEnd`, its value from `from` to `to`. */
type Attribute = { name: number; nameEnd: number; from: number; to: number }

// One object serves all tags: a ledger has millions of attributes.
const found: Attribute = { name: 0, nameEnd: 0, from: 0, to: 0 }

/** Finds the next attribute of a tag and returns the place behind it; that of the tag's end itself when none follows. */
function attributeAt(bytes: Buffer, start: number): number {
  const end = bytes.length
  let at = start
  let byte = bytes[at]
  while (byte === 32 || isSpace(byte)) byte = bytes[++at]
  if (byte === undefined) throw incomplete
  found.name = at
  if (byte === GT || byte === SLASH) {
    found.nameEnd = at
    return at
  }
  while (at < end && bytes[at] !== EQUALS) at++
  found.nameEnd = at
  do byte = bytes[++at]
  while (isSpace(byte))
  if (byte === undefined) throw incomplete
  if (byte !== QUOTE && byte !== APOSTROPHE) throw damaged('属性没有引号')
  found.from = ++at
  while (at < end && bytes[at] !== byte) at++
  if (at >= end) throw incomplete
  found.to = at
  while (isSpace(bytes[found.nameEnd - 1])) found.nameEnd--
  return at + 1
}

/** What the start tag of a cell says; one object serves all cells of a worksheet. */
export type CellTag = {
  /** From 1. */
  column: number
  kind: Kind
  style: number
  /** The cell is empty: its tag closes itself. */
  closed: boolean
}

const SPACE = 32
const R = 114
const S = 115
const T = 116
const I = 105
const B = 98
const E = 101
const D = 100
const inlineKind = Buffer.from('inlineStr"')

/**
 * Reads the attributes of a cell from behind its name on and returns the place behind the tag. A cell without a
 * reference stands right of the one before.
 */
export function readCellTag(bytes: Buffer, start: number, tag: CellTag, row: number): number {
  tag.column++
  tag.kind = 'number'
  tag.style = 0
  const usual = readUsual(bytes, start, tag)
  tag.closed = bytes[usual] === SLASH && bytes[usual + 1] === GT
  if (tag.closed) return usual + 2
  if (bytes[usual] === GT) return usual + 1
  let at = usual
  for (;;) {
    at = attributeAt(bytes, at)
    const { name, nameEnd } = found
    if (name === nameEnd) break
    if (nameEnd - name > 1) continue
    const letter = bytes[name]
    if (letter === R) tag.column = columnAt(bytes, found.from, found.to, row)
    else if (letter === S) tag.style = integer(bytes, found.from, found.to)
    else if (letter === T) tag.kind = kindOf(bytes, found.from, found.to)
  }
  tag.closed = bytes[at] === SLASH
  return endOfTag(bytes, at)
}

/**
 * Reads what nearly every writer puts into a cell's tag, in the order in which all of them do: r="AB12" s="3" t="s". What
 * comes otherwise is left to be read one by one, from the place that is returned.
 */
function readUsual(bytes: Buffer, start: number, tag: CellTag): number {
  let at = start
  if (bytes[at] !== SPACE || bytes[at + 1] !== R || bytes[at + 2] !== EQUALS || bytes[at + 3] !== QUOTE) return at
  let place = at + 4
  let column = 0
  let byte = bytes[place] ?? 0
  for (; byte > 64 && byte < 91; byte = bytes[++place] ?? 0) column = column * 26 + byte - 64
  if (column === 0 || place > at + 7) return at
  while (byte > 47 && byte < 58) byte = bytes[++place] ?? 0
  if (byte !== QUOTE) return at
  tag.column = column
  at = place + 1
  if (bytes[at] !== SPACE || bytes[at + 1] !== S || bytes[at + 2] !== EQUALS || bytes[at + 3] !== QUOTE) return at
  let style = 0
  place = at + 4
  for (byte = bytes[place] ?? 0; byte > 47 && byte < 58; byte = bytes[++place] ?? 0) style = style * 10 + byte - 48
  if (byte !== QUOTE) return at
  tag.style = style
  at = place + 1
  if (bytes[at] !== SPACE || bytes[at + 1] !== T || bytes[at + 2] !== EQUALS || bytes[at + 3] !== QUOTE) return at
  if (bytes[at + 4] === S && bytes[at + 5] === QUOTE) {
    tag.kind = 'shared'
    return at + 6
  }
  if (!follows(bytes, at + 4, inlineKind)) return at
  tag.kind = 'inline'
  return at + 4 + inlineKind.length
}

export type RowTag = { number: number; hidden: boolean; closed: boolean }

/** Reads the attributes of a row from behind its name on; a row without a number follows the one before. */
export function readRowTag(bytes: Buffer, start: number, tag: RowTag): number {
  let at = start
  tag.number++
  tag.hidden = false
  for (;;) {
    at = attributeAt(bytes, at)
    const { name, nameEnd } = found
    if (name === nameEnd) break
    if (nameEnd - name === 1 && bytes[name] === R) tag.number = integer(bytes, found.from, found.to)
    else if (nameEnd - name === 6 && bytes.toString('latin1', name, nameEnd) === 'hidden') {
      tag.hidden = ['1', 'true'].includes(bytes.toString('latin1', found.from, found.to))
    }
  }
  tag.closed = bytes[at] === SLASH
  if (!(tag.number >= 1 && tag.number <= limits.rowNumber)) throw damaged(`行号 ${tag.number} 超出工作表范围`)
  return endOfTag(bytes, at)
}

function endOfTag(bytes: Buffer, at: number): number {
  if (bytes[at] === GT) return at + 1
  if (bytes[at + 1] === GT) return at + 2
  if (at + 1 >= bytes.length) throw incomplete
  throw damaged('标记没有结束')
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

/** A whole number; NaN when it is none. */
function integer(bytes: Buffer, from: number, to: number): number {
  let number = from < to ? 0 : Number.NaN
  for (let at = from; at < to; at++) {
    const digit = (bytes[at] ?? 0) - 48
    number = digit >= 0 && digit <= 9 ? number * 10 + digit : Number.NaN
  }
  return number
}

/** The names differ in length, or in their only letter. */
function kindOf(bytes: Buffer, from: number, to: number): Kind {
  const first = bytes[from]
  if (to - from === 1)
    return first === S ? 'shared' : first === B ? 'boolean' : first === E ? 'error' : first === D ? 'date' : 'number'
  if (first !== S && first !== I) return 'number'
  const name = bytes.toString('latin1', from, to)
  return name === 'str' ? 'text' : name === 'inlineStr' ? 'inline' : 'number'
}
