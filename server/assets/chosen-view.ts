import type { Field, FieldKind } from '../../imports/sheets/fields.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { type RegisterColumn, registerColumns } from '../../imports/sheets/register.ts'
import type { CardRow } from './list.ts'
import { usageTones } from './usage-tones.ts'

/** A row's name and code, which lead to its card. */
type Ways = { code: object; name: object }

export type Table = {
  columns: readonly { key: string }[]
  cells: (row: CardRow, ways: Ways) => Record<string, unknown>
  /** Where the columns stand on a phone. */
  stack: Record<string, string>
}

/** Chosen columns as the list draws them. The name stands before the others where it is not chosen: it opens the card. */
export function chosenView(chosen: readonly RegisterColumn[], cardType: string | null): Table {
  const known = new Map(registerColumns(cardType).map((field) => [field.key, field]))
  const fields = chosen.flatMap((key) => known.get(key) ?? [])
  const name = known.get('name')
  const columns = (chosen.includes('name') || !name ? fields : [name, ...fields]).map(columnOf)
  return {
    columns,
    cells: (row, ways) => ({
      ...Object.fromEntries(fields.map((field, at) => [field.key, cellOf(field, row.chosen[at] ?? '')])),
      ...ways,
    }),
    stack: Object.fromEntries(columns.map(({ key }) => [key, places[key] ?? 'field'])),
  }
}

const places: Record<string, string> = { name: 'title', usage: 'badge' }

const formats: Partial<Record<FieldKind, string>> = {
  money: 'money',
  area: 'area',
  quantity: 'quantity',
  integer: 'count',
  date: 'date',
}
const clipped: readonly FieldKind[] = ['longText', 'unit', 'division']

function columnOf({ key, label, kind, unit, max = 0 }: Field) {
  const format = formats[kind]
  const clip = clipped.includes(kind) || max > 60
  return { key, label, ...(unit && { unit }), ...(format && { format }), ...(clip ? { clip } : { nowrap: true }) }
}

function cellOf({ key, choices }: Field, text: string) {
  if (text === '') return null
  if (key === 'usage') return { badge: choiceLabel(choices, text), tone: usageTones[text] ?? 'neutral' }
  return choices ? choiceLabel(choices, text) : text
}
