import { type SQL, sql } from 'drizzle-orm'

/** Column names of our own as a list, for statements over many rows that no builder writes. */
export function names(list: readonly string[]): SQL {
  return sql.join(
    list.map((name) => sql.identifier(name)),
    sql`, `,
  )
}

/** The columns of one table among others: `c.name, c.track`. */
export function namesOf(table: SQL, list: readonly string[]): SQL {
  return sql.join(
    list.map((name) => sql`${table}.${sql.identifier(name)}`),
    sql`, `,
  )
}

/** `name = value` for an update. */
export function assignments(values: Readonly<Record<string, SQL>>): SQL {
  return sql.join(
    Object.entries(values).map(([name, value]) => sql`${sql.identifier(name)} = ${value}`),
    sql`, `,
  )
}

export function list(values: readonly SQL[]): SQL {
  return sql.join([...values], sql`, `)
}

/** Columns of one table by name, to set those of another to them. */
export function columnsOf(table: SQL, list: readonly string[]): Readonly<Record<string, SQL>> {
  return Object.fromEntries(list.map((name) => [name, namesOf(table, [name])]))
}
