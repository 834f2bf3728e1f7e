import type { Tx } from '../../db/client.ts'
import { mayKeep } from '../assets/actions.ts'
import { findCard } from '../assets/list.ts'
import { partLabel } from '../assets/parts.ts'
import type { Actor } from '../kernel/actor.ts'
import { type Problem, RuleBroken } from '../kernel/errors.ts'
import { type Answers, type FormField, readForm, type Values } from '../kernel/forms.ts'
import type { NewRestriction } from './actions.ts'
import { type RestrictionKind, restrictionKinds } from './workflow.ts'

export const kindChoices = Object.entries(restrictionKinds).map(([value, label]) => ({ value, label }))

export const restrictionFields: readonly FormField[] = [
  { key: 'kind', label: '限制种类', kind: 'choice', choices: kindChoices, required: true },
  { key: 'body', label: '申请方', kind: 'text', required: true, max: 100, hint: '抵押权人、法院或主张权利的一方' },
  { key: 'documentNo', label: '文书编号', kind: 'text', max: 100, hint: '抵押合同或裁判文书的编号；没有就留空' },
  { key: 'since', label: '起始日期', kind: 'day', required: true, hint: '文书载明的日期' },
  { key: 'reason', label: '事由', kind: 'longText', required: true, max: 500, hint: '写明为什么限制、限制到什么时候' },
]

export const liftFields: readonly FormField[] = [
  {
    key: 'liftedBy',
    label: '解除方',
    kind: 'text',
    required: true,
    max: 100,
    hint: '同意或决定解除的抵押权人、法院或双方',
  },
  { key: 'liftedOn', label: '解除日期', kind: 'day', required: true, hint: '文书载明的日期' },
]

/** The card a restriction is to be recorded on, with its parts to choose from; null when it is not there to keep. */
export async function restrictable(tx: Tx, actor: Actor, code: string | undefined) {
  const card = code && /^\d{14}$/.test(code) ? await findCard(tx, actor, code) : undefined
  if (!card || !mayKeep(actor, card) || card.voided) return null
  return {
    code: card.code,
    name: card.name,
    parts: card.parts.map((part) => ({ key: `part${part.no}`, label: partLabel(part) })),
  }
}

export function readRestriction(answers: Answers, today: string): NewRestriction {
  const { values, problems } = readForm(restrictionFields, answers)
  const code = answers.card?.trim() ?? ''
  if (!/^\d{14}$/.test(code)) {
    problems.push({ field: 'card', text: '请填写 14 位资产编号，或从资产卡片上点“登记限制”。' })
  }
  const ticked = Object.keys(answers).flatMap((key) => (answers[key] ? (/^part(\d+)$/.exec(key)?.[1] ?? []) : []))
  // A number that no part can have must not come to mean the whole card.
  const odd = ticked.find((no) => !/^[1-9]\d{0,5}$/.test(no))
  if (odd !== undefined) problems.push({ field: null, text: `这张卡片上没有部位 ${odd}，请重新打开页面再选。` })
  problems.push(...notAfterToday(values, 'since', '起始日期', today))
  if (problems.length > 0) throw new RuleBroken(problems)
  return {
    code,
    kind: values.kind as RestrictionKind,
    partNos: ticked.map(Number),
    body: values.body ?? '',
    documentNo: values.documentNo ?? null,
    since: values.since ?? today,
    reason: values.reason ?? '',
  }
}

/** Reads who lifted it and when. */
export function readLift(answers: Answers, today: string): Values {
  const { values, problems } = readForm(liftFields, answers)
  problems.push(...notAfterToday(values, 'liftedOn', '解除日期', today))
  if (problems.length > 0) throw new RuleBroken(problems)
  return values
}

function notAfterToday(values: Values, field: string, label: string, today: string): Problem[] {
  const day = values[field] ?? ''
  return day > today ? [{ field, text: `${label}不能晚于今天 ${today}，请改正。` }] : []
}
