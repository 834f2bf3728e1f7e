import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { decisions } from '../../db/schema/records.ts'
import { type Actor, holds } from '../kernel/actor.ts'
import { Forbidden, NotFound, RuleBroken, Stale } from '../kernel/errors.ts'
import { type Acting, changed, eventsOf, record } from '../kernel/events.ts'
import { documentNumber } from '../kernel/numbers.ts'
import { type BodyKind, bodyKinds, type Outcome, type Wording } from './decision-form.ts'
import { loadDecision } from './decision-queries.ts'

export type NewDecision = Wording & {
  decidedOn: string
  outcome: Outcome
  /** The document it was made on: when it was submitted, by whom, and who may read. */
  document: { kind: 'determination' | 'compilation'; id: string; no: string; path: string; label: string }
  submittedOn: string
  submitters: readonly string[]
  partyKeys: readonly string[]
}

/** Enters what a body without an account decided, from its paper, by another person than who asked for it. */
export async function recordDecision(
  tx: Tx,
  acting: Acting,
  { document, submittedOn, submitters, partyKeys, ...decision }: NewDecision,
): Promise<{ no: string; path: string }> {
  const { actor, clock } = acting
  const today = clock.today()
  const { decidedOn } = decision
  if (actor.personId !== null && submitters.includes(actor.personId)) {
    throw new RuleBroken('代录须由提交人以外的人办理，请换一个人。')
  }
  if (decidedOn > today) {
    throw new RuleBroken([{ field: 'decidedOn', text: `决定日期不能晚于今天 ${today}，请核对文件。` }])
  }
  if (decidedOn < submittedOn) {
    const text = `决定日期早于${document.label}提交的 ${submittedOn}，请核对；提交之前已有的批复，请列为依据，由县级部门办理。`
    throw new RuleBroken([{ field: 'decidedOn', text }])
  }
  const no = await documentNumber(tx, 'DL', today)
  const [row] = await tx
    .insert(decisions)
    .values({
      ...decision,
      no,
      [`${document.kind}Id`]: document.id,
      recordedBy: actor.personId,
      recordedAt: clock.now(),
      partyKeys: [...partyKeys],
    })
    .returning({ id: decisions.id })
  if (!row) throw new Error('the decision was not written')
  const { kind, no: documentNo, path } = document
  await record(
    tx,
    acting,
    { kind: 'decision', id: row.id },
    {
      action: 'decision.record',
      effectiveOn: decidedOn,
      detail: { document: { kind, no: documentNo, path }, submitters: [...submitters] },
    },
  )
  return { no, path: `/decisions/${no}` }
}

/** Keeps a copy of the words elsewhere up to date, in the same transaction. */
export type Corrected = (tx: Tx, decision: { determinationId: string | null } & Wording) => Promise<void>

/**
 * Puts right how the paper was written down. What was decided and when stands in the register already: that is changed by
 * another document only.
 */
export async function correctDecision(
  tx: Tx,
  acting: Acting,
  no: string,
  version: number,
  { reason, ...wording }: Wording & { reason: string },
  corrected: readonly Corrected[],
): Promise<void> {
  await tx.select({ id: decisions.id }).from(decisions).where(eq(decisions.no, no)).for('update')
  const decision = await loadDecision(tx, acting.actor, no)
  if (!decision) throw new NotFound()
  if (decision.version !== version) throw new Stale()
  if (!(await mayCorrect(tx, acting.actor, decision))) throw new Forbidden()
  const changes = changed(told(decision), told(wording))
  if (!changes) throw new RuleBroken('还没有改动：请改好文号、机关或内容再保存。')
  await tx
    .update(decisions)
    .set({ ...wording, version: sql`${decisions.version} + 1` })
    .where(eq(decisions.id, decision.id))
  await record(
    tx,
    acting,
    { kind: 'decision', id: decision.id },
    { action: 'decision.correct', comment: reason, detail: { changes } },
  )
  for (const keep of corrected) await keep(tx, { determinationId: decision.determinationId, ...wording })
}

/** Who recorded it, or the county over one of its parties; never who had asked for the decision. */
export async function mayCorrect(
  tx: Tx,
  actor: Actor,
  decision: { id: string; recordedBy: string | null; partyKeys: readonly string[] },
): Promise<boolean> {
  if (actor.personId === null) return true
  const [recorded] = await eventsOf(tx, { kind: 'decision', id: decision.id })
  const submitters = recorded?.detail.submitters
  if (Array.isArray(submitters) && submitters.includes(actor.personId)) return false
  const reads = actor.keys.some((key) => decision.partyKeys.includes(key))
  return (
    (reads && decision.recordedBy === actor.personId) ||
    decision.partyKeys.some((key) => holds(actor, ['approver'], key))
  )
}

function told({ bodyKind, body, documentNo, summary }: { bodyKind: string } & Omit<Wording, 'bodyKind'>) {
  return { 机关类别: bodyKinds[bodyKind as BodyKind], 决定机关: body, 文号: documentNo, 决定内容: summary }
}
