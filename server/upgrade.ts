import type { County } from '../db/client.ts'
import { seedCalendar } from '../db/seeds/calendar.ts'
import { asSystem } from './access/system.ts'
import { startMissingClocks } from './determinations/clocks.ts'
import { systemClock } from './kernel/clock.ts'

/** After the schema, the rows: what every county begins with, and what an older one lacks. Again, it changes nothing. */
export async function upgrade(county: County): Promise<void> {
  await county.transaction({}, async (tx) => {
    await seedCalendar(tx)
    await startMissingClocks(tx, asSystem(systemClock))
  })
}
