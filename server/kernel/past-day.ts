import type { Problem } from './errors.ts'
import { isDay } from './partial-date.ts'

/** A sentence when the day cannot be reckoned for: no day at all, or one that has not come. */
export function dayProblems(day: string | undefined, today: string, field = 'asOf', label = '统计时点'): Problem[] {
  if (!day) return []
  if (!isDay(day)) return [{ field, text: `${label}“${day}”不是日期，请写成 ${today} 的样子。` }]
  return day > today ? [{ field, text: `${label}不能晚于今天 ${today}，请改正。` }] : []
}
