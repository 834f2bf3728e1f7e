import type { EventRow } from './events.ts'

/** How a changed field is told: its label and what its values mean to people. */
export type Telling = {
  label: (field: string) => string
  value: (field: string, value: string | null) => string | null
}

/** Event rows as the timeline shows them, newest first. */
export function timeline(events: readonly EventRow[], sentences: Readonly<Record<string, string>>, telling?: Telling) {
  return events
    .map((event) => ({
      sentence: sentences[event.action] ?? event.action,
      who: event.actorName,
      unit: event.actorUnitName,
      at: event.at,
      comment: event.comment,
      href: event.detail.document?.path ?? null,
      details: Object.entries(event.detail.changes ?? {}).map(([field, change]) => ({
        label: telling?.label(field) ?? field,
        old: telling ? telling.value(field, change.old) : change.old,
        new: telling ? telling.value(field, change.new) : change.new,
      })),
    }))
    .reverse()
}
