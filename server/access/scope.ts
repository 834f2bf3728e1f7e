import { type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Actor } from '../kernel/actor.ts'

/** So many keys are a good part of a county: they filter its rows rather than find them. */
const manyKeys = 500

/**
 * The condition every query carries: the row's key is one the actor reads. An empty scope sees nothing. The planner
 * weighs every element of an array anew for each statement, which costs more than the page; many keys are looked up in a
 * table of their own instead, of which it asks nothing.
 */
export function within(actor: Actor, key: PgColumn | SQL): SQL {
  const keys = keyArray(actor.keys)
  return actor.keys.length > manyKeys ? sql`(${key} in (select unnest(${keys}))) is true` : sql`${key} = any(${keys})`
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
