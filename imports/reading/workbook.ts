import type { ChildProcess } from 'node:child_process'
import { access, constants, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ImportRefused } from '../refused.ts'
import { confined } from './confined.ts'
import type { ReadEvent, ReadOptions } from './events.ts'
import { frameEnd, Unpacker } from './frames.ts'
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
    const unpacker = new Unpacker()
    for await (const frame of frames(child, options.seconds ?? limits.seconds)) {
      for (const event of unpacker.events(frame)) {
        if (event.kind === 'refused') throw new ImportRefused(event.message, { cause: event.cause })
        yield event
        if (event.kind === 'end') return
      }
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

/** What the child sends; the time it may take counts only while we wait for it, not while its reader is busy. */
async function* frames(child: ChildProcess, seconds: number): AsyncGenerator<string> {
  const output = child.stdout
  if (!output) return
  output.setEncoding('utf8')
  const pieces: AsyncIterator<string> = output[Symbol.asyncIterator]()
  let left = seconds * 1000
  let rest = ''
  for (;;) {
    const began = performance.now()
    const timer = setTimeout(() => child.kill('SIGKILL'), Math.min(left, limits.silentSeconds * 1000))
    const next = await pieces.next()
    clearTimeout(timer)
    left = Math.max(1, left - (performance.now() - began))
    if (next.done) return
    const parts = (rest + next.value).split(frameEnd)
    rest = parts.pop() ?? ''
    yield* parts
  }
}
