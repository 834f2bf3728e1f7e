import type { claims } from '../../db/schema/claims.ts'
import { claimCategories, kindOfCategory } from '../../imports/sheets/claim-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import type { FormField, Values } from '../kernel/forms.ts'
import { fromStored, toStored } from '../kernel/partial-date.ts'
import type { Telling } from '../kernel/timeline.ts'

export type Claim = typeof claims.$inferSelect

/** What people enter of a claim or a debt; days keep their precision. */
export type ClaimValues = {
  category: string
  counterparty: string
  amount: string
  occurredOn: string | null
  dueOn: string | null
  purpose: string | null
  voucherNo: string | null
  remark: string | null
}

export const claimFields: readonly FormField[] = [
  {
    ...{ key: 'category', label: '科目类别', kind: 'choice', required: true },
    choices: claimCategories.map(({ value, label, kind }) => ({
      value,
      label: `${kind === 'claim' ? '债权' : '债务'}：${label}`,
    })),
  },
  {
    ...{ key: 'counterparty', label: '对方单位(个人)', kind: 'text', max: 100, required: true },
    hint: '债权写欠款的一方，债务写债主',
  },
  { key: 'amount', label: '金额', kind: 'money', unit: '元', required: true, hint: '现在还没有结清的数' },
  { key: 'occurredOn', label: '形成时间', kind: 'date' },
  { key: 'purpose', label: '事由', kind: 'text', max: 300 },
  { key: 'dueOn', label: '到期日', kind: 'day' },
  { key: 'voucherNo', label: '凭证号', kind: 'text', max: 60 },
  { key: 'remark', label: '备注', kind: 'longText', max: 500 },
]

/** How a timeline tells a changed field of a claim. */
export const telling: Telling = {
  label: labelOf,
  value: (field, value) => (field === 'category' ? choiceLabel(claimCategories, value) || null : value),
}

export function labelOf(field: string): string {
  return claimFields.find(({ key }) => key === field)?.label ?? field
}

export function valuesOf(claim: Claim): ClaimValues {
  const { category, counterparty, amount, dueOn, purpose, voucherNo, remark } = claim
  const occurredOn = fromStored(claim.occurredOn, claim.occurredPrecision)
  return { category, counterparty, amount, occurredOn, dueOn, purpose, voucherNo, remark }
}

/** The columns that values are stored in. */
export function columnsOf({ occurredOn, ...values }: ClaimValues) {
  const occurred = occurredOn === null ? null : toStored(occurredOn)
  return {
    ...values,
    kind: kindOfCategory(values.category),
    occurredOn: occurred?.day ?? null,
    occurredPrecision: occurred?.precision ?? null,
  }
}

/** What a form said, once it has been read without problems. */
export function claimOf(values: Values): ClaimValues {
  return {
    category: values.category ?? '',
    counterparty: values.counterparty ?? '',
    amount: values.amount ?? '0',
    occurredOn: values.occurredOn ?? null,
    dueOn: values.dueOn ?? null,
    purpose: values.purpose ?? null,
    voucherNo: values.voucherNo ?? null,
    remark: values.remark ?? null,
  }
}
