// One reader over one file in a process of its own: node readers.ts READER FILE [--digest]. Prints what it took as JSON.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { argv } from 'node:process'
import ExcelJS from 'exceljs'
import { columnNumber } from '../../imports/reading/columns.ts'
import { readWorkbook } from '../../imports/reading/workbook.ts'

const [, , reader = '', path = '', flag] = argv
const digest = flag === '--digest' ? createHash('sha256') : null
let rows = 0
let cells = 0
let readerMegabytes: number | null = null

/** Counts a row; `texts` by column from 0. */
function count(row: number, texts: readonly string[]): void {
  rows++
  for (const text of texts) if (text !== '') cells++
  if (digest) for (const [at, text] of texts.entries()) if (text !== '') digest.update(`${row}:${at}:${text}\n`)
}

const readers: Readonly<Record<string, () => Promise<void>>> = {
  async panhuo() {
    for await (const event of readWorkbook(path)) {
      if (event.kind === 'row') count(event.row, event.texts ?? byColumn(event.cells))
      else if (event.kind === 'end') readerMegabytes = event.peakMegabytes
    }
  },
  async exceljs() {
    const workbook = new ExcelJS.stream.xlsx.WorkbookReader(path, {
      entries: 'emit',
      sharedStrings: 'cache',
      styles: 'cache',
      hyperlinks: 'ignore',
      worksheets: 'emit',
    })
    for await (const worksheet of workbook) {
      for await (const row of worksheet) {
        rows++
        const { values } = row
        if (Array.isArray(values)) for (const value of values) if (value !== undefined) cells++
      }
    }
  },
  async split() {
    let rest = ''
    for await (const piece of createReadStream(path, { encoding: 'utf8' }) as AsyncIterable<string>) {
      const lines = (rest + piece).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        rows++
        for (const text of line.split(',')) if (text !== '') cells++
      }
    }
  },
}

function byColumn(record: Readonly<Record<string, string>>): string[] {
  const texts: string[] = []
  for (const [column, text] of Object.entries(record)) texts[(columnNumber(column) ?? 1) - 1] = text
  return Array.from(texts, (text) => text ?? '')
}

const began = performance.now()
await readers[reader]?.()
const seconds = (performance.now() - began) / 1000
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024)
process.stdout.write(
  JSON.stringify({ rows, cells, seconds, megabytes, readerMegabytes, digest: digest?.digest('hex') ?? null }),
)
