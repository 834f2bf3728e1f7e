import { constants, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { openCounty } from '../db/client.ts'
import { fileStoreOf } from './file-store.ts'
import { openJobs, type ThreadData } from './jobs.ts'
import { systemClock } from './kernel/clock.ts'

// The code of the thread in which a server works on its jobs, so that pages do not wait for them.

const { config, entries }: ThreadData = workerData

// On Linux a thread has a priority of its own, and so have the processes that it starts; elsewhere it would be everybody's.
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL)

/** Two jobs, what keeps each of them, and a look at the queue. */
const counties = entries.map((entry) => openCounty(entry, { max: 5 }))
const store = fileStoreOf(config)
const trouble = (error: unknown) => parentPort?.postMessage(error instanceof Error ? error : new Error(String(error)))
const jobs = openJobs({ config, counties, clock: systemClock, store, trouble })

parentPort?.on('message', (message: 'wake' | 'close') => {
  if (message === 'wake') jobs.wake()
  else close().then(() => process.exit(0), trouble)
})

async function close(): Promise<void> {
  await jobs.close()
  await store.close()
  await Promise.all(counties.map((county) => county.driver.end({ timeout: 5 })))
}
