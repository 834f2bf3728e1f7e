export type Tally = { failures: number; lockedUntil: Date | null; lastAt: Date }

const limit = 5
const minute = 60_000
const day = 24 * 60

/** The tally after one more try: each fifth failure locks, for 15 minutes, then twice as long, up to a day. */
export function counted(tally: Tally, now: Date): { failures: number; lockedUntil: Date | null } {
  const quietSince = Math.max(tally.lastAt.getTime(), tally.lockedUntil?.getTime() ?? 0)
  const forgotten = now.getTime() - quietSince > day * minute
  const failures = (forgotten ? 0 : tally.failures) + 1
  return {
    failures,
    lockedUntil: failures % limit === 0 ? new Date(now.getTime() + lockMinutes(failures) * minute) : null,
  }
}

export function lockMinutes(failures: number): number {
  return Math.min(day, 15 * 2 ** (Math.floor(failures / limit) - 1))
}
