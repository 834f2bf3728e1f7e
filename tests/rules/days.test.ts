import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frozenClock, shanghaiDay } from '../../server/kernel/clock.ts'
import { fromStored, isDay, readPartialDate, toStored } from '../../server/kernel/partial-date.ts'

describe('a day as far as someone knows it', () => {
  it.each([
    ['2018', '2018'],
    ['2018年', '2018'],
    ['２０１８', '2018'],
    ['2018-3', '2018-03'],
    ['2018.03', '2018-03'],
    ['2018/3', '2018-03'],
    ['2018年3月', '2018-03'],
    ['2018年03月', '2018-03'],
    ['2018-3-31', '2018-03-31'],
    ['2018.3.31', '2018-03-31'],
    ['2018/03/31', '2018-03-31'],
    ['2018年3月31日', '2018-03-31'],
    ['2018年3月31', '2018-03-31'],
    ['20180331', '2018-03-31'],
    [' 2018 年 3 月 31 日 ', '2018-03-31'],
    ['2020-02-29', '2020-02-29'],
    ['1900', '1900'],
    ['2100-12-31', '2100-12-31'],
  ])('%s is %s', (text, partial) => {
    expect(readPartialDate(text)).toBe(partial)
  })

  it.each([
    '',
    '不详',
    '18',
    '1899',
    '2101',
    '2018-0',
    '2018-13',
    '2018-2-30',
    '2019-02-29',
    '2018-3-0',
    '2018-3-32',
    '20181301',
    '201803',
    '43190',
    '31/3/2018',
    '2018-3-31 10:00',
    '2018年3月31日前',
  ])('%s is none', (text) => {
    expect(readPartialDate(text)).toBeNull()
  })

  it('is stored with its precision and comes back as it was', () => {
    expect(toStored('2018')).toEqual({ day: '2018-01-01', precision: 'year' })
    expect(toStored('2018-03')).toEqual({ day: '2018-03-01', precision: 'month' })
    expect(toStored('2018-03-31')).toEqual({ day: '2018-03-31', precision: 'day' })
    expect(fromStored(null, null)).toBeNull()
    const day = fc
      .date({ min: new Date('1900-01-01'), max: new Date('2100-12-31'), noInvalidDate: true })
      .map((at) => at.toISOString().slice(0, 10))
    fc.assert(
      fc.property(day, fc.constantFrom(4, 7, 10), (text, length) => {
        const partial = readPartialDate(text.slice(0, length))
        expect(partial).toBe(text.slice(0, length))
        const stored = toStored(partial ?? '')
        expect(fromStored(stored.day, stored.precision)).toBe(partial)
      }),
    )
  })

  it('counts only days of the calendar', () => {
    expect(['2024-02-29', '2026-12-31'].every(isDay)).toBe(true)
    expect(['2023-02-29', '0000-01-01', '2026-1-1', '2026-13-01', '2026', ''].some(isDay)).toBe(false)
  })
})

describe('the county’s day', () => {
  it.each([
    ['2026-03-09T15:59:59.999Z', '2026-03-09'],
    ['2026-03-09T16:00:00Z', '2026-03-10'],
    ['2025-12-31T15:59:59Z', '2025-12-31'],
    ['2025-12-31T16:00:00Z', '2026-01-01'],
    ['2024-02-28T16:00:00Z', '2024-02-29'],
  ])('at %s is %s', (instant, day) => {
    expect(shanghaiDay(new Date(instant))).toBe(day)
  })

  it('is the clock’s today, and stands still until it is moved', () => {
    const clock = frozenClock('2026-03-09T16:00:00Z')
    expect(clock.today()).toBe('2026-03-10')
    clock.set('2026-03-10T16:00:00Z')
    expect([clock.today(), clock.now().toISOString()]).toEqual(['2026-03-11', '2026-03-10T16:00:00.000Z'])
  })
})
