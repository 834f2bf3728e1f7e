import { cardTypes } from '../../imports/sheets/card-choices.ts'
import { type CardFieldKey, cardFields } from '../../imports/sheets/card-fields.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { allTypeFields, bookFields, fieldsOfType } from '../../imports/sheets/type-fields.ts'
import type { FormField } from '../kernel/forms.ts'
import type { Card } from './card.ts'
import { followingKeys } from './parts.ts'

/** What people type on a card's form, in groups; the rest of a card comes from documents. */
const groups: readonly { title: string; keys: readonly CardFieldKey[] }[] = [
  {
    title: '基本信息',
    keys: [
      'name',
      'track',
      'nature',
      'cardType',
      'classCode',
      'originalCode',
      'externalCode',
      'specification',
      'quantity',
      'unitOfMeasure',
    ],
  },
  {
    title: '权属与使用',
    keys: [
      'ownerUnit',
      'ownership',
      'usingUnit',
      'originalUnit',
      'usage',
      'idleSince',
      'keeper',
      'lessee',
      'leaseTerm',
      'annualRent',
    ],
  },
  {
    title: '位置与规模',
    keys: ['division', 'location', 'structure', 'landArea', 'floorArea', 'idleArea', 'safetyGrade'],
  },
  { title: '价值与来源', keys: ['acquiredOn', 'source', 'cost', 'depreciation', 'netValue', 'valueKind', 'voucherNo'] },
  { title: '产权与说明', keys: ['titleKind', 'certificate', 'problem', 'remark'] },
]

const required: readonly CardFieldKey[] = ['name', 'track', 'cardType', 'ownerUnit']
const hints: Partial<Record<CardFieldKey, string>> = {
  ownerUnit: '写单位编码或全称',
  ownership: '归谁所有说不清的选待界定',
  usingUnit: '与权属单位相同时不填',
  division: '不填时按权属单位所在地',
  acquiredOn: '只知道年份就写 2018',
  netValue: '不填时按原值减累计折旧',
  idleArea: '只写闲置部分',
}

export const cardForm: readonly { title: string; fields: readonly FormField[] }[] = groups.map(({ title, keys }) => ({
  title,
  fields: keys.map(fieldOf),
}))

/**
 * The form of a card of one type: what every card has, the type's own fields after the place and size, and how it
 * stands in the books at the end.
 */
export function cardFormOf(cardType: string | null | undefined): typeof cardForm {
  const own = fieldsOfType(cardType)
  const books = { title: '财务入账', fields: bookFields }
  if (own.length === 0) return [...cardForm, books]
  const label = choiceLabel(cardTypes, cardType)
  return [...cardForm.slice(0, 3), { title: `${label}信息`, fields: own }, ...cardForm.slice(3), books]
}

/** Every field a form may carry, whatever the type. */
export const cardFormFields: readonly FormField[] = [...cardForm.flatMap(({ fields }) => fields), ...allTypeFields]

/** A determination alone changes these once a card exists. */
export const settledByDetermination: readonly CardFieldKey[] = ['track', 'ownerUnit']

/** What a stored card's form shows without letting it be changed, and why. */
export function lockedOn({ parts }: Pick<Card, 'parts'>): Record<string, string> {
  const settled = settledByDetermination.map((key) => [key, '由权属界定改变'])
  return Object.fromEntries(
    parts.length === 0 ? settled : [...settled, ...followingKeys.map((key) => [key, '按部位计算'])],
  )
}

function fieldOf(key: CardFieldKey): FormField {
  const field: FormField | undefined = cardFields.find((candidate) => candidate.key === key)
  if (!field) throw new Error(`no such field: ${key}`)
  const hint = hints[key]
  return { ...field, required: required.includes(key), ...(hint ? { hint } : {}) }
}
