import Big from 'big.js'
import type { SheetRow } from '../reading/events.ts'
import type { Column } from '../recognising/columns.ts'
import type { Field } from '../sheets/fields.ts'
import { readFigure } from '../values/decimal.ts'
import { inUnit } from '../values/in-unit.ts'
import { Tally } from '../values/tally.ts'
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

/** Figures told one by one, of those that agree and of those that do not. */
const told = 500

type Counted = {
  column: string
  unit: string | null
  field: string
  kind: Field['kind']
  /** What has been added since the sums were last looked at. */
  fresh: Tally
  all: Big
  part: Big
  before: Big
  /** Sums above at the last totals and headings. */
  marks: Big[]
}
/** A heading that carries the sums of the rows below it, up to the next heading of its level. */
type Heading = { row: number; level: number; sums: { entry: Counted; declared: Big; sum: Big }[] }
type Early = { row: number; entry: Counted; declared: Big }

/** Totals and headings that a later total may reach back to. */
const remembered = 50

/** Checks 合计 and 小计 rows against what stands above them (or below, for one that opens the table). */
export class Totals {
  readonly #columns: Counted[]
  readonly #checked = { agreeing: [] as DeclaredTotal[], differing: [] as DeclaredTotal[] }
  readonly #early: Early[] = []
  #headings: Heading[] = []
  #rows = 0
  /** Rows since the last total or heading. */
  #since = 0

  constructor(fields: readonly Field[], columns: readonly Column[]) {
    this.#columns = columns.flatMap((column) => {
      const field = fields.find((candidate) => candidate.key === column.field)
      if (!field || !isFigure(field)) return []
      const zero = new Big(0)
      return [
        {
          column: column.column,
          unit: column.unit,
          field: field.key,
          kind: field.kind,
          fresh: new Tally(),
          all: zero,
          part: zero,
          before: zero,
          marks: [zero],
        },
      ]
    })
  }

  /** The next table to the right: its totals may stand for its own rows or for those of all tables so far. */
  startBlock(column: (first: string) => string): void {
    this.#settle()
    this.#close(0)
    for (const { row, entry, declared } of this.#early.splice(0)) this.#check(row, entry.field, declared, entry.all)
    for (const entry of this.#columns) {
      entry.column = column(entry.column)
      entry.before = entry.before.plus(entry.all)
      entry.all = new Big(0)
      entry.marks = [entry.all]
    }
    this.startSection()
    this.#rows = 0
  }

  add(row: SheetRow): void {
    this.#rows++
    this.#since++
    for (const entry of this.#columns) {
      const text = row.cells[entry.column]
      // Most cells are nothing but figures.
      const figure = text !== undefined && /^\d+(?:\.\d+)?$/.test(text) ? text : figureOf(text, entry)
      if (figure !== null) entry.fresh.add(figure)
    }
  }

  /** Brings the sums up to the last row, before they are looked at or another part begins. */
  #settle(): void {
    for (const entry of this.#columns) {
      const fresh = entry.fresh.take()
      for (const { sums } of this.#headings) {
        for (const sum of sums) if (sum.entry === entry) sum.sum = sum.sum.plus(fresh)
      }
      entry.all = entry.all.plus(fresh)
      entry.part = entry.part.plus(fresh)
    }
  }

  /** A heading begins a new part for the next 小计, and may tell its sums itself. */
  startSection(row?: SheetRow): void {
    this.#settle()
    if (row) this.#open(row)
    this.#since = 0
    for (const entry of this.#columns) {
      entry.part = new Big(0)
      entry.marks = [...entry.marks.slice(1 - remembered), entry.all]
    }
  }

  #open(row: SheetRow): void {
    const text = Object.values(row.cells).find((cell) => /[一二三四五六七八九十]/.test(cell))
    // Figures behind 其中 belong to the row above, not to those below.
    if (text === undefined) return
    const level = /^[（(]/.test(text.trim()) ? 2 : 1
    this.#close(level)
    const sums = this.#columns.flatMap((entry) => {
      const declared = figureOf(row.cells[entry.column], entry)
      return declared === null ? [] : [{ entry, declared, sum: new Big(0) }]
    })
    if (sums.length > 0) this.#headings.push({ row: row.row, level, sums })
  }

  #close(level: number): void {
    for (const { row, sums } of this.#headings.filter((heading) => heading.level >= level)) {
      for (const { entry, declared, sum } of sums) this.#check(row, entry.field, declared, sum)
    }
    this.#headings = this.#headings.filter((heading) => heading.level < level)
  }

  declare(row: SheetRow, kind: 'total' | 'subtotal'): void {
    this.#settle()
    for (const entry of this.#columns) {
      const declared = figureOf(row.cells[entry.column], entry)
      if (declared === null) continue
      if (this.#rows === 0) {
        if (this.#early.length < told) this.#early.push({ row: row.row, entry, declared })
        continue
      }
      const sums = [entry.all, entry.part, entry.before.plus(entry.all)]
      // 甲村合计 right behind 小计 counts several parts.
      if (this.#since === 0) sums.push(...entry.marks.map((mark) => entry.all.minus(mark)))
      const meant = kind === 'subtotal' && this.#since > 0 ? entry.part : sums.find((sum) => same(declared, sum))
      this.#check(row.row, entry.field, declared, meant ?? entry.all)
    }
    this.startSection()
  }

  /** Whether a row without a label is nothing but the sums of two rows or more above it. */
  isUnlabelled(row: SheetRow): boolean {
    this.#settle()
    const filled = Object.keys(row.cells).filter((column) => row.cells[column]?.trim())
    const sums = filled.map((column) => {
      const entry = this.#columns.find((candidate) => candidate.column === column)
      const figure = entry === undefined ? null : figureOf(row.cells[column], entry)
      return entry !== undefined && figure !== null && !figure.eq(0) && same(figure, entry.all)
    })
    return this.#rows >= 2 && sums.length > 0 && sums.every(Boolean)
  }

  #check(row: number, field: string, declared: Big, computed: Big): void {
    const agrees = same(declared, computed)
    const list = agrees ? this.#checked.agreeing : this.#checked.differing
    if (list.length >= told) return
    list.push({ row, field, declared: declared.round(6).toFixed(), computed: computed.round(6).toFixed(), agrees })
  }

  result(): DeclaredTotal[] {
    this.#settle()
    this.#close(0)
    for (const { row, entry, declared } of this.#early.splice(0)) this.#check(row, entry.field, declared, entry.all)
    return [...this.#checked.agreeing, ...this.#checked.differing].sort((a, b) => a.row - b.row)
  }
}

/** A cell's figure in the unit of its column: 2亩 counts as 1333.33 among square metres. */
function figureOf(text: string | undefined, { kind, unit }: Counted): Big | null {
  if (text === undefined) return null
  const converted = inUnit(text, kind, unit)
  if (converted !== null) return converted
  const figure = readFigure(text)
  return figure === null || 'problem' in figure ? null : new Big(figure.decimal)
}

/** Equal at the places that the total was written with. */
function same(declared: Big, computed: Big): boolean {
  const places = declared.toFixed().split('.')[1]?.length ?? 0
  return computed.round(places, Big.roundHalfUp).eq(declared)
}
