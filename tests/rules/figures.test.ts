import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compare, minus, plus, readDecimal } from '../../server/kernel/money.ts'

describe('a figure as someone types it', () => {
  it.each<[string, number, string]>([
    ['1234.5', 2, '1234.50'],
    ['1,234.5', 2, '1234.50'],
    ['１２３４．５', 2, '1234.50'],
    ['1，234', 2, '1234.00'],
    [' 1 234 ', 2, '1234.00'],
    ['¥1,000元', 2, '1000.00'],
    ['￥1000', 2, '1000.00'],
    ['+7', 2, '7.00'],
    ['-7', 2, '-7.00'],
    ['0', 2, '0.00'],
    ['00012', 2, '12.00'],
    ['.5', 2, '0.50'],
    ['5.', 2, '5.00'],
    ['1.50000', 2, '1.50'],
    ['0.1', 3, '0.100'],
    ['3', 0, '3'],
    ['3.0', 0, '3'],
    ['999999999999999.99', 2, '999999999999999.99'],
  ])('%s with %i places is %s', (text, places, value) => {
    expect(readDecimal(text, places)).toEqual({ value })
  })

  it.each([
    '',
    ' ',
    '约三万',
    '3万',
    '1e3',
    '0x10',
    'NaN',
    'Infinity',
    '1.2.3',
    '--1',
    '1-2',
    '.',
    '+',
    '1/2',
    '12%',
    '一百',
  ])('%s is none', (text) => {
    expect(readDecimal(text, 2)).toBeNull()
  })

  it.each([
    ['0.005', 2],
    ['1.2345', 3],
    ['2.5', 0],
  ])('%s has more than %i places, and is not rounded silently', (text, places) => {
    expect(readDecimal(text, places)).toEqual({ rounded: true })
  })

  it('comes back as the same figure, however it is grouped', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 16n - 1n }), (cents) => {
        const whole = String(cents / 100n)
        const text = `${whole}.${String(cents % 100n).padStart(2, '0')}`
        const grouped = text.replace(/\B(?=(?:\d{3})+\.)/g, ',')
        expect(readDecimal(grouped, 2)).toEqual({ value: text })
      }),
    )
  })
})

it('has at most as many digits as the database keeps', () => {
  expect(readDecimal('9999999999999999.99', 2)).toEqual({ value: '9999999999999999.99' })
  expect(readDecimal('999999999999999.999', 3)).toEqual({ value: '999999999999999.999' })
  expect(readDecimal('1000000000000000', 3)).toEqual({ tooLarge: true })
  expect(readDecimal('10000000000000000', 2)).toEqual({ tooLarge: true })
})

describe('sums', () => {
  it('are exact where floats are not', () => {
    expect(plus('0.10', '0.20', null, undefined, '')).toBe('0.30')
    expect(minus('9007199254740993.01', '0.02')).toBe('9007199254740992.99')
    expect(compare('10', '9')).toBe(1)
    expect(compare('1.0', '1')).toBe(0)
  })

  it('undo each other', () => {
    const amount = fc
      .bigInt({ min: 0n, max: 10n ** 17n })
      .map((cents) => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`)
    fc.assert(fc.property(amount, amount, (one, other) => minus(plus(one, other), other) === one))
  })
})
