import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noticedCalendar } from '../../db/seeds/calendar.ts'
import {
  addDays,
  addMonths,
  addWorkingDays,
  addYears,
  daysBetween,
  isWorkingDay,
  lastDay,
  type Unit,
  workingDaysBetween,
  yearsWithout,
} from '../../server/records/calendar.ts'

const calendar = noticedCalendar()

describe('a day', () => {
  it.each([
    ['2026-03-10', true, 'a Tuesday'],
    ['2026-03-14', false, 'a Saturday'],
    ['2026-01-02', false, 'a Friday off'],
    ['2026-01-04', true, 'a Sunday worked'],
    ['2026-02-14', true, 'the Saturday before the Spring Festival'],
    ['2026-02-24', true, 'the first day after it'],
    ['2026-10-10', true, 'a Saturday worked'],
    ['2025-01-28', false, 'New Year’s Eve'],
  ])('%s works: %s (%s)', (day, works) => {
    expect(isWorkingDay(calendar, day)).toBe(works)
  })
})

describe('so many working days after a day', () => {
  it.each([
    ['2026-03-10', 1, '2026-03-11'],
    ['2026-03-10', 10, '2026-03-24'],
    ['2026-03-14', 1, '2026-03-16'],
    ['2026-02-13', 1, '2026-02-14'],
    ['2026-02-13', 2, '2026-02-24'],
    ['2026-02-13', 6, '2026-02-28'],
    ['2025-12-31', 1, '2026-01-04'],
    ['2026-09-18', 10, '2026-10-09'],
    ['2026-03-10', 0, '2026-03-10'],
    ['2026-03-10', -1, '2026-03-09'],
    ['2026-02-24', -1, '2026-02-14'],
  ])('%s and %i is %s', (day, amount, reached) => {
    expect(addWorkingDays(calendar, day, amount)).toBe(reached)
  })
})

