import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { StringDecoder } from 'node:string_decoder'
import { columnName } from '../columns.ts'
import { empty } from '../container.ts'
import type { Found, ReadOptions, Report } from '../events.ts'
import { checkCell, limits, tooLarge } from '../limits.ts'
import { type ScannedRow, unwrapped } from '../rows.ts'
import { RecordReader, sniff } from './csv-records.ts'
import { type Encoding, encodingOf, notText, undecodable } from './encoding.ts'

const pieceBytes = 64 * 1024
/** Text in which delimiter and line end are looked for. */
const sniffChars = 64 * 1024

/**
 * Reads a text table as one worksheet whose row numbers are record numbers. Pieces without a quote are handed on as they
 * stand, to be split where they are wanted; only records with quotes are taken apart here.
 */
export async function* readCsv(path: string, options: ReadOptions, report: Report): AsyncGenerator<Found> {
  const encoding = await encodingOf(path)
  yield { kind: 'container', container: 'csv' }
  const name = 'csv'
  if (options.worksheet !== undefined && options.worksheet !== name) return
  yield { kind: 'sheet', index: 0, name, hidden: false, merges: [] }
  const pieces = decoded(path, encoding, report)
  let start = ''
  let next = await pieces.next()
  while (!next.done && start.length < sniffChars) {
    start += next.value
    next = await pieces.next()
  }
  const sniffed = sniff(start)
  const reader = new RecordReader(sniffed)
  let left = options.rows ?? Number.POSITIVE_INFINITY
  const found = function* (last: boolean): Generator<Found> {
    // Rows to be counted are taken one by one; otherwise whole pieces do.
    for (const part of reader.take(last, Number.isFinite(left))) {
      if (part.kind === 'lines') yield part
      else {
        const row = rowOf(part.fields, part.number)
        if (row === null || left === 0) continue
        left--
        yield [row]
      }
    }
  }
  reader.push(sniffed.text)
  yield* found(false)
  while (!next.done && left > 0) {
    reader.push(next.value)
    yield* found(false)
    next = await pieces.next()
  }
  if (left > 0) yield* found(true)
  await pieces.return(undefined)
  if (reader.filled === 0) throw empty()
  if (reader.filled === 1 && reader.cells === 1) throw notText()
  yield { kind: 'sheetEnd', formulas: 0 }
}

function rowOf(fields: readonly string[], number: number): ScannedRow | null {
  const row: ScannedRow = { row: number, columns: [], texts: [] }
  for (let at = 0; at < fields.length; at++) {
    const text = unwrapped(fields[at] ?? '')
    if (text === '') continue
    if (at >= limits.columnNumber) throw tooLarge(`第 ${number} 行超出 ${limits.columnNumber} 列`)
    row.columns.push(at + 1)
    row.texts.push(text.length > limits.cellChars ? checkCell(text, columnName(at + 1), number) : text)
  }
  return row.texts.length > 0 ? row : null
}

/** Old programs end a text with this character. */
const endMark = '\u001a'

/** The text of a file; UTF-8 has been checked by whoever told the encoding. */
async function* decoded(path: string, encoding: Encoding, report: Report): AsyncGenerator<string> {
  const { size } = await stat(path)
  const decoder =
    encoding === 'utf-8' ? new StringDecoder('utf8') : new FatalDecoder(new TextDecoder(encoding, { fatal: true }))
  let read = 0
  for await (const piece of createReadStream(path, { highWaterMark: pieceBytes }) as AsyncIterable<Buffer>) {
    const text = decoder.write(piece)
    const from = read === 0 && text.startsWith('\ufeff') ? 1 : 0
    read += piece.length
    yield text.slice(from, read === size && text.endsWith(endMark) ? -1 : undefined)
    report(read / size)
  }
  yield decoder.end()
}

class FatalDecoder {
  readonly #decoder: TextDecoder

  constructor(decoder: TextDecoder) {
    this.#decoder = decoder
  }

  write(piece: Buffer): string {
    try {
      return this.#decoder.decode(piece, { stream: true })
    } catch {
      throw undecodable()
    }
  }

  end(): string {
    try {
      return this.#decoder.decode()
    } catch {
      throw undecodable()
    }
  }
}
