import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import type { Field, FieldKind } from '../../imports/sheets/fields.ts'
import type { Answer } from '../../imports/target.ts'
import { takesUnit, unitsOf } from '../../imports/values/units.ts'
import { unitsBelow } from '../access/reach.ts'
import { unitsOn } from '../access/units.ts'

/** Sent for a field left blank, or a column kept beside the fields: an empty answer is none. */
export const nothing = '-'

/** Units and places that a text of a file may stand for. */
export type Known = { unit: readonly Answer[]; division: readonly Answer[] }

export const nobody: Known = { unit: [], division: [] }

/**
 * The units managed by one, and the places within it. Of lists that belong to no track those of a unit that lies in no
 * town may name any.
 */
export async function knownTo(tx: Tx, unitId: string, today: string, trackless = false): Promise<Known> {
  const below = await unitsBelow(tx, unitId, today)
  const countywide = below.find(({ id }) => id === unitId)?.divisionCode.endsWith('000000') ?? false
  const units = trackless && countywide ? await unitsOn(tx, today) : below
  const prefix = units.find(({ id }) => id === unitId)?.divisionCode.replace(/(?:000000|000)$/, '') ?? ''
  const places = await tx.execute<{ code: string; name: string; above: string | null }>(sql`
    select d.code, d.name, p.name as above from divisions d left join divisions p on p.code = d.parent_code
    where starts_with(d.code, ${prefix}) order by d.code`)
  return {
    unit: units.filter(({ state }) => state !== 'closed').map(({ code, name }) => ({ value: code, label: name })),
    division: places.map(({ code, name, above }) => ({
      value: code,
      label: above === null ? name : `${name}（${above}）`,
    })),
  }
}

/** What a text may stand for in a field. */
export function choicesOf(field: Field | undefined, known: Known): readonly Answer[] {
  if (field?.kind === 'unit') return known.unit
  if (field?.kind === 'division') return known.division
  return (field?.choices ?? []).map(({ value, label }) => ({ value, label }))
}

const groups: readonly { label: string; kinds: readonly FieldKind[] }[] = [
  { label: '名称、编号和文字', kinds: ['text', 'longText'] },
  { label: '金额', kinds: ['money'] },
  { label: '面积和数量', kinds: ['area', 'quantity', 'integer'] },
  { label: '时间', kinds: ['date'] },
  { label: '选项', kinds: ['choice'] },
  { label: '单位和地点', kinds: ['unit', 'division'] },
]

export type FieldGroup = { label: string; items: Answer[] }

/** A target's fields for a select, the one that names the row first. */
export function fieldGroups(fields: readonly Field[], name: string): FieldGroup[] {
  const first = (field: Field) => (field.key === name ? 0 : 1)
  return groups
    .map(({ label, kinds }) => ({
      label,
      items: fields
        .filter(({ kind }) => kinds.includes(kind))
        .sort((a, b) => first(a) - first(b))
        .map((field) => ({ value: field.key, label: field.label })),
    }))
    .filter(({ items }) => items.length > 0)
}

/** Units to choose from: those of the field, with the one that the file names. */
export function unitChoices(field: Field | undefined, named: string | null): string[] {
  if (!field) return []
  const all = unitsOf(field)
  return named === null || all.includes(named) || !takesUnit(field, named) ? [...all] : [named, ...all]
}
