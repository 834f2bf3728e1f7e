import { createReadStream } from 'node:fs'
import { ImportRefused } from '../refused.ts'
import { columnName } from './columns.ts'
import { empty } from './container.ts'
import { records, sniffDelimiter } from './csv-records.ts'
import type { Cells, Found, ReadOptions, Report } from './events.ts'
import { checkCell, limits, tooLarge } from './limits.ts'

/** Reads a text table as one worksheet whose row numbers are record numbers. */
export async function* readCsv(path: string, options: ReadOptions, _report: Report): AsyncGenerator<Found> {
  const encoding = await encodingOf(path)
  yield { kind: 'container', container: 'csv' }
  const name = 'csv'
  if (options.worksheet !== undefined && options.worksheet !== name) return
  yield { kind: 'sheet', index: 0, name, hidden: false, merges: [] }
  let number = 0
  let filled = 0
  let only: string | null = null
  for await (const record of records(sniffDelimiter(decoded(path, encoding)))) {
    number++
    const cells = cellsOf(record, number)
    if (!cells) continue
    only = filled === 0 && Object.keys(cells).length === 1 ? Object.values(cells).join() : null
    if (++filled > limits.rows) throw tooLarge(`超出 ${limits.rows} 行`)
    yield { kind: 'row', row: number, cells }
    if (filled === options.rows) return
  }
  if (filled === 0) throw empty()
  if (only !== null) throw notText()
}

function cellsOf(record: readonly string[], number: number): Cells | null {
  let cells: Cells | null = null
  for (let at = 0; at < record.length; at++) {
    const text = record[at]
    if (text === undefined || text === '') continue
    if (at >= limits.columnNumber) throw tooLarge(`第 ${number} 行超出 ${limits.columnNumber} 列`)
    cells ??= {}
    const name = columnName(at + 1)
    cells[name] = checkCell(text, name, number)
  }
  return cells
}

/** A byte order mark decides, then strict UTF-8, then GB18030, the superset of GBK and GB 2312. */
async function encodingOf(path: string): Promise<string> {
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let first = true
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      if (first) {
        first = false
        const marked = byMark(chunk)
        if (marked !== null) return marked
        if (chunk.some(isControl)) throw notText()
      }
      if (chunk.includes(0)) throw notText()
      utf8.decode(chunk, { stream: true })
    }
    utf8.decode()
    return 'utf-8'
  } catch (error) {
    if (error instanceof TypeError) return 'gb18030'
    throw error
  }
}

/** Encoding by byte order mark, or by the zero bytes that UTF-16 has in every delimiter and line break. */
function byMark(start: Buffer): string | null {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  const sample = start.subarray(0, 4000)
  let even = 0
  let odd = 0
  for (let at = 0; at < sample.length; at++) if (sample[at] === 0) at % 2 === 0 ? even++ : odd++
  if (odd > sample.length / 16 && even === 0) return 'utf-16le'
  if (even > sample.length / 16 && odd === 0) return 'utf-16be'
  return null
}

/** Control characters that no text holds; tab, line breaks, and the end mark of old programs are no such. */
function isControl(byte: number): boolean {
  return byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 26
}

function notText(): ImportRefused {
  return new ImportRefused('无法读取：这不是表格文件。请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。')
}

async function* decoded(path: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
      yield decoder.decode(chunk, { stream: true })
    }
    yield decoder.decode()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new ImportRefused(
      '文字编码不是 UTF-8，也不是 GB18030，无法读取。请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。',
    )
  }
}
