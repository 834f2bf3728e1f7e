import Big from 'big.js'
import type { SheetRow } from '../reading/events.ts'
import type { Column } from '../recognising/columns.ts'
import { rowList } from '../recognising/row-list.ts'
import type { Field } from '../sheets/fields.ts'
import type { ImportTarget, InterpretedRow, Question, RowProblem } from '../target.ts'
import { areaFigure } from '../values/area.ts'
import { readFigure } from '../values/decimal.ts'
import { inUnit } from '../values/in-unit.ts'
import { moneyUnit, parseMoney } from '../values/money.ts'
import { unitsOf } from '../values/units.ts'
import { isFigure, parseValue } from '../values/value.ts'

type Known = { column: Column; field: Field }
type Place = { column: Column; last: string; repeats: boolean; filled: number; blank: number[] }
/** `value` as it is stored, with all its places. */
type Large = { column: Column; field: Field; row: number; value: string; large: number; rows: number }

/** Yuan from which half of a column's assets are hardly meant in 万元, and from which no single one is. */
const dear = '100000000.00'
const tooDear = '10000000000.00'
/** ㎡: no township has a house of a square kilometre, or a parcel of a hundred. */
const tooWide: Readonly<Record<string, string>> = { floorArea: '1000000.00', landArea: '100000000.00' }
/** Rows without a village that are told of. */
const remembered = 100_000

/** Finds what speaks against itself in a file. It is told and left as written. */
export class Contradictions {
  readonly #columns: readonly Known[]
  readonly #figures: readonly Known[]
  readonly #rivals: readonly { column: Column; field: Field; winner: Column }[]
  readonly #price: Column | undefined
  readonly #units = new Map<string, { column: Column; rows: number[] }>()
  readonly #differing = new Map<string, number[]>()
  readonly #large = new Map<string, Large>()
  readonly #places: readonly Place[]

