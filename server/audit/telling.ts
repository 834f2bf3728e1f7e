import type { EventDetail } from '../../db/schema/kernel.ts'
import { cardFields } from '../../imports/sheets/card-fields.ts'
import { choiceLabel, type Field } from '../../imports/sheets/fields.ts'
import { filterText } from './filter-words.ts'
import type { AuditLine, Names } from './queries.ts'

/** What an action says, and how fields are called where the catalogue of card fields does not know them. */
export type Words = { sentences: Readonly<Record<string, string>>; fields: Readonly<Record<string, string>> }

export type Told = { label: string; old: string | null; new: string | null }

/** The event as one sentence. */
export function sentenceOf({ action, detail, effectiveOn }: AuditLine, { sentences }: Words): string {
  const plain = sentences[action] ?? (action.startsWith('export.') ? '导出了表格' : action)
  const membership = detail.changes?.membership
  const about = textOf(detail.setting) ?? membership?.new ?? membership?.old ?? ''
  return [plain, about && `：${about}`, effectiveOn ? `，自 ${effectiveOn} 起` : ''].join('')
}

/** Old and new of every field that changed. */
export function changesOf({ kind, detail }: AuditLine, { fields }: Words, names: Names): Told[] {
  return Object.entries({ ...detail.changes, ...paperChanges(detail) }).map(([key, change]) => {
    const field: Field | undefined = kind === '资产卡片' ? cardFields.find((each) => each.key === key) : undefined
    const label = field?.label ?? (kind === '账号' && key === 'name' ? '姓名' : (fields[key] ?? key))
    return { label, old: told(change.old, field, names), new: told(change.new, field, names) }
  })
}

/** What a paper said before and after stands apart from what it hangs on. */
function paperChanges({ paper }: EventDetail): EventDetail['changes'] {
  return typeof paper === 'object' && paper !== null && 'changes' in paper
    ? (paper.changes as EventDetail['changes'])
    : {}
}

/** A stored value as people read it: a choice by its label, a unit and a division by their names. */
function told(value: string | null, field: Field | undefined, names: Names): string | null {
  if (value === null || !field) return value
  if (field.kind === 'unit') return names.units.get(value) ?? value
  if (field.kind === 'division') return names.divisions.get(value) ?? value
  return choiceLabel(field.choices, value)
}

/** Changes on one line, for a cell: 金额：1 → 2；用途：— → 办公. */
export function changesText(changes: readonly Told[]): string {
  return changes.map((each) => `${each.label}：${each.old ?? '—'} → ${each.new ?? '—'}`).join('；')
}

export function addressOf({ detail }: AuditLine): string | null {
  return textOf(detail.address) ?? null
}

/** What else the event keeps, beyond what is told apart: the filter of an export, the document it came from. */
export function furtherOf({ detail }: AuditLine): { label: string; value: string }[] {
  return [
    { label: '筛选条件', value: filterText(detail) },
    { label: '所据单据', value: detail.document?.no ?? '' },
  ].filter(({ value }) => value !== '')
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
