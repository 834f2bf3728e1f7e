import type { County, CountyEntry, Tx } from '../db/client.ts'
import { endReaders } from '../imports/reading/confined.ts'
import { limits } from '../imports/reading/limits.ts'
import { loadActor } from './access/actor.ts'
import { allKeys } from './access/actor-for.ts'
import { asSystem } from './access/system.ts'
import type { Config } from './config.ts'
import { importTargets } from './import-targets.ts'
import { importJobs } from './imports/jobs.ts'
import type { Clock } from './kernel/clock.ts'
import { RuleBroken } from './kernel/errors.ts'
import type { Acting } from './kernel/events.ts'
import { openJobLoop } from './kernel/job-loop.ts'
import type { Worker } from './plugins/jobs.ts'
import type { FileStore } from './records/files.ts'

export type JobsOptions = {
  config: Config
  counties: readonly County[]
  clock: Clock
  store: FileStore
  trouble(error: unknown): void
}

/** What a thread of its own is told of all this. */
export type ThreadData = { config: Config; entries: readonly CountyEntry[] }

/** Works off the queues of all counties in this thread. */
export function openJobs({ config, counties, clock, store, trouble }: JobsOptions): Worker {
  const kinds = importJobs({ store, targets: importTargets(config) })
  const loops = counties.map((county) =>
    openJobLoop({
      county,
      most: limits.turns,
      kinds,
      actingFor: (tx, personId) => actingFor(tx, clock, personId),
      system: asSystem(clock),
      trouble,
      endHelpers: endReaders,
    }),
  )
  return {
    wake: () => {
      for (const loop of loops) loop.wake()
    },
    close: async () => {
      await Promise.all(loops.map((loop) => loop.close()))
    },
  }
}

/** Who asked for a job, with the roles they hold today; null is the operator. */
async function actingFor(tx: Tx, clock: Clock, personId: string | null): Promise<Acting> {
  if (personId === null) return asSystem(clock, await allKeys(tx))
  const actor = await loadActor(tx, personId, clock.today())
  if (!actor) throw new RuleBroken('提交人的账号已停用，没有办理。请由经办人重新提交。')
  return { actor, clock, requestId: null }
}
