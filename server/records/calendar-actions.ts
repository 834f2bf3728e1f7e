import { inArray, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { calendarDays } from '../../db/schema/records.ts'
import { NotFound, RuleBroken } from '../kernel/errors.ts'
import { type Acting, changed, record } from '../kernel/events.ts'
import { takeNumbers } from '../kernel/numbers.ts'
import { isDay } from '../kernel/partial-date.ts'
import { addDays, type DayKind, dayKinds, daysBetween, isWeekend, weekday, weekdays } from './calendar.ts'
import { reckonAnew } from './deadlines.ts'

export type DaysOff = { from: string; to: string; kind: DayKind; name: string }

export const longestRange = 31
export const firstYear = 2000
/** The State Council announces a year's holidays at the end of the one before. */
export const yearsAhead = 2

const subject = { kind: 'topic', id: 'calendar' } as const

/** Enters a range of days, over whatever stood there; open deadlines follow. */
export async function enterDays(tx: Tx, acting: Acting, entered: DaysOff): Promise<{ moved: number }> {
  const days = daysOf(entered, acting.clock.today())
  await takeNumbers(tx, 'calendar')
  const old = await known(tx, days)
  const values = days.map((day) => ({ day, kind: entered.kind, name: entered.name }))
  const changes = changed(told(old), told(values))
  if (!changes) throw new RuleBroken([{ field: 'from', text: '这几天已经是这样了，不用再录。' }])
  await tx
    .insert(calendarDays)
    .values(values)
    .onConflictDoUpdate({ target: calendarDays.day, set: { kind: sql`excluded.kind`, name: sql`excluded.name` } })
  await record(tx, acting, subject, { action: 'calendar.enter', detail: { changes } })
  return { moved: await reckonAnew(tx, acting) }
}

/** Takes a range of days out again: they are then what their weekdays say. */
export async function removeDays(
  tx: Tx,
  acting: Acting,
  { from, to }: { from: string; to: string },
): Promise<{ moved: number; removed: number }> {
  // An entry on the page may have come together of several ranges, but never goes beyond its year.
  if (!isDay(from) || !isDay(to) || to < from || from.slice(0, 4) !== to.slice(0, 4)) throw new NotFound()
  if (Number(from.slice(0, 4)) < firstYear) throw new NotFound()
  await takeNumbers(tx, 'calendar')
  const old = await known(
    tx,
    Array.from({ length: daysBetween(from, to) + 1 }, (_, index) => addDays(from, index)),
  )
  if (old.length === 0) throw new RuleBroken('这几天已经删掉了。')
  await tx.delete(calendarDays).where(
    inArray(
      calendarDays.day,
      old.map(({ day }) => day),
    ),
  )
  const changes = changed(told(old), Object.fromEntries(old.map(({ day }) => [day, null])))
  await record(tx, acting, subject, { action: 'calendar.remove', detail: changes ? { changes } : {} })
  return { moved: await reckonAnew(tx, acting), removed: old.length }
}

function daysOf({ from, to, kind }: DaysOff, today: string): string[] {
  const lastYear = Number(today.slice(0, 4)) + yearsAhead
  for (const [field, day] of [
    ['from', from],
    ['to', to],
  ] as const) {
    const year = Number(day.slice(0, 4))
    if (year < firstYear || year > lastYear) {
      throw new RuleBroken([{ field, text: `只能录入 ${firstYear} 年到 ${lastYear} 年的日子，请核对年份。` }])
    }
  }
  if (to < from) throw new RuleBroken([{ field: 'to', text: `结束日期 ${to} 早于开始日期 ${from}，请对调或改正。` }])
  if (daysBetween(from, to) >= longestRange) {
    throw new RuleBroken([{ field: 'to', text: `一次最多录入 ${longestRange} 天，请分几次录。` }])
  }
  const days = Array.from({ length: daysBetween(from, to) + 1 }, (_, index) => addDays(from, index))
  const plain = days.find((day) => !isWeekend(day))
  if (kind === 'workday' && plain !== undefined) {
    const text = `${plain} 是${weekdays[weekday(plain)]}，本来就上班，不用录补班；要取消这天的放假，请在下面删除。`
    throw new RuleBroken([{ field: 'from', text }])
  }
  return days
}

async function known(tx: Tx, days: readonly string[]) {
  return tx
    .select()
    .from(calendarDays)
    .where(inArray(calendarDays.day, [...days]))
    .orderBy(calendarDays.day)
    .for('update')
}

function told(rows: readonly { day: string; kind: string; name: string }[]): Record<string, string> {
  return Object.fromEntries(rows.map(({ day, kind, name }) => [day, `${dayKinds[kind as DayKind]} ${name}`]))
}
