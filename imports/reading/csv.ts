import { createReadStream } from 'node:fs'
import { columnName } from './columns.ts'
import { empty } from './container.ts'
import { records, sniffDelimiter } from './csv-records.ts'
import { encodingOf, notText, undecodable } from './encoding.ts'
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

async function* decoded(path: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
      yield decoder.decode(chunk, { stream: true })
    }
    yield decoder.decode()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw undecodable()
  }
}
