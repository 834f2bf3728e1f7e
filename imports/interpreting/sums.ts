import type { Column } from '../recognising/columns.ts'
import type { Field } from '../sheets/fields.ts'
import type { InterpretedRow } from '../target.ts'
import { Tally } from '../values/tally.ts'

const places: Partial<Record<Field['kind'], number>> = { money: 2, area: 2, quantity: 3, integer: 0 }

/** Adds up the figures of the rows that are not wrong, in the units they are stored in. */
export class Sums {
  readonly #sums = new Map<string, { sum: Tally; places: number }>()

  constructor(fields: readonly Field[], columns: readonly Column[]) {
    for (const field of fields) {
      const kept = places[field.kind]
      if (kept === undefined || !columns.some((column) => column.field === field.key)) continue
      this.#sums.set(field.key, { sum: new Tally(), places: kept })
    }
  }

  add(row: Pick<InterpretedRow, 'values'>): void {
    for (const [key, entry] of this.#sums) {
      const value = row.values[key]
      if (value !== undefined && value !== null) entry.sum.add(value)
    }
  }

  result(): Record<string, string> {
    return Object.fromEntries([...this.#sums].map(([key, { sum, places: kept }]) => [key, sum.value().toFixed(kept)]))
  }
}
