import { claimCategories } from '../../../imports/sheets/claim-choices.ts'
import type { FormField } from '../../kernel/forms.ts'

/** What is said of a line that the books have. */
export const checkedFields: readonly FormField[] = [
  { key: 'counted', label: '核实数', kind: 'money', unit: '元', hint: '空着表示与账面相符；已经没有了写 0' },
  { key: 'reason', label: '差额原因', kind: 'text', max: 200, hint: '与账面不同时写明' },
  { key: 'remark', label: '备注', kind: 'text', max: 200 },
]

/** What is said of one that no book has. */
export const foundFields: readonly FormField[] = [
  {
    ...{ key: 'category', label: '科目类别', kind: 'choice', required: true },
    choices: claimCategories.map(({ value, label, kind }) => ({
      value,
      label: `${kind === 'claim' ? '债权' : '债务'}：${label}`,
    })),
  },
  { key: 'counterparty', label: '对方单位(个人)', kind: 'text', max: 100, required: true },
  { key: 'counted', label: '核实数', kind: 'money', unit: '元', required: true },
  { key: 'occurredOn', label: '形成时间', kind: 'date' },
  { key: 'purpose', label: '事由', kind: 'text', max: 300 },
  { key: 'reason', label: '为什么账上没有', kind: 'text', max: 200, required: true, hint: '如 当年没有记账，有借条' },
  { key: 'remark', label: '备注', kind: 'text', max: 200 },
]
