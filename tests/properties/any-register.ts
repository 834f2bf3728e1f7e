import Big from 'big.js'
import fc from 'fast-check'
import { cardTypes, natures, sources, titleKinds, usages, valueKinds } from '../../imports/sheets/card-choices.ts'
import type { Choice } from '../../imports/sheets/fields.ts'
import { sheetFieldsOf } from '../../imports/sheets/type-fields.ts'
import { type CardValues, noValues } from '../../server/assets/card.ts'
import { village } from '../support/cards.ts'

/** Owners of both tracks with where they lie: villages, the town, its institution and a stationed unit. */
export const owners = [
  { unit: village, division: '510923100210', track: 'collective' },
  { unit: '红林村股份经济合作联合社', division: '510923100215', track: 'collective' },
  { unit: '蓬莱镇人民政府', division: '510923100000', track: 'state' },
  { unit: '蓬莱镇农业综合服务中心', division: '510923100215', track: 'state' },
  { unit: '蓬莱镇派出所', division: '510923100000', track: 'state' },
] as const

export type DrawnCard = {
  owner: number
  user: number | null
  values: Partial<CardValues>
  extra: Record<string, string>
  written: Record<string, string>
  /** How many of it there are, all alike. */
  times: number
  fate: 'living' | 'voided' | 'split' | 'merged' | 'parts'
}

const blank = <Of>(arbitrary: fc.Arbitrary<Of>) => fc.option(arbitrary, { nil: null, freq: 2 })
const oneOf = (choices: readonly Choice[]) => fc.constantFrom(...choices.map(({ value }) => value))
const cents = fc.oneof(fc.bigInt({ min: 0n, max: 999_999n }), fc.bigInt({ min: 0n, max: 9_999_999_999_999_999n }))
const money = cents.map((all) => new Big(all.toString()).div(100).toFixed(2))
/** Some of them a round number of 亩. */
const area = fc.oneof(
  fc.integer({ min: 1, max: 9_999_999 }).map((hundredths) => new Big(hundredths).div(100).toFixed(2)),
  fc.integer({ min: 1, max: 900 }).map((mu) => new Big(mu).times(2000).div(3).round(2, Big.roundHalfUp).toFixed(2)),
)
const quantity = fc.integer({ min: 1, max: 90_000 }).map((all) => new Big(all).div(1000).toFixed(3))
const day = fc.constantFrom('1987', '1998-03', '2015-12', '2020-02-29', '2023-10-01')
/** What people write, and what a spreadsheet would make something else of. */
const text = fc
  .oneof(
    fc.constantFrom('=1+1', '+86', '-5', '@SUM(A1)', '007', '00120', '1e5', '3/4', '2024-01-01', 'TRUE', '#N/A', '12%'),
    fc.constantFrom(
      '-',
      '—',
      '/',
      '无',
      '合计',
      '小计',
      '序号',
      '一、房屋',
      '二楼\n东头',
      '“引号”',
      '甲\t乙',
      '😀𠮷',
      'a  b',
    ),
    fc.constantFrom('4台', '30亩', '壹万元', '12345678901234567890', '_x000D_', '<b>&amp;', '备注：见附件', '资产名称'),
    fc.string({
      unit: fc.constantFrom(...'村部楼闲置亩，;"\'<>&=0123456789.-年月 \nabX_'),
      minLength: 1,
      maxLength: 9,
    }),
  )
  .map((drawn) => drawn.trim())
  .filter((drawn) => drawn !== '')

const own = Object.fromEntries(
  cardTypes.map(({ value }) => [
    value,
    fc.record(
      Object.fromEntries(
        sheetFieldsOf(value).map(({ key, kind, choices }) => [
          key,
          blank(
            kind === 'choice' && choices
              ? oneOf(choices)
              : ({ money, area, quantity, date: day, integer: fc.nat(600).map(String) }[kind as string] ??
                  text.map((drawn) => drawn.slice(0, 20).trim())),
          ),
        ]),
      ),
    ),
  ]),
)

