import { and, asc, desc, eq, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { type EventDetail, events } from '../../db/schema/kernel.ts'
import type { Actor } from './actor.ts'
import type { Clock } from './clock.ts'

/** Who acts, when, and in which request: what every verb needs besides its transaction. */
export type Acting = { actor: Actor; clock: Clock; requestId: string | null }

/** What an event is about; a `topic` (calendar, settings …) is its own id, where there is no row to name. */
export type SubjectKind = keyof typeof columns
export type Subject = { kind: SubjectKind; id: string }

export type Happening = {
  action: string
  fromState?: string | null
  toState?: string | null
  effectiveOn?: string | null
  comment?: string | null
  detail?: EventDetail
}

/** The row an event becomes; for verbs that write many at once. */
export function eventRow(acting: Acting, subject: Subject, happening: Happening) {
  return {
    at: acting.clock.now(),
    actorId: acting.actor.personId,
    actorName: acting.actor.name,
    actorUnitId: acting.actor.unitId,
    actorUnitName: acting.actor.unitName,
    action: happening.action,
    [columns[subject.kind]]: subject.id,
    fromState: happening.fromState ?? null,
    toState: happening.toState ?? null,
    effectiveOn: happening.effectiveOn ?? null,
    comment: happening.comment ?? null,
    detail: happening.detail ?? {},
    requestId: acting.requestId,
  }
}

/** The columns that all events of one act share, for verbs that write them by a query; subject and detail are its own. */
export function eventColumns(acting: Acting, happening: Happening): Readonly<Record<string, SQL>> {
  const { actor } = acting
  return {
    at: sql`${acting.clock.now().toISOString()}::timestamptz`,
    actor_id: sql`${actor.personId}::bigint`,
    actor_name: sql`${actor.name}::text`,
    actor_unit_id: sql`${actor.unitId}::bigint`,
    actor_unit_name: sql`${actor.unitName}::text`,
    action: sql`${happening.action}::text`,
    from_state: sql`${happening.fromState ?? null}::text`,
    to_state: sql`${happening.toState ?? null}::text`,
    effective_on: sql`${happening.effectiveOn ?? null}::date`,
    comment: sql`${happening.comment ?? null}::text`,
    request_id: sql`${acting.requestId}::text`,
  }
}

/** Writes one event in the verb's own transaction; returns its id. */
export async function record(tx: Tx, acting: Acting, subject: Subject, happening: Happening): Promise<string> {
  const [row] = await tx
    .insert(events)
    .values(eventRow(acting, subject, happening))
    .returning({ id: events.id })
  if (!row) throw new Error('the event was not written')
  return row.id
}

/** What a subscriber does follows from someone's act: 系统 writes it, and both are named. */
export function onBehalfOf(acting: Acting): Acting {
  const { actor } = acting
  const name = actor.personId === null ? actor.name : `系统（代${actor.name}）`
  return { ...acting, actor: { ...actor, name } }
}

/** Every event about a subject, oldest first. */
export async function eventsOf(tx: Tx, subject: Subject, also?: SQL) {
  return tx
    .select()
    .from(events)
    .where(and(eq(events[columns[subject.kind]], subject.id), also))
    .orderBy(asc(events.at), asc(events.id))
}

/** The newest events about a subject of which there may be very many, oldest first. */
export async function newestEvents(tx: Tx, subject: Subject, most: number, also?: SQL) {
  const found = await tx
    .select()
    .from(events)
    .where(and(eq(events[columns[subject.kind]], subject.id), also))
    .orderBy(desc(events.at), desc(events.id))
    .limit(most)
  return found.reverse()
}

export type EventRow = Awaited<ReturnType<typeof eventsOf>>[number]

/** old → new of the columns that differ; undefined when nothing does. */
export function changed(
  old: Record<string, string | null>,
  next: Record<string, string | null>,
): NonNullable<EventDetail['changes']> | undefined {
  const changes = Object.fromEntries(
    Object.keys(next)
      .filter((key) => (old[key] ?? null) !== (next[key] ?? null))
      .map((key) => [key, { old: old[key] ?? null, new: next[key] ?? null }]),
  )
  return Object.keys(changes).length > 0 ? changes : undefined
}

const columns = {
  card: 'cardId',
  determination: 'determinationId',
  unit: 'unitId',
  person: 'personId',
  batch: 'batchId',
  restriction: 'restrictionId',
  decision: 'decisionId',
  call: 'callId',
  count: 'countId',
  compilation: 'compilationId',
  notice: 'noticeId',
  resolution: 'resolutionId',
  claim: 'claimId',
  topic: 'topic',
} as const satisfies Record<string, keyof typeof events.$inferSelect>
