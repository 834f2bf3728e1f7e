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
  const waited: Waited = { left: (options.seconds ?? limits.seconds) * 1000, over: null }
  try {
    const unpacker = new Unpacker()
    for await (const frame of frames(child, waited)) {
      for (const event of unpacker.events(frame)) {
        if (event.kind === 'refused') throw new ImportRefused(event.message, { cause: event.cause })
        yield event
        if (event.kind === 'end') return
      }
    }
    throw stopped(waited.over)
  } finally {
    child.kill('SIGKILL')
    child.stdout?.destroy()
    await exited
  }
}

function missing(path: string): never {
  throw new ImportRefused(`找不到文件「${basename(path)}」，或没有读取权限。请检查文件名后重试。`)
}

/** Milliseconds that are left, and what ran out. */
type Waited = { left: number; over: 'silence' | 'time' | null }

function stopped(over: Waited['over']): ImportRefused {
  const why = {
    silence: `${limits.silentSeconds} 秒没有进展`,
    time: `超过了 ${limits.seconds / 60} 分钟的时间限制`,
    memory: `超出了 ${limits.heapMegabytes} MB 的内存限制`,
  }[over ?? 'memory']
  return new ImportRefused(
    `文件结构异常或过大，读取时${why}，已停止。请删去空白行列、图片和多余的工作表，或拆成几个文件，另存为 .xlsx 再上传。`,
  )
}

/** What the child sends; the time it may take counts only while we wait for it, not while its reader is busy. */
async function* frames(child: ChildProcess, waited: Waited): AsyncGenerator<string> {
  const output = child.stdout
  if (!output) return
  output.setEncoding('utf8')
  const pieces: AsyncIterator<string> = output[Symbol.asyncIterator]()
  let begun: string[] = []
  let held = 0
  for (;;) {
    const began = performance.now()
    const silence = limits.silentSeconds * 1000
    const timer = setTimeout(
      () => {
        waited.over = waited.left < silence ? 'time' : 'silence'
        child.kill('SIGKILL')
      },
      Math.min(waited.left, silence),
    )
    const next = await pieces.next()
    clearTimeout(timer)
    waited.left = Math.max(1, waited.left - (performance.now() - began))
    if (next.done) return
    const parts = next.value.split(frameEnd)
    begun.push(parts[0] ?? '')
    held += parts[0]?.length ?? 0
    // A row is bounded where it is read; whoever reads is not trusted.
    if (held > limits.frameChars) return
    if (parts.length === 1) continue
    yield begun.join('')
    yield* parts.slice(1, -1)
    begun = [parts.at(-1) ?? '']
    held = begun[0]?.length ?? 0
  }
}
