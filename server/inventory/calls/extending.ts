import { sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { type Actor, holds } from '../../kernel/actor.ts'
import { Forbidden, NotFound, RuleBroken } from '../../kernel/errors.ts'
import type { Acting } from '../../kernel/events.ts'
import { type Answers, type FormField, readForm } from '../../kernel/forms.ts'
import { extendDeadline } from '../../records/deadlines.ts'
import type { Count } from '../counts/workflow.ts'
import { extendedText } from './chart-steps.ts'

export const extendFields: readonly FormField[] = [
  { key: 'dueOn', label: '延长到哪天', kind: 'day', required: true },
  { key: 'reason', label: '理由', kind: 'longText', max: 300, required: true, hint: '写在办理记录里，清查单位能看到' },
]

export const nothingToExtend = '这个单位已经提交或不再清查，不用再延长时限。'

/** Whoever issued the call gives a unit more time, as long as it has not handed in. */
export function mayExtend(actor: Actor, { state, parties }: Pick<Count, 'state' | 'parties'>): boolean {
  return state === 'counting' && (parties.issuer ?? []).some((key) => holds(actor, ['lead', 'approver'], key))
}

/** 延长时限: one unit submits later than the call says, for a reason that everybody sees. */
export async function extendCount(tx: Tx, acting: Acting, count: Count, answers: Answers): Promise<{ dueOn: string }> {
  if (count.state !== 'counting') throw new RuleBroken(nothingToExtend)
  if (!mayExtend(acting.actor, count)) throw new Forbidden()
  const { values, problems } = readForm(extendFields, answers)
  if (problems.length > 0) throw new RuleBroken(problems)
  const by = { dueOn: values.dueOn ?? '', reason: values.reason ?? '' }
  try {
    return await extendDeadline(tx, acting, { kind: 'count', id: count.id }, 'submit', by)
  } catch (error) {
    // Handed in while the form stood open.
    throw error instanceof NotFound ? new RuleBroken(nothingToExtend) : error
  }
}

/** The day a unit has to hand in by, and the day it had first where it was given more time. */
export type Term = { dueOn: string; from: string | null; reason: string | null }

/** Of a count that is still to be handed in; null otherwise. */
export async function termOf(tx: Tx, countId: string): Promise<Term | null> {
  const [row] = await tx.execute<Term>(sql`
    select d.due_on::text as "dueOn", x."from", x.reason from deadlines d
    cross join lateral (
      select (array_agg(c.value->>'old' order by e.at, e.id))[1] as "from",
        (array_agg(e.comment order by e.at desc, e.id desc))[1] as reason
      from events e cross join jsonb_each(e.detail->'changes') c
      where e.count_id = d.count_id and e.action = 'deadline.extend' and e.at >= d.created_at) x
    where d.count_id = ${countId} and d.key = 'submit' and d.met_on is null and d.cancelled_on is null`)
  return row ?? null
}

/** 原 3月31日，延至 4月10日：道路不通, where a unit that is still to hand in was given more time; '' otherwise. */
export async function termShown(tx: Tx, { id, state }: Pick<Count, 'id' | 'state'>): Promise<string> {
  const term = state === 'counting' ? await termOf(tx, id) : null
  return term ? extendedOf(term) : ''
}

export function extendedOf({ from, reason, dueOn }: Term): string {
  return from ? extendedText({ from, reason: reason ?? '' }, dueOn) : ''
}
