import { RuleBroken } from '../kernel/errors.ts'

/** What a day may be that its weekday does not say: 放假 on a weekday, 补班 at a weekend. */
export const dayKinds = { holiday: '放假', workday: '补班' } as const
export type DayKind = keyof typeof dayKinds

/** Days by their date; a day that is not in it is what its weekday says. */
export type Calendar = ReadonlyMap<string, { kind: DayKind; name: string }>

export const units = { day: '天', working_day: '个工作日', month: '个月', year: '年' } as const
export type Unit = keyof typeof units

/** So long from a day; the day itself does not count. */
export type Span = { anchorOn: string; amount: number; unit: Unit }

export const weekdays = ['星期日', '星期一', '星期二', '星期三', '星期四', '星期五', '星期六'] as const

/** 0 is Sunday. */
export function weekday(day: string): number {
  return at(day).getUTCDay()
}

export function isWeekend(day: string): boolean {
  return weekday(day) % 6 === 0
}

export function isWorkingDay(calendar: Calendar, day: string): boolean {
  const known = calendar.get(day)
  return known ? known.kind === 'workday' : !isWeekend(day)
}

export function addDays(day: string, amount: number): string {
  const moved = at(day)
  moved.setUTCDate(moved.getUTCDate() + amount)
  return text(moved)
}

/** The n-th working day after a day, or before it where n is negative; none are counted on the day itself. */
export function addWorkingDays(calendar: Calendar, day: string, amount: number): string {
  const step = amount < 0 ? -1 : 1
  let reached = day
  for (let left = Math.abs(amount); left > 0; ) {
    reached = addDays(reached, step)
    if (isWorkingDay(calendar, reached)) left -= 1
  }
  return reached
}

/** The corresponding day so many months on; where that month has no such day, its last (《民法典》第二百零二条). */
export function addMonths(day: string, amount: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  const first = new Date(Date.UTC(year, month - 1 + amount, 1))
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  first.setUTCDate(Math.min(date, last))
  return text(first)
}

export function addYears(day: string, amount: number): string {
  return addMonths(day, amount * 12)
}

/**
 * Working days after the first day up to and with the second: what is left until then. Counted backwards, below zero,
 * when the second day has passed: what one is late by.
 */
export function workingDaysBetween(calendar: Calendar, from: string, to: string): number {
  if (to < from) return 0 - workingDaysBetween(calendar, to, from)
  let days = 0
  for (let day = from; day < to; ) {
    day = addDays(day, 1)
    if (isWorkingDay(calendar, day)) days += 1
  }
  return days
}

/** Calendar days from one to the other, below zero when the second lies before the first. */
export function daysBetween(from: string, to: string): number {
  return (at(to).getTime() - at(from).getTime()) / 86_400_000
}

/**
 * The last day of a period. It begins the day after its anchor (《民法典》第二百零一条), and where it would end on a day off,
 * the next working day is its last (第二百零三条).
 */
export function lastDay(calendar: Calendar, { anchorOn, amount, unit }: Span): string {
  if (!Number.isSafeInteger(amount) || amount < 1) throw new RuleBroken('期限要写大于 0 的整数。')
  if (unit === 'working_day') return addWorkingDays(calendar, anchorOn, amount)
  const ends = unit === 'day' ? addDays(anchorOn, amount) : addMonths(anchorOn, unit === 'month' ? amount : amount * 12)
  return isWorkingDay(calendar, ends) ? ends : addWorkingDays(calendar, ends, 1)
}

/** Of these days' years, the ones whose holidays nobody has entered: there, working days go by weekends alone. */
export function yearsWithout(calendar: Calendar, days: Iterable<string>): string[] {
  const entered = new Set([...calendar].filter(([, { kind }]) => kind === 'holiday').map(([day]) => day.slice(0, 4)))
  return [...new Set([...days].map((day) => day.slice(0, 4)))].filter((year) => !entered.has(year)).sort()
}

function at(day: string): Date {
  return new Date(`${day}T00:00:00Z`)
}

function text(moved: Date): string {
  return moved.toISOString().slice(0, 10)
}
