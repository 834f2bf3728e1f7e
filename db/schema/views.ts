import { sql } from 'drizzle-orm'
import { check, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { people } from './access.ts'
import { at, id, reference } from './columns.ts'

/** 常用视图: a list's address under a name, each person's own. What it shows is read anew, within what they may see. */
export const savedViews = pgTable(
  'saved_views',
  {
    id: id(),
    personId: reference('person_id')
      .notNull()
      .references(() => people.id),
    /** Path of the list. */
    list: text('list').notNull(),
    name: text('name').notNull(),
    /** Filter, order and columns as they stand behind the question mark. */
    query: text('query').notNull(),
    version: integer('version').notNull().default(1),
    createdAt: at('created_at').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('saved_views_name').on(table.personId, table.list, table.name),
    check('saved_views_sizes', sql`length(${table.name}) between 1 and 30 and length(${table.query}) <= 3000`),
  ],
)
