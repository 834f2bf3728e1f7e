import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** What a reader came to, alone in a process of its own. */
export type Measured = {
  rows: number
  cells: number
  seconds: number
  /** Of the process itself. */
  megabytes: number
  /** Of the process that it had read the file, when there is one. */
  readerMegabytes: number | null
  /** Over all cells with their places, when it was asked for. */
  digest: string | null
}

const readers = fileURLToPath(new URL('readers.ts', import.meta.url))

/** Runs one of the readers in readers.ts on a file. */
export async function measure(reader: string, path: string, flags: readonly string[] = []): Promise<Measured> {
  const args = ['--no-warnings', readers, reader, path, ...flags]
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 20 })
  return JSON.parse(stdout)
}
