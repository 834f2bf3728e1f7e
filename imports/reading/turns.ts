import { ImportRefused } from '../refused.ts'
import { limits } from './limits.ts'

/** Lets few at a time do something that takes a processor; the others wait in the order they came. */
export type Turns = {
  /**
   * Runs the work when it is its turn. Whoever goes away while waiting leaves the queue with the signal's reason; when
   * too many wait already, an ImportRefused says so. Work inside a turn must not take another one: it would wait for itself.
   */
  take<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>
  /** Sends away whoever waits and whoever still comes, with an ImportRefused; work that has begun goes on. */
  close(): void
  /** How many wait. */
  readonly waiting: number
}

type Waiting = { call: () => void; send: (reason: ImportRefused) => void }

const closing = () => new ImportRefused('系统正在重新启动，文件没有读取。请过一两分钟再上传。')

export function openTurns(most: number = limits.turns, mayWait: number = limits.waiting): Turns {
  const queue: Waiting[] = []
  let busy = 0
  let closed = false

  function enter(signal: AbortSignal | undefined): Promise<void> {
    if (closed) throw closing()
    if (busy < most) {
      busy++
      return Promise.resolve()
    }
    if (queue.length >= mayWait) throw new ImportRefused('正在读取的表格较多，请过一两分钟再上传。')
    return new Promise((enter, leave) => {
      const place: Waiting = {
        call: () => {
          signal?.removeEventListener('abort', gone)
          enter()
        },
        send: (reason) => {
          signal?.removeEventListener('abort', gone)
          leave(reason)
        },
      }
      const gone = () => {
        queue.splice(queue.indexOf(place), 1)
        leave(signal?.reason)
      }
      queue.push(place)
      signal?.addEventListener('abort', gone, { once: true })
    })
  }

  /** Hands the place on to who has waited longest. */
  function next(): void {
    const first = queue.shift()
    if (first) first.call()
    else busy--
  }

  return {
    async take(work, signal) {
      signal?.throwIfAborted()
      await enter(signal)
      try {
        return await work()
      } finally {
        next()
      }
    },
    close() {
      closed = true
      for (const { send } of queue.splice(0)) send(closing())
    },
    get waiting() {
      return queue.length
    },
  }
}
