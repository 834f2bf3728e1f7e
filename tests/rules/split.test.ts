import Big from 'big.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CardValues, noValues } from '../../server/assets/card.ts'
import { checkCard, isWrong } from '../../server/assets/rules.ts'
import { dividedKeys, splitValues, unsplittable } from '../../server/assets/split.ts'

const desks: CardValues = {
  ...noValues,
  name: '办公桌',
  track: 'collective',
  cardType: 'furniture',
  quantity: '10.000',
  cost: '1000.00',
  depreciation: '333.33',
  netValue: '666.67',
}

describe('splitting by quantity', () => {
  it('gives each piece its share, rounded down, and the rest what is left over', () => {
    const { pieces, rest } = splitValues(desks, [{ quantity: '1' }, { quantity: '2', usage: 'idle', name: '旧办公桌' }])
    expect(pieces[0]).toMatchObject({ quantity: '1', cost: '100.00', depreciation: '33.33', netValue: '66.67' })
    expect(pieces[1]).toMatchObject({ cost: '200.00', depreciation: '66.66', netValue: '133.34', usage: 'idle' })
    expect(pieces[1]?.name).toBe('旧办公桌')
    expect(rest).toMatchObject({ quantity: '7.000', cost: '700.00', depreciation: '233.34', netValue: '466.66' })
  })

  it('leaves numbers that name one thing with the card that had them; the certificate goes along', () => {
    const numbered = { ...desks, originalCode: 'GJ-1', externalCode: 'W1', plate: '川J12345', vin: 'V', engineNo: 'E' }
    const whole = { ...numbered, serialNo: 'S', parcelNo: 'P', certificate: '川权证 1 号' }
    const { pieces, rest } = splitValues(whole, [{ quantity: '1' }])
    const none = { originalCode: null, externalCode: null, plate: null, vin: null, engineNo: null, serialNo: null }
    expect(pieces[0]).toMatchObject({ ...none, parcelNo: null, certificate: '川权证 1 号' })
    expect(rest).toMatchObject({ originalCode: 'GJ-1', plate: '川J12345', parcelNo: 'P' })
  })

  it('keeps what is unknown unknown', () => {
    const { pieces, rest } = splitValues({ ...desks, depreciation: null, netValue: null }, [{ quantity: '3' }])
    expect([pieces[0]?.depreciation, rest.netValue, rest.landArea]).toEqual([null, null, null])
  })

  it('adds up again whatever is divided, and no piece breaks a rule', () => {
    const cents = fc.bigInt({ min: 0n, max: 10n ** 13n }).map((value) => new Big(value.toString()).div(100).toFixed(2))
    const weight = fc.integer({ min: 1, max: 5000 })
    fc.assert(
      fc.property(
        cents,
        cents,
        cents,
        fc.array(weight, { minLength: 1, maxLength: 120 }),
        weight,
        (a, b, area, weights, left) => {
          const [cost, depreciation] = new Big(a).gte(b) ? [a, b] : [b, a]
          const thousandths = (value: number) => new Big(value).div(1000).toFixed(3)
          const quantity = thousandths(weights.reduce((sum, value) => sum + value, left))
          const values = { ...desks, quantity, cost, depreciation, landArea: area, officeArea: area }
          const net = new Big(cost).minus(depreciation).toFixed(2)
          const before = { ...values, netValue: net }
          const { pieces, rest } = splitValues(
            before,
            weights.map((value) => ({ quantity: thousandths(value) })),
          )
          for (const key of dividedKeys) {
            const all = [...pieces, rest].map((part) => part[key])
            if (before[key] === null) expect(new Set(all)).toEqual(new Set([null]))
            else expect(all.reduce((sum, part) => sum.plus(part ?? 0), new Big(0)).eq(before[key] ?? 0), key).toBe(true)
          }
          for (const part of [...pieces, rest]) {
            expect(checkCard(part, '2026-03-10').filter(isWrong)).toEqual([])
            expect(new Big(part.cost ?? 0).gte(part.depreciation ?? 0)).toBe(true)
          }
        },
      ),
      { numRuns: 200, examples: [['1.01', '1.00', '0.00', Array.from({ length: 100 }, () => 1000), 1000]] },
    )
  })
})

describe('what cannot be split', () => {
  const card = { quantity: '10.000', voided: false, usage: 'in_use', valueKind: null, parts: [] }
  const part = { no: 1, name: '一层', area: '10.00', usage: 'in_use', idleSince: null }

  it.each([
    ['没有写数量', { quantity: null }],
    ['数量大于 1', { quantity: '1.000' }],
    ['划分了部位', { parts: [part] }],
    ['已处置', { usage: 'disposed' }],
    ['已作废', { voided: true }],
    ['名义金额', { valueKind: 'nominal' }],
  ])('%s', (text, change) => {
    expect(unsplittable(card)).toBeUndefined()
    expect(unsplittable({ ...card, ...change })).toContain(text)
  })
})
