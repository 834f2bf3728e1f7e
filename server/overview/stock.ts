import {
  type StockAmounts,
  type StockFigures,
  type StockGroup,
  type StockLine,
  type StockLineKey,
  type StockMeasure,
  type StockState,
  stockLines,
  stockMeasures,
  stockStates,
} from '../../imports/sheets/stock.ts'
import type { Standing } from '../assets/changes.ts'
import { knownSum, plus } from '../kernel/money.ts'
import { stockClassOf, stockStateOf } from './stock-classes.ts'
import type { StockSum } from './stock-queries.ts'

/** One end of the table: the sums of its cards, and what the register of that day comes to by a query of its own. */
export type StockEnd = { sums: readonly StockSum[]; register: Standing }

/** How many cards are left out of the table, and what those are worth of which it is known; null: of none. */
export type LeftOut = { count: number; cost: string | null }

export type Stock = {
  lines: StockLine[]
  states: StockState[]
  resources: LeftOut
  gone: LeftOut
  unsorted: number
  withoutQuantity: number
  withoutCost: number
  later: { opening: LeftOut; closing: LeftOut }
  /** Figures that do not come to those of the register, in words; empty where all agree. */
  wrong: string[]
}

/** 存量情况表 of two days, from the sums of the cards that stood at the end of either. */
export function stockOf(opening: StockEnd, closing: StockEnd): Stock {
  const ends = { opening: opening.sums.filter(isStock), closing: closing.sums.filter(isStock) }
  const states = (Object.keys(stockStates) as StockState[]).filter(
    (state) => state !== 'other' || ends.closing.some((sum) => stockStateOf(sum.usage) === 'other'),
  )
  const all = [...ends.opening, ...ends.closing]
  const lines = stockLines
    .filter(({ key }) => key !== 'unsorted' || all.some((sum) => classOf(sum) === 'unsorted'))
    .map(({ key, label }) => ({ key, label, figures: figuresOf(key, ends) }))
  const gone = (sum: StockSum) => !sum.resource && !isStock(sum)
  return {
    lines,
    states,
    resources: leftOut(closing.sums.filter(({ resource }) => resource)),
    gone: leftOut(closing.sums.filter(gone)),
    unsorted: total(ends.closing.filter((sum) => classOf(sum) === 'unsorted').map(({ count }) => count)),
    withoutQuantity: total(ends.closing.map((sum) => sum.withoutQuantity)),
    withoutCost: total(ends.closing.map((sum) => sum.withoutCost)),
    later: { opening: later(ends.opening), closing: later(ends.closing) },
    wrong: [
      ...mistakes('期初', opening, lines[0]?.figures.opening),
      ...mistakes('期末', closing, lines[0]?.figures.closing),
    ],
  }
}

function isStock(sum: StockSum): boolean {
  return !sum.resource && stockStateOf(sum.usage) !== 'gone'
}

function classOf({ cardType, classCode }: StockSum) {
  return stockClassOf(cardType, classCode)
}

function figuresOf(key: StockLineKey, ends: Record<'opening' | 'closing', readonly StockSum[]>): StockFigures {
  const line = stockLines.find((candidate) => candidate.key === key)
  const within = membersOf(line && 'adds' in line ? line.adds : [key])
  const inLine = (sum: StockSum) => within.includes(classOf(sum))
  const closing = ends.closing.filter(inLine)
  const group = (name: StockGroup) => {
    if (name === 'opening') return ends.opening.filter(inLine)
    return name === 'closing' ? closing : closing.filter((sum) => stockStateOf(sum.usage) === name)
  }
  const names: StockGroup[] = ['opening', 'closing', ...(Object.keys(stockStates) as StockState[])]
  return Object.fromEntries(names.map((name) => [name, amounts(group(name))])) as StockFigures
}

/** The classes that a sum of lines is made of in the end. */
function membersOf(keys: readonly StockLineKey[]): readonly StockLineKey[] {
  return keys.flatMap((key) => {
    const line = stockLines.find((candidate) => candidate.key === key)
    return line && 'adds' in line ? membersOf(line.adds) : [key]
  })
}

function amounts(sums: readonly StockSum[]): StockAmounts {
  const known = (measure: StockMeasure) => knownSum(sums.map((sum) => sum[measure]))
  return Object.fromEntries(stockMeasures.map((measure) => [measure, known(measure)])) as StockAmounts
}

/** The table and what is left out of it come to the register of the day, which another query adds up. */
function mistakes(end: string, { sums, register }: StockEnd, table: StockAmounts | undefined): string[] {
  const outside = sums.filter((sum) => !isStock(sum))
  const counted = total(sums.map(({ count }) => count))
  const wrong = counted === Number(register.count) ? [] : [`${end}项数 ${counted} ≠ 台账 ${register.count}`]
  for (const [measure, label] of [
    ['cost', '价值'],
    ['depreciation', '累计折旧'],
    ['netValue', '净值'],
  ] as const) {
    const reckoned = plus(table?.[measure], ...outside.map((sum) => sum[measure]))
    if (reckoned !== plus(register[measure])) wrong.push(`${end}${label} ${reckoned} ≠ 台账 ${plus(register[measure])}`)
  }
  return wrong
}

function leftOut(sums: readonly StockSum[]): LeftOut {
  return { count: total(sums.map(({ count }) => count)), cost: knownSum(sums.map(({ cost }) => cost)) }
}

function later(sums: readonly StockSum[]): LeftOut {
  return { count: total(sums.map((sum) => sum.laterCount)), cost: knownSum(sums.map((sum) => sum.laterCost)) }
}

function total(counts: readonly string[]): number {
  return counts.reduce((sum, count) => sum + Number(count), 0)
}
