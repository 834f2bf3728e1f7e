import { sql } from 'drizzle-orm'
import { customType, numeric, timestamp } from 'drizzle-orm/pg-core'

/** Ids are opaque strings: identity numbers of a distributed county exceed what a float holds and are never shown. */
const identity = customType<{ data: string; driverData: string }>({
  dataType: () => 'bigint generated always as identity',
})

/** A reference to an id, or a scope key (unit × 2 + track). */
export const reference = customType<{ data: string; driverData: string }>({ dataType: () => 'bigint' })

/** A set of scope keys. */
export const keys = customType<{ data: string[]; driverData: string }>({
  dataType: () => 'bigint[]',
  toDriver: (value) => `{${value.join(',')}}`,
  fromDriver: (value) => (Array.isArray(value) ? value.map(String) : []),
})

/** Numbers of the parts of a building or parcel; `(,)` is the whole card. */
export const partRange = customType<{ data: string; driverData: string }>({ dataType: () => 'int4range' })

export const id = () =>
  identity('id')
    .primaryKey()
    .$defaultFn(() => sql`default`)
/** Yuan. */
export const money = (name: string) => numeric(name, { precision: 18, scale: 2 })
/** Square metres. */
export const area = (name: string) => numeric(name, { precision: 18, scale: 2 })
export const quantity = (name: string) => numeric(name, { precision: 18, scale: 3 })
export const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
