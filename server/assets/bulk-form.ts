import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { type CardFieldKey, cardFields } from '../../imports/sheets/card-fields.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { unitsOn, unitText } from '../access/units.ts'
import type { Problem } from '../kernel/errors.ts'
import { type Answers, type FormField, readForm } from '../kernel/forms.ts'
import { unitOf } from './form.ts'

/**
 * What many cards may have in common. What tells a card from others, its figures, its ownership and what its papers say
 * is each card's own; a disposal is never a matter of editing.
 */
const shared: readonly CardFieldKey[] = [
  ...(['usage', 'idleSince', 'usingUnit', 'keeper', 'location', 'safetyGrade'] as const),
  ...(['nature', 'classCode', 'source', 'valueKind', 'titleKind', 'originalUnit'] as const),
  ...(['problem', 'remark'] as const),
]

export const bulkFields: readonly (FormField & { key: CardFieldKey })[] = shared.map((key) => {
  const field: FormField | undefined = cardFields.find((candidate) => candidate.key === key)
  if (!field) throw new Error(`no such field: ${key}`)
  const choices = field.choices?.filter(({ value }) => value !== 'disposed')
  return { ...field, key, ...(choices ? { choices } : {}) }
})

export const actFields: readonly FormField[] = [
  { key: 'effectiveOn', label: '数据日期', kind: 'day', required: true, hint: '从哪一天起是这样' },
  { key: 'reason', label: '依据或原因', kind: 'text', max: 200, required: true, hint: '如文号、会议、清查结果' },
]

/** What the chosen fields are to become: as a sheet prints it, and as people read it under the field's label. */
export type Wanted = {
  values: Partial<Record<CardFieldKey, string>>
  shown: Record<string, string>
  effectiveOn: string
  reason: string
}

/** Reads a sent form; what is left blank stays as it is on each card. */
export async function readBulkForm(
  tx: Tx,
  answers: Answers,
  today: string,
): Promise<Wanted & { problems: Problem[]; notes: string }> {
  const { values: read, problems } = readForm([...bulkFields, ...actFields], answers)
  const said = { problems, notes: '' }
  const wanted: Wanted = { values: {}, shown: {}, effectiveOn: read.effectiveOn ?? today, reason: read.reason ?? '' }
  const unitId = await unitOf(tx, 'usingUnit', '使用单位', read.usingUnit ?? null, today, said)
  const [unit] = unitId === null ? [] : await unitsOn(tx, today, sql`u.id = ${unitId}`)
  for (const { key, label, choices } of bulkFields) {
    const value = key === 'usingUnit' ? (unit ? unitText(unit) : null) : (read[key] ?? null)
    if (value === null) continue
    wanted.values[key] = value
    wanted.shown[label] = choices ? choiceLabel(choices, value) : value
  }
  if (problems.length === 0 && Object.keys(wanted.values).length === 0) {
    problems.push({
      field: null,
      text: '请至少填写一栏要改成的内容；留空的栏目不改。要清空的，请到卡片上逐张修改。',
    })
  }
  return { ...wanted, ...said }
}