const values: fc.Arbitrary<Partial<CardValues>> = oneOf(cardTypes).chain((cardType) =>
  fc
    .record({
      // Words of the table itself and marks for a blank are nobody's name.
      name: text.filter((drawn) => !/计|序号|^一、|资产名称|注|^[-—/无.#]|^\W+$/.test(drawn) || /楼/.test(drawn)),
      nature: blank(oneOf(natures)),
      originalCode: blank(fc.constantFrom('0007', 'GZ-1', '51092310000001', '20210819', '=1')),
      externalCode: blank(text),
      classCode: blank(fc.constantFrom('2010104', '0100000', 'A02')),
      originalUnit: blank(text),
      location: blank(text),
      structure: blank(text),
      specification: blank(text),
      acquiredOn: blank(day),
      landArea: blank(area),
      floorArea: blank(area),
      idleArea: blank(area),
      quantity: blank(quantity),
      unitOfMeasure: blank(fc.constantFrom('张', '座', '台(套)', '平方米', '亩', '项')),
      cost: blank(money),
      depreciation: blank(money),
      valueKind: blank(oneOf(valueKinds.filter(({ value }) => value !== 'nominal'))),
      source: blank(oneOf(sources)),
      titleKind: blank(oneOf(titleKinds)),
      certificate: blank(fc.constantFrom('川(2025)大英县不动产权第0001234号', '房权证 第 12 号', '00123', '-')),
      usage: blank(oneOf(usages)),
      idleSince: blank(day),
      ownership: fc.constantFrom('settled', 'settled', 'undetermined'),
      lessee: blank(text),
      leaseTerm: blank(text),
      annualRent: blank(money),
      keeper: blank(text),
      voucherNo: blank(text),
      problem: blank(text),
      remark: blank(text),
    })
    .chain((drawn) => (own[cardType] ?? fc.constant({})).map((details) => ({ ...drawn, ...details, cardType }))),
)

const card: fc.Arbitrary<DrawnCard> = fc.record({
  owner: fc.nat(owners.length - 1),
  user: blank(fc.nat(owners.length - 1)),
  values,
  extra: fc.dictionary(fc.constantFrom('乡镇(街道)', '包村人', '闲置'), text, { maxKeys: 2, noNullPrototype: true }),
  written: fc.dictionary(fc.constantFrom('landArea', 'cost'), text, { maxKeys: 1, noNullPrototype: true }),
  times: fc.oneof({ weight: 6, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 9 })),
  fate: fc.constantFrom('living', 'living', 'living', 'voided', 'split', 'merged', 'parts'),
})

/** Any register: few cards, of which each has much. */
export const register = fc.array(card, { minLength: 1, maxLength: 7 })

/** A hundred equal desks, and one of everything. */
export const everything: DrawnCard[] = [
  {
    owner: 0,
    user: null,
    values: { name: '课桌', cardType: 'furniture' },
    extra: {},
    written: {},
    times: 100,
    fate: 'living',
  },
  ...owners.flatMap((_, owner) =>
    cardTypes.map(
      ({ value: cardType }, at): DrawnCard => ({
        ...{ owner, user: (owner + 1) % owners.length, extra: {}, written: { landArea: '30亩' }, times: 1 },
        values: {
          ...{ name: `=${cardType}`, cardType, landArea: '20000.00', floorArea: '12.30', cost: '99999999999999.99' },
          ...{
            remark: '一层\n二层',
            location: '-',
            usage: usages[at % usages.length]?.value ?? null,
            quantity: '3.000',
          },
          ...{ nature: natures[at % natures.length]?.value ?? null, acquiredOn: '1998-03', certificate: '00123' },
        },
        fate: (['living', 'voided', 'split', 'merged', 'parts'] as const)[at % 5] ?? 'living',
      }),
    ),
  ),
]

/** The card as it is entered: what it cost is no less than its depreciation. */
export function valuesFor({ owner, user, values: drawn }: DrawnCard, units: Record<string, string>): CardValues {
  const { unit, division, track } = owners[owner] ?? owners[0]
  const { cost = null, depreciation = null } = drawn
  const swapped = cost !== null && depreciation !== null && new Big(depreciation).gt(cost)
  return {
    ...noValues,
    ...drawn,
    ...(swapped ? { cost: depreciation, depreciation: cost } : {}),
    ...{ track, division, ownerUnit: units[unit] ?? null },
    usingUnit: user === null ? null : (units[owners[user]?.unit ?? ''] ?? null),
  }
}
