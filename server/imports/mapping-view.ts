import { rowList } from '../../imports/recognising/row-list.ts'
import type { Field } from '../../imports/sheets/fields.ts'
import type { Answer, ImportTarget, Question } from '../../imports/target.ts'
import { plainUnit } from '../../imports/values/units.ts'
import type { Answers as Sent } from '../kernel/forms.ts'
import type { BatchRow, Reading } from './actions.ts'
import { choicesOf, fieldGroups, type Known, nothing, unitChoices } from './mapping-choices.ts'
import { controlOf } from './mapping-form.ts'
import { stepsOf } from './wording.ts'

/** Questions shown at once; the rest of a long list is folded. */
const shown = 20
/** From so many choices on a person types and is shown what fits. */
const long = 60

/** The mapping page's parts: which table, what is asked, how the columns were read. */
export function mappingView(
  batch: Pick<BatchRow, 'reading' | 'worksheet' | 'origin'>,
  target: Pick<ImportTarget, 'fields' | 'name'>,
  known: Known,
  sent: Sent = {},
) {
  const reading = batch.reading as Reading
  const { questions, columns } = reading
  const asked = questions.map((question, at) =>
    asControl(question, controlOf(question, at), target.fields, known, sent),
  )
  const places = asked.filter(({ kind }) => kind === 'worksheet' || kind === 'table')
  const open = asked.filter(
    ({ kind, unknown, answered }) => !answered && !unknown && kind !== 'worksheet' && kind !== 'table',
  )
  const inQuestions = new Set(open.map(({ name }) => name))
  const label = (key: string | null) => target.fields.find((field) => field.key === key)?.label ?? ''
  return {
    steps: stepsOf(batch, '对应栏目'),
    places,
    questions: { first: open.slice(0, shown), more: open.slice(shown), count: open.length },
    answered: asked.filter(({ kind, answered }) => answered && kind === 'value'),
    columns: columns.map((column) => columnView(column, target.fields, sent, inQuestions, label)),
    unknown: asked.filter(({ unknown, answered }) => unknown && !answered).length,
    nameless: !columns.some(({ field }) => field === target.name),
    nameLabel: label(target.name),
    groups: fieldGroups(target.fields, target.name),
    suggestions: suggestionsOf(asked, known),
    recalled: reading.recalled === true,
    headerRows: reading.headerRows,
  }
}

function asControl(question: Question, name: string, fields: readonly Field[], known: Known, sent: Sent) {
  const { kind, about, value, rows, field, text } = question
  const target = fields.find(({ key }) => key === field)
  const given = question.choices ?? choicesOf(target, known)
  const stays = kind === 'value' ? [{ value: nothing, label: stayLabel(question, target) }] : []
  const answer = kind === 'value' || kind === 'column' ? (value ?? nothing) : (value ?? '')
  return {
    kind,
    name,
    about: question.about,
    unknown: kind === 'column' && value === null && rows === undefined,
    answered: question.answered === true,
    required: question.open === true,
    text: text ?? about,
    suggest: question.choices === undefined && given.length > long ? (target?.kind ?? null) : null,
    items: [...stays, ...given],
    hint: rows && rows.first.length > 0 && kind !== 'unit' ? rowsTold(rows) : '',
    value: sent[name] ?? (question.open && !question.answered ? '' : answer),
  }
}

function stayLabel({ field }: Question, target: Field | undefined): string {
  if (field === 'acquiredOn') return '不填，留空'
  if (target?.key === 'unit') return '不选定，这些行不授予岗位'
  if (target?.kind === 'unit') return '记在上传时选的单位，原文保留'
  if (target?.kind === 'division') return '按单位所在地记录，原文保留'
  return '留空，原文作为附加栏目保留'
}

function rowsTold({ count, first }: { count: number; first: readonly number[] }): string {
  return count > first.length ? `第 ${first.join('、')} 等 ${count} 行` : rowList(first)
}

const sure = {
  certain: { text: '确定', tone: 'success' },
  likely: { text: '很可能', tone: 'info' },
  guessed: { text: '请核对', tone: 'warning' },
} as const
const from = { header: '表头写明', row: '表头下一行写明', line: '表格上方写明', answer: '您选的' } as const

function columnView(
  column: Reading['columns'][number],
  fields: readonly Field[],
  sent: Sent,
  asked: ReadonlySet<string>,
  label: (key: string | null) => string,
) {
  const name = `column-${column.column}`
  const value = sent[name] ?? column.field ?? nothing
  const field = fields.find(({ key }) => key === value)
  const units = unitChoices(field, column.unit)
  const own = field ? plainUnit(field) : ''
  return {
    ...column,
    name,
    value,
    fieldLabel: label(column.field),
    asked: asked.has(name),
    units,
    unitName: `unit-${column.column}`,
    unitAsked: asked.has(`unit-${column.column}`),
    unitValue: sent[`unit-${column.column}`] ?? column.unit ?? own,
    unitNote: units.length === 0 ? '' : column.unitFrom ? from[column.unitFrom] : `没有写明，按${own}`,
    badge:
      column.field === null && column.how === 'guessed'
        ? { text: '没有认出', tone: 'neutral' }
        : column.field === null
          ? null
          : sure[column.how],
  }
}

/** Suggestions that inputs of long lists share. */
function suggestionsOf(asked: readonly { suggest: string | null }[], known: Known): { id: string; items: Answer[] }[] {
  return (['unit', 'division'] as const)
    .filter((kind) => asked.some(({ suggest }) => suggest === kind))
    .map((kind) => ({
      id: `suggest-${kind}`,
      items: known[kind].map(({ value, label }) => ({ value: `${label}（${value}）`, label })),
    }))
}
