import { ImportRefused } from '../../refused.ts'
import type { Lines } from '../events.ts'
import { frameEnd } from '../frames.ts'
import { limits, tooLarge } from '../limits.ts'

/** How a text table is cut, and the text to be read from its beginning. */
export type Sniffed = { delimiter: string; lineEnd: string; text: string }

const candidates = [',', '\t', ';', '|', '，']

/** Finds delimiter and line end in the beginning of a text; a line that declares the delimiter counts as a record. */
export function sniff(start: string): Sniffed {
  const declared = /^sep=(.)\r?\n/i.exec(start)
  return {
    delimiter: declared?.[1] ?? guess(start),
    lineEnd: !start.includes('\n') && start.includes('\r') ? '\r' : '\n',
    text: declared ? `\n${start.slice(declared[0].length)}` : start,
  }
}

/** The delimiter that splits most lines into the same number of parts, at least two; quoted parts do not count. */
function guess(start: string): string {
  const lines = start
    .replace(/"[^"]*"/g, '')
    .split(/\r?\n|\r/)
    .filter((line) => line.trim() !== '')
    .slice(0, 50)
  let best = { delimiter: ',', score: 0 }
  for (const delimiter of candidates) {
    const counts = new Map<number, number>()
    for (const line of lines) {
      const parts = line.split(delimiter).length
      if (parts > 1) counts.set(parts, (counts.get(parts) ?? 0) + 1)
    }
    for (const [parts, times] of counts) {
      const score = times * 100 + parts
      if (score > best.score) best = { delimiter, score }
    }
  }
  return best.delimiter
}

export type Record = { kind: 'record'; number: number; fields: string[] }

/** Text without a quote shorter than this is taken record by record as well. */
const shortLines = 4096

/** Splits a text that comes piece by piece; quotes may hold delimiters, line breaks and doubled quotes. */
export class RecordReader {
  readonly #delimiter: string
  readonly #lineEnd: string
  #text = ''
  #at = 0
  #number = 0
  #nextDelimiter = -1
  #nextEnd = -1
  /** A record that is not there to its end is looked at again when the text has doubled: else each piece would be a pass over it. */
  #enough = 0
  /** Records that hold something, counted up to two, and the cells of the first of them. */
  filled = 0
  cells = 0

  constructor({ delimiter, lineEnd }: Pick<Sniffed, 'delimiter' | 'lineEnd'>) {
    this.#delimiter = delimiter
    this.#lineEnd = lineEnd
  }

  push(piece: string): void {
    const rest = this.#text.slice(this.#at)
    if (rest.length > limits.rowBytes) {
      throw rest.includes('"') ? openQuote(this.#number + 1) : tooLarge('一行的内容过长')
    }
    this.#text = rest + piece
    this.#at = 0
    this.#nextDelimiter = -1
    this.#nextEnd = -1
  }

  /** Takes all records that are there; `last` when nothing more will come, `single` for records and no lines. */
  *take(last: boolean, single: boolean): Generator<Record | Lines> {
    if (last && this.#at < this.#text.length && !this.#text.endsWith(this.#lineEnd)) this.push(this.#lineEnd)
    if (!last && this.#text.length < this.#enough) return
    for (;;) {
      const lines = single || this.filled < 2 ? null : this.#lines()
      if (lines !== null) yield lines
      const fields = this.#record()
      if (fields === null) break
      this.#number++
      this.#count(fields)
      yield { kind: 'record', number: this.#number, fields }
    }
    this.#enough = 2 * (this.#text.length - this.#at)
    if (last && this.#at < this.#text.length) throw openQuote(this.#number + 1)
  }

  /** The lines up to the one with the next quote, when they are worth it and no cell of them can be too long. */
  #lines(): Lines | null {
    const text = this.#text
    const quote = text.indexOf('"', this.#at)
    const end = quote < 0 ? text.lastIndexOf(this.#lineEnd) : text.lastIndexOf(this.#lineEnd, quote)
    if (end - this.#at < shortLines) return null
    let count = 0
    for (let from = this.#at; from <= end; count++) {
      const to = text.indexOf(this.#lineEnd, from)
      if (to - from > limits.columnNumber) return null
      from = to + 1
    }
    const block = plainEnds(text.slice(this.#at, end), this.#lineEnd)
    if (block.includes(frameEnd)) return null
    const first = this.#number + 1
    this.#number += count
    this.#at = end + 1
    return { kind: 'lines', first, delimiter: this.#delimiter, text: block }
  }

  /** Fields of the next record; null when the text does not hold it to its end. */
  #record(): string[] | null {
    const text = this.#text
    const fields: string[] = []
    let at = this.#at
    for (;;) {
      let field = ''
      if (text[at] === '"') {
        const close = closingQuote(text, at)
        if (close < 0) return null
        field = text
          .slice(at + 1, close)
          .replaceAll('""', '"')
          .replace(/\r\n?/g, '\n')
        at = close + 1
      }
      const end = this.#endFrom(at)
      if (end < 0) return null
      const delimiter = this.#delimiterFrom(at)
      const inLine = delimiter >= 0 && delimiter < end
      const tail = text.slice(at, inLine ? delimiter : end)
      fields.push(field + (!inLine && tail.endsWith('\r') ? tail.slice(0, -1) : tail))
      if (inLine) at = delimiter + 1
      else {
        this.#at = end + 1
        return fields
      }
    }
  }

  // Each place is looked for once: a file without delimiters would be searched to its end for every record.
  #endFrom(at: number): number {
    if (this.#nextEnd < at) this.#nextEnd = placeOf(this.#text, this.#lineEnd, at)
    return this.#nextEnd === Number.POSITIVE_INFINITY ? -1 : this.#nextEnd
  }

  #delimiterFrom(at: number): number {
    if (this.#nextDelimiter < at) this.#nextDelimiter = placeOf(this.#text, this.#delimiter, at)
    return this.#nextDelimiter === Number.POSITIVE_INFINITY ? -1 : this.#nextDelimiter
  }

  #count(fields: readonly string[]): void {
    if (this.filled === 2) return
    const cells = fields.filter((field) => field !== '').length
    if (cells === 0) return
    this.filled++
    if (this.filled === 1) this.cells = cells
  }
}

function placeOf(text: string, what: string, from: number): number {
  const place = text.indexOf(what, from)
  return place < 0 ? Number.POSITIVE_INFINITY : place
}

/** Lines that end in \n alone; the last one's end is not among them. */
function plainEnds(lines: string, lineEnd: string): string {
  if (lineEnd === '\r') return lines.replaceAll('\r', '\n')
  if (!lines.includes('\r')) return lines
  const plain = lines.replaceAll('\r\n', '\n')
  return plain.endsWith('\r') ? plain.slice(0, -1) : plain
}

function openQuote(number: number): ImportRefused {
  return new ImportRefused(`从第 ${number} 行起有引号没有成对，无法读取。请补上引号，或另存为 .xlsx 再上传。`)
}

/** Place of the quote that ends the quoted part opening at `from`; a doubled quote stands for itself. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from + 1)
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2)
  return at
}
