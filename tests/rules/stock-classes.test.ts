import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cardTypes, usages } from '../../imports/sheets/card-choices.ts'
import { stockLines, stockStates } from '../../imports/sheets/stock.ts'
import { stockClassOf, stockStateOf } from '../../server/overview/stock-classes.ts'

describe('the line of a card in the stock table', () => {
  it.each([
    // Without a code the type tells, where it can.
    ['land', null, 'premises'],
    ['house', null, 'premises'],
    ['structure', '', 'premises'],
    ['public_facility', null, 'premises'],
    ['vehicle', null, 'general'],
    ['furniture', null, 'furniture'],
    ['intangible', null, 'intangible'],
    ['equipment', null, 'unsorted'],
    ['other', null, 'unsorted'],
    // GB/T 14885-2010.
    ['equipment', '2010104', 'general'],
    ['equipment', '3220000', 'special'],
    ['other', '4020000', 'relics'],
    ['other', '5010000', 'books'],
    ['other', '6030000', 'furniture'],
    ['other', '6050100', 'intangible'],
    ['equipment', '１０３ ００００', 'premises'],
    ['equipment', '203', 'general'],
    // GB/T 14885-2022.
    ['other', 'A01010000', 'premises'],
    ['equipment', 'A02010105', 'general'],
    ['equipment', 'a02030000', 'general'],
    ['equipment', 'A02320000', 'unsorted'],
    ['vehicle', 'A02', 'general'],
    ['other', 'A03000000', 'relics'],
    ['other', 'A04', 'books'],
    ['other', 'A05010000', 'furniture'],
    ['other', 'A06', 'furniture'],
    ['other', 'A07000000', 'unsorted'],
    ['other', 'A08000000', 'intangible'],
    // Software has a code among the equipment and is no fixed asset.
    ['intangible', '2010801', 'intangible'],
    // What is no code of either standard says nothing.
    ['house', '21010101', 'premises'],
    ['equipment', '61010101', 'unsorted'],
    ['furniture', '2', 'furniture'],
    ['furniture', '办公-03', 'furniture'],
    ['other', 'Z010100', 'unsorted'],
    ['toString', 'constructor', 'unsorted'],
  ])('%s with code %j: %s', (cardType, code, line) => {
    expect(stockClassOf(cardType, code)).toBe(line)
  })

  it('is always one that is printed, and no sum', () => {
    const lines = stockLines.filter((line) => !('adds' in line)).map(({ key }) => key)
    const code = fc.option(fc.oneof(fc.string(), fc.stringMatching(/^A?\d{0,9}$/)))
    fc.assert(
      fc.property(fc.constantFrom(...cardTypes.map(({ value }) => value)), code, (type, text) => {
        expect(lines).toContain(stockClassOf(type, text))
      }),
    )
  })
})

describe('the state of a card in the stock table', () => {
  it.each([
    ['in_use', 'inUse'],
    ['leased', 'let'],
    ['lent', 'let'],
    ['idle', 'idle'],
    ['awaiting_disposal', 'awaiting'],
    ['awaiting_write_off', 'awaiting'],
    ['disposed', 'gone'],
    ['invested', 'other'],
    [null, 'other'],
    ['toString', 'other'],
  ])('%s: %s', (usage, state) => {
    expect(stockStateOf(usage)).toBe(state)
  })

  it('is known of every usage', () => {
    for (const { value } of usages) expect([...Object.keys(stockStates), 'gone']).toContain(stockStateOf(value))
  })
})
