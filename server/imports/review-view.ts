import Big from 'big.js'
import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { isEdited, problemsOf, withEdits } from '../../imports/edits.ts'
import { resolvedOf } from '../../imports/resolved.ts'
import { choiceLabel, type Field } from '../../imports/sheets/fields.ts'
import type { StagedRow } from '../../imports/staging.ts'
import type { ImportTarget } from '../../imports/target.ts'
import { isFigure } from '../../imports/values/value.ts'
import { unitsOn } from '../access/units.ts'
import type { BatchRow, Reading } from './actions.ts'
import { columnFinder } from './batch-page.ts'
import { ownersOf, type ProblemGroup, problemGroups, type ReviewFilter, reviewRows } from './review-queries.ts'
import { backText, listedNumbers, listUrl, nameOfRow, placeText } from './row-places.ts'
import { rowStates } from './sentences.ts'
import { wordingOf } from './wording.ts'

type Told = { batch: BatchRow; target: ImportTarget<Tx>; reading: Reading; names: Names }
type Names = (kind: Field['kind'], value: string) => string

/** The rows of a batch under a filter, and what is said of all of them together. */
export async function reviewView(
  tx: Tx,
  batch: BatchRow,
  target: ImportTarget<Tx>,
  filter: ReviewFilter,
  today: string,
) {
  const reading = batch.reading as Reading
  const path = `/imports/${batch.no}`
  const owners = await ownersOf(tx, batch.id, target, today)
  const unit = owners.find(({ code }) => code === filter.unit)
  const { page, counts: narrowed } = await reviewRows(tx, batch.id, target, filter, unit)
  const groups = (await problemGroups(tx, batch.id)).map((group) => groupView(group, target, path, filter))
  const told: Told = { batch, target, reading, names: await namesOf(tx, page.rows, target, today) }
  const counts = batch.counts as Record<string, number>
  const shown = narrowed ?? counts
  const { status: _status, ...unfiltered } = filter
  const all = Object.values(shown).reduce((sum, count) => sum + count, 0)
  return {
    counts,
    tabs: [
      { label: '全部', count: all, href: listUrl(path, { ...unfiltered, after: undefined }), current: !filter.status },
      ...wordingOf(batch).states.map((status) => ({
        label: rowStates[status].label,
        count: shown[status] ?? 0,
        href: listUrl(path, { ...unfiltered, status, after: undefined, before: undefined }),
        current: filter.status === status,
      })),
    ],
    filter,
    filterChoices: {
      fields: fieldChoices(groups),
      units: owners.length > 1 ? owners.map(({ code, name }) => ({ value: code, label: name })) : [],
    },
    about: groups.find(({ key }) => key === filter.about) ?? null,
    aboutClear: listUrl(path, { ...filter, about: undefined, after: undefined, before: undefined }),
    clearHref: path,
    groups: { wrong: groups.filter(({ wrong }) => wrong), told: groups.filter(({ wrong }) => !wrong) },
    totals: totalsView(reading, target.fields),
    figures: figuresOf(target),
    rows: page.rows.map((row) => rowView(row, told)),
    back: backText(filter),
    previous: page.previous && listUrl(path, { ...filter, after: undefined, before: page.previous }),
    next: page.next && listUrl(path, { ...filter, before: undefined, after: page.next }),
    ready: (counts.new ?? 0) + (counts.changed ?? 0),
  }
}

/** The figures that tell one row from another; a target without them shows none. */
function figuresOf({ fields, shown }: ImportTarget<Tx>): Field[] {
  return shown.flatMap((key) => fields.filter((field) => field.key === key && isFigure(field)))
}

function groupView(group: ProblemGroup, { fields }: ImportTarget<Tx>, path: string, filter: ReviewFilter) {
  const label = fields.find(({ key }) => key === group.field)?.label ?? ''
  const text = label === '' || group.message.includes(label) ? group.message : `${label}：${group.message}`
  return {
    key: group.key,
    field: group.field ?? '-',
    label: label || '整行',
    wrong: group.severity === 'wrong',
    text: text.replace(/。$/, ''),
    rows: listedNumbers(group.rows, group.count),
    count: group.count,
    href: listUrl(path, { about: group.key }),
    current: group.key === filter.about,
  }
}

function fieldChoices(groups: readonly { field: string; label: string }[]) {
  const labels = new Map(groups.map(({ field, label }) => [field, label]))
  return [...labels].map(([value, label]) => ({ value, label }))
}

