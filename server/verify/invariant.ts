import type { SQL } from 'drizzle-orm'

/** Where and when the data are looked at. */
export type Look = { today: string /** Six digits that card codes begin with. */; county: string }

/** Something that must hold of the data at any time. */
export type Invariant = {
  name: string
  /** Selects a column `what`: one readable text per row that breaks it. */
  broken: (look: Look) => SQL
}
