import type { Tx } from '../../db/client.ts'
import { choiceLabel, type Field } from '../../imports/sheets/fields.ts'
import type { StagedRow } from '../../imports/staging.ts'
import type { ImportTarget } from '../../imports/target.ts'
import { isPlainUnit, plainUnit, unitsOf } from '../../imports/values/units.ts'
import type { Answers } from '../kernel/forms.ts'
import type { Reading } from './actions.ts'
import { notesOf } from './review-view.ts'
import type { Typed } from './row-acts.ts'
import { placeText } from './row-places.ts'

/** One input of a row's form. */
export type RowInput = {
  name: string
  label: string
  kind: 'text' | 'textarea' | 'choice'
  value: string
  items: { value: string; label: string }[]
  suffix: string
  hint: string
  error: string | null
}

/** A row's form: the fields that the file has columns for and those that something is wrong with, these first. */
export function rowForm(row: StagedRow, target: ImportTarget<Tx>, reading: Reading): RowInput[] {
  const notes = notesOf(row, { reading, target })
  const errors = new Map(notes.filter(({ wrong }) => wrong).map(({ field, text }) => [field, text]))
  return [...formFields(row, target, reading)]
    .map((field) => {
      const wrote = fileText(row, field)
      const given = row.edits[field.key]
      return {
        name: nameOf(row, field),
        label: field.label,
        kind: field.choices
          ? ('choice' as const)
          : field.kind === 'longText'
            ? ('textarea' as const)
            : ('text' as const),
        value: given ?? wrote,
        items: choicesOf(field, given),
        suffix: plainUnit(field),
        hint: hintOf(row, field, reading, given === undefined ? null : wrote),
        error: errors.get(field.key) ?? null,
      }
    })
    .sort((a, b) => Number(b.error !== null) - Number(a.error !== null))
}

/** What was typed: only what differs from what the file says is kept. */
export function readTyped(row: StagedRow, target: ImportTarget<Tx>, reading: Reading, answers: Answers): Typed {
  return Object.fromEntries(
    formFields(row, target, reading).map((field) => {
      const sent = answers[nameOf(row, field)]?.replaceAll('\r\n', '\n').trim()
      return [field.key, sent === undefined ? undefined : sent === fileText(row, field).trim() ? null : sent]
    }),
  )
}

function formFields(row: StagedRow, target: ImportTarget<Tx>, { columns }: Reading): Field[] {
  const keys = new Set([
    target.name,
    ...columns.flatMap(({ field }) => field ?? []),
    ...[...row.problems, ...row.findings].flatMap(({ field }) => field ?? []),
    ...Object.keys(row.edits),
  ])
  return [...keys].flatMap((key) => target.fields.filter((field) => field.key === key))
}

/** Distinct on a page that shows several rows' forms. */
function nameOf(row: StagedRow, { key }: Field): string {
  return `row${placeText(row)}-${key}`
}

/** What the file says of a field, in the form in which it is stored; what could not be read as it was written. */
function fileText(row: StagedRow, field: Field): string {
  const value = row.values[field.key]
  if (value !== null && value !== undefined) return choiceLabel(field.choices, value)
  return field.choices ? '' : (row.written[field.key] ?? '')
}

function choicesOf({ choices }: Field, given: string | undefined): { value: string; label: string }[] {
  const labels = (choices ?? []).map(({ label }) => label)
  if (given && choices && !labels.includes(given)) labels.unshift(given)
  return labels.map((label) => ({ value: label, label }))
}

function hintOf(row: StagedRow, field: Field, { columns }: Reading, wrote: string | null): string {
  const column = columns.find((candidate) => candidate.field === field.key)
  const own = row.written[field.key] ?? (column ? row.extra[column.header] : undefined)
  const parts = [
    own
      ? `原表写的是“${own.slice(0, 60)}”`
      : wrote === null
        ? ''
        : wrote === ''
          ? '原表是空的'
          : `原表是“${wrote.slice(0, 60)}”`,
    column?.unit && unitsOf(field).length > 0 && !isPlainUnit(field, column.unit)
      ? `原表按${column.unit}，这里按${plainUnit(field)}填`
      : '',
  ]
  return parts.filter(Boolean).join('；')
}
