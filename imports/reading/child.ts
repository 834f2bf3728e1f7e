// Runs in a process of its own, with little memory and no rights; see workbook.ts.
import { once } from 'node:events'
import { ImportRefused } from '../refused.ts'
import { detectContainer } from './container.ts'
import type { Found, ReadOptions } from './events.ts'
import { frameEnd, frameOf, Packer, type Refusal } from './frames.ts'
import { limits, tooLarge } from './limits.ts'

/** Milliseconds between two reports of how far it is. */
const often = 250

const [path = '', given = '{}'] = process.argv.slice(2)
const options: ReadOptions = JSON.parse(given)
/** Rows that are only looked at are held by who asked, all of them. */
const most = options.rows === undefined ? limits.output : limits.sampleOutput
let written = 0

async function write(text: string | Buffer): Promise<void> {
  written += text.length
  if (written > most) throw tooLarge(`读出的文字超出 ${Math.round(most / 1e6)} 百万字`)
  await send(text)
}

async function send(text: string | Buffer): Promise<void> {
  // Bytes are written over by the next rows once they are gone.
  if (typeof text !== 'string') await new Promise((gone) => process.stdout.write(text, gone))
  else if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

const packer = new Packer(write)
let told = 0

function report(share: number): void {
  if (packer.midFrame || performance.now() - told < often) return
  told = performance.now()
  process.stdout.write(frameOf({ kind: 'progress', share }))
}

/** Each format's reader is loaded where it is needed: half of what a small file costs is starting. */
async function* read(): AsyncGenerator<Found> {
  const container = await detectContainer(path)
  if (container === 'xlsx') yield* (await import('./xlsx/xlsx.ts')).readXlsx(path, options, report)
  else if (container === 'csv') yield* (await import('./csv/csv.ts')).readCsv(path, options, report)
  else if (container === 'xls') yield* (await import('./xls/biff.ts')).readBiff(path, options, report)
  else if (container === 'html') yield* (await import('./markup/html.ts')).readHtml(path, options, report)
  else yield* (await import('./markup/spreadsheet-xml.ts')).readSpreadsheetXml(path, options, report)
}

async function pack(): Promise<void> {
  for await (const found of read()) {
    if (Array.isArray(found)) await packer.rows(found)
    else if (found.kind === 'lines') await packer.lines(found)
    else await packer.event(found)
  }
  await packer.event({ kind: 'end', peakMegabytes: Math.ceil(process.resourceUsage().maxRSS / 1024) })
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof ImportRefused) return { kind: 'refused', message: error.message }
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const message = '文件内容有误，无法读取。请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。'
  return { kind: 'refused', message, cause }
}

// The reader went away: nobody is left to read for.
process.stdout.on('error', () => process.exit(0))
// A frame that could not be written to its end is ended all the same: what refuses the file stands on its own.
await pack().catch((error: unknown) => send((packer.midFrame ? frameEnd : '') + frameOf(refusalOf(error))))
