import type { RowProblem } from '../db/schema/imports.ts'
import type { ImportTarget } from './target.ts'
import { isFigure } from './values/value.ts'

/** How a row repeats an earlier one: by having its key, or by meaning the same entry. */
export type Repetition = {
  sameEntry: boolean
  /** What the earlier row says; null where people have typed over it. */
  first: Readonly<Record<string, string>> | null
}

/** What is told of a row that repeats an earlier one, and what the two say otherwise of its name and figures. */
export function repetition(
  { entry, fields, identities, name }: Pick<ImportTarget, 'entry' | 'fields' | 'identities' | 'name'>,
  values: Readonly<Record<string, string>>,
  { rule, repeats, sameEntry, first }: Repetition & { rule: number; repeats: number },
): RowProblem {
  const by = sameEntry ? `对应同一${entry}` : `的${identities[rule - 1]?.label ?? ''}相同`
  const otherwise = fields
    .filter((field) => field.key === name || isFigure(field))
    .filter(({ key }) => first !== null && first[key] !== values[key])
    .map(({ label }) => label)
  const but = otherwise.length > 0 ? `，${otherwise.slice(0, 3).join('、')}却不同` : ''
  const message = `与第 ${repeats} 行${by}${but}，只录第 ${repeats} 行；确实是两项的，请点“不是同一项”。`
  return { column: null, field: null, message, severity: 'told' }
}
