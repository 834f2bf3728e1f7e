import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { deadlines } from '../../db/schema/records.ts'
import type { Role } from '../kernel/actor.ts'
import { NotFound, RuleBroken } from '../kernel/errors.ts'
import { type Acting, onBehalfOf, record } from '../kernel/events.ts'
import { lastDay, type Span, type Unit } from './calendar.ts'
import { loadCalendar } from './calendar-queries.ts'
import { type DeadlineSubjectKind, deadlineSubjectKinds, deadlineSubjects } from './deadline-subjects.ts'

/** The document a clock runs on. */
export type DeadlineSubject = { kind: DeadlineSubjectKind; id: string }

export type NewDeadline = {
  /** Which of the document's clocks; one of a kind runs at a time. */
  key: string
  label: string
  /** Law, form or setting behind it. */
  basis: string | null
  /** Who is to act by then, over one of these keys. */
  role: Role
  partyKeys: readonly string[]
} & ({ dueOn: string } | Span)

export type Deadline = typeof deadlines.$inferSelect

/** Starts a clock; the step's own event tells of it. */
export async function setDeadline(
  tx: Tx,
  acting: Acting,
  subject: DeadlineSubject,
  deadline: NewDeadline,
): Promise<{ dueOn: string }> {
  const rule = 'dueOn' in deadline ? null : deadline
  const dueOn = 'dueOn' in deadline ? deadline.dueOn : await reckon(tx, deadline)
  const { key, label, basis, role, partyKeys } = deadline
  await tx.insert(deadlines).values({
    [deadlineSubjects[subject.kind].column]: subject.id,
    ...{ key, label, basis, role, dueOn },
    partyKeys: [...partyKeys],
    anchorOn: rule?.anchorOn ?? null,
    amount: rule?.amount ?? null,
    unit: rule?.unit ?? null,
    createdAt: acting.clock.now(),
  })
  return { dueOn }
}

/** Stops a clock because what it waited for is done, late or not. */
export async function meetDeadline(tx: Tx, acting: Acting, subject: DeadlineSubject, key: string): Promise<void> {
  await holdCalendar(tx)
  await tx.update(deadlines).set({ metOn: acting.clock.today() }).where(running(subject, key))
}

/** Stops a clock, or all of a document's, because nobody waits any longer. */
export async function cancelDeadline(tx: Tx, acting: Acting, subject: DeadlineSubject, key?: string): Promise<void> {
  await holdCalendar(tx)
  await tx.update(deadlines).set({ cancelledOn: acting.clock.today() }).where(running(subject, key))
}

/**
 * Gives more time for a reason: more of the same unit, or a later day where the day was fixed. The event keeps the day
 * that held before.
 */
export async function extendDeadline(
  tx: Tx,
  acting: Acting,
  subject: DeadlineSubject,
  key: string,
  by: { reason: string } & ({ amount: number } | { dueOn: string }),
): Promise<{ dueOn: string }> {
  await holdCalendar(tx)
  const [deadline] = await tx.select().from(deadlines).where(running(subject, key)).for('update')
  if (!deadline) throw new NotFound()
  const span = spanOf(deadline)
  if ('amount' in by && !span) throw new RuleBroken([{ field: 'dueOn', text: '请写明延长到哪一天。' }])
  const longer = span && 'amount' in by ? { ...span, amount: span.amount + by.amount } : null
  const dueOn = longer ? await reckon(tx, longer) : 'dueOn' in by ? by.dueOn : deadline.dueOn
  if (dueOn <= deadline.dueOn) {
    const text = `时限已是 ${deadline.dueOn}，请写更晚的日期。`
    throw new RuleBroken([{ field: 'amount' in by ? 'amount' : 'dueOn', text }])
  }
  if (dueOn < acting.clock.today()) {
    const text = `延长后是 ${dueOn}，已经过了，请${longer ? '多写几天' : '写今天或之后的日期'}。`
    throw new RuleBroken([{ field: 'amount' in by ? 'amount' : 'dueOn', text }])
  }
  const rule = longer ?? { anchorOn: null, amount: null, unit: null }
  await tx
    .update(deadlines)
    .set({ dueOn, ...rule })
    .where(eq(deadlines.id, deadline.id))
  await record(tx, acting, subject, {
    action: 'deadline.extend',
    comment: by.reason,
    detail: { changes: { [deadline.label]: { old: deadline.dueOn, new: dueOn } } },
  })
  return { dueOn }
}

/**
 * After the calendar changed: every running clock that goes by a rule is reckoned again, and the documents' events say
 * so. How many moved.
 */
export async function reckonAnew(tx: Tx, acting: Acting): Promise<number> {
  const calendar = await loadCalendar(tx)
  const open = await tx
    .select()
    .from(deadlines)
    .where(and(sql`${deadlines.amount} is not null`, isOpen))
    .orderBy(deadlines.id)
    .for('update')
  let moved = 0
  for (const deadline of open) {
    const span = spanOf(deadline)
    const dueOn = span ? lastDay(calendar, span) : deadline.dueOn
    if (dueOn === deadline.dueOn) continue
    moved += 1
    await tx.update(deadlines).set({ dueOn }).where(eq(deadlines.id, deadline.id))
    await record(tx, onBehalfOf(acting), subjectOf(deadline), {
      action: 'deadline.reckon',
      detail: { changes: { [deadline.label]: { old: deadline.dueOn, new: dueOn } } },
    })
  }
  return moved
}

/** The rule a clock goes by; null where its day is fixed. */
export function spanOf({ anchorOn, amount, unit }: Pick<Deadline, 'anchorOn' | 'amount' | 'unit'>): Span | null {
  return anchorOn === null || amount === null || unit === null ? null : { anchorOn, amount, unit: unit as Unit }
}

export const isOpen: SQL = sql`${deadlines.metOn} is null and ${deadlines.cancelledOn} is null`

/** Rows of one document. */
export function ofSubject({ kind, id }: DeadlineSubject): SQL {
  return eq(deadlines[deadlineSubjects[kind].column], id)
}

function running(subject: DeadlineSubject, key: string | undefined) {
  return and(
    ofSubject(subject),
    key === undefined ? undefined : eq(deadlines.key, key),
    isNull(deadlines.metOn),
    isNull(deadlines.cancelledOn),
  )
}

async function reckon(tx: Tx, span: Span): Promise<string> {
  await holdCalendar(tx)
  return lastDay(await loadCalendar(tx), span)
}

/**
 * Keeps the calendar as it is until the transaction ends, so that no clock is left behind by a change of it. Taken before
 * any clock is touched: a change of the calendar goes through them in the same order.
 */
async function holdCalendar(tx: Tx): Promise<void> {
  await tx.execute(sql`select 1 from counters where name = 'calendar' for share`)
}

function subjectOf(deadline: Deadline): DeadlineSubject {
  for (const kind of deadlineSubjectKinds) {
    const id = deadline[deadlineSubjects[kind].column]
    if (id !== null) return { kind, id }
  }
  throw new Error(`deadline ${deadline.id} runs on nothing`)
}
