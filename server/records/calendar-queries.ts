import { asc, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { calendarDays } from '../../db/schema/records.ts'
import type { Calendar, DayKind } from './calendar.ts'

/** Every day that is not what its weekday says: some forty a year. */
export async function loadCalendar(tx: Tx): Promise<Calendar> {
  const rows = await tx.select().from(calendarDays).orderBy(asc(calendarDays.day))
  return new Map(rows.map(({ day, kind, name }) => [day, { kind: kind as DayKind, name }]))
}

/** The years in which some open deadline falls or is counted through. */
export async function deadlineYears(tx: Tx): Promise<string[]> {
  const rows = await tx.execute<{ year: string }>(sql`
    select distinct left(due_on::text, 4) as year from deadlines
    where met_on is null and cancelled_on is null and amount is not null`)
  return rows.map(({ year }) => year)
}
