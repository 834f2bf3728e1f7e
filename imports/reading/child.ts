// Runs in a process of its own, with little memory and no rights; see workbook.ts.
import { once } from 'node:events'
import { ImportRefused } from '../refused.ts'
import { detectContainer } from './container.ts'
import { readCsv } from './csv.ts'
import type { ReadEvent, ReadLine, ReadOptions } from './events.ts'
import { readLegacy } from './legacy.ts'
import { readXlsx } from './xlsx.ts'

const batch = 1 << 16
let waiting = ''

async function write(line: ReadLine): Promise<void> {
  waiting += `${JSON.stringify(line)}\n`
  if (waiting.length >= batch) await flush()
}

async function flush(): Promise<void> {
  const text = waiting
  waiting = ''
  if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain')
}

async function* read(path: string, options: ReadOptions): AsyncGenerator<ReadEvent> {
  const container = await detectContainer(path)
  if (container === 'xlsx') yield* readXlsx(path, options)
  else if (container === 'csv') yield* readCsv(path, options)
  else yield* readLegacy(path, container, options)
}

const [path = '', options = '{}'] = process.argv.slice(2)
// The reader went away: nobody is left to read for.
process.stdout.on('error', () => process.exit(0))
try {
  for await (const event of read(path, JSON.parse(options))) await write(event)
  await write({ kind: 'end' })
} catch (error) {
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error)
  if (error instanceof ImportRefused) await write({ kind: 'refused', message: error.message })
  else
    await write({
      kind: 'refused',
      message: '文件内容有误，无法读取。请用 WPS 或 Excel 打开后另存为 .xlsx 再上传。',
      cause,
    })
}
await flush()
