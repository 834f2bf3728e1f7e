import type { Problem } from './errors.ts'
import { isDay } from './partial-date.ts'

/** A sentence when the day cannot be reckoned for. */
export function dayProblems(asOf: string | undefined, today: string): Problem[] {
  if (!asOf) return []
  if (!isDay(asOf)) return [{ field: 'asOf', text: `统计时点“${asOf}”不是日期，请写成 ${today} 的样子。` }]
  return asOf > today ? [{ field: 'asOf', text: `统计时点不能晚于今天 ${today}，请改正。` }] : []
}
