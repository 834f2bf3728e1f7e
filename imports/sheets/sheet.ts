import type { CardFieldKey } from './card-fields.ts'
import { cardFields } from './card-fields.ts'
import type { Choice, Field, FieldKind } from './fields.ts'
import { allTypeFields, type TypeFieldKey } from './type-fields.ts'

/** One column of an official sheet. */
export type Column = {
  /** The property of a row that is printed here. */
  key: string
  /** As printed, unit of measure in brackets: 账面原值(元). */
  header: string
  /** Printed above neighbouring columns that name the same group, in one merged cell. */
  group?: string
  /** Printed above neighbouring groups that name the same, one row higher. */
  over?: string
  /** serial counts the rows; tick prints √ where the row's value is `ticks`. */
  kind: FieldKind | 'serial' | 'tick'
  /** The card field that an import reads from this column; columns without one are printed only. */
  field?: CardFieldKey | TypeFieldKey
  /** Stored value that a tick column stands for. */
  ticks?: string
  synonyms?: readonly string[]
  choices?: readonly Choice[]
  /** Unit of measure of stored values: 元, ㎡. */
  unit?: string
  /** In characters of half width. */
  width: number
  /** Summed in subtotals and in the 合计 line. */
  sum?: boolean
  /** The figure is the sum of these columns of its row, and written as such. */
  adds?: readonly string[]
  /** To be filled in or ticked by hand: its drop-down is there on printed rows too, not on empty ones alone. */
  byHand?: boolean
  /** Usual answers, offered in a drop-down beside which anything may be written. */
  suggests?: readonly string[]
  /** What the 填写说明 says of this column. */
  hint?: string
}

/** A line at the foot to be signed, sealed or filled in: 单位负责人. */
export type Signature = { key: string; label: string }

/** One official sheet: export, import mapping, blank template and the manual's field list all read it. */
export type Sheet = {
  key: string
  title: string
  columns: readonly Column[]
  /** Printed at the right above the header: 单位：元、㎡. */
  unitLine: string
  signatures: readonly Signature[]
  paper: 'A4'
  orientation: 'landscape' | 'portrait'
  /** Offers Excel's filter buttons on the header. */
  filter?: boolean
}

/** Values by column key: decimal strings, dates as '2018', '2018-03' or '2018-03-01', stored choices; null where unknown. */
export type SheetRow = Readonly<Record<string, string | null | undefined>>

export type ColumnLook = Partial<Pick<Column, 'header' | 'group' | 'width' | 'sum' | 'hint'>>

export const serialColumn: Column = { key: 'serial', header: '序号', kind: 'serial', width: 5 }

/** A column that prints a card field under its own label, or under the name this sheet gives it. */
export function cardColumn<Key extends CardFieldKey>(key: Key, look: ColumnLook = {}): Column & { key: Key } {
  return { ...columnOf(fieldByKey(key), look), key, field: key }
}

/** The same for a field that only some card types have, or for how the card stands in the books. */
export function typeColumn<Key extends TypeFieldKey>(key: Key, look: ColumnLook = {}): Column & { key: Key } {
  const field = allTypeFields.find((candidate) => candidate.key === key)
  if (field === undefined) throw new Error(`No field ${key} of a card type`)
  return { ...columnOf(field, look), key, field: key }
}

function columnOf(field: Field, look: ColumnLook): Column {
  const unit = field.unit === undefined ? '' : `(${field.unit})`
  return {
    key: field.key,
    header: `${field.label}${unit}`,
    kind: field.kind,
    width: widths[field.kind],
    ...(field.unit === undefined ? {} : { unit: field.unit, sum: true }),
    ...(field.choices === undefined ? {} : { choices: field.choices }),
    ...(field.synonyms === undefined ? {} : { synonyms: field.synonyms }),
    ...(field.hint === undefined ? {} : { hint: field.hint }),
    ...look,
  }
}

/** What is printed over a column, from the outermost group down to its own header. */
export function headingsOf({ over, group, header }: Column): readonly string[] {
  return [over, group, header].filter((text) => text !== undefined)
}

/** How many rows the printed header takes. */
export function headerRowCount(sheet: Sheet): number {
  return Math.max(...sheet.columns.map((column) => headingsOf(column).length))
}

const widths: Record<FieldKind, number> = {
  text: 14,
  longText: 24,
  money: 15,
  area: 11,
  quantity: 8,
  integer: 8,
  date: 13,
  choice: 10,
  unit: 20,
  division: 14,
}

function fieldByKey(key: CardFieldKey): Field {
  const field = cardFields.find((candidate) => candidate.key === key)
  if (field === undefined) throw new Error(`No card field ${key}`)
  return field
}
