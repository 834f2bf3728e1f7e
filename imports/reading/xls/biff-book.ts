import { damaged } from '../../refused.ts'
import type { Unread, UnreadKind } from '../events.ts'
import { refused } from '../foreign.ts'
import { limits, tooLarge } from '../limits.ts'
import { builtInFormat, type NumberFormat, readFormat } from '../number-format.ts'
import { passworded } from '../xlsx/zip.ts'
import { BiffText, biffRecords, record } from './biff-records.ts'
import type { Stream } from './ole.ts'

export type BiffSheet = {
  name: string
  hidden: boolean
  /** Place of its records in the stream. */
  at: number
  hiddenColumns: number[]
  /** First and last row and column of each, from 0. */
  merges: [number, number, number, number][]
  /** Whether its cells come row by row, as Excel writes them. */
  ordered: boolean
}

export type BiffBook = {
  /** 2, 3, 4, 5 (also Excel 95) or 8. */
  version: number
  sheets: BiffSheet[]
  strings: string[]
  /** Number format by the style number of a cell; by the format number in version 2. */
  formats: NumberFormat[]
  date1904: boolean
  unread: Unread[]
  decode(bytes: Buffer): string
}

const versions: Record<number, number> = { 9: 2, 521: 3, 1033: 4 }
const holds = (types: readonly number[], type: number) => types.includes(type)

/** Reads what stands before the rows, and passes once over the worksheets for what stands behind them. */
export function readBook(stream: Stream): BiffBook {
  const book: BiffBook = {
    version: 0,
    sheets: [],
    strings: [],
    formats: [],
    date1904: false,
    unread: [],
    decode: decoder(null),
  }
  const codes = new Map<number, string>()
  const styles: number[] = []
  const counts = new Map<UnreadKind, number>()
  const count = (what: UnreadKind) => counts.set(what, (counts.get(what) ?? 0) + 1)
  const bound: { name: Buffer | string; at: number; state: number; type: number }[] = []
  let header: Buffer | null = null
  let ended = 0
  for (const { type, at, data, parts } of biffRecords(stream, 0)) {
    if (book.version === 0) {
      if (!holds(record.bof, type)) throw damaged('不是完整的 .xls 表格')
      if (data.length < 4) throw damaged('不是完整的 .xls 表格')
      const [version, content] = [data.readUInt16LE(0), data.readUInt16LE(2)]
      // Web pages write a bare worksheet without a version; its texts are bytes as those of Excel 95.
      const modern = version === 0x600 || (version !== 0x500 && content !== 0x10) ? 8 : 5
      book.version = versions[type] ?? modern
      // A bare worksheet of the first versions; in a workbook of several each has a header before it.
      if (content === 0x10 || (book.version < 5 && content !== 0x100)) {
        if (content !== 0x10) throw refused('macros')
        bound.push({ name: 'Sheet1', at, state: 0, type: 0 })
        continue
      }
    } else if (book.version === 4 && holds(record.bof, type) && header) {
      bound.push({ name: header, at, state: 0, type: data.readUInt16LE(2) === 0x10 ? 0 : 1 })
      header = null
    }
    if (type === record.filePass) throw passworded()
    else if (type === record.addIn) throw refused('addIn')
    else if (type === record.codePage && data.length > 1) book.decode = decoder(data.readUInt16LE(0))
    else if (type === record.date1904 && data.length > 1) book.date1904 = data.readUInt16LE(0) === 1
    else if (type === record.sheetHeader && data.length > 5) header = data.subarray(5, 5 + (data[4] ?? 0))
    else if (type === record.externalBook && data.length > 4) count('externalLinks')
    else if (type === record.strings) book.strings = readStrings(parts)
    else if (holds(record.format, type)) codes.set(...formatCode(data, type, book, codes.size))
    else if (holds(record.style, type)) styles.push(styleFormat(data, type))
    else if (type === record.boundSheet && data.length > 7) {
      if (bound.length === limits.sheets) throw tooLarge(`工作表超出 ${limits.sheets} 张`)
      const name =
        book.version < 8
          ? data.subarray(7, 7 + (data[6] ?? 0))
          : new BiffText([data], 8).characters(data[6] ?? 0, ((data[7] ?? 0) & 1) === 1)
      bound.push({ name, at: data.readUInt32LE(0), state: (data[4] ?? 0) & 3, type: data[5] ?? 0 })
    } else if (type === record.eof && book.version > 4 && ++ended === 1) break
  }
  if (book.version === 0) throw damaged('不是完整的 .xls 表格')
  for (const { name, at, state, type } of bound) {
    if (type !== 0) {
      count(type === 2 ? 'charts' : 'macros')
      continue
    }
    const sheet: BiffSheet = {
      name: typeof name === 'string' ? name : book.decode(name),
      hidden: state !== 0,
      at,
      hiddenColumns: [],
      merges: [],
      ordered: true,
    }
    survey(stream, sheet, count)
    book.sheets.push(sheet)
  }
  if (book.sheets.length === 0) throw refused('macros')
  const format = (number: number) => {
    const code = codes.get(number)
    return code === undefined ? builtInFormat(number) : readFormat(code)
  }
  book.formats = book.version === 2 ? [...codes.keys()].map(format) : styles.map(format)
  book.unread = [...counts].map(([what, many]) => ({ kind: 'unread', what, count: many }))
  return book
}

