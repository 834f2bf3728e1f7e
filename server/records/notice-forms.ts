import { RuleBroken } from '../kernel/errors.ts'
import { type Answers, type FormField, readForm } from '../kernel/forms.ts'
import type { NewObjection } from './notice-actions.ts'

export const objectionFields: readonly FormField[] = [
  { key: 'name', label: '姓名', kind: 'text', max: 30, required: true, hint: '公开时只显示姓' },
  { key: 'phone', label: '联系电话', kind: 'text', max: 30, hint: '不公开，便于核实时联系您' },
  { key: 'rowNo', label: '第几号', kind: 'integer', hint: '说的是公示里的哪一项；说全部内容就不填' },
  { key: 'text', label: '异议内容', kind: 'longText', max: 1000, required: true, hint: '写清哪里不对、实际情况是什么' },
]

export const answerFields: readonly FormField[] = [
  {
    key: 'upheld',
    label: '是否采纳',
    kind: 'choice',
    required: true,
    choices: [
      { value: 'yes', label: '采纳' },
      { value: 'no', label: '不采纳' },
    ],
  },
  { key: 'answer', label: '答复', kind: 'longText', max: 1000, required: true },
]

export function readObjection(answers: Answers): NewObjection {
  const { values, problems } = readForm(objectionFields, answers)
  if (problems.length > 0) throw new RuleBroken(problems)
  const { name, phone, rowNo, text } = values
  const number = rowNo === null ? null : Number(rowNo)
  if (number !== null && (number < 1 || number > 1_000_000)) {
    throw new RuleBroken([{ field: 'rowNo', text: '公示里没有这个序号，请核对；说的是全部内容就不填。' }])
  }
  return { name: name ?? '', phone: phone ?? null, rowNo: number, text: text ?? '' }
}
