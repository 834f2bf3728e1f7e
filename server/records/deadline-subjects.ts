import { type SQL, sql } from 'drizzle-orm'
import type { deadlines } from '../../db/schema/records.ts'

type Subject = {
  column: keyof typeof deadlines.$inferSelect
  /** The number of the document that clock `d` runs on. */
  no: SQL
  /** Its page stands under this address. */
  place: string
}

/** Every document that a clock can run on. */
export const deadlineSubjects = {
  determination: {
    column: 'determinationId',
    no: sql`(select x.no from determinations x where x.id = d.determination_id)`,
    place: '/determinations/',
  },
  restriction: {
    column: 'restrictionId',
    no: sql`(select x.no from restrictions x where x.id = d.restriction_id)`,
    place: '/restrictions/',
  },
  call: {
    column: 'callId',
    no: sql`(select x.no from calls x where x.id = d.call_id)`,
    place: '/inventory/calls/',
  },
  count: {
    column: 'countId',
    no: sql`(select x.no from counts x where x.id = d.count_id)`,
    place: '/inventory/counts/',
  },
  compilation: {
    column: 'compilationId',
    no: sql`(select x.no from compilations x where x.id = d.compilation_id)`,
    place: '/inventory/compilations/',
  },
  notice: {
    column: 'noticeId',
    no: sql`(select x.no from public_notices x where x.id = d.notice_id)`,
    place: '/notices/',
  },
} as const satisfies Record<string, Subject>

export type DeadlineSubjectKind = keyof typeof deadlineSubjects

export const deadlineSubjectKinds = Object.keys(deadlineSubjects) as DeadlineSubjectKind[]
