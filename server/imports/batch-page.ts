import { shifted } from '../../imports/recognising/blocks.ts'
import { gathered } from '../../imports/recognising/questions.ts'
import { choiceLabel, type Field } from '../../imports/sheets/fields.ts'
import { resolvedOf, type StagedRow } from '../../imports/staging.ts'
import type { ImportTarget } from '../../imports/target.ts'
import { type Filter, filterUrl } from '../kernel/filter.ts'
import type { Page } from '../kernel/paging.ts'
import type { BatchRow, Reading } from './actions.ts'
import { importSteps } from './mapping-view.ts'
import { batchStates, rowStates } from './sentences.ts'

/** The review page's parts: how the columns were read, what is open, what the rows come to. */
export function batchView(
  batch: BatchRow,
  { fields, shown }: Pick<ImportTarget, 'fields' | 'shown'>,
  page: Page<StagedRow>,
  filter: Filter,
) {
  const reading = batch.reading as Reading
  const path = `/imports/${batch.no}`
  const label = (key: string | null) => fields.find((field) => field.key === key)?.label ?? ''
  const columnOf = columnFinder(reading)
  const counts = batch.counts as Record<keyof typeof rowStates, number>
  return {
    reading,
    state: batchStates[batch.state as keyof typeof batchStates],
    tabs: [
      { label: '全部', count: reading.read, href: path, current: !filter.status },
      ...Object.entries(rowStates).map(([key, { label: text }]) => ({
        label: text,
        count: counts[key as keyof typeof rowStates],
        href: filterUrl(path, {}, { status: key }),
        current: filter.status === key,
      })),
    ],
    steps: importSteps(batch.state === 'committed' ? 4 : 2),
    columnsRead: {
      known: reading.columns.filter(({ field }) => field !== null).length,
      beside: reading.columns.filter(({ field, serial }) => field === null && !serial).length,
    },
    recalled: reading.recalled === true,
    // A column that is blank throughout comes to nothing and is not shown as a figure.
    sums: Object.entries(batch.sums)
      .filter(([, value]) => !/^[0.]+$/.test(value))
      .map(([key, value]) => {
        const field = fields.find((candidate) => candidate.key === key)
        return { label: label(key), value, unit: field?.unit ?? '', kind: field?.kind ?? 'quantity' }
      }),
    totals: totalWarnings(reading, label),
    questions: gathered(reading.questions.filter(({ answered }) => !answered)),
    notices: reading.notices ?? [],
    columns: shown.flatMap((key) => fields.filter((field) => field.key === key).map(columnView)),
    rows: page.rows.map((row) => rowView(row, fields, shown, label, columnOf)),
    previous: page.previous && filterUrl(path, filter, { before: page.previous }),
    next: page.next && filterUrl(path, filter, { after: page.next }),
    counts,
    ready: counts.new + counts.changed,
  }
}

/** One sentence for each 合计 row that its rows do not come to; of many rows the first ones. */
function totalWarnings({ totals }: Reading, label: (key: string | null) => string): string[] {
  const rows = new Map<number, string[]>()
  for (const { row, field, declared, computed, agrees } of totals) {
    if (agrees) continue
    rows.set(row, [...(rows.get(row) ?? []), `${label(field)}写的是 ${declared}，各行相加是 ${computed}`])
  }
  const shown = [...rows]
    .slice(0, 5)
    .map(([row, texts]) => `第 ${row} 行的合计与明细不符：${texts.join('；')}，请核对原表。`)
  return rows.size > 5 ? [...shown, `还有 ${rows.size - 5} 个合计行与明细不符，请逐一核对原表。`] : shown
}

/** Column of a field, for what the register says to a row; tables side by side have one for each. */
export function columnFinder({ columns, shifts }: Reading): (field: string | null, block: number) => string | null {
  return (field, block) => {
    const column = field === null ? undefined : columns.find((candidate) => candidate.field === field)?.column
    return column === undefined ? null : shifted(column, shifts?.[block] ?? 0)
  }
}

/** A long text's beginning: the whole of it is on the card once it is imported. */
const brief = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}…` : text)

/** How the table of rows shows a field. */
function columnView({ key, label, kind, unit }: Field) {
  const figure = kind === 'area' || kind === 'money' || kind === 'quantity'
  return {
    ...{ key, label, ...(figure ? { format: kind } : {}), ...(unit === undefined ? {} : { unit }) },
    ...(kind === 'choice' || kind === 'date' ? { nowrap: true } : figure ? {} : { clip: true }),
  }
}

function rowView(
  row: StagedRow,
  fields: readonly Field[],
  shown: readonly string[],
  label: (key: string | null) => string,
  columnOf: (field: string | null, block: number) => string | null,
) {
  const stored = resolvedOf(row)
  const value = (key: string) => stored[key] ?? row.values[key] ?? null
  const state = rowStates[row.status as keyof typeof rowStates]
  const notes = [...row.problems, ...row.findings].map(({ column: written, field, message }) => {
    const column = written ?? columnOf(field, row.block)
    const place = column ? `${column}${row.row} ` : ''
    const header = field && !message.includes(label(field)) ? `${label(field)}：` : ''
    return `${place}${header}${message}`
  })
  const changes = Object.entries(row.changes ?? {}).map(([key, change]) => {
    const field = fields.find((candidate) => candidate.key === key)
    const said = (text: string | null) => (text === null ? '空' : brief(choiceLabel(field?.choices, text)))
    return `${label(key) || key.replace(/^extra\./, '')}：${said(change.old)} → ${said(change.new)}`
  })
  return {
    row: String(row.row),
    status: { badge: state.label, tone: state.tone },
    ...Object.fromEntries(
      shown.map((key) => {
        const choices = fields.find((field) => field.key === key)?.choices
        return [key, choiceLabel(choices, value(key)) || null]
      }),
    ),
    notes: [changes.join('；'), ...notes].filter((text) => text !== '').join(' ') || null,
    tone: row.status === 'wrong' ? 'danger' : row.status === 'duplicate' ? 'warning' : null,
  }
}
