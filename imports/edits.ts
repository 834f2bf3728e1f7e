import type { RowProblem } from '../db/schema/imports.ts'
import type { StagedRow } from './staging.ts'
import type { ImportTarget, RowToResolve } from './target.ts'
import { isFigure, parseValue } from './values/value.ts'

export function isEdited({ edits }: Pick<StagedRow, 'edits'>): boolean {
  return Object.keys(edits).length > 0
}

/** All that is said of a row: of one that people typed over, matching keeps what reading it anew says among the findings. */
export function problemsOf(row: Pick<StagedRow, 'edits' | 'problems' | 'findings'>): readonly RowProblem[] {
  return isEdited(row) ? row.findings : [...row.problems, ...row.findings]
}

/**
 * A staged row with what people typed over it. What was typed is read as a cell is (3.5万元, 30亩); the problems of a
 * cell go with its text. What the row has to be as a whole is asked when it is resolved.
 */
export function withEdits(row: StagedRow, target: Pick<ImportTarget, 'fields' | 'required'>): RowToResolve {
  const { edits, extra } = row
  const keys = Object.keys(edits)
  const place = { row: row.row, block: row.block, extra }
  if (!isEdited(row)) return { ...place, values: row.values, problems: row.problems }
  const values = { ...row.values }
  const problems = row.problems.filter(({ field }) => field === null || !(field in edits))
  for (const key of keys) {
    delete values[key]
    const field = target.fields.find((candidate) => candidate.key === key)
    const text = edits[key]?.trim() ?? ''
    if (!field || text === '') continue
    const parsed = parseValue(text, field)
    if (parsed.value !== null) values[key] = parsed.value
    if (parsed.problem === undefined) continue
    const severity = parsed.value === null && (isFigure(field) || target.required.includes(key)) ? 'wrong' : 'told'
    problems.push({ column: null, field: key, message: parsed.problem, severity })
  }
  for (const key of target.required) {
    if (values[key] !== undefined) continue
    if (problems.some(({ field, severity }) => field === key && severity === 'wrong')) continue
    const label = target.fields.find((candidate) => candidate.key === key)?.label ?? key
    problems.push({ column: null, field: key, message: `没有写${label}，请补写。`, severity: 'wrong' })
  }
  return { ...place, values, problems }
}
