import { anyFree, type Claim, claim } from './job-claims.ts'
import { beginRun, type Run, type RunOptions } from './job-run.ts'

export type JobLoopOptions = RunOptions & {
  /** Jobs that run at once in the county, over all its workers; the rest is left to the pages. */
  most: number
  /** Milliseconds between two looks at the queue, for what nobody wakes us for. */
  poll?: number
}

export type JobLoop = {
  /** Something has been put in the queue. */
  wake(): void
  /** Puts back what runs and takes nothing more. */
  close(): Promise<void>
}

/** Works off a county's queue as long as the process lives. */
export function openJobLoop(options: JobLoopOptions): JobLoop {
  const { county, most, trouble } = options
  const worker = `${process.pid}-${crypto.randomUUID().slice(0, 8)}`
  const runs = new Set<Run>()
  let closed = false
  let looking: Promise<void> | undefined
  let again = false
  let lastTrouble = ''

  async function look(): Promise<void> {
    while (!closed && runs.size < most) {
      const free = await county.transaction({ readOnly: true }, (tx) => anyFree(tx, most))
      const claimed = free && !closed ? await county.transaction({}, (tx) => claim(tx, worker, most)) : undefined
      if (!claimed) return
      begin(claimed)
    }
  }

  function begin(claimed: Claim): void {
    const run = beginRun(claimed, options)
    runs.add(run)
    if (closed) run.giveUp()
    run.ended.finally(() => {
      runs.delete(run)
      wake()
    })
  }

  function wake(): void {
    if (closed) return
    again = true
    looking ??= lookOn().finally(() => {
      looking = undefined
    })
  }

  async function lookOn(): Promise<void> {
    while (again && !closed) {
      again = false
      try {
        await look()
        lastTrouble = ''
      } catch (error) {
        // A database that is away says so again every second: once is enough.
        const text = String(error)
        if (text !== lastTrouble && !closed) trouble(error)
        lastTrouble = text
      }
    }
  }

  const timer = setInterval(wake, options.poll ?? 1000)
  timer.unref()
  wake()
  return {
    wake,
    async close() {
      closed = true
      clearInterval(timer)
      await looking
      for (const run of runs) run.giveUp()
      await Promise.all([...runs].map((run) => run.ended))
    },
  }
}
