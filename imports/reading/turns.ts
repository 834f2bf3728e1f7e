import { ImportRefused } from '../refused.ts'
import { limits } from './limits.ts'

/** Lets few at a time do something that takes a processor; the others wait in the order they came. */
export type Turns = {
  /**
   * Runs the work when it is its turn. Whoever goes away while waiting leaves the queue with the signal's reason; when
   * too many wait already, an ImportRefused says so. Work inside a turn must not take another one: it would wait for itself.
   */
  take<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>
  /** How many wait. */
  readonly waiting: number
}

export function openTurns(most: number = limits.turns, mayWait: number = limits.waiting): Turns {
  const queue: (() => void)[] = []
  let busy = 0

  function enter(signal: AbortSignal | undefined): Promise<void> {
    if (busy < most) {
      busy++
      return Promise.resolve()
    }
    if (queue.length >= mayWait) throw new ImportRefused('正在读取的表格较多，请过一两分钟再上传。')
    return new Promise((enter, leave) => {
      const called = () => {
        signal?.removeEventListener('abort', gone)
        enter()
      }
      const gone = () => {
        queue.splice(queue.indexOf(called), 1)
        leave(signal?.reason)
      }
      queue.push(called)
      signal?.addEventListener('abort', gone, { once: true })
    })
  }

  /** Hands the place on to who has waited longest. */
  function next(): void {
    const called = queue.shift()
    if (called) called()
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
    get waiting() {
      return queue.length
    },
  }
}
