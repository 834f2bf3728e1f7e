import { tracks, usages } from '../../imports/sheets/card-choices.ts'
import { cardFields } from '../../imports/sheets/card-fields.ts'
import { choiceLabel, type Field } from '../../imports/sheets/fields.ts'
import { allTypeFields } from '../../imports/sheets/type-fields.ts'
import { printDate } from '../../imports/writing/cells.ts'
import { money } from '../kernel/templates.ts'
import type { ChangeRow } from './changes-rows.ts'
import type { SheetNames } from './sheet-rows.ts'

/** One field as it read on the first day and as it read on the last, in words. */
export type FieldChange = { label: string; old: string | null; new: string | null }

/** Names as they were on either day. */
export type NamesOfBoth = { old: SheetNames; new: SheetNames }

type State = Record<string, string | null> & { details?: never }
type Told = {
  fields: State
  details: Record<string, string>
  extra: Record<string, string>
  parts: readonly TellablePart[]
}
type TellablePart = { name: string; area: string; usage: string }

/** What differs between the two states of a card; of a card that came or left, only where it came from or went. */
export function fieldChanges(row: ChangeRow, names: NamesOfBoth): FieldChange[] {
  const [old, next] = [read(row.old), read(row.new)]
  if (!old || !next) return moves(row, names)
  return [
    ...cardFields.flatMap((field) =>
      differing(field.label, old.fields[field.key], next.fields[field.key], (value, side) =>
        shown(field, value, names[side]),
      ),
    ),
    ...allTypeFields.flatMap((field) =>
      differing(field.label, old.details[field.key], next.details[field.key], (value, side) =>
        shown(field, value, names[side]),
      ),
    ),
    ...[...new Set([...Object.keys(old.extra), ...Object.keys(next.extra)])].flatMap((key) =>
      differing(key, old.extra[key], next.extra[key], (value) => value),
    ),
    ...differing('部位', partsText(old.parts), partsText(next.parts), (value) => value),
  ]
}

/** The same as one text for a cell of a sheet. */
export function fieldChangesText(changes: readonly FieldChange[]): string {
  return changes.map((change) => `${change.label}：${change.old ?? '空'} → ${change.new ?? '空'}`).join('；')
}

function moves(row: ChangeRow, names: NamesOfBoth): FieldChange[] {
  if (row.kind !== 'came' && row.kind !== 'left') return []
  return [
    ...differing('权属单位', row.old_owner, row.new_owner, (value, side) => names[side].unit(value) ?? value),
    ...differing('资产属性', row.old_track, row.new_track, (value) => choiceLabel(tracks, value)),
  ]
}

function differing(
  label: string,
  old: string | null | undefined,
  next: string | null | undefined,
  tell: (value: string, side: 'old' | 'new') => string,
): FieldChange[] {
  if ((old ?? null) === (next ?? null)) return []
  return [{ label, old: old ? tell(old, 'old') : null, new: next ? tell(next, 'new') : null }]
}

function shown(field: Field, value: string, names: SheetNames): string {
  if (field.kind === 'unit') return names.unit(value) ?? value
  if (field.kind === 'division') return names.division(value) ?? value
  if (field.kind === 'date') return printDate(value)
  if (field.kind === 'money' || field.kind === 'area') return money(value)
  return choiceLabel(field.choices, value)
}

function partsText(parts: readonly TellablePart[]): string | null {
  if (parts.length === 0) return null
  return parts.map(({ name, area, usage }) => `${name} ${money(area)} ㎡ ${choiceLabel(usages, usage)}`).join('、')
}

function read(text: string | null): Told | null {
  if (text === null) return null
  const { details, extra, parts, ...fields } = JSON.parse(text)
  return { fields, details, extra, parts }
}
