import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cardTypes, usages } from '../../imports/sheets/card-choices.ts'
import { stockMeasures } from '../../imports/sheets/stock.ts'
import { knownSum, plus } from '../../server/kernel/money.ts'
import { type StockEnd, stockOf } from '../../server/overview/stock.ts'
import type { StockSum } from '../../server/overview/stock-queries.ts'
import { checkText, stockNotes } from '../../server/overview/stock-sheet.ts'

const house: StockSum = {
  cardType: 'house',
  classCode: null,
  usage: 'in_use',
  resource: false,
  count: '1',
  quantity: '1.000',
  cost: '100.10',
  depreciation: '0.10',
  netValue: '100.00',
  withoutQuantity: '0',
  withoutCost: '0',
  laterCount: '0',
  laterCost: null,
}
const end = (sums: readonly StockSum[]): StockEnd => ({
  sums,
  register: {
    count: String(sums.reduce((sum, { count }) => sum + Number(count), 0)),
    cost: knownSum(sums.map(({ cost }) => cost)),
    depreciation: knownSum(sums.map(({ depreciation }) => depreciation)),
    netValue: knownSum(sums.map(({ netValue }) => netValue)),
    landArea: null,
    floorArea: null,
    laterCount: '0',
    laterCost: null,
  },
})
const keys = (stock: ReturnType<typeof stockOf>) => stock.lines.map(({ key }) => key)
const figures = (stock: ReturnType<typeof stockOf>, key: string) =>
  stock.lines.find((line) => line.key === key)?.figures

describe('the stock table', () => {
  it('has the nine official lines and four states, and more only for what cannot be told', () => {
    const told = stockOf(end([]), end([house]))
    expect(keys(told)).toHaveLength(9)
    expect(told.states).toEqual(['inUse', 'let', 'idle', 'awaiting'])
    const untold = stockOf(end([]), end([{ ...house, cardType: 'equipment', usage: null }]))
    expect(keys(untold).at(-1)).toBe('unsorted')
    expect(untold.states.at(-1)).toBe('other')
    expect(keys(stockOf(end([{ ...house, cardType: 'other' }]), end([])))).toContain('unsorted')
  })

  it('leaves out resources and what is disposed of, and says so', () => {
    const pond = { ...house, cardType: 'land', resource: true, cost: '5.00' }
    const sold = { ...house, usage: 'disposed', cost: '7.00' }
    const stock = stockOf(end([]), end([house, pond, sold]))
    expect(figures(stock, 'all')?.closing.cost).toBe('100.10')
    expect(stock).toMatchObject({ resources: { count: 1, cost: '5.00' }, gone: { count: 1, cost: '7.00' }, wrong: [] })
    const notes = stockNotes(stock).join()
    expect(notes).toContain('资源性资产不列入本表，期末有 1 项，价值 5.00 元。')
    expect(notes).toContain('已处置的 1 项，价值 7.00 元')
    const unvalued = stockNotes(stockOf(end([]), end([house, { ...pond, cost: null }]))).join()
    expect(unvalued).toContain('期末有 1 项，价值都没有填。')
  })

  it('keeps an unknown figure blank, and tells how many there are', () => {
    const blank = { ...house, quantity: null, cost: null, withoutQuantity: '1', withoutCost: '1' }
    const stock = stockOf(end([blank]), end([blank]))
    expect(figures(stock, 'premises')?.opening).toMatchObject({ quantity: null, cost: null, netValue: '100.00' })
    expect(stockNotes(stock).join()).toContain('期末有 1 项未填数量、1 项未填价值')
  })

  it('says by how much it differs from the register', () => {
    const closing = end([house])
    const stock = stockOf(end([]), { ...closing, register: { ...closing.register, count: '2', cost: '100.11' } })
    expect(stock.wrong).toEqual(['期末项数 1 ≠ 台账 2', '期末价值 100.10 ≠ 台账 100.11'])
    expect(checkText(stock)).toBe(
      '勾稽不符：期末项数 1 ≠ 台账 2；期末价值 100.10 ≠ 台账 100.11；请查明原因后重新导出。',
    )
  })

  it('adds up across and down whatever there is', () => {
    const amount = fc.option(
      fc.bigInt(0n, 10n ** 15n).map((cents) => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`),
    )
    const sum = fc.record({
      cardType: fc.constantFrom(...cardTypes.map(({ value }) => value)),
      classCode: fc.constantFrom(null, '2010104', '3220000', '4010000', '5010000', 'A05', 'A08', 'x'),
      usage: fc.constantFrom(null, ...usages.map(({ value }) => value)),
      resource: fc.boolean(),
      quantity: amount,
      cost: amount,
      depreciation: amount,
      netValue: amount,
    })
    fc.assert(
      fc.property(fc.array(sum), fc.array(sum), (before, after) => {
        const full = (sums: typeof before) => end(sums.map((one) => ({ ...house, ...one })))
        const stock = stockOf(full(before), full(after))
        expect(stock.wrong).toEqual([])
        for (const { figures: line } of stock.lines) {
          for (const measure of stockMeasures) {
            expect(plus(...stock.states.map((state) => line[state][measure]))).toBe(plus(line.closing[measure]))
          }
        }
        const leaves = stock.lines.filter(({ key }) => key !== 'all' && key !== 'fixed')
        for (const group of ['opening', 'closing', ...stock.states] as const) {
          expect(plus(...leaves.map(({ figures: line }) => line[group].cost))).toBe(
            plus(figures(stock, 'all')?.[group].cost),
          )
        }
      }),
    )
  })
})
