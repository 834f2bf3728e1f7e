import { expect, it } from 'vitest'
import { counted, lockMinutes, type Tally } from '../../server/access/lockout-rules.ts'

const start = new Date('2026-03-10T02:00:00Z')
const later = (minutes: number) => new Date(start.getTime() + minutes * 60_000)
const tries = { failures: 5, minutes: 15 }
const none: Tally = { failures: 0, lockedUntil: null, lastAt: start }

it('locks with the fifth failure and not before', () => {
  let tally = none
  for (let failure = 1; failure <= 4; failure++) {
    tally = { ...counted(tally, start, tries), lastAt: start }
    expect(tally).toEqual({ failures: failure, lockedUntil: null, lastAt: start })
  }
  expect(counted(tally, start, tries)).toEqual({ failures: 5, lockedUntil: later(15) })
})

it('doubles the lock with each further five, up to a day', () => {
  expect([5, 9, 10, 15, 20, 40, 500].map((failures) => lockMinutes(failures, tries))).toEqual([
    15, 15, 30, 60, 120, 1440, 1440,
  ])
})

it('forgets failures a day after the last lock or try', () => {
  expect(counted({ failures: 4, lockedUntil: null, lastAt: start }, later(24 * 60 + 1), tries).failures).toBe(1)
  expect(counted({ failures: 5, lockedUntil: later(60), lastAt: start }, later(24 * 60 + 1), tries).failures).toBe(6)
})
