import type { ChildProcess } from 'node:child_process'
import { access, constants, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ImportRefused } from '../refused.ts'
import { confined } from './confined.ts'
import type { ReadEvent, ReadOptions } from './events.ts'
import { BadFrame, frameEnd, type Refusal, Unpacker } from './frames.ts'
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
  const bounds: Bounds = {
    milliseconds: (options.seconds ?? limits.seconds) * 1000,
    chars: options.rows === undefined ? limits.output : limits.sampleOutput,
    over: null,
  }
  try {
    const unpacker = new Unpacker()
    for await (const frame of frames(child, bounds)) {
      for (const event of unpacked(unpacker, frame)) {
        if (event.kind === 'refused') throw new ImportRefused(event.message, { cause: event.cause })
        yield event
        if (event.kind === 'end') return
      }
    }
    // Its output ends a moment before it does; how it ended tells why.
    if (bounds.over === null) await exited
    throw stopped(bounds.over ?? endOf(child))
  } finally {
    child.kill('SIGKILL')
    child.stdout?.destroy()
    await exited
  }
}

function missing(path: string): never {
  throw new ImportRefused(`找不到文件「${basename(path)}」，或没有读取权限。请检查文件名后重试。`)
}

function unpacked(unpacker: Unpacker, frame: string): (ReadEvent | Refusal)[] {
  try {
    return unpacker.events(frame)
  } catch (error) {
    if (error instanceof BadFrame) throw stopped('interrupted')
    throw error
  }
}

type Ending = 'silence' | 'time' | 'much' | 'memory' | 'interrupted'

/** What is left of the time that the child may be waited for and of what it may send, and what ran out. */
type Bounds = { milliseconds: number; chars: number; over: Ending | null }

function stopped(ending: Ending): ImportRefused {
  if (ending === 'interrupted') return new ImportRefused('读取被中断，文件没有读完。请过一两分钟再上传一次。')
  const why = {
    silence: `${limits.silentSeconds} 秒没有进展`,
    time: `超过了 ${limits.seconds / 60} 分钟的时间限制`,
    much: `内容超出了 ${Math.round(limits.output / 1e8)} 亿字的限制`,
    memory: `超出了 ${limits.heapMegabytes} MB 的内存限制`,
  }[ending]
  return new ImportRefused(
    `文件结构异常或过大，读取时${why}，已停止。请删去空白行列、图片和多余的工作表，或拆成几个文件，另存为 .xlsx 再上传。`,
  )
}

/** Node ends itself by SIGABRT, SIGTRAP or SIGILL where memory runs out; a SIGKILL comes from somebody else. */
function endOf({ signalCode, exitCode }: ChildProcess): Ending {
  if (signalCode === 'SIGXCPU') return 'time'
  if (signalCode === 'SIGKILL' || signalCode === 'SIGTERM' || exitCode === 0) return 'interrupted'
  return 'memory'
}

/** What the child sends; the time it may take counts only while we wait for it, not while its reader is busy. */
async function* frames(child: ChildProcess, bounds: Bounds): AsyncGenerator<string> {
  const output = child.stdout
  if (!output) return
  output.setEncoding('utf8')
  const pieces: AsyncIterator<string> = output[Symbol.asyncIterator]()
  let begun: string[] = []
  let held = 0
  // A frame that its reader let through goes on until it ends.
  let left = bounds.chars + limits.frameChars
  for (;;) {
    const piece = await next(child, pieces, bounds)
    if (piece === null) return
    const parts = piece.split(frameEnd)
    begun.push(parts[0] ?? '')
    held += parts[0]?.length ?? 0
    left -= piece.length
    // All is bounded where it is read; whoever reads is not trusted.
    if (held > limits.frameChars || left < 0) {
      bounds.over = 'much'
      return
    }
    if (parts.length === 1) continue
    yield begun.join('')
    yield* parts.slice(1, -1)
    begun = [parts.at(-1) ?? '']
    held = begun[0]?.length ?? 0
  }
}

/** The next piece of output; null when there is none, or none in time. */
async function next(child: ChildProcess, pieces: AsyncIterator<string>, bounds: Bounds): Promise<string | null> {
  const began = performance.now()
  const silence = limits.silentSeconds * 1000
  const timer = setTimeout(
    () => {
      bounds.over = bounds.milliseconds < silence ? 'time' : 'silence'
      child.kill('SIGKILL')
    },
    Math.min(bounds.milliseconds, silence),
  )
  const { value, done } = await pieces.next()
  clearTimeout(timer)
  bounds.milliseconds = Math.max(1, bounds.milliseconds - (performance.now() - began))
  return done ? null : value
}
