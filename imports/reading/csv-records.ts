import { ImportRefused } from '../refused.ts'
import { limits, tooLarge } from './limits.ts'

export type Delimited = { delimiter: string; lineEnd: string; chunks: AsyncIterable<string> }

const candidates = [',', '\t', ';', '|', '，']

/** Finds delimiter and line end in the first text and hands all of it on. */
export async function sniffDelimiter(chunks: AsyncIterable<string>): Promise<Delimited> {
  const iterator = chunks[Symbol.asyncIterator]()
  let start = ''
  let ended = false
  while (start.length < 65_536 && !ended) {
    const next = await iterator.next()
    if (next.done) ended = true
    else start += next.value
  }
  const declared = /^sep=(.)\r?\n/i.exec(start)
  const delimiter = declared?.[1] ?? guess(start)
  const rest = declared ? `\n${start.slice(declared[0].length)}` : start
  return {
    delimiter,
    lineEnd: !start.includes('\n') && start.includes('\r') ? '\r' : '\n',
    chunks: join(rest, iterator),
  }
}

async function* join(start: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield start
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}

/** The delimiter that splits most lines into the same number of parts, at least two; quoted parts do not count. */
function guess(start: string): string {
  const lines = start
    .replace(/"(?:[^"]|"")*"/g, '')
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

/** Splits into records; quotes may hold delimiters, line breaks and doubled quotes. */
export async function* records(source: Promise<Delimited>): AsyncGenerator<string[]> {
  const { delimiter, lineEnd, chunks } = await source
  let text = ''
  let number = 0
  for await (const chunk of chunks) {
    text += chunk
    let at = 0
    for (;;) {
      const end = recordEnd(text, at, lineEnd, delimiter)
      if (end < 0) break
      number++
      yield split(text.slice(at, end), delimiter)
      at = end + 1
    }
    text = text.slice(at)
    if (text.length > limits.rowBytes) throw text.includes('"') ? openQuote(number + 1) : tooLarge('一行的内容过长')
  }
  if (text === '') return
  if (recordEnd(`${text}${lineEnd}`, 0, lineEnd, delimiter) < 0) throw openQuote(number + 1)
  yield split(text, delimiter)
}

function openQuote(number: number): ImportRefused {
  return new ImportRefused(`从第 ${number} 行起有引号没有成对，无法读取。请补上引号，或另存为 .xlsx 再上传。`)
}

/** Place of the line end that closes the record, or -1 when the text does not hold it yet. */
function recordEnd(text: string, from: number, lineEnd: string, delimiter: string): number {
  let end = text.indexOf(lineEnd, from)
  if (end < 0) return -1
  const quote = text.indexOf('"', from)
  if (quote < 0 || quote > end) return end
  let at = from
  for (;;) {
    if (text[at] === '"') {
      at = closingQuote(text, at)
      if (at < 0) return -1
    }
    const next = text.indexOf(delimiter, at)
    end = text.indexOf(lineEnd, at)
    if (end < 0) return -1
    if (next < 0 || next > end) return end
    at = next + 1
  }
}

/** Place of the quote that ends the quoted part opening at `from`; a doubled quote stands for itself. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from + 1)
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2)
  return at
}

function split(line: string, delimiter: string): string[] {
  const record = line.endsWith('\r') ? line.slice(0, -1) : line
  if (!record.includes('"')) return record.split(delimiter)
  const fields: string[] = []
  let at = 0
  while (at <= record.length) {
    let field = ''
    if (record[at] === '"') {
      const close = closingQuote(record, at)
      field = record
        .slice(at + 1, close)
        .replaceAll('""', '"')
        .replace(/\r\n?/g, '\n')
      at = close + 1
    }
    const end = record.indexOf(delimiter, at)
    field += record.slice(at, end < 0 ? record.length : end)
    fields.push(field)
    if (end < 0) return fields
    at = end + 1
  }
  fields.push('')
  return fields
}
