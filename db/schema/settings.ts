import { sql } from 'drizzle-orm'
import { check, date, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { people } from './access.ts'
import { at, id, reference } from './columns.ts'

/**
 * Dated settings 参数: what law leaves to the county, and the policies of the security administrator.
 * What may be set, and what holds without a row, is declared in `server/settings/`.
 */
export const settings = pgTable(
  'settings',
  {
    id: id(),
    key: text('key').notNull(),
    track: text('track').notNull().default('both'),
    validFrom: date('valid_from').notNull(),
    value: text('value').notNull(),
    reason: text('reason').notNull(),
    setBy: reference('set_by').references(() => people.id),
    setAt: at('set_at').notNull(),
  },
  (table) => [
    uniqueIndex('settings_from').on(table.key, table.track, table.validFrom),
    check('settings_track', sql`${table.track} in ('state','collective','both')`),
  ],
)
