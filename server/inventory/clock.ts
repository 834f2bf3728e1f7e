import type { Tx } from '../../db/client.ts'
import { roles } from '../kernel/actor.ts'
import { loadCalendar } from '../records/calendar-queries.ts'
import { countdown } from '../records/countdown.ts'
import { deadlinesOf } from '../records/deadline-queries.ts'
import type { DeadlineSubject } from '../records/deadlines.ts'

/** The clock that runs on a document, in words; null when nobody is waited for. */
export async function clockOf(tx: Tx, subject: DeadlineSubject, today: string) {
  const rows = await deadlinesOf(tx, subject)
  const open = rows.find(({ metOn, cancelledOn }) => metOn === null && cancelledOn === null)
  if (!open) return null
  const left = countdown(await loadCalendar(tx), today, open)
  return {
    ...left,
    key: open.key,
    label: open.label,
    dueOn: open.dueOn,
    role: roles[open.role as keyof typeof roles],
    basis: open.basis,
  }
}
