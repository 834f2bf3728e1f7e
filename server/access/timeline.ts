import { desc, eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { type EventDetail, events } from '../../db/schema/kernel.ts'
import { accessFields, accessSentences } from './sentences.ts'

const sentences: Record<string, string> = accessSentences
const latest = 50

/** The latest events of a unit or a person as the timeline prints them, newest first. */
export async function timelineOf(tx: Tx, subject: { kind: 'unit' | 'person'; id: string }) {
  const column = subject.kind === 'unit' ? events.unitId : events.personId
  const rows = await tx
    .select({
      at: events.at,
      who: events.actorName,
      action: events.action,
      effectiveOn: events.effectiveOn,
      comment: events.comment,
      detail: events.detail,
      unit: sql<string | null>`(
        select name from unit_periods where unit_id = ${events.actorUnitId} order by valid_from desc limit 1)`,
    })
    .from(events)
    .where(eq(column, subject.id))
    .orderBy(desc(events.at), desc(events.id))
    .limit(latest)
  return rows.map(({ action, effectiveOn, detail, ...row }) => ({
    ...row,
    sentence: [sentences[action] ?? action, about(detail), effectiveOn ? `，自 ${effectiveOn} 起` : ''].join(''),
    tone: action === 'person.locked' || action === 'person.disable' ? 'warning' : undefined,
    details: Object.entries(detail.changes ?? {})
      .filter(([key]) => key !== 'membership')
      .map(([key, change]) => ({ label: labelOf(subject.kind, key), ...change })),
  }))
}

function labelOf(kind: 'unit' | 'person', field: string): string {
  return kind === 'person' && field === 'name' ? '姓名' : (accessFields[field] ?? field)
}

/** Which role was granted or taken away stands in the sentence itself. */
function about(detail: EventDetail): string {
  const membership = detail.changes?.membership
  return membership ? `：${membership.new ?? membership.old ?? ''}` : ''
}
