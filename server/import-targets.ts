import type { Tx } from '../db/client.ts'
import type { ImportTarget } from '../imports/target.ts'
import { peopleTarget } from './access/import-target.ts'
import { cardTarget } from './assets/import-target.ts'
import { cardUses } from './card-uses.ts'
import type { Config } from './config.ts'
import type { Acting } from './kernel/events.ts'

/** What a row of a file can become, by key; each noun declares its own. */
export type ImportTargets = Readonly<Record<string, (acting: Acting) => ImportTarget<Tx>>>

export function importTargets(config: Config): ImportTargets {
  return { cards: (acting) => cardTarget(config.PANHUO_COUNTY, acting, cardUses), people: peopleTarget }
}
