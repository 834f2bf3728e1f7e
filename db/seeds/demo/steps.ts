import type { Clock } from '../../../server/kernel/clock.ts'

/** The seed's own time: it is moved from one year to the next as the county's story goes on. */
export type SteppedClock = Clock & { set(iso: string): void }
