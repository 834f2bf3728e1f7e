import type { Answers } from '../../imports/answers.ts'
import type { Field } from '../../imports/sheets/fields.ts'
import type { ImportTarget, Question } from '../../imports/target.ts'
import { isPlainUnit, takesUnit } from '../../imports/values/units.ts'
import type { Problem } from '../kernel/errors.ts'
import type { Answers as Sent } from '../kernel/forms.ts'
import type { BatchRow, Reading } from './actions.ts'
import { choicesOf, type Known, nothing } from './mapping-choices.ts'

export type Decided = {
  answers: Answers
  problems: Problem[]
  /** Another worksheet or table was chosen: the rest of the form was about what is no longer read. */
  moved: boolean
  /** Whether the file comes to something else than was read. */
  differs: boolean
}

/** Name of the form's control for a question, by its place among those of the reading. */
export function controlOf(question: Question, at: number): string {
  if (question.kind === 'value') return `value-${at}`
  return question.column === undefined ? question.kind : `${question.kind}-${question.column}`
}

/** Reads the mapping form. What was not sent stays as it was read. */
export function readMapping(
  sent: Sent,
  batch: Pick<BatchRow, 'reading' | 'worksheet'>,
  target: Pick<ImportTarget, 'fields' | 'name'>,
  known: Known,
): Decided {
  const { columns, questions } = batch.reading as Reading
  const answers = placeOf(sent, batch, questions)
  if (answers.moved) return { ...answers, differs: true }
  const problems = [...answers.problems]
  const fields = new Map(target.fields.map((field) => [field.key, field]))
  const decided: Record<string, string | null> = {}
  const units: Record<string, string> = {}
  for (const { column, field: read, unit: readUnit, unitFrom, serial } of columns) {
    if (serial) continue
    const text = (sent[`column-${column}`] ?? read) || nothing
    const field = fields.get(text)
    if (text !== nothing && !field) {
      problems.push({ field: `column-${column}`, text: `请为 ${column} 列从列表中选择一栏。` })
      continue
    }
    decided[column] = field?.key ?? null
    const unit = sent[`unit-${column}`] ?? readUnit ?? ''
    if (!field || unit === '') continue
    if (!takesUnit(field, unit)) {
      // A unit that was fitting for what the column was before is no mistake of whoever changes the field.
      if (field.key === read && unit !== readUnit) {
        problems.push({ field: `unit-${column}`, text: `${column} 列「${field.label}」不能以${unit}为单位，请另选。` })
      }
      continue
    }
    const asked = questions.some(({ key }) => key === `unit:${column}`)
    // Where the file names no unit the form shows the plain one, which nobody has chosen; the next file may name its own.
    const shown = readUnit === null && isPlainUnit(field, unit)
    if ((unit !== readUnit && !shown) || unitFrom === 'answer' || asked) units[column] = unit
  }
  problems.push(...clashes(decided, fields), ...nameless(decided, fields, target.name, columns))
  const values = valuesOf(sent, questions, fields, known, problems)
  return {
    answers: { ...answers.answers, columns: decided, units, values: values.answers },
    problems,
    moved: false,
    differs:
      values.differs ||
      columns.some(({ column, field, unit, serial }) => {
        const chosen = units[column]
        return !serial && ((decided[column] ?? null) !== field || (chosen !== undefined && chosen !== unit))
      }),
  }
}

/** The worksheet and table of the form, where there is a choice. */
function placeOf(sent: Sent, batch: Pick<BatchRow, 'worksheet'>, questions: readonly Question[]) {
  const problems: Problem[] = []
  const chosen = (kind: 'worksheet' | 'table') => {
    const question = questions.find((candidate) => candidate.kind === kind)
    if (!question) return { value: undefined, moved: false }
    const value = sent[kind] ?? question.value ?? ''
    if (!question.choices?.some((choice) => choice.value === value)) {
      problems.push({ field: kind, text: kind === 'table' ? '请选择要读的表。' : '请选择要读的工作表。' })
    }
    return { value, moved: value !== question.value }
  }
  const worksheet = chosen('worksheet')
  const table = chosen('table')
  if (sent.action === 'table' && !worksheet.moved && !table.moved) {
    const field = table.value === undefined ? 'worksheet' : 'table'
    problems.push({ field, text: '读的就是这一张，请先选另一张。' })
  }
  const moved = problems.length === 0 && (worksheet.moved || table.moved)
  const sheet = worksheet.value ?? (table.moved ? (batch.worksheet ?? undefined) : undefined)
  return {
    problems,
    moved,
    answers: {
      ...(sheet === undefined ? {} : { worksheet: sheet }),
      ...(table.value === undefined || worksheet.moved ? {} : { headerRow: Number(table.value) }),
      columns: {},
      units: {},
      values: {},
    } as Answers,
  }
}

/** A field given to two columns is told at both. */
export function clashes(
  decided: Readonly<Record<string, string | null>>,
  fields: ReadonlyMap<string, Field>,
): Problem[] {
  const byField = new Map<string, string[]>()
  for (const [column, field] of Object.entries(decided)) {
    if (field !== null) byField.set(field, [...(byField.get(field) ?? []), column])
  }
  return [...byField].flatMap(([key, columns]) => {
    if (columns.length < 2) return []
    const text = `${columns.join('、')} 列都选了「${fields.get(key)?.label}」，一栏只能对应一列，请改其中的一列。`
    return columns.map((column) => ({ field: `column-${column}`, text }))
  })
}

function nameless(
  decided: Readonly<Record<string, string | null>>,
  fields: ReadonlyMap<string, Field>,
  name: string,
  columns: Reading['columns'],
): Problem[] {
  if (Object.values(decided).includes(name)) return []
  const label = fields.get(name)?.label ?? name
  const first = columns.find(({ serial }) => !serial)?.column
  return [{ field: `column-${first}`, text: `没有一列对应「${label}」，请为写名称的那一列选「${label}」。` }]
}

function valuesOf(
  sent: Sent,
  questions: readonly Question[],
  fields: ReadonlyMap<string, Field>,
  known: Known,
  problems: Problem[],
): { answers: Answers['values']; differs: boolean } {
  const answers: Record<string, Record<string, string | null>> = {}
  let differs = false
  for (const [at, question] of questions.entries()) {
    const { kind, field: key, text, value } = question
    if (kind !== 'value' || key === undefined || text === undefined) continue
    const name = controlOf(question, at)
    const field = fields.get(key)
    const chosen = sent[name] ?? (question.open && !question.answered ? '' : (value ?? nothing))
    const read = readValue(chosen, question.choices ?? choicesOf(field, known))
    if (read === undefined) {
      const what =
        chosen === '' ? `请为「${text}」选一项。` : `「${chosen}」不在列表里，请为「${text}」从列表中选一项。`
      problems.push({ field: name, text: what })
      continue
    }
    const words = answers[key] ?? Object.create(null)
    answers[key] = words
    words[text] = read
    differs ||= read !== value
  }
  return { answers: Object.fromEntries(Object.entries(answers).map(([key, words]) => [key, { ...words }])), differs }
}

/** A choice as its value, or as a person picks it from suggestions: 名称（代码）. */
export function readValue(
  text: string,
  choices: readonly { value: string; label: string }[],
): string | null | undefined {
  const plain = text.trim()
  if (plain === nothing) return null
  const coded = /（([0-9A-Z]+)）$/.exec(plain)?.[1]
  const found = choices.find(({ value }) => value === plain || value === coded)
  if (found) return found.value
  const named = choices.filter(({ label }) => label === plain)
  return named.length === 1 ? named[0]?.value : undefined
}
