import { Worker as Thread } from 'node:worker_threads'
import type { ThreadData } from './jobs.ts'
import type { Worker } from './plugins/jobs.ts'

/** Until a thread that ended by itself is started again. */
const pause = 1000
/** How long a closing server waits for its jobs to be put back. */
const patience = 10_000

/** Works on jobs in a thread of its own, which is started again should it end. */
export function openJobsApart(data: ThreadData, trouble: (error: unknown) => void): Worker {
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let thread: Thread | undefined = start()

  function start(): Thread {
    const started = new Thread(new URL('./jobs-thread.ts', import.meta.url), { workerData: data, name: 'jobs' })
    started.on('message', trouble)
    started.on('error', trouble)
    started.on('exit', () => {
      thread = undefined
      if (closed) return
      trouble(new Error('the thread of the jobs has ended; it is started again'))
      timer = setTimeout(() => {
        thread = start()
      }, pause)
    })
    return started
  }

  return {
    wake: () => thread?.postMessage('wake'),
    async close() {
      closed = true
      clearTimeout(timer)
      const last = thread
      if (!last) return
      await new Promise<void>((done) => {
        // What does not let go in time is taken up again after its lease.
        const late = setTimeout(() => last.terminate(), patience)
        last.once('exit', () => {
          clearTimeout(late)
          done()
        })
        last.postMessage('close')
      })
    },
  }
}
