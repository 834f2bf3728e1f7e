import Big from 'big.js'
import { cardFields } from '../../imports/sheets/card-fields.ts'
import type { InterpretedRow } from '../../imports/target.ts'

const places: Readonly<Record<string, number>> = { money: 2, area: 2, quantity: 3, integer: 0 }

/** What the figures of the rows that are not wrong come to, by field. */
export function sumsOf(rows: readonly InterpretedRow[]): Record<string, string> {
  const sums: Record<string, string> = {}
  for (const { values, problems } of rows) {
    if (problems.some(({ severity }) => severity === 'wrong')) continue
    for (const { key, kind } of cardFields) {
      const kept = places[kind]
      if (kept === undefined || values[key] === undefined) continue
      sums[key] = new Big(sums[key] ?? 0).plus(values[key]).toFixed(kept)
    }
  }
  return sums
}
