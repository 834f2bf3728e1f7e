import { type SQL, sql } from 'drizzle-orm'
import type { StagedRow } from './staging.ts'

/** What has to be laid over values as read to make them those to be stored. */
export function otherwise(
  values: Readonly<Record<string, string>>,
  stored: Readonly<Record<string, string>>,
): Record<string, string | null> {
  const differing: Record<string, string | null> = {}
  for (const key in stored) if (stored[key] !== values[key]) differing[key] = stored[key] ?? null
  for (const key in values) if (!(key in stored)) differing[key] = null
  return differing
}

/** A row as it would be stored, without blanks; as it was read where it could not be resolved. */
export function resolvedOf(row: Pick<StagedRow, 'values' | 'resolved'>): Record<string, string> {
  return withoutBlanks({ ...row.values, ...row.resolved })
}

/** The same in SQL, with a null for what is not stored; `r` is the row. */
export const resolvedState = sql`(r."values" || coalesce(r.resolved, '{}'))`

/** One value of it: a null of `resolved` is a text that is not stored, and goes before what was read. */
export function resolvedText(key: string): SQL {
  return sql`case when r.resolved ? ${key}::text then r.resolved ->> ${key}::text else r."values" ->> ${key}::text end`
}

export function withoutBlanks(values: Readonly<Record<string, string | null | undefined>>): Record<string, string> {
  const given: Record<string, string> = {}
  for (const key in values) {
    const value = values[key]
    if (value !== null && value !== undefined) given[key] = value
  }
  return given
}
