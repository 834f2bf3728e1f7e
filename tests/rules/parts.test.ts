import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Part } from '../../db/schema/assets.ts'
import { noValues } from '../../server/assets/card.ts'
import {
  areaOfParts,
  following,
  followingOf,
  mayHaveParts,
  measuredArea,
  partChanges,
  partProblems,
  sharesOf,
  toldPart,
} from '../../server/assets/parts.ts'
import { plus } from '../../server/kernel/money.ts'

const part = (no: number, area: string, usage = 'in_use', idleSince: string | null = null): Part => ({
  no,
  name: `${no} 楼`,
  area,
  usage,
  idleSince,
})
const house = { cardType: 'house', landArea: '900.00', floorArea: '300.00' as string | null }

describe('which area parts are parts of', () => {
  it('is the ground of parcels and the floors of what is built', () => {
    expect(['house', 'structure', 'public_facility', 'land', 'resource', 'vehicle'].filter(mayHaveParts)).toEqual([
      'house',
      'structure',
      'public_facility',
      'land',
      'resource',
    ])
    expect(measuredArea(house)).toBe('300.00')
    expect(measuredArea({ ...house, cardType: 'resource' })).toBe('900.00')
  })

  it.each<[string, Partial<typeof house>, Part[], string[]]>([
    ['all of it', {}, [part(1, '100.00'), part(2, '200.00')], []],
    ['no parts on a vehicle', { cardType: 'vehicle' }, [], []],
    [
      'a cent more',
      {},
      [part(1, '100.00'), part(2, '200.01')],
      ['各部位面积合计 300.01 ㎡，大于资产的建筑面积 300.00 ㎡，请核对。'],
    ],
    [
      'an unknown area',
      { floorArea: null },
      [part(1, '1.00')],
      ['各部位共 1.00 ㎡，请先填写建筑面积，或先取消全部部位。'],
    ],
    ['a parcel by its ground', { cardType: 'land' }, [part(1, '900.00')], []],
  ])('%s', (_name, values, parts, texts) => {
    expect(partProblems(parts, { ...house, ...values }).map(({ text }) => text)).toEqual(texts)
  })

  it('is of no use on what is counted in pieces', () => {
    expect(partProblems([part(1, '1.00')], { ...house, cardType: 'vehicle' })[0]?.field).toBe('cardType')
  })
})

describe('what follows from parts', () => {
  it('is the usage of the largest, and what is idle since when', () => {
    const parts = [part(1, '100.00', 'idle', '2024-03'), part(2, '120.00', 'leased'), part(3, '80.00', 'idle', '2023')]
    expect(followingOf(parts)).toEqual({ usage: 'leased', idleArea: '180.00', idleSince: '2023' })
  })

  it('takes the lowest number among equals, and knows no day where none is known', () => {
    expect(followingOf([part(4, '50.00', 'idle'), part(2, '50.00', 'lent')])).toEqual({
      usage: 'lent',
      idleArea: '50.00',
      idleSince: null,
    })
  })

  it('leaves a card without parts as it is', () => {
    const values = { ...noValues, usage: 'idle', idleArea: '7.00' }
    expect(following(values, [])).toEqual(values)
    expect(following(values, [part(1, '3.00', 'leased')])).toMatchObject({ usage: 'leased', idleArea: '0.00' })
  })
})

describe('the values of parts', () => {
  it('go by area, the last cent to the largest, the rest of the area included', () => {
    const shares = sharesOf({ ...house, cost: '100.00', depreciation: '10.00' }, [part(1, '70.00'), part(2, '30.00')])
    expect(
      shares.map(({ part: of, area, cost, depreciation, netValue }) => [
        of?.no ?? null,
        area,
        cost,
        depreciation,
        netValue,
      ]),
    ).toEqual([
      [1, '70.00', '23.33', '2.33', '21.00'],
      [2, '30.00', '10.00', '1.00', '9.00'],
      [null, '200.00', '66.67', '6.67', '60.00'],
    ])
    expect(shares.map(({ percent }) => percent)).toEqual(['23.3', '10.0', '66.7'])
  })

  it('are unknown where the card’s are', () => {
    const [share] = sharesOf({ ...house, cost: '90.00', depreciation: null }, [part(1, '300.00')])
    expect(share).toMatchObject({ cost: '90.00', depreciation: null, netValue: null })
  })

  it('never leave a part below nought, however little is left of the cost', () => {
    const three = [part(1, '100.00'), part(2, '100.00'), part(3, '100.00')]
    const shares = sharesOf({ ...house, cost: '0.03', depreciation: '0.02' }, three)
    expect(shares.map(({ netValue }) => netValue)).toEqual(['0.00', '0.00', '0.01'].sort())
  })

  const cents = (most: number) => fc.integer({ min: 0, max: most }).map((value) => (value / 100).toFixed(2))
  const parts = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 10_000_000 }), fc.constantFrom('in_use', 'leased', 'idle')), {
      minLength: 1,
      maxLength: 12,
    })
    .map((rows) => rows.map(([area, usage], index) => part(index + 1, (area / 100).toFixed(2), usage)))

  it('always add up to the card’s, and the idle area to that of the idle parts', () => {
    fc.assert(
      fc.property(parts, cents(1_000_000), cents(1_000_000_000), cents(1_000_000_000), (given, rest, a, b) => {
        const [cost, depreciation] = Number(a) >= Number(b) ? [a, b] : [b, a]
        const floorArea = plus(areaOfParts(given), rest)
        const shares = sharesOf({ ...house, floorArea, cost, depreciation }, given)
        expect(plus(...shares.map((share) => share.cost))).toBe(cost)
        expect(plus(...shares.map((share) => share.depreciation))).toBe(depreciation)
        expect(plus(...shares.map((share) => share.netValue))).toBe(plus(cost, `-${depreciation}`))
        expect(plus(...shares.map((share) => share.area))).toBe(floorArea)
        expect(shares.filter(({ netValue }) => netValue?.startsWith('-'))).toEqual([])
        const idle = given.filter(({ usage }) => usage === 'idle')
        expect(followingOf(given).idleArea).toBe(plus(...idle.map(({ area }) => area)))
      }),
    )
  })
})

describe('changes of parts', () => {
  const old = [part(1, '100.00'), part(2, '50.00', 'idle', '2024-03')]

  it('are kept by number and told in words', () => {
    const changes = partChanges(old, [part(1, '100.00'), part(2, '60.00', 'leased'), part(3, '20.00')])
    expect(Object.keys(changes)).toEqual(['part.2', 'part.3'])
    expect(Object.entries(changes).map(([field, change]) => toldPart(field, change))).toEqual([
      { label: '部位 2（2 楼）', old: '50.00 ㎡，闲置（自 2024-03）', new: '60.00 ㎡，出租' },
      { label: '部位 3（3 楼）', old: null, new: '20.00 ㎡，在用' },
    ])
  })

  it('tell the name where it is what changed', () => {
    const changes = partChanges(old, [{ ...part(1, '100.00'), name: '底楼' }, part(2, '50.00', 'idle', '2024-03')])
    expect(toldPart('part.1', changes['part.1'] ?? { old: null, new: null })).toEqual({
      label: '部位 1（底楼）',
      old: '1 楼，100.00 ㎡，在用',
      new: '底楼，100.00 ㎡，在用',
    })
  })
})
