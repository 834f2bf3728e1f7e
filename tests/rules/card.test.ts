import { describe, expect, it } from 'vitest'
import { type CardValues, noValues } from '../../server/assets/card.ts'
import { checkCard } from '../../server/assets/rules.ts'

const today = '2026-03-10'
const bare: Partial<CardValues> = { name: '办公楼', track: 'collective', cardType: 'house' }

function found(values: Partial<CardValues>) {
  return checkCard({ ...noValues, ...bare, ...values }, today).map(({ field, severity }) => `${severity} ${field}`)
}

describe('a card that keeps the rules', () => {
  it.each<[string, Partial<CardValues>]>([
    ['nothing known', {}],
    ['values that fit', { cost: '100.00', depreciation: '30.00', netValue: '70.00' }],
    ['a cent of rounding', { cost: '100.00', depreciation: '30.00', netValue: '70.01' }],
    ['a cent of rounding the other way', { cost: '100.00', depreciation: '30.00', netValue: '69.99' }],
    ['fully depreciated', { cost: '100.00', depreciation: '100.00', netValue: '0.00' }],
    ['net value without depreciation', { cost: '100.00', netValue: '60.00' }],
    ['one yuan by name', { valueKind: 'nominal', cost: '1.00' }],
    ['one yuan by name, depreciation nought', { valueKind: 'nominal', cost: '1.00', depreciation: '0.00' }],
    ['idle as a whole', { usage: 'idle', idleSince: '2020', floorArea: '80.00', idleArea: '80.00' }],
    ['idle land around a house', { landArea: '500.00', floorArea: '80.00', idleArea: '300.00' }],
    ['idle area alone', { idleArea: '300.00' }],
    ['leased with a lessee', { usage: 'leased', lessee: '王某' }],
    ['titled with its certificate', { titleKind: 'titled', certificate: '川（2020）大英县不动产权第0000001号' }],
    ['idle in the year it was built', { acquiredOn: '2018', idleSince: '2018-06' }],
    ['acquired today', { acquiredOn: today }],
    ['in service in the year it was acquired', { acquiredOn: '2018-06', inServiceOn: '2018' }],
    ['in the books with day and voucher', { booked: '已入账', bookedOn: '2018', voucherNo: '记-12' }],
    ['funds that make the cost', { cost: '100.00', fiscalFunds: '60.00', otherFunds: '40.00' }],
    ['a nominal amount without depreciation', { valueKind: 'nominal', cost: '1.00', depreciationState: '不提折旧' }],
  ])('%s', (_name, values) => {
    expect(found(values)).toEqual([])
  })
})

describe('what keeps a card from being saved', () => {
  it.each<[string, Partial<CardValues>, string]>([
    ['depreciation above cost', { cost: '100.00', depreciation: '100.01' }, 'wrong depreciation'],
    [
      'a net value that does not follow',
      { cost: '100.00', depreciation: '30.00', netValue: '70.02' },
      'wrong netValue',
    ],
    ['a net value that is too low', { cost: '100.00', depreciation: '30.00', netValue: '69.98' }, 'wrong netValue'],
    ['a nominal amount that is none', { valueKind: 'nominal', cost: '2.00' }, 'wrong cost'],
    [
      'depreciation of a nominal amount',
      { valueKind: 'nominal', cost: '1.00', depreciation: '0.50', netValue: '0.50' },
      'wrong depreciation',
    ],
  ])('%s', (_name, values, finding) => {
    expect(found(values)).toEqual([finding])
  })
})

describe('what is told and left to the person', () => {
  it.each<[string, Partial<CardValues>, string]>([
    ['depreciation without cost', { depreciation: '5.00' }, 'told cost'],
    ['more idle than there is', { floorArea: '80.00', idleArea: '80.01' }, 'told idleArea'],
    ['more idle than house and land', { floorArea: '80.00', landArea: '60.00', idleArea: '90.00' }, 'told idleArea'],
    ['acquired tomorrow', { acquiredOn: '2026-03-11' }, 'told acquiredOn'],
    ['acquired next year', { acquiredOn: '2027' }, 'told acquiredOn'],
    ['idle since tomorrow', { usage: 'idle', idleSince: '2026-03-11' }, 'told idleSince'],
    ['in service before it was acquired', { acquiredOn: '2018-06', inServiceOn: '2018-05-31' }, 'told inServiceOn'],
    ['in service tomorrow', { inServiceOn: '2026-03-11' }, 'told inServiceOn'],
    ['certified before it was complete', { completedOn: '2019', certifiedOn: '2018-12' }, 'told certifiedOn'],
    ['in the books without a day', { booked: '已入账', voucherNo: '记-12' }, 'told bookedOn'],
    ['in the books without a voucher', { booked: '已入账', bookedOn: '2018' }, 'told voucherNo'],
    ['funds above the cost', { cost: '100.00', fiscalFunds: '60.00', otherFunds: '40.01' }, 'told fiscalFunds'],
    [
      'depreciating one yuan',
      { valueKind: 'nominal', cost: '1.00', depreciationState: '提折旧(摊销)' },
      'told depreciationState',
    ],
    ['idle before it was built', { acquiredOn: '2018', idleSince: '2017-12' }, 'told idleSince'],
    ['leased to nobody', { usage: 'leased' }, 'told lessee'],
    ['lent to nobody', { usage: 'lent' }, 'told lessee'],
    ['idle since unknown', { usage: 'idle' }, 'told idleSince'],
    ['idle and let', { usage: 'idle', idleSince: '2020', lessee: '张三' }, 'told usage'],
    ['idle and earning', { usage: 'idle', idleSince: '2020', annualRent: '500.00' }, 'told usage'],
    ['titled without certificate', { titleKind: 'titled' }, 'told certificate'],
    ['untitled with certificate', { titleKind: 'untitled', certificate: '川国用' }, 'told titleKind'],
    ['a nature on the state track', { track: 'state', nature: 'operating' }, 'told nature'],
  ])('%s', (_name, values, finding) => {
    expect(found(values)).toEqual([finding])
  })
})

it('every finding says what to do', () => {
  const all = checkCard(
    {
      ...noValues,
      ...bare,
      cost: '1.00',
      depreciation: '2.00',
      usage: 'leased',
      titleKind: 'titled',
      idleArea: '9',
      floorArea: '1',
    },
    today,
  )
  expect(all).toHaveLength(4)
  for (const { text } of all) expect(text).toMatch(/请.+。$/)
})

describe('numbers and shares that are told, never refused', () => {
  it.each<[Partial<CardValues>, string[]]>([
    [{ certificate: '川（2025）大英县不动产权第0001234号' }, []],
    [{ certificate: '沪(2018)徐字不动产权第015979号' }, []],
    [{ certificate: '大国用(2004)第128号' }, []],
    [{ certificate: '川2025不动产权第12号' }, ['told certificate']],
    [{ parcelNo: '510923001001JB00001' }, []],
    [{ parcelNo: '510923 001001 JB00001 F00010001' }, []],
    [{ parcelNo: '510923001001JB0001' }, ['told parcelNo']],
    [{ parcelNo: '村自编 12 号' }, []],
    [{ landArea: '100.00', ownUseArea: '60.00', sharedArea: '40.00' }, []],
    [{ landArea: '100.00', ownUseArea: '60.00', sharedArea: '30.00' }, ['told landArea']],
    [{ landArea: '100.00', ownUseArea: '60.00' }, []],
  ])('%o gives %o', (values, expected) => {
    expect(found(values)).toEqual(expected)
  })
})