/** The file's own totals against its rows, in the units it is written in; what differs first. */
function totalsView({ totals, columns }: Reading, fields: readonly Field[]) {
  const lines = totals.map(({ row, field: key, declared, computed, agrees }) => {
    const field = fields.find((candidate) => candidate.key === key)
    const unit = columns.find((column) => column.field === key)?.unit ?? field?.unit ?? ''
    const difference = new Big(declared).minus(computed)
    return {
      ...{ row, declared, computed, agrees, label: field?.label ?? key, unit },
      difference: `${difference.gt(0) ? '+' : ''}${difference.toFixed()}`,
    }
  })
  const differing = lines.filter(({ agrees }) => !agrees)
  const agreeing = lines.filter(({ agrees }) => agrees)
  const shown = [...differing, ...agreeing].slice(0, 12)
  return { lines: shown, more: lines.length - shown.length, differing: differing.length }
}

/** A long text's beginning: the whole of it is on the card once it is imported. */
const brief = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}…` : text)

function rowView(row: StagedRow, told: Told) {
  const { batch, target, names } = told
  const { fields } = target
  const read: Readonly<Record<string, string | null>> = isEdited(row) ? withEdits(row, target).values : row.values
  const stored = resolvedOf(row)
  const value = (key: string): string | null => stored[key] ?? read[key] ?? null
  const shown = (key: string): string => {
    const field = fields.find((candidate) => candidate.key === key)
    const text = value(key)
    if (!field || text === null) return ''
    return brief(field.choices ? choiceLabel(field.choices, text) : names(field.kind, text))
  }
  const state = rowStates[row.status as keyof typeof rowStates]
  const figures = new Set(figuresOf(target).map(({ key }) => key))
  return {
    place: placeText(row),
    title: nameOfRow(row),
    row: String(row.row),
    status: { text: state.label, tone: state.tone },
    edited: isEdited(row),
    apart: row.handling === 'apart',
    name: shown(target.name) || null,
    about: target.shown
      .filter((key) => key !== target.name && !figures.has(key))
      .map(shown)
      .filter(Boolean)
      .join(' · '),
    figures: figuresOf(target).map((field) => ({
      key: field.key,
      label: field.label,
      kind: field.kind,
      value: value(field.key),
    })),
    changes: Object.entries(row.changes ?? {}).map(([key, change]) => changeView(key, change, fields, names)),
    notes: batch.origin === 'edit' ? notesOf(row, told).map((note) => ({ ...note, place: null })) : notesOf(row, told),
    href: `/imports/${batch.no}/rows/${placeText(row)}`,
    tone: row.status === 'wrong' ? 'danger' : row.status === 'duplicate' ? 'warning' : null,
  }
}

function changeView(
  key: string,
  change: { old: string | null; new: string | null },
  fields: readonly Field[],
  names: Names,
) {
  const field = fields.find((candidate) => candidate.key === key)
  const shown = (text: string | null) => {
    if (text === null) return null
    return brief(field?.choices ? choiceLabel(field.choices, text) : names(field?.kind ?? 'text', text))
  }
  return {
    label: field?.label ?? key.replace(/^extra\./, ''),
    kind: field?.kind ?? 'text',
    old: shown(change.old),
    new: shown(change.new),
  }
}

/** Every problem with the cell it stands in; what is wrong before what is only told. */
export function notesOf(row: StagedRow, { reading, target }: Pick<Told, 'reading' | 'target'>) {
  const columnOf = columnFinder(reading)
  const label = (key: string) => target.fields.find((field) => field.key === key)?.label ?? ''
  return problemsOf(row)
    .map(({ column: written, field, message, severity }) => {
      const column = written ?? columnOf(field, row.block)
      const header = field && !message.includes(label(field)) ? `${label(field)}：` : ''
      return {
        place: column ? `${column}${row.row}` : null,
        letter: column,
        text: `${header}${message}`,
        wrong: severity === 'wrong',
        field,
      }
    })
    .sort((a, b) => Number(b.wrong) - Number(a.wrong))
}

/** Names of the units and places that rows of one page speak of. */
async function namesOf(
  tx: Tx,
  rows: readonly StagedRow[],
  { fields }: ImportTarget<Tx>,
  today: string,
): Promise<Names> {
  const spoken = (kind: Field['kind']) => {
    const keys = fields.filter((field) => field.kind === kind).map(({ key }) => key)
    const texts = rows.flatMap((row) =>
      keys.flatMap((key) => [row.resolved?.[key], row.changes?.[key]?.old, row.changes?.[key]?.new]),
    )
    return [...new Set(texts.filter((text) => /^\d{1,18}$/.test(text ?? '')))]
  }
  const ids = `{${spoken('unit').join(',')}}`
  const units = new Map(
    (await unitsOn(tx, today, sql`u.id = any(${ids}::bigint[])`)).map((unit) => [unit.id, unit.name]),
  )
  const codes = `{${spoken('division').join(',')}}`
  const found = await tx.execute<{ code: string; name: string }>(
    sql`select code, name from divisions where code = any(${codes}::text[])`,
  )
  const divisions = new Map(found.map(({ code, name }) => [code, name]))
  return (kind, value) =>
    (kind === 'unit' ? units.get(value) : kind === 'division' ? divisions.get(value) : undefined) ?? value
}
