import { type Problem, RuleBroken } from '../kernel/errors.ts'
import { type Answers, type FormField, readForm } from '../kernel/forms.ts'

/** Bodies that decide and have no account. */
export const bodyKinds = {
  county_government: '县人民政府',
  bureau: '主管局',
  assembly: '成员大会、成员代表大会',
  villagers: '村民会议',
  other: '其他机关',
} as const
export type BodyKind = keyof typeof bodyKinds

export const outcomes = { approved: '同意', rejected: '不同意', noted: '备案' } as const
export type Outcome = keyof typeof outcomes

/** What the paper says, without the day: this may be put right later. */
export const wordingFields: readonly FormField[] = [
  {
    key: 'bodyKind',
    label: '决定机关类别',
    kind: 'choice',
    choices: Object.entries(bodyKinds).map(([value, label]) => ({ value, label })),
    required: true,
  },
  { key: 'body', label: '决定机关', kind: 'text', required: true, max: 100, hint: '写全称，如 大英县人民政府' },
  { key: 'documentNo', label: '文号', kind: 'text', required: true, max: 100, hint: '会议决议写会议名称和届次' },
  { key: 'summary', label: '决定内容', kind: 'longText', required: true, max: 500, hint: '照文件原话摘录' },
]

export const decidedOnField: FormField = {
  key: 'decidedOn',
  label: '决定日期',
  kind: 'day',
  required: true,
  hint: '文件落款的日期',
}

export type Wording = { bodyKind: BodyKind; body: string; documentNo: string; summary: string }

/** Reads the correction of a record: the words of the paper, and why they are changed. */
export function readCorrection(answers: Answers): Wording & { reason: string } {
  const { values, problems } = readForm([...wordingFields, reasonField], answers)
  refuse(problems)
  const { bodyKind, body, documentNo, summary, reason } = values
  return {
    bodyKind: bodyKind as BodyKind,
    body: body ?? '',
    documentNo: documentNo ?? '',
    summary: summary ?? '',
    reason: reason ?? '',
  }
}

export const reasonField: FormField = {
  key: 'reason',
  label: '更正理由',
  kind: 'text',
  required: true,
  max: 200,
  hint: '如 文号写错一位',
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new RuleBroken(problems)
}
