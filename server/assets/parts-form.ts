import type { Part } from '../../db/schema/assets.ts'
import { usages } from '../../imports/sheets/card-choices.ts'
import type { Problem } from '../kernel/errors.ts'
import { type Answers, type FormField, readForm } from '../kernel/forms.ts'
import { effectFields } from './form.ts'
import type { PartEntry } from './parts-actions.ts'

/** Rows a form can carry; a building of more rooms is divided by floors first. */
export const mostRows = 200
const emptyRows = 3

/** A part leaves the books by a disposal, never by hand. */
const choices = usages.filter(({ value }) => value !== 'disposed')

export function partFields(row: number, label: string): readonly FormField[] {
  return [
    { key: `name${row}`, label: `${label}名称`, kind: 'text', required: true, max: 60 },
    { key: `area${row}`, label: `${label}面积`, kind: 'area', unit: '㎡', required: true },
    { key: `usage${row}`, label: `${label}使用状况`, kind: 'choice', choices, required: true },
    { key: `idleSince${row}`, label: `${label}闲置起始时间`, kind: 'date' },
  ]
}

/** Reads every row that has something in it; a row that is cleared or ticked off is a part that leaves. */
export function readParts(answers: Answers, today: string) {
  const entries: PartEntry[] = []
  const problems: Problem[] = []
  for (const row of rowsOf(answers)) {
    const fields = partFields(row, labelOf(row, answers))
    const blank = fields.every(({ key }) => !answers[key]?.trim())
    if (blank || answers[`drop${row}`]) continue
    const read = readForm(fields, answers)
    problems.push(...read.problems)
    const { [`name${row}`]: name, [`area${row}`]: area, [`usage${row}`]: usage } = read.values
    if (!name || !area || !usage) continue
    const no = numberOf(answers[`no${row}`])
    entries.push({ row, no, name, area, usage, idleSince: read.values[`idleSince${row}`] ?? null })
  }
  if (entries.length > mostRows) problems.push(tooMany)
  const effect = readForm(effectFields, answers)
  problems.push(...effect.problems)
  const { effectiveOn, comment } = effect.values
  return { entries, effectiveOn: effectiveOn ?? today, comment: comment ?? null, problems }
}

/** The answers that show the parts as they are, and the rows for more. */
export function answersOfParts(parts: readonly Part[], today: string): Answers {
  const answers: Answers = { effectiveOn: today }
  parts.forEach((part, index) => {
    const row = index + 1
    answers[`no${row}`] = String(part.no)
    answers[`name${row}`] = part.name
    answers[`area${row}`] = part.area
    answers[`usage${row}`] = part.usage
    answers[`idleSince${row}`] = part.idleSince ?? ''
  })
  return withRows(answers, emptyRows)
}

export const tooMany: Problem = {
  field: null,
  text: `一张卡片最多 ${mostRows} 个部位，请先按楼层合并填写。`,
}

/** More empty rows after those that are there. */
export function withRows(answers: Answers, more: number): Answers {
  const last = Math.max(0, ...rowsOf(answers))
  const rows = Array.from({ length: Math.min(more, mostRows - last) }, (_, index) => last + index + 1)
  return { ...answers, ...Object.fromEntries(rows.map((row) => [`name${row}`, ''])) }
}

/** The rows as the form draws them; the row's own label stands beside it, and an empty row asks for nothing. */
export function rowsShown(answers: Answers) {
  return rowsOf(answers).map((row) => ({
    row,
    label: labelOf(row, answers).trim(),
    no: answers[`no${row}`] ?? '',
    fields: partFields(row, '').map((field) => ({ ...field, required: false })),
    dropped: !!answers[`drop${row}`],
  }))
}

function rowsOf(answers: Answers): number[] {
  return Object.keys(answers)
    .flatMap((key) => /^name([1-9]\d{0,2})$/.exec(key)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}

function labelOf(row: number, answers: Answers): string {
  return answers[`no${row}`] ? `部位 ${answers[`no${row}`]} ` : `新部位 ${row} `
}

function numberOf(text: string | undefined): number | null {
  return text && /^\d{1,6}$/.test(text) ? Number(text) : null
}
