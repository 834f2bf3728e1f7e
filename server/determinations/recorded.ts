import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { determinations } from '../../db/schema/determinations.ts'
import type { Effect } from '../kernel/act.ts'
import { shanghaiDay } from '../kernel/clock.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { type Acting, eventsOf } from '../kernel/events.ts'
import type { FormField, Values } from '../kernel/forms.ts'
import { type Corrected, recordDecision } from '../records/decision-actions.ts'
import { type BodyKind, decidedOnField, wordingFields } from '../records/decision-form.ts'
import { holder, settle } from './settle.ts'
import type { Determination } from './workflow.ts'

/** What the paper says beside owner and track. */
export const recordedFields: readonly FormField[] = [
  ...wordingFields.slice(0, 3),
  decidedOnField,
  ...wordingFields.slice(3),
]

/** 代录: the same as deciding, with the record of the paper it was decided by. */
export async function recordResult(
  tx: Tx,
  acting: Acting,
  document: Determination,
  values: Values,
): Promise<Effect<typeof determinations>> {
  const { bodyKind, body, documentNo, decidedOn, summary } = values
  if (!bodyKind || !body || !documentNo || !decidedOn || !summary) {
    throw new RuleBroken('请照文件写全：决定机关、文号、日期和决定内容。')
  }
  const submissions = (await eventsOf(tx, { kind: 'determination', id: document.id })).filter(
    ({ action }) => action === 'determination.submit',
  )
  const effect = await settle(tx, acting, document, { ...values, decidingBody: body })
  const decision = await recordDecision(tx, acting, {
    ...{ bodyKind: bodyKind as BodyKind, body, documentNo, decidedOn, summary, outcome: 'approved' },
    document: { ...holder(document), kind: 'determination', label: '本界定' },
    submittedOn: shanghaiDay(submissions.at(-1)?.at ?? acting.clock.now()),
    submitters: submissions.flatMap(({ actorId }) => actorId ?? []),
    partyKeys: effect.patch.partyKeys,
  })
  return { ...effect, detail: { document: { kind: 'decision', ...decision } } }
}

/** The document names body and paper too. */
export const keepWording: Corrected = async (tx, { determinationId, body, documentNo }) => {
  if (determinationId === null) return
  await tx
    .update(determinations)
    .set({ decidingBody: body, documentNo, version: sql`${determinations.version} + 1` })
    .where(eq(determinations.id, determinationId))
}
