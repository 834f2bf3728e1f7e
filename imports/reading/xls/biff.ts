import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { damaged } from '../../refused.ts'
import { columnName } from '../columns.ts'
import type { Found, ReadOptions, Report } from '../events.ts'
import { handedOn, type PutRow } from '../put-cell.ts'
import { readBook } from './biff-book.ts'
import { biffRows } from './biff-rows.ts'
import { openCompound, type Stream } from './ole.ts'

/** Rows that are handed on together. */
const batch = 256

/** Reads .xls and .et of every age: BIFF records, from Excel 95 on in a compound file, before that bare. */
export function* readBiff(path: string, options: ReadOptions, report: Report): Generator<Found> {
  const file = openSync(path, 'r')
  try {
    const { stream, storages } = workbookStream(file)
    const book = readBook(stream)
    yield { kind: 'container', container: 'xls' }
    yield* book.unread
    const names = [...storages]
    if (storages.has('_vba_project_cur') || storages.has('macros')) yield { kind: 'unread', what: 'macros', count: 1 }
    const embedded = names.filter((name) => name.startsWith('mbd')).length
    if (embedded > 0) yield { kind: 'unread', what: 'embeddings', count: embedded }
    for (const [index, sheet] of book.sheets.entries()) {
      const { name, hidden } = sheet
      if (options.worksheet !== undefined && name !== options.worksheet) continue
      const merges = (options.merges ? sheet.merges : []).map(
        ([top, bottom, left, right]) => `${columnName(left + 1)}${top + 1}:${columnName(right + 1)}${bottom + 1}`,
      )
      const hiddenColumns = sheet.hiddenColumns.map((column) => columnName(column + 1))
      yield { kind: 'sheet', index, name, hidden, merges, ...(hiddenColumns.length > 0 ? { hiddenColumns } : {}) }
      if (options.rows === 0) continue
      const tally = { formulas: 0, at: sheet.at }
      let filled = 0
      let rows: PutRow[] = []
      for (const row of biffRows(stream, book, sheet, tally)) {
        rows.push(row)
        if (++filled === options.rows) break
        if (rows.length < batch) continue
        yield* handedOn(rows)
        rows = []
        report(tally.at / stream.size)
      }
      yield* handedOn(rows)
      yield { kind: 'sheetEnd', formulas: tally.formulas }
    }
  } finally {
    closeSync(file)
  }
}

function workbookStream(file: number): { stream: Stream; storages: ReadonlySet<string> } {
  const start = Buffer.alloc(4)
  readSync(file, start, 0, 4, 0)
  if (start.readUInt32BE(0) !== 0xd0cf11e0) return { stream: bare(file), storages: new Set() }
  const { streams, storages } = openCompound(file)
  // A file saved for both generations holds both; the newer has everything.
  const stream = streams.get('workbook') ?? streams.get('book')
  if (!stream) throw damaged('不是完整的 .xls 表格')
  return { stream, storages }
}

function bare(file: number): Stream {
  return {
    size: fstatSync(file).size,
    *from(place) {
      for (let at = place; ; ) {
        const bytes = Buffer.alloc(1 << 17)
        const count = readSync(file, bytes, 0, bytes.length, at)
        if (count === 0) return
        yield bytes.subarray(0, count)
        at += count
      }
    },
  }
}
