import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { tracks } from '../../imports/sheets/card-choices.ts'
import { endedSentence } from '../access/enterable.ts'
import { within } from '../access/scope.ts'
import { findUnits, formerNote } from '../access/units.ts'
import type { Actor, Track } from '../kernel/actor.ts'
import { type Problem, RuleBroken } from '../kernel/errors.ts'
import { type Answers, type FormField, readForm, type Values } from '../kernel/forms.ts'
import type { Draft } from './actions.ts'
import type { Determination } from './workflow.ts'

/** Rows of the small table on the form; blank rows count for nothing. */
export const claimantRows = 3

export const draftFields: readonly FormField[] = [
  { key: 'cards', label: '资产编号', kind: 'longText', required: true, max: 3000, hint: '一行一个，或用逗号隔开' },
  {
    key: 'reason',
    label: '界定事由',
    kind: 'longText',
    required: true,
    max: 500,
    hint: '写明为什么要界定、目前有什么争议',
  },
  { key: 'proposedOwner', label: '建议权属单位', kind: 'unit', required: true, hint: '写单位编码或全称' },
  { key: 'proposedTrack', label: '建议资产属性', kind: 'choice', choices: tracks, required: true },
]

export const claimantFields = (index: number): readonly FormField[] => [
  { key: `claimant${index}`, label: `主张单位 ${index}`, kind: 'unit' },
  { key: `claim${index}`, label: `主张理由 ${index}`, kind: 'text', max: 300 },
]

/** What the county writes when it decides. */
export const decisionFields: readonly FormField[] = [
  { key: 'decidedOwner', label: '界定的权属单位', kind: 'unit', required: true, hint: '写单位编码或全称' },
  { key: 'decidedTrack', label: '界定的资产属性', kind: 'choice', choices: tracks, required: true },
  { key: 'decidingBody', label: '界定机关', kind: 'text', required: true, max: 100, hint: '如 大英县人民政府' },
  { key: 'documentNo', label: '文号', kind: 'text', required: true, max: 100, hint: '如 大府函〔2021〕12 号' },
  { key: 'decidedOn', label: '界定日期', kind: 'day', required: true, hint: '卡片从这一天起变更' },
]

const rows = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

export const allDraftFields: readonly FormField[] = [...draftFields, ...rows(claimantRows).flatMap(claimantFields)]

/** Reads the draft's form; cards and units are looked up within what the actor sees. */
export async function readDraft(
  tx: Tx,
  actor: Actor,
  answers: Answers,
  today: string,
): Promise<Draft & { notes: string }> {
  const { values, problems } = readForm(allDraftFields, answers)
  const said = { problems, notes: '' }
  const cards = values.cards ? await cardsOf(tx, actor, values.cards, problems) : []
  const proposedOwnerId = await unitOf(tx, values, 'proposedOwner', today, said)
  const claimants = []
  for (const index of rows(claimantRows)) {
    const unitId = await unitOf(tx, values, `claimant${index}`, today, said)
    const claim = values[`claim${index}`] ?? null
    if (unitId && !claim) problems.push({ field: `claim${index}`, text: `请写明第 ${index} 个单位的主张理由。` })
    if (!values[`claimant${index}`] && claim)
      problems.push({ field: `claimant${index}`, text: `请写明主张理由 ${index} 是哪个单位的。` })
    if (unitId && claim) claimants.push({ unitId, claim })
  }
  if (new Set(claimants.map(({ unitId }) => unitId)).size < claimants.length) {
    problems.push({ field: 'claimant1', text: '同一单位只写一行主张，请合并。' })
  }
  if (problems.length > 0) throw new RuleBroken(problems)
  return {
    notes: said.notes,
    cards,
    reason: values.reason ?? '',
    proposedOwnerId: proposedOwnerId ?? '',
    proposedTrack: values.proposedTrack as Track,
    claimants,
  }
}

/** Reads the county's decision; the owner is looked up as of today. */
export async function readDecision(tx: Tx, answers: Answers, today: string): Promise<Values> {
  const { values, problems } = readForm(decisionFields, answers)
  const decidedOwner = await unitOf(tx, values, 'decidedOwner', today, { problems, notes: '' })
  if (problems.length > 0) throw new RuleBroken(problems)
  return { ...values, decidedOwner }
}

/** A stored draft as its form shows it. */
export function answersOf(document: Determination): Answers {
  const answers: Answers = {
    cards: document.cards.map(({ code }) => code).join('\n'),
    reason: document.reason,
    proposedOwner: document.proposedOwnerName,
    proposedTrack: document.proposedTrack,
  }
  document.claimants.forEach((claimant, index) => {
    answers[`claimant${index + 1}`] = claimant.name
    answers[`claim${index + 1}`] = claimant.claim
  })
  return answers
}

async function unitOf(
  tx: Tx,
  values: Values,
  field: string,
  today: string,
  said: { problems: Problem[]; notes: string },
): Promise<string | null> {
  const text = values[field] ?? null
  if (text === null) return null
  const found = await findUnits(tx, text, today)
  const [unit] = found
  if (found.length === 1 && unit) {
    if (unit.state === 'closed') said.problems.push({ field, text: await endedSentence(tx, unit) })
    said.notes += formerNote(unit)
    return unit.id
  }
  const why = found.length === 0 ? '没有找到单位' : '有几个单位叫'
  said.problems.push({ field, text: `${why}“${text}”，请写单位编码或从列表中选择。` })
  return null
}

async function cardsOf(tx: Tx, actor: Actor, text: string, problems: Problem[]): Promise<Draft['cards']> {
  const codes = [...new Set(text.split(/[\s,，、;；]+/).filter(Boolean))]
  const found = await tx.execute<Draft['cards'][number]>(sql`
    select c.id, c.code, c.owner_unit_id as "ownerUnitId", c.track from cards c
    where c.code = any(${`{${codes.filter((code) => /^\d{14}$/.test(code)).join(',')}}`}::text[])
      and ${within(actor, sql`c.owner_key`)} and not c.voided order by c.id`)
  const missing = codes.filter((code) => !found.some((card) => card.code === code))
  if (missing.length > 0) {
    problems.push({ field: 'cards', text: `没有找到资产 ${missing.slice(0, 5).join('、')}，请核对编号。` })
  }
  return [...found]
}
