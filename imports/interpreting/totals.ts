import Big from 'big.js'
import type { SheetRow } from '../reading/events.ts'
import type { Column } from '../recognising/columns.ts'
import type { Field } from '../sheets/fields.ts'
import { readFigure } from '../values/decimal.ts'
import { isFigure } from '../values/value.ts'

/** A figure of a 合计 row beside the sum of the rows it stands for, both as the file counts them. */
export type DeclaredTotal = {
  /** Row of the 合计. */
  row: number
  field: string
  declared: string
  computed: string
  agrees: boolean
}

type Counted = { column: string; field: string; all: Big; part: Big }
type Early = { row: number; entry: Counted; declared: Big }

/** Checks 合计 and 小计 rows against what stands above them (or below, for one that opens the table). */
export class Totals {
  readonly #columns: Counted[]
  readonly #checked: DeclaredTotal[] = []
  readonly #early: Early[] = []
  #rows = 0

  constructor(fields: readonly Field[], columns: readonly Column[]) {
    this.#columns = columns.flatMap((column) => {
      const field = fields.find((candidate) => candidate.key === column.field)
      if (!field || !isFigure(field)) return []
      return [{ column: column.column, field: field.key, all: new Big(0), part: new Big(0) }]
    })
  }

  add(row: SheetRow): void {
    this.#rows++
    for (const entry of this.#columns) {
      const figure = figureOf(row.cells[entry.column])
      if (figure === null) continue
      entry.all = entry.all.plus(figure)
      entry.part = entry.part.plus(figure)
    }
  }

  /** A heading begins a new part for the next 小计. */
  startSection(): void {
    for (const entry of this.#columns) entry.part = new Big(0)
  }

  declare(row: SheetRow, kind: 'total' | 'subtotal'): void {
    for (const entry of this.#columns) {
      const declared = figureOf(row.cells[entry.column])
      if (declared === null) continue
      if (this.#rows === 0) {
        this.#early.push({ row: row.row, entry, declared })
        continue
      }
      const partial = kind === 'subtotal' || (!same(declared, entry.all) && same(declared, entry.part))
      this.#check(row.row, entry.field, declared, partial ? entry.part : entry.all)
    }
    this.startSection()
  }

  #check(row: number, field: string, declared: Big, computed: Big): void {
    const agrees = same(declared, computed)
    this.#checked.push({ row, field, declared: declared.toFixed(), computed: computed.toFixed(), agrees })
  }

  result(): DeclaredTotal[] {
    for (const { row, entry, declared } of this.#early.splice(0)) this.#check(row, entry.field, declared, entry.all)
    return [...this.#checked].sort((a, b) => a.row - b.row)
  }
}

function figureOf(text: string | undefined): Big | null {
  const figure = text === undefined ? null : readFigure(text)
  return figure === null || 'problem' in figure ? null : new Big(figure.decimal)
}

/** Equal at the places that the total was written with. */
function same(declared: Big, computed: Big): boolean {
  const places = declared.toFixed().split('.')[1]?.length ?? 0
  return computed.round(places, Big.roundHalfUp).eq(declared)
}