/** Lines, shapes, texts, pictures: not the charts, comments, buttons and arrows of filters that are objects as well. */
const drawn = new Set([1, 2, 3, 4, 6, 8, 9, 30])

/** Notes what else a worksheet has, and where a file that says so many rows ends too early. */
function survey(stream: Stream, sheet: BiffSheet, count: (what: UnreadKind) => void): void {
  let depth = 0
  let last = 0
  for (const { type, data } of biffRecords(stream, sheet.at)) {
    if (depth === 0 && !holds(record.bof, type)) break
    if (holds(record.bof, type)) {
      if (++depth > 1) count('charts')
    } else if (type === record.eof) {
      if (--depth === 0) return
    } else if (depth > 1) {
      // Cells of an embedded chart are its own.
    } else if (type === record.columns && data.length > 9 && ((data[8] ?? 0) & 1) === 1) {
      const [first, end] = [data.readUInt16LE(0), Math.min(data.readUInt16LE(2), 255)]
      // A range up to the last column hides what is empty.
      for (let column = first; column <= end; column++) sheet.hiddenColumns.push(column)
    } else if (type === record.merges && data.length > 1) {
      for (let at = 2; at + 8 <= data.length && sheet.merges.length < limits.merges; at += 8) {
        const [top, bottom] = [data.readUInt16LE(at), data.readUInt16LE(at + 2)]
        sheet.merges.push([top, bottom, data.readUInt16LE(at + 4), data.readUInt16LE(at + 6)])
      }
    } else if (type === record.object && data.length > 5 && drawn.has(data.readUInt16LE(4))) count('drawings')
    else if (type === record.note) count('comments')
    else if (type === record.validation) count('validations')
    else if (type === record.pivot) count('pivotTables')
    else if (isCell(type) && data.length > 1) {
      const row = data.readUInt16LE(0)
      if (row < last) sheet.ordered = false
      last = row
    }
  }
  throw damaged(`工作表「${sheet.name}」不完整`)
}

const cellTypes = new Set<number>([
  record.integer,
  ...record.number,
  ...record.label,
  record.richLabel,
  record.sharedLabel,
  record.compact,
  record.compacts,
  ...record.truth,
  ...record.formula,
])
export function isCell(type: number): boolean {
  return cellTypes.has(type)
}

function readStrings(parts: readonly Buffer[]): string[] {
  const strings: string[] = []
  const text = new BiffText(parts, 8)
  const counted = (parts[0]?.length ?? 0) < 8 ? 0 : (parts[0]?.readUInt32LE(4) ?? 0)
  let chars = 0
  while (text.more()) {
    const string = nextString(text, strings.length < counted)
    if (string === null) break
    chars += string.length
    if (strings.length === limits.sharedStrings || chars > limits.sharedChars) throw tooLarge('文字过多')
    strings.push(string)
  }
  return strings
}

/** Behind the strings that were counted may stand more, where a program counts wrongly, or mere filling. */
function nextString(text: BiffText, counted: boolean): string | null {
  try {
    return text.string()
  } catch (error) {
    if (counted) throw error
    return null
  }
}

function formatCode(data: Buffer, type: number, book: BiffBook, next: number): [number, string] {
  if (type === 0x1e) return [next, book.decode(data.subarray(1, 1 + (data[0] ?? 0)))]
  if (book.version < 5) return [next, book.decode(data.subarray(3, 3 + (data[2] ?? 0)))]
  const number = data.readUInt16LE(0)
  if (book.version < 8) return [number, book.decode(data.subarray(3, 3 + (data[2] ?? 0)))]
  return [number, new BiffText([data], 2).string()]
}

function styleFormat(data: Buffer, type: number): number {
  if (type === 0xe0) return data.readUInt16LE(2)
  return type === 0x43 ? (data[2] ?? 0) & 0x3f : (data[1] ?? 0)
}

/**
 * Texts before Excel 97 are bytes of the code page that the file names. Programs of this country write GBK and name
 * the page of Western Europe, or none: bytes that pair up as Chinese characters are taken as such.
 */
function decoder(codePage: number | null): (bytes: Buffer) => string {
  const named: Record<number, string> = {
    936: 'gb18030',
    950: 'big5',
    932: 'shift_jis',
    949: 'euc-kr',
    54936: 'gb18030',
    10008: 'gb18030',
    10002: 'big5',
    65001: 'utf-8',
  }
  const label = codePage === null ? undefined : named[codePage]
  const chinese = new TextDecoder('gb18030')
  const page = new TextDecoder(label ?? 'windows-1252')
  return (bytes) => {
    if (label !== undefined) return page.decode(bytes)
    const pairs = /^(?:[\p{ASCII}]|[¡-©°-÷][¡-þ])*$/u.test(bytes.toString('latin1'))
    return (pairs ? chinese : page).decode(bytes)
  }
}
