import type { ChildProcess } from 'node:child_process'
import { access, constants, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ImportRefused } from '../refused.ts'
import { confined } from './confined.ts'
import type { ReadEvent, ReadLine, ReadOptions } from './events.ts'
import { limits } from './limits.ts'

const here = dirname(fileURLToPath(import.meta.url))

/**
 * Reads a file in a process of its own that may read that file and this code and nothing else, and hands on what it
 * finds row by row. Stopping early ends the process. A file that is not read ends in an ImportRefused.
 */
export async function* readWorkbook(path: string, options: ReadOptions = {}): AsyncGenerator<ReadEvent> {
  const file = await realpath(path).catch(() => missing(path))
  await access(file, constants.R_OK).catch(() => missing(path))
  const child = confined([file], [join(here, 'child.ts'), file, JSON.stringify(options)])
  const exited = new Promise<void>((done) => {
    child.once('exit', () => done())
    child.once('error', () => done())
  })
  try {
    for await (const line of lines(child, options.seconds ?? limits.seconds)) {
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
  throw new ImportRefused(`找不到文件「${basename(path)}」，或没有读取权限。请检查文件名后重试。`)
}

/** Lines of the child; the time it may take counts only while we wait for it, not while its reader is busy. */
async function* lines(child: ChildProcess, seconds: number): AsyncGenerator<ReadLine> {
  const output = child.stdout
  if (!output) return
  output.setEncoding('utf8')
  const chunks = output[Symbol.asyncIterator]()
  let left = seconds * 1000
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
