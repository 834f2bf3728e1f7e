import { sql } from 'drizzle-orm'
import { asSystem } from '../../server/access/system.ts'
import { type Clock, frozenClock } from '../../server/kernel/clock.ts'
import type { FileStore } from '../../server/records/files.ts'
import type { County } from '../client.ts'
import { seedDivisions } from './base.ts'
import { seedCalendar } from './calendar.ts'
import { seedCards } from './demo/cards.ts'
import { seedClaims } from './demo/claims.ts'
import { seedDeterminations } from './demo/determinations.ts'
import { seedEdits } from './demo/edits.ts'
import { seedIdentities } from './demo/identities.ts'
import { seedInventory } from './demo/inventory.ts'
import { seedMergers } from './demo/mergers.ts'
import { seedPapers } from './demo/papers.ts'
import { seedParts } from './demo/parts.ts'
import { type DemoAccount, demoAccounts, seedPeople } from './demo/people.ts'
import { openStage } from './demo/stage.ts'
import { seedUnits } from './demo/units.ts'

export type Seeded =
  | { made: false }
  | {
      made: true
      accounts: readonly DemoAccount[]
      /** One for all accounts; it is in the database only as hashes. */
      password: string
      units: number
      cards: number
    }

/**
 * Fills an empty county with a made-up one: real names of places, everything else invented. All or nothing, and nothing
 * at all in a county that has units already.
 */
export async function seedDemo(county: County, clock: Clock, store: FileStore): Promise<Seeded> {
  return county.transaction({}, async (tx) => {
    const [taken] = await tx.execute(sql`select 1 from units limit 1`)
    if (taken) return { made: false }
    const today = clock.today()
    const steps = frozenClock('2020-01-06T02:00:00Z')
    await seedDivisions(tx)
    await seedCalendar(tx)
    const units = await seedUnits(tx, asSystem(steps))
    await seedMergers(tx, steps, units)
    const { ids, password } = await seedPeople(tx, asSystem(clock), units)
    await seedCards(tx, steps, units, today)
    const stage = openStage(tx, steps, units, ids, today)
    await seedEdits(stage)
    await seedIdentities(stage)
    await seedDeterminations(stage)
    await seedParts(stage)
    await seedPapers(tx, steps, store, today)
    await seedClaims(stage)
    await seedInventory(stage)
    const [entered] = await tx.execute<{ cards: number }>(sql`select count(*)::int as cards from cards`)
    return { made: true, accounts: demoAccounts, password, units: units.all.length, cards: entered?.cards ?? 0 }
  })
}
