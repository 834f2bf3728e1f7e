import type { Tx } from '../db/client.ts'
import type { ImportTarget } from '../imports/target.ts'
import { peopleTarget } from './access/import-target.ts'
import { cardTarget } from './assets/import-target.ts'
import { cardUses } from './card-uses.ts'
import { claimTarget } from './claims/import-target.ts'
import type { Config } from './config.ts'
import type { Placing } from './imports/options.ts'
import { baselineTarget } from './inventory/baseline/import-target.ts'
import { baselineOfCount, sheetOfCount } from './inventory/counts/import-place.ts'
import { lineTarget } from './inventory/lines/import-target.ts'
import type { Acting } from './kernel/events.ts'

/** What a row of a file can become, by key; each noun declares its own. */
export type ImportTargets = Readonly<Record<string, (acting: Acting) => ImportTarget<Tx>>>

export function importTargets(config: Config): ImportTargets {
  return {
    cards: (acting) => cardTarget(config.PANHUO_COUNTY, acting, cardUses),
    people: peopleTarget,
    claims: claimTarget,
    'count-lines': lineTarget,
    baseline: baselineTarget,
  }
}

/** Where rows belong to a document, how it is found. */
export const importPlacings: Readonly<Record<string, Placing>> = {
  'count-lines': sheetOfCount,
  baseline: baselineOfCount,
}
