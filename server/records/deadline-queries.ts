import { asc, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { deadlines } from '../../db/schema/records.ts'
import { amongParties, keyArray } from '../access/scope.ts'
import { type Actor, type Role, roles } from '../kernel/actor.ts'
import { addDays } from './calendar.ts'
import { loadCalendar } from './calendar-queries.ts'
import { type Countdown, countdown, soonDays } from './countdown.ts'
import { deadlineSubjectKinds, deadlineSubjects } from './deadline-subjects.ts'
import { type Deadline, type DeadlineSubject, ofSubject } from './deadlines.ts'

/** Every clock a document had, oldest first. */
export async function deadlinesOf(tx: Tx, subject: DeadlineSubject): Promise<Deadline[]> {
  return tx.select().from(deadlines).where(ofSubject(subject)).orderBy(asc(deadlines.createdAt), asc(deadlines.id))
}

export type OpenDeadline = Countdown & {
  no: string
  path: string
  label: string
  dueOn: string
  /** The role that must act. */
  by: string
  mine: boolean
}

const shown = 10

/** What is late, in the actor's whole scope, and what falls due within a week; late first, what is theirs to do marked. */
export async function openDeadlines(tx: Tx, actor: Actor, today: string) {
  const soon = addDays(today, soonDays)
  const near = sql`from deadlines d
    where d.met_on is null and d.cancelled_on is null and d.due_on <= ${soon} and ${amongParties(actor, sql`d.party_keys`)}`
  const rows = await tx.execute<Row>(sql`
    select d.label, d.due_on as "dueOn", d.unit, d.role, ${document} as document, ${mine(actor)} as mine
    ${near} order by (d.due_on < ${today}) desc, mine desc, d.due_on, d.id limit ${shown}`)
  const [counts] = await tx.execute<{ late: number; soon: number }>(sql`
    select count(*) filter (where d.due_on < ${today})::int as late,
      count(*) filter (where d.due_on >= ${today})::int as soon ${near}`)
  const calendar = await loadCalendar(tx)
  return {
    late: counts?.late ?? 0,
    soon: counts?.soon ?? 0,
    rows: rows.map(
      ({ role, document: path, unit, ...row }): OpenDeadline => ({
        ...row,
        ...countdown(calendar, today, { dueOn: row.dueOn, unit }),
        no: path.slice(path.lastIndexOf('/') + 1),
        path,
        by: row.mine ? '我' : roles[role],
      }),
    ),
  }
}

/** The address of the document that clock `d` runs on. */
const document = sql`coalesce(${sql.join(
  deadlineSubjectKinds.map((kind) => sql`${deadlineSubjects[kind].place}::text || ${deadlineSubjects[kind].no}`),
  sql`, `,
)})`

type Row = {
  label: string
  dueOn: string
  unit: string | null
  role: Role
  document: string
  mine: boolean
}

function mine({ grants }: Actor): SQL {
  const own = grants.map(({ role, keys }) => sql`(d.role = ${role} and d.party_keys && ${keyArray(keys)})`)
  return own.length === 0 ? sql`false` : sql`(${sql.join(own, sql` or `)})`
}
