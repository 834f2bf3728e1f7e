import type { EventDetail } from '../../db/schema/kernel.ts'
import { cardFields } from '../../imports/sheets/card-fields.ts'
import { choiceLabel, type Field } from '../../imports/sheets/fields.ts'
import type { AuditLine } from './queries.ts'

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
export function changesOf({ kind, detail }: AuditLine, { fields }: Words): Told[] {
  return Object.entries(detail.changes ?? {}).map(([key, change]) => {
    const field: Field | undefined = kind === '资产卡片' ? cardFields.find((each) => each.key === key) : undefined
    const told = (value: string | null) =>
      value !== null && field?.choices ? choiceLabel(field.choices, value) : value
    return {
      label: field?.label ?? (kind === '账号' && key === 'name' ? '姓名' : (fields[key] ?? key)),
      old: told(change.old),
      new: told(change.new),
    }
  })
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

function filterText(detail: EventDetail): string {
  const { filter } = detail
  if (typeof filter !== 'object' || filter === null) return ''
  const pairs = Object.entries(filter).filter(([, value]) => value !== '' && value !== undefined)
  return pairs.length === 0 ? '全部' : pairs.map(([key, value]) => `${key}=${String(value)}`).join('，')
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
