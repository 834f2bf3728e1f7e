/** Time is injected; every calendar day is one of Asia/Shanghai. */
export type Clock = { now(): Date; today(): string }

export const systemClock: Clock = clockAt(() => new Date())

/** A clock that stands still until it is moved; for tests and seeds. */
export function frozenClock(iso: string): Clock & { set(iso: string): void } {
  let now = new Date(iso)
  return {
    ...clockAt(() => now),
    set: (next) => {
      now = new Date(next)
    },
  }
}

function clockAt(now: () => Date): Clock {
  return { now, today: () => shanghaiDay(now()) }
}

/** The calendar day in Asia/Shanghai: `2021-03-31`. China keeps one offset all year. */
export function shanghaiDay(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
}
