import { type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Actor } from '../kernel/actor.ts'

/** The condition every query carries: the row's key is one the actor reads. An empty scope sees nothing. */
export function within(actor: Actor, key: PgColumn | SQL): SQL {
  return sql`${key} = any(${keyArray(actor.keys)})`
}

/** A single card opens by its owner's key or by its user's. */
export function withinEither(actor: Actor, ownerKey: PgColumn, userKey: PgColumn): SQL {
  return sql`(${within(actor, ownerKey)} or ${within(actor, userKey)})`
}

/** A document is seen by whoever reads for one of its parties. */
export function amongParties(actor: Actor, partyKeys: PgColumn | SQL): SQL {
  return sql`${partyKeys} && ${keyArray(actor.keys)}`
}

/** Scope keys as one parameter, however many they are. */
export function keyArray(keys: Iterable<string>): SQL {
  return sql`${`{${[...keys].join(',')}}`}::bigint[]`
}
