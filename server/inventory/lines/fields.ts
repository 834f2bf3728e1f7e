import { cardTypes, sources, usages } from '../../../imports/sheets/card-choices.ts'
import { type CardFieldKey, cardFields } from '../../../imports/sheets/card-fields.ts'
import type { FormField } from '../../kernel/forms.ts'
import { conditions, outcomes, valueBases } from './rules.ts'

/** 信息变更: what a count may say of a card. Cost and depreciation are the books' own. */
export const changeableKeys = [
  'usage',
  'idleSince',
  'location',
  'keeper',
  'structure',
  'specification',
  'landArea',
  'floorArea',
  'idleArea',
  'safetyGrade',
  'unitOfMeasure',
  'titleKind',
  'certificate',
  'lessee',
  'leaseTerm',
  'annualRent',
  'problem',
] as const satisfies readonly CardFieldKey[]
export type ChangeableKey = (typeof changeableKeys)[number]

/** In use, let, lent, invested or idle; what waits for disposal is found by the count itself. */
const found = usages.filter(({ value }) => !['awaiting_disposal', 'awaiting_write_off', 'disposed'].includes(value))

/** What is otherwise than booked, each under `change.<field>`; blank where it is as booked. */
export const changeFields: readonly FormField[] = changeableKeys.map((key) => {
  const field: FormField | undefined = cardFields.find((candidate) => candidate.key === key)
  if (!field) throw new Error(`no such field: ${key}`)
  return { ...field, key: `change.${key}`, ...(key === 'usage' ? { choices: found } : {}) }
})

const reason = (key: string, label: string, hint: string): FormField => ({ key, label, kind: 'text', max: 200, hint })

export const quantityFields: readonly FormField[] = [
  { key: 'counted', label: '清查数', kind: 'quantity' },
  reason('missingReason', '盘亏原因', '如 被盗、毁损灭失、早已拆除、重复入账'),
  { key: 'scrap', label: '其中待报废', kind: 'quantity' },
  reason('scrapReason', '报废原因', '如 已达使用年限且不能修复'),
  { key: 'undetermined', label: '其中待界定', kind: 'quantity' },
  reason('undeterminedReason', '待界定原因', '如 镇、村都说归自己'),
]

/** Of a single thing one outcome holds: it need not be told in numbers. */
export const singleFields: readonly FormField[] = [
  {
    key: 'outcome',
    label: '结果',
    kind: 'choice',
    required: true,
    choices: (['matched', 'missing', 'scrap', 'undetermined'] as const).map((value) => ({
      value,
      label: outcomes[value].label,
    })),
  },
  { key: 'reason', label: '原因', kind: 'text', max: 200, hint: '盘亏、待报废、待界定的写原因' },
]

/** What is looked at on the spot, before the rest. */
const atOnce: readonly string[] = ['change.usage', 'change.location', 'change.keeper', 'change.problem']
export const isAtOnce = ({ key }: FormField): boolean => atOnce.includes(key)

export const noteFields: readonly FormField[] = [
  { key: 'condition', label: '完好程度', kind: 'choice', choices: conditions },
  { key: 'remark', label: '盘点说明', kind: 'longText', max: 500 },
]

export const lineFields: readonly FormField[] = [...quantityFields, ...singleFields, ...changeFields, ...noteFields]

export const surplusFields: readonly FormField[] = [
  { key: 'name', label: '资产名称', kind: 'text', max: 200, required: true },
  { key: 'cardType', label: '资产类别', kind: 'choice', choices: cardTypes, required: true },
  { key: 'quantity', label: '盘盈数量', kind: 'quantity', required: true },
  { key: 'unitOfMeasure', label: '计量单位', kind: 'text', max: 20 },
  { key: 'location', label: '坐落位置', kind: 'text', max: 300 },
  { key: 'specification', label: '规格型号', kind: 'text', max: 200 },
  { key: 'structure', label: '结构', kind: 'text', max: 60 },
  { key: 'floorArea', label: '建筑面积', kind: 'area', unit: '㎡' },
  { key: 'landArea', label: '占地面积', kind: 'area', unit: '㎡' },
  { key: 'foundOn', label: '发现日期', kind: 'day', required: true },
  { key: 'acquiredOn', label: '建成/取得时间', kind: 'date', hint: '只知道年份就写 2018' },
  { key: 'usage', label: '使用状况', kind: 'choice', choices: found },
  {
    key: 'valueBasis',
    label: '计价依据',
    kind: 'choice',
    choices: valueBases,
    required: true,
    hint: '依次按凭据、评估值、重置成本，都没有的按 1 元',
  },
  { key: 'cost', label: '原值', kind: 'money', unit: '元' },
  { key: 'depreciation', label: '累计折旧', kind: 'money', unit: '元' },
  { key: 'valueNote', label: '计价说明', kind: 'text', max: 300, hint: '凭据名称编号，或没有凭据的原因' },
  { key: 'source', label: '形成来源', kind: 'choice', choices: sources },
  { key: 'keeper', label: '保管人', kind: 'text', max: 60 },
  { key: 'condition', label: '完好程度', kind: 'choice', choices: conditions },
  { key: 'remark', label: '盘盈说明', kind: 'longText', max: 500, required: true, hint: '怎样发现、为什么没有入账' },
]
