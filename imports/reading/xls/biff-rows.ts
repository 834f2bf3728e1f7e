import { damaged } from '../../refused.ts'
import { isRounded, numberText, shownPrecision } from '../number-format.ts'
import { type CellNote, putCell, type ScannedRow } from '../rows.ts'
import { type BiffBook, type BiffSheet, isCell } from './biff-book.ts'
import { type BiffRecord, BiffText, biffRecords, record } from './biff-records.ts'
import type { Stream } from './ole.ts'

const errors: Record<number, string> = {
  0: '#NULL!',
  7: '#DIV/0!',
  15: '#VALUE!',
  23: '#REF!',
  29: '#NAME?',
  36: '#NUM!',
  42: '#N/A',
}
const plain = { kind: 'plain' } as const
/** These formats end at column IV. */
const mostColumns = 256

/** Told while a worksheet is read: formulas so far, and the place in the stream. */
export type Tally = { formulas: number; at: number }

type Value = { text: string; note?: CellNote }

/** The filled rows of a worksheet in their order. */
export function* biffRows(stream: Stream, book: BiffBook, sheet: BiffSheet, tally: Tally): Generator<ScannedRow> {
  const hidden = new Set<number>()
  let row: ScannedRow = { row: 0, columns: [], texts: [] }
  const all = new Map<number, ScannedRow>()
  const done = (one: ScannedRow) => {
    if (hidden.has(one.row)) one.hidden = true
    return one
  }
  for (const [number, column, value] of cellsOf(stream, book, sheet, hidden, tally)) {
    if (number !== row.row) {
      if (sheet.ordered && row.row > 0) yield done(row)
      row = (sheet.ordered ? undefined : all.get(number)) ?? { row: number, columns: [], texts: [] }
      if (!sheet.ordered) all.set(number, row)
    }
    putCell(row, column + 1, value.text, value.note)
  }
  if (sheet.ordered) {
    if (row.row > 0) yield done(row)
    return
  }
  for (const number of [...all.keys()].sort((a, b) => a - b)) {
    const one = all.get(number)
    if (one) yield done(one)
  }
}

/** Row from 1, column from 0 and value of every cell that is not empty, in file order. */
function* cellsOf(
  stream: Stream,
  book: BiffBook,
  sheet: BiffSheet,
  hidden: Set<number>,
  tally: Tally,
): Generator<[number, number, Value]> {
  let depth = 0
  let pending: [number, number] | null = null
  for (const one of biffRecords(stream, sheet.at)) {
    const { type, data } = one
    tally.at = one.at
    if ((record.bof as readonly number[]).includes(type)) depth++
    else if (type === record.eof) {
      if (--depth === 0) break
    } else if (depth > 1) continue
    else if (type === 0x208 && data.length > 12) {
      if ((data[12] ?? 0) & 0x20) hidden.add(data.readUInt16LE(0) + 1)
    } else if (pending && (type === 0x07 || type === 0x207)) {
      yield [...pending, { text: lines(textOf(one, 0, book)) }]
      pending = null
    } else if (isCell(type)) {
      if (data.length < 6) throw damaged('单元格不完整')
      if (pending) yield [...pending, { text: '', note: 'uncomputed' }]
      pending = null
      const row = data.readUInt16LE(0) + 1
      const column = data.readUInt16LE(2)
      if (column >= mostColumns) throw damaged(`第 ${row} 行有超出范围的列`)
      if (type === record.compacts) {
        for (let at = 4, place = column; at + 8 <= data.length; at += 6, place++) {
          yield [row, place, numberOf(compact(data, at + 2), data.readUInt16LE(at), book)]
        }
        continue
      }
      const formula = type === 0x06 || type === 0x206 || type === 0x406
      if (formula) tally.formulas++
      const value = valueIn(one, book, formula)
      if (value === null) pending = [row, column]
      else if (value.text !== '') yield [row, column, value]
    }
  }
  if (pending) yield [...pending, { text: '', note: 'uncomputed' }]
}

/** The value of a cell record; null where a formula's text stands in a record behind it. */
function valueIn(one: BiffRecord, book: BiffBook, formula: boolean): Value | null {
  const { type, data } = one
  // The records of Excel 2, which some programs put into later workbooks too: three bytes instead of a style number.
  const old = type < 0x06 || (type === 0x06 && book.version === 2)
  const at = old ? 7 : 6
  const style = old ? (data[5] ?? 0) & 0x3f : data.readUInt16LE(4)
  if (type === record.sharedLabel) {
    const text = data.length < 10 ? undefined : book.strings[data.readUInt32LE(6)]
    if (text === undefined) throw damaged('单元格指向不存在的文字')
    return { text: lines(text) }
  }
  if (type === 0x04 || type === 0x204 || type === record.richLabel) return { text: lines(textOf(one, at, book)) }
  if (data.length < at + 2) throw damaged('单元格不完整')
  if (type === record.integer) return numberOf(data.readUInt16LE(at), style, book)
  if (type === record.compact) return numberOf(compact(data, 6), style, book)
  if (type === 0x05 || type === 0x205) return truth(data[at] ?? 0, data[at + 1] === 1)
  if (data.length < at + 8) throw damaged('单元格不完整')
  if (formula && data.readUInt16LE(at + 6) === 0xffff) {
    const kind = data[at] ?? 0
    if (kind === 0) return null
    return kind === 3 ? { text: '' } : truth(data[at + 2] ?? 0, kind === 2)
  }
  return numberOf(data.readDoubleLE(at), style, book)
}

function truth(code: number, isError: boolean): Value {
  if (isError) return { text: errors[code] ?? '#N/A', note: 'errors' }
  return { text: code === 0 ? 'FALSE' : 'TRUE' }
}

function numberOf(value: number, style: number, book: BiffBook): Value {
  if (!Number.isFinite(value)) return { text: '#NUM!', note: 'errors' }
  const format = book.formats[style] ?? plain
  const text = numberText(value, format, book.date1904)
  const note = isRounded(text) ? 'rounded' : shownPrecision(text, format)
  return note === null ? { text } : { text, note }
}

/** A number in four bytes: a whole number or the first half of a float, either of them perhaps in hundredths. */
function compact(data: Buffer, at: number): number {
  const bits = data.readInt32LE(at)
  let value = bits >> 2
  if ((bits & 2) === 0) {
    const float = Buffer.alloc(8)
    float.writeInt32LE(bits & ~3, 4)
    value = float.readDoubleLE(0)
  }
  return bits & 1 ? value / 100 : value
}

function textOf({ type, data, parts }: BiffRecord, at: number, book: BiffBook): string {
  if (book.version === 8 && type !== 0x04 && type !== 0x07) return new BiffText(parts, at).string()
  const bytes = parts.length > 1 ? Buffer.concat(parts) : data
  const short = type === 0x04 || type === 0x07
  const from = at + (short ? 1 : 2)
  if (bytes.length < from) throw damaged('文字不完整')
  const length = short ? (bytes[at] ?? 0) : bytes.readUInt16LE(at)
  if (bytes.length < from + length) throw damaged('文字不完整')
  return book.decode(bytes.subarray(from, from + length))
}

function lines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}