  constructor(target: ImportTarget, columns: readonly Column[]) {
    const fieldOf = (key: string | null | undefined) => target.fields.find((field) => field.key === key)
    this.#columns = columns.flatMap((column) => {
      const field = fieldOf(column.field)
      return field ? [{ column, field }] : []
    })
    this.#figures = this.#columns.filter(({ field }) => isFigure(field))
    this.#rivals = columns.flatMap((column) => {
      const field = fieldOf(column.rival?.field)
      const winner = columns.find((other) => other.column === column.rival?.column)
      return column.field === null && winner && field ? [{ column, field, winner }] : []
    })
    this.#places = this.#columns
      .filter(({ field }) => field.kind === 'division')
      .map(({ column }) => ({ column, last: '', repeats: false, filled: 0, blank: [] }))
    this.#price = columns.find(({ field, header }) => field === null && /^(?:购置|采购)?(?:单价|均价)/.test(header))
  }

  /** Adds to a row's problems what it says against itself. */
  add(source: SheetRow, row: InterpretedRow): void {
    for (const { column, field } of this.#figures) {
      const text = source.cells[column.column]?.trim()
      if (text && ownUnit(text, field, column.unit)) this.#otherUnit(column, row.row)
      this.#measure(column, field, row)
    }
    this.#compareRivals(source, row.row)
    for (const place of this.#places) followPlace(place, source)
    this.#comparePrice(source, row)
  }

  #otherUnit(column: Column, row: number): void {
    const entry = this.#units.get(column.column) ?? { column, rows: [] }
    entry.rows.push(row)
    this.#units.set(column.column, entry)
  }

  #measure(column: Column, field: Field, { row, values }: InterpretedRow): void {
    const text = values[field.key]
    if (!text || /^[-0.]+$/.test(text) || (field.kind !== 'money' && tooWide[field.key] === undefined)) return
    const known = this.#large.get(field.key) ?? { column, field, row, value: '0.00', large: 0, rows: 0 }
    this.#large.set(field.key, known)
    known.rows++
    if (!below(text, dear)) known.large++
    if (below(known.value, text)) Object.assign(known, { row, value: text })
  }

  #compareRivals(source: SheetRow, row: number): void {
    for (const { column, field, winner } of this.#rivals) {
      const [own = '', other = ''] = [source.cells[column.column]?.trim(), source.cells[winner.column]?.trim()]
      if (own === '' || other === '' || own === other) continue
      const read = (text: string, { unit }: Column) => parseValue(text, field, unit ?? undefined).value
      if (read(own, column) !== null && read(own, column) === read(other, winner)) continue
      const rows = this.#differing.get(column.column) ?? []
      rows.push(row)
      this.#differing.set(column.column, rows)
    }
  }

  /** 单价 × 数量 = 金额, but for what rounding the price leaves. */
  #comparePrice(source: SheetRow, { row, values, problems }: InterpretedRow): void {
    const text = this.#price && source.cells[this.#price.column]
    const { quantity, cost } = values
    if (!this.#price || !text || !quantity || !cost) return
    const price = parseMoney(text, { unit: this.#price.unit ?? undefined }).value
    if (price === null) return
    const product = new Big(price).times(quantity)
    const slack = [new Big(quantity).times('0.01'), new Big(cost).abs().times('0.001')].reduce((a, b) =>
      a.gt(b) ? a : b,
    )
    if (product.minus(cost).abs().lte(slack)) return
    const message = `单价 ${price} 乘数量 ${quantity} 是 ${product.toFixed(2)}，写的是 ${cost}，请核对。`
    problems.push(this.#told(row, 'cost', message))
  }

  #told(row: number, field: string, message: string): RowProblem {
    const column = this.#columns.find((known) => known.field.key === field)?.column.column ?? null
    return { row, column, field, message, severity: 'told' }
  }

  /** `asked` are the columns that a question is open about: they need no telling. */
  notices(asked: ReadonlySet<string>): string[] {
    const units = [...this.#units.values()].map(
      ({ column, rows }) =>
        `${column.column} 列「${column.header}」的单位是${column.unit}，${rowList(rows)}格内写了别的单位，按格内的单位读入。`,
    )
    const rivals = this.#rivals.flatMap(({ column, field, winner }) => {
      const rows = this.#differing.get(column.column)
      return rows && !asked.has(column.column)
        ? [
            `${column.column} 列与 ${winner.column} 列都是「${field.label}」，${rowList(rows)}写的不同，读的是 ${winner.column} 列。`,
          ]
        : []
    })
    const areas = [...this.#large.values()].flatMap(({ column, field, row, value }) => {
      const bound = tooWide[field.key]
      if (bound === undefined || below(value, bound)) return []
      return [
        `${column.column}${row}「${field.label}」折合 ${new Big(value).toFixed()} ㎡，大得少见，请核对数字和单位。`,
      ]
    })
    const places = this.#places.flatMap(({ column, repeats, filled, blank }) =>
      repeats || filled < 2 || blank.length === 0
        ? []
        : [
            `${column.column} 列「${column.header}」${rowList(blank)}空着，没有沿用上面一行；属于上面的村的，请逐行填写后重新上传。`,
          ],
    )
    return [...units, ...rivals, ...areas, ...places]
  }

  questions(): Question[] {
    return [...this.#large.values()].flatMap(({ column, field, row, value, large, rows }) => {
      if (
        column.unitFrom === 'answer' ||
        field.kind !== 'money' ||
        !(!below(value, tooDear) || (isLargeUnit(column.unit) && large * 2 >= rows && large > 0))
      )
        return []
      const amount = `${new Big(value).div('100000000').round(2).toFixed()} 亿元`
      const unit = column.unit ?? '元'
      return [
        {
          key: `unit:${column.column}`,
          kind: 'unit',
          about: `${column.column} 列「${column.header}」的单位是${unit}吗？第 ${row} 行折合 ${amount}，大得少见。`,
          guess: `按${unit}读入；不是的，请改正表头的单位后重新上传`,
          value: unit,
          choices: [...new Set([unit, ...unitsOf(field)])].map((known) => ({ value: known, label: known })),
          column: column.column,
          field: field.key,
          rows: { count: Math.max(large, 1), first: [row] },
        },
      ]
    })
  }
}

/** Compares amounts of the same places as text: the longer is the larger. */
function below(one: string, other: string): boolean {
  if (one.startsWith('-')) return !other.startsWith('-')
  return one.length === other.length ? one < other : one.length < other.length
}

/** A village that is written only where it changes leaves the rows below it without one. */
function followPlace(place: Place, source: SheetRow): void {
  const text = source.cells[place.column.column]?.trim() ?? ''
  if (text === '') {
    if (place.filled > 0 && place.blank.length < remembered) place.blank.push(source.row)
    return
  }
  place.repeats ||= text === place.last
  place.last = text
  place.filled++
}

function isLargeUnit(unit: string | null): boolean {
  return unit !== null && new Big(moneyUnit(unit)?.factor ?? 1).gt(1)
}

/** Whether a cell names a unit of its own that counts otherwise than the one its column names. */
function ownUnit(text: string, field: Field, unit: string | null): boolean {
  const converted = unit === null ? null : inUnit(text, field.kind, unit)
  if (converted === null) return false
  const figure = readFigure(field.kind === 'area' ? areaFigure(text) : text)
  return figure !== null && !('problem' in figure) && !converted.eq(figure.decimal)
}
