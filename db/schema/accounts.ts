import { index, pgTable, text } from 'drizzle-orm/pg-core'
import { people } from './access.ts'
import { at, id, reference } from './columns.ts'

/** One-time tokens 开通码: an account gets its first password, or a new one, from the person alone. */
export const accountTokens = pgTable(
  'account_tokens',
  {
    tokenHash: text('token_hash').primaryKey(),
    personId: reference('person_id')
      .notNull()
      .references(() => people.id),
    createdBy: reference('created_by').references(() => people.id),
    createdAt: at('created_at').notNull(),
    expiresAt: at('expires_at').notNull(),
    usedAt: at('used_at'),
  },
  (table) => [index('account_tokens_person').on(table.personId)],
)

/** Hashes of earlier passwords, so that they are not taken again. */
export const formerPasswords = pgTable(
  'former_passwords',
  {
    id: id(),
    personId: reference('person_id')
      .notNull()
      .references(() => people.id),
    passwordHash: text('password_hash').notNull(),
    replacedAt: at('replaced_at').notNull(),
  },
  (table) => [index('former_passwords_person').on(table.personId, table.replacedAt)],
)
