import type { EventRow } from './events.ts'

/** How a changed field is told: its label and what its values mean to people. */
export type Telling = {
  label: (field: string) => string
  value: (field: string, value: string | null) => string | null
  /** Tells a change as a whole where its label depends on what changed; undefined leaves it to the two above. */
  change?: (field: string, change: Change) => (Change & { label: string }) | undefined
}

type Change = { old: string | null; new: string | null }

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
      details: Object.entries(event.detail.changes ?? {}).map(([field, change]) => told(field, change, telling)),
    }))
    .reverse()
}

function told(field: string, change: Change, telling: Telling | undefined): Change & { label: string } {
  if (!telling) return { label: field, ...change }
  const value = (text: string | null) => telling.value(field, text)
  return (
    telling.change?.(field, change) ?? { label: telling.label(field), old: value(change.old), new: value(change.new) }
  )
}