describe('the corresponding day', () => {
  it.each([
    ['2026-08-31', 6, '2027-02-28'],
    ['2027-08-31', 6, '2028-02-29'],
    ['2026-01-31', 1, '2026-02-28'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-02-29', 48, '2028-02-29'],
    ['2026-02-28', 1, '2026-03-28'],
    ['2026-11-30', 3, '2027-02-28'],
    ['2026-12-15', 1, '2027-01-15'],
    ['2026-03-31', -1, '2026-02-28'],
  ])('%s and %i months is %s', (day, amount, reached) => {
    expect(addMonths(day, amount)).toBe(reached)
  })

  it('a leap day and a year', () => {
    expect(addYears('2024-02-29', 1)).toBe('2025-02-28')
    expect(addYears('2024-02-29', 4)).toBe('2028-02-29')
  })
})

describe('the last day of a period', () => {
  it.each<[string, number, Unit, string, string]>([
    ['2026-03-10', 7, 'day', '2026-03-17', 'the day after the anchor counts as one'],
    ['2026-03-07', 7, 'day', '2026-03-16', 'ends on a Saturday: the Monday after'],
    ['2026-02-08', 7, 'day', '2026-02-24', 'ends in the Spring Festival: the day after it'],
    ['2026-01-28', 1, 'month', '2026-02-28', 'a Saturday that is worked'],
    ['2026-08-31', 1, 'month', '2026-09-30', 'no such day: the month’s last'],
    ['2026-09-01', 1, 'month', '2026-10-08', 'ends in the National Day week'],
    ['2024-02-29', 1, 'year', '2025-02-28', 'a leap day'],
    ['2025-01-01', 1, 'year', '2026-01-04', 'ends on New Year’s Day: the next day worked'],
    ['2026-03-10', 10, 'working_day', '2026-03-24', 'working days'],
  ])('%s, %i %s: %s (%s)', (anchorOn, amount, unit, ends) => {
    expect(lastDay(calendar, { anchorOn, amount, unit })).toBe(ends)
  })

  it.each([0, -3, 1.5, Number.NaN])('is none of %s days', (amount) => {
    expect(() => lastDay(calendar, { anchorOn: '2026-03-10', amount, unit: 'day' })).toThrow('大于 0 的整数')
  })
})

describe('working days left', () => {
  it.each([
    ['2026-03-10', '2026-03-17', 5],
    ['2026-03-10', '2026-03-10', 0],
    ['2026-03-10', '2026-03-05', -3],
    ['2026-03-13', '2026-03-15', 0],
    ['2026-02-13', '2026-02-24', 2],
  ])('from %s to %s: %i', (from, to, left) => {
    expect(workingDaysBetween(calendar, from, to)).toBe(left)
  })
})

it('says which years nobody has entered', () => {
  expect(yearsWithout(calendar, ['2026-05-01', '2027-01-04', '2028-01-04', '2027-02-01'])).toEqual(['2027', '2028'])
  expect(yearsWithout(new Map([['2027-01-03', { kind: 'workday', name: '' }]]), ['2027-01-01'])).toEqual(['2027'])
})

/** Any calendar that still has working days: up to forty days of half a year marked one way or the other. */
const start = '2026-01-01'
const anyDay = fc.integer({ min: 0, max: 180 }).map((days) => addDays(start, days))
const anyCalendar = fc
  .array(fc.tuple(anyDay, fc.constantFrom('holiday' as const, 'workday' as const)), { maxLength: 40 })
  .map((rows) => new Map(rows.map(([day, kind]) => [day, { kind, name: '' }] as const)))
const anyAmount = fc.integer({ min: 1, max: 60 })

describe('whatever the calendar', () => {
  it('working days land on working days, later for more of them', () => {
    fc.assert(
      fc.property(anyCalendar, anyDay, anyAmount, (made, day, amount) => {
        const reached = addWorkingDays(made, day, amount)
        expect(isWorkingDay(made, reached)).toBe(true)
        expect(reached > day).toBe(true)
        expect(addWorkingDays(made, day, amount + 1) > reached).toBe(true)
        expect(addWorkingDays(made, addDays(day, 1), amount) >= reached).toBe(true)
      }),
    )
  })

  it('counting them gives back what was added, both ways', () => {
    fc.assert(
      fc.property(anyCalendar, anyDay, anyAmount, (made, day, amount) => {
        const reached = addWorkingDays(made, day, amount)
        expect(workingDaysBetween(made, day, reached)).toBe(amount)
        expect(workingDaysBetween(made, reached, day)).toBe(-amount)
        const back = addWorkingDays(made, reached, -amount)
        expect(workingDaysBetween(made, back, reached)).toBe(amount)
        expect(isWorkingDay(made, day) ? back === day : back < day).toBe(true)
      }),
    )
  })

  it('no period ends on a day off, and none ends earlier for an anchor later', () => {
    const anyUnit = fc.constantFrom<Unit>('day', 'working_day', 'month', 'year')
    fc.assert(
      fc.property(anyCalendar, anyDay, fc.integer({ min: 1, max: 24 }), anyUnit, (made, anchorOn, amount, unit) => {
        const ends = lastDay(made, { anchorOn, amount, unit })
        expect(isWorkingDay(made, ends)).toBe(true)
        expect(lastDay(made, { anchorOn: addDays(anchorOn, 1), amount, unit }) >= ends).toBe(true)
        expect(lastDay(made, { anchorOn, amount: amount + 1, unit }) >= ends).toBe(true)
      }),
    )
  })

  it('months later and earlier is the same day, unless the month has none such', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: -60, max: 60 }), (day, months) => {
        const there = addMonths(day, months)
        const back = addMonths(there, -months)
        expect(back <= day).toBe(true)
        if (day.slice(8) <= '28') expect(back).toBe(day)
        expect(daysBetween(back, day)).toBeLessThanOrEqual(3)
      }),
    )
  })
})
