import { sql } from 'drizzle-orm'
import type { Tx } from '../client.ts'
import { counters } from '../schema/kernel.ts'
import { calendarDays } from '../schema/records.ts'

type Noticed = { name: string; from: string; to: string; worked?: readonly string[] }

/** 国务院办公厅关于部分节假日安排的通知, as published for 2025 and 2026; a county may change any day of it. */
const notices: readonly Noticed[] = [
  { name: '元旦', from: '2025-01-01', to: '2025-01-01' },
  { name: '春节', from: '2025-01-28', to: '2025-02-04', worked: ['2025-01-26', '2025-02-08'] },
  { name: '清明节', from: '2025-04-04', to: '2025-04-06' },
  { name: '劳动节', from: '2025-05-01', to: '2025-05-05', worked: ['2025-04-27'] },
  { name: '端午节', from: '2025-05-31', to: '2025-06-02' },
  { name: '国庆节、中秋节', from: '2025-10-01', to: '2025-10-08', worked: ['2025-09-28', '2025-10-11'] },
  { name: '元旦', from: '2026-01-01', to: '2026-01-03', worked: ['2026-01-04'] },
  { name: '春节', from: '2026-02-15', to: '2026-02-23', worked: ['2026-02-14', '2026-02-28'] },
  { name: '清明节', from: '2026-04-04', to: '2026-04-06' },
  { name: '劳动节', from: '2026-05-01', to: '2026-05-05', worked: ['2026-05-09'] },
  { name: '端午节', from: '2026-06-19', to: '2026-06-21' },
  { name: '中秋节', from: '2026-09-25', to: '2026-09-27' },
  { name: '国庆节', from: '2026-10-01', to: '2026-10-07', worked: ['2026-09-20', '2026-10-10'] },
]

/** The days of those notices, holidays and the working days that make up for them. */
export function noticedCalendar(): Map<string, { kind: 'holiday' | 'workday'; name: string }> {
  type Entry = readonly [string, { kind: 'holiday' | 'workday'; name: string }]
  return new Map(
    notices.flatMap<Entry>(({ name, from, to, worked = [] }) => [
      ...daysFrom(from, to).map((day) => [day, { kind: 'holiday', name }] as const),
      ...worked.map((day) => [day, { kind: 'workday', name: `${name}补班` }] as const),
    ]),
  )
}

/**
 * Enters each noticed year once, unless the county has days of it already: what people changed or took out stays so.
 * Says how many days.
 */
export async function seedCalendar(tx: Tx): Promise<number> {
  // Who reckons a deadline holds this row, and who changes the calendar waits for it.
  await tx.insert(counters).values({ name: 'calendar', value: '0' }).onConflictDoNothing()
  const noticed = noticedCalendar()
  const years = [...new Set([...noticed.keys()].map((day) => day.slice(0, 4)))]
  const entered = await tx
    .insert(counters)
    .values(years.map((year) => ({ name: `calendar ${year}`, value: '1' })))
    .onConflictDoNothing()
    .returning({ name: counters.name })
  const rows = await tx.execute<{ year: string }>(sql`select distinct left(day::text, 4) as year from calendar_days`)
  const known = new Set(rows.map(({ year }) => year))
  const wanted = new Set(entered.map(({ name }) => name.slice(-4)).filter((year) => !known.has(year)))
  const days = [...noticed].filter(([day]) => wanted.has(day.slice(0, 4))).map(([day, row]) => ({ day, ...row }))
  if (days.length > 0) await tx.insert(calendarDays).values(days).onConflictDoNothing()
  return days.length
}

function daysFrom(from: string, to: string): string[] {
  const days = []
  for (let at = new Date(`${from}T00:00:00Z`); ; at.setUTCDate(at.getUTCDate() + 1)) {
    const day = at.toISOString().slice(0, 10)
    if (day > to) return days
    days.push(day)
  }
}
