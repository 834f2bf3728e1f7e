export type Tally = { failures: number; lockedUntil: Date | null; lastAt: Date }

/** How many failures in a row lock, and for how many minutes at first. */
export type Tries = { failures: number; minutes: number }

const minute = 60_000
const day = 24 * 60

/** The tally after one more try: each fifth failure (or as set) locks, the next five twice as long, up to a day. */
export function counted(tally: Tally, now: Date, tries: Tries): { failures: number; lockedUntil: Date | null } {
  const quietSince = Math.max(tally.lastAt.getTime(), tally.lockedUntil?.getTime() ?? 0)
  const forgotten = now.getTime() - quietSince > day * minute
  const failures = (forgotten ? 0 : tally.failures) + 1
  return {
    failures,
    lockedUntil:
      failures % tries.failures === 0 ? new Date(now.getTime() + lockMinutes(failures, tries) * minute) : null,
  }
}

export function lockMinutes(failures: number, tries: Tries): number {
  return Math.min(day, tries.minutes * 2 ** (Math.floor(failures / tries.failures) - 1))
}
