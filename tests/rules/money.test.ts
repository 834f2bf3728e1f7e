import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compare, divided, plus } from '../../server/kernel/money.ts'

describe('dividing an amount by weights', () => {
  it('gives what rounding leaves over to the share that is named', () => {
    expect(divided('100.00', ['1', '1', '1'], 2)).toEqual(['33.33', '33.33', '33.34'])
    expect(divided('0.01', ['500', '499'], 0)).toEqual(['0.01', '0.00'])
    expect(divided('10.000', ['1', '2'], 1, 3)).toEqual(['3.333', '6.667'])
  })

  it('takes from nobody', () => {
    expect(divided('0.05', Array(10).fill('1'), 0)).toEqual(['0.05', ...Array(9).fill('0.00')])
  })

  it('adds up to the amount again, whatever the weights', () => {
    const cents = fc.integer({ min: 0, max: 10 ** 12 }).map((value) => (value / 100).toFixed(2))
    const weights = fc.array(fc.integer({ min: 1, max: 10 ** 6 }).map(String), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(cents, weights, fc.nat(), (amount, parts, at) => {
        const shares = divided(amount, parts, at % parts.length)
        expect(plus(...shares)).toBe(amount)
        expect(shares.every((share) => compare(share, '0') >= 0)).toBe(true)
      }),
    )
  })
})
