import Big from 'big.js'
import type { Column } from '../sheets/sheet.ts'
import type { Cell } from './cells.ts'
import { fitsNumber } from './cells.ts'
import type { Style } from './styles.ts'
import { columnLetters } from './xml.ts'

/** A block of rows that lie directly under each other, and what they come to. */
export type Tally = {
  first: number
  /** first − 1 while there are no rows. */
  last: number
  sums: Map<string, Big>
  /** Columns holding a figure too long for a number cell, which a SUM would leave out. */
  overlong: Set<string>
}

export function openTally(first: number): Tally {
  return { first, last: first - 1, sums: new Map(), overlong: new Set() }
}

export function count(tally: Tally, column: Column, cell: Cell): void {
  const value = 'number' in cell ? cell.number : 'text' in cell && decimal.test(cell.text) ? cell.text : undefined
  if (value === undefined) return
  if ('text' in cell) tally.overlong.add(column.key)
  tally.sums.set(column.key, (tally.sums.get(column.key) ?? zero).plus(value))
}

/** The exact sum over several blocks, with two places for money and area. */
export function sumOf(tallies: readonly Tally[], column: Column): string {
  const sum = tallies.reduce((running, tally) => running.plus(tally.sums.get(column.key) ?? zero), zero)
  const places = sum.toFixed().split('.')[1]?.length ?? 0
  return sum.toFixed(column.kind === 'money' || column.kind === 'area' ? Math.max(2, places) : places)
}

/** A block whose rows are still to come, and what they will come to: for a 合计 that stands above them. */
export function foretold(first: number, rows: number, totals: Readonly<Record<string, string | null>>): Tally {
  const tally = { ...openTally(first), last: first + rows - 1 }
  for (const [key, total] of Object.entries(totals)) {
    tally.sums.set(key, new Big(total ?? 0))
    // One of the rows may then be too long for a number cell.
    if (tally.sums.get(key)?.gte(longest)) tally.overlong.add(key)
  }
  return tally
}

/** The cell of a total: a SUM with its result, or the plain figure where a SUM could not give the same. */
export function sumCell(tallies: readonly Tally[], column: Column, index: number): Cell {
  const result = sumOf(tallies, column)
  const style = totalStyles[column.kind] ?? 'totalCount'
  if (!fitsNumber(result)) return { style: 'totalLong', text: result }
  const blocks = tallies.filter((tally) => tally.last >= tally.first)
  const summable = blocks.length > 0 && blocks.length <= mostBlocks
  if (!summable || blocks.some((tally) => tally.overlong.has(column.key))) return { style, number: result }
  const letters = columnLetters(index)
  return {
    style,
    formula: sumFormula(blocks.map((tally) => `${letters}${tally.first}:${letters}${tally.last}`)),
    result,
  }
}

function sumFormula(ranges: readonly string[]): string {
  if (ranges.length <= mostArguments) return `SUM(${ranges.join(',')})`
  const chunks: string[] = []
  for (let start = 0; start < ranges.length; start += mostArguments) {
    chunks.push(`SUM(${ranges.slice(start, start + mostArguments).join(',')})`)
  }
  return chunks.join('+')
}

const zero = new Big(0)
const totalStyles: Partial<Record<Column['kind'], Style>> = {
  money: 'totalMoney',
  area: 'totalMoney',
  quantity: 'totalQuantity',
}
const decimal = /^-?\d+(\.\d+)?$/
/** Below this an amount with its cents has no more digits than a spreadsheet keeps. */
const longest = 1e13
/** Excel takes 255 arguments and 8192 characters. */
const mostArguments = 250
const mostBlocks = 500
