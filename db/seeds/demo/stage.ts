import { loadActor } from '../../../server/access/actor.ts'
import type { Clock } from '../../../server/kernel/clock.ts'
import type { Acting } from '../../../server/kernel/events.ts'
import type { Tx } from '../../client.ts'
import type { DemoUnits } from './units.ts'

/** The seed's own time: it is moved from one year to the next as the county's story goes on. */
export type SteppedClock = Clock & { set(iso: string): void }

/** Where the county's stories are told: its people call the verbs, each on a day. */
export type Stage = {
  tx: Tx
  units: DemoUnits
  /** Nothing is told that has not happened by then. */
  today: string
  /** Someone at work on a day, with the rights of that day. */
  as(account: string, on: string): Promise<Acting>
}

export function openStage(
  tx: Tx,
  clock: SteppedClock,
  units: DemoUnits,
  people: ReadonlyMap<string, string>,
  today: string,
): Stage {
  return {
    tx,
    units,
    today,
    as: async (account, on) => {
      clock.set(`${on}T02:30:00Z`)
      const actor = await loadActor(tx, people.get(account) ?? '', on)
      if (!actor) throw new Error(`no such person in the demo county: ${account}`)
      return { actor, clock, requestId: null }
    },
  }
}
