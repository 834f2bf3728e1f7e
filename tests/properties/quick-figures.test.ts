import Big from 'big.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseArea } from '../../imports/values/area.ts'
import { plainFigure, readFigure } from '../../imports/values/decimal.ts'
import { parseMoney } from '../../imports/values/money.ts'
import { isBlank } from '../../imports/values/parsed.ts'
import { parseQuantity } from '../../imports/values/quantity.ts'
import { Tally } from '../../imports/values/tally.ts'
import { compare, minus } from '../../server/kernel/money.ts'

/** Figures as they stand in cells, and texts next to them: many digits, zeros in front and behind, signs, exponents. */
const digits = (most: number) => fc.stringMatching(new RegExp(`^[0-9]{1,${most}}$`))
const figure = fc.oneof(
  fc.tuple(digits(17), digits(8)).map(([whole, rest]) => `${whole}.${rest}`),
  digits(17),
  fc
    .tuple(fc.constantFrom('-', '+', ''), digits(15), digits(3))
    .map(([sign, whole, rest]) => `${sign}${whole}.${rest}`),
  fc.constantFrom('-0', '-0.00', '0', '00', '0.0', '1.', '.5', '1e-7', '1E+17', '99999999999999.99', '100000000000000'),
  fc.constantFrom('0.0000001', '-0.001', '0.005', '0.015', '9007199254740993', '90071992547409.93', '1\n', ' 1', '１'),
)
const stored = fc
  .tuple(fc.constantFrom('', '-'), digits(16), fc.stringMatching(/^(?:\.[0-9]{1,2})?$/))
  .map(([sign, whole, rest]) => `${sign}${whole.replace(/^0+(?=\d)/, '')}${rest}`)

/** A text that says the same in full-width figures: no quick path knows it. */
const wide = (text: string) => text.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
const quoting = ({ value, problem }: { value: string | null; problem?: string }) => [
  value,
  problem?.replace(/「.*」/s, ''),
]

describe('the quick way to read a figure', () => {
  it('comes to what the slow one does, for every text', () => {
    fc.assert(
      fc.property(figure, (text) => {
        expect(quoting(parseMoney(text)), text).toEqual(quoting(parseMoney(wide(text))))
        expect(quoting(parseArea(text)), text).toEqual(quoting(parseArea(wide(text))))
        expect(quoting(parseQuantity(text)), text).toEqual(quoting(parseQuantity(wide(text))))
        const [quick, slow] = [readFigure(text), readFigure(wide(text))]
        if (quick !== null && slow !== null && !('problem' in quick)) expect(quick, text).toEqual(slow)
        for (const places of [2, 3] as const) {
          const plain = plainFigure(text, places)
          if (plain !== null) expect(plain).toBe(new Big(text).toFixed(places))
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('knows a blank by its first character and overlooks none', () => {
    const parts = fc.constantFrom(
      '-',
      '—',
      '/',
      '无',
      '空',
      '暂无',
      '没有',
      'n/a',
      'NA',
      'null',
      '不详',
      '未知',
      ' ',
      '　',
      '1',
      '甲',
    )
    fc.assert(
      fc.property(
        fc.array(parts, { maxLength: 3 }).map((list) => list.join('')),
        (text) => {
          const all = /^(?:[-—–―－_/\\.。*×]*|无|空|暂无|没有|n\/?a|null|不详|未知)$/i.test(text.replace(/\s/g, ''))
          expect(isBlank(text), text).toBe(all)
        },
      ),
    )
  })
})

it('a tally is the exact sum, in whatever order small and large figures come', () => {
  const added = fc.array(
    fc.oneof(
      figure.filter((text) => /^-?\d+(\.\d+)?$/.test(text)),
      fc.constant('999999999.999999'),
    ),
    {
      maxLength: 60,
    },
  )
  fc.assert(
    fc.property(added, (list) => {
      const tally = new Tally()
      for (const text of list) tally.add(text)
      const sum = list.reduce((so, text) => so.plus(text), new Big(0))
      expect(tally.value().toFixed()).toBe(sum.toFixed())
      expect(tally.take().toFixed()).toBe(sum.toFixed())
      expect(tally.value().toFixed()).toBe('0')
    }),
  )
})

it('amounts are taken from each other and compared exactly, in cents or not', () => {
  fc.assert(
    fc.property(stored, stored, (one, other) => {
      expect(minus(one, other)).toBe(new Big(one).minus(other).toFixed(2))
      expect(compare(one, other)).toBe(new Big(one).cmp(other))
      expect(compare(one, one)).toBe(0)
      expect(minus(one, one)).toBe('0.00')
    }),
    { numRuns: 2000 },
  )
})
