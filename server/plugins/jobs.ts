import fp from 'fastify-plugin'
import type { County } from '../../db/client.ts'
import { type JobState, whenEnded } from '../kernel/jobs.ts'

/** Where the jobs are worked on: beside the pages, or in a thread of their own. */
export type Worker = { wake(): void; close(): Promise<void> }

declare module 'fastify' {
  interface FastifyInstance {
    jobs: {
      /** Called once a job has been put in the queue for good. */
      wake(): void
      /**
       * Waits a while for the last job of a thing, as whoever asked for it would; undefined when it goes on, or when the
       * server closes.
       */
      awaited(county: County, batchId: string, gone: AbortSignal): Promise<JobState | undefined>
    }
  }
}

/** Works off the queues as long as the server runs; what is under way when it closes goes on after the next start. */
export default fp<{ open: () => Worker | null; patience: number }>(
  async (app, { open, patience }) => {
    const closing = new AbortController()
    let worker: Worker | null = null
    app.decorate('jobs', {
      wake: () => worker?.wake(),
      awaited: (county: County, batchId: string, gone: AbortSignal) =>
        whenEnded(county, batchId, patience, AbortSignal.any([closing.signal, gone])),
    })
    app.addHook('onReady', async () => {
      worker = open()
    })
    app.addHook('preClose', async () => {
      closing.abort()
      await worker?.close()
    })
  },
  { name: 'jobs', dependencies: ['counties'] },
)
