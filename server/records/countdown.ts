import type { Tone } from '../kernel/workflow.ts'
import { type Calendar, daysBetween, workingDaysBetween } from './calendar.ts'

/** Within so many calendar days a deadline is said to be near. */
export const soonDays = 7

export type Countdown = { text: string; tone: Tone; late: boolean }

/** 还有 5 个工作日, 今天到期, 晚了 3 个工作日: in the days that the clock itself goes by. */
export function countdown(
  calendar: Calendar,
  today: string,
  { dueOn, unit }: { dueOn: string; unit: string | null },
): Countdown {
  const late = today > dueOn
  const working = unit === 'working_day'
  const days = Math.abs(working ? workingDaysBetween(calendar, today, dueOn) : daysBetween(today, dueOn))
  const amount = `${days} ${working ? '个工作日' : '天'}`
  if (late) return { text: days === 0 ? '已逾期' : `晚了 ${amount}`, tone: 'danger', late }
  if (today === dueOn) return { text: '今天到期', tone: 'warning', late }
  const near = daysBetween(today, dueOn) <= soonDays
  return { text: `还有 ${amount}`, tone: near ? 'warning' : 'neutral', late }
}
