import { type ChildProcess, spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { access, constants, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ImportRefused } from '../refused.ts'
import type { ReadEvent, ReadLine, ReadOptions } from './events.ts'
import { limits } from './limits.ts'

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(dirname(here))

/**
 * Reads a file in a process of its own that may read that file and this code and nothing else, and hands on what it
 * finds row by row. Stopping early ends the process. A file that is not read ends in an ImportRefused.
 */
export async function* readWorkbook(path: string, options: ReadOptions = {}): AsyncGenerator<ReadEvent> {
  const file = await realpath(path).catch(() => missing(path))
  await access(file, constants.R_OK).catch(() => missing(path))
  const child = start(file, options)
  const exited = new Promise<void>((done) => {
    child.once('exit', () => done())
    child.once('error', () => done())
  })
  try {
    for await (const line of lines(child)) {
      if (line.kind === 'end') return
      if (line.kind === 'refused') throw new ImportRefused(line.message, { cause: line.cause })
      yield line
    }
    throw new ImportRefused(
      '文件结构异常，读取时超出了内存或时间限制。请删去空白行列、图片和多余的工作表后另存为 .xlsx 再上传。',
    )
  } finally {
    child.kill('SIGKILL')
    child.stdout?.destroy()
    await exited
  }
}

function missing(path: string): never {
  throw new ImportRefused(`找不到文件 ${path}，或没有读取权限。请检查文件名后重试。`)
}

/** The shell lowers what the system lets the process take; where it cannot, Node's own limits remain. */
function start(file: string, options: ReadOptions): ChildProcess {
  const ulimits = `ulimit -d ${limits.dataKilobytes} 2>/dev/null; ulimit -t ${limits.seconds} 2>/dev/null`
  const readable = [file, join(root, 'imports'), join(root, 'package.json'), join(root, 'node_modules')]
  readable.push(realpathSync(join(root, 'node_modules')))
  const allowed = readable.map((place) => `--allow-fs-read=${place}`)
  return spawn(
    '/bin/sh',
    [
      ...['-c', `${ulimits}; exec "$@"`, 'sh', process.execPath, '--permission', ...allowed],
      ...[`--max-old-space-size=${limits.heapMegabytes}`, '--no-warnings', join(here, 'child.ts')],
      ...[file, JSON.stringify(options)],
    ],
    { env: {}, cwd: root, stdio: ['ignore', 'pipe', 'ignore'] },
  )
}

/** Lines of the child; the time it may take counts only while we wait for it, not while its reader is busy. */
async function* lines(child: ChildProcess): AsyncGenerator<ReadLine> {
  const output = child.stdout
  if (!output) return
  output.setEncoding('utf8')
  const chunks = output[Symbol.asyncIterator]()
  let left = limits.seconds * 1000
  let rest = ''
  for (;;) {
    const began = performance.now()
    const timer = setTimeout(() => child.kill('SIGKILL'), left)
    const next: IteratorResult<string> = await chunks.next()
    clearTimeout(timer)
    left = Math.max(1, left - (performance.now() - began))
    if (next.done) return
    const parts = (rest + next.value).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) yield JSON.parse(part)
  }
}
