import { columnName, columnNumber } from '../reading/columns.ts'
import type { SheetRow } from '../reading/events.ts'
import type { Dictionary } from './dictionary.ts'
import { readHeader } from './header.ts'
import { columnsOf, isFigureText, type Sample, wideMerge } from './sample.ts'

/** A header is looked for in the first rows; ledgers put titles and notes before it, never more than this. */
const depth = 60

export type HeaderRows = { rows: SheetRow[]; score: number }

/**
 * Finds the one to three rows that name the columns; null when no row does. With `from` only those that begin in this
 * row or right below it.
 */
export function findHeaderRows(sample: Sample, dictionary: Dictionary, from?: number): HeaderRows | null {
  const within = ({ row }: SheetRow) => from === undefined || (from <= row && row < from + 3)
  const scores = sample.rows.slice(0, depth).map((row) => (within(row) ? scoreRow(row, dictionary) : 0))
  const highest = Math.max(0, ...scores)
  // The first of several tables, even where a later one has more columns.
  const early = scores.findIndex((points) => points >= Math.max(6, highest / 2))
  const best = early >= 0 ? early : scores.indexOf(highest)
  const score = scores[best] ?? 0
  const main = sample.rows[best]
  if (!main || score < 3) return null
  const rows = [main]
  for (let at = best + 1; rows.length < 3; at++) {
    const next = sample.rows[at]
    const last = rows.at(-1)
    if (!next || !last || next.row !== last.row + 1 || !isBelow(sample, rows, next)) break
    rows.push(next)
  }
  for (let at = best - 1; rows.length < 3; at--) {
    const previous = sample.rows[at]
    const first = rows[0]
    if (!previous || !first || previous.row !== first.row - 1 || !isGroupRow(sample, previous, rows)) break
    rows.unshift(previous)
  }
  return { rows, score }
}

function scoreRow(row: SheetRow, dictionary: Dictionary): number {
  const columns = columnsOf(row)
  if (columns.length < 2) return 0
  let points = 0
  for (const column of columns) {
    const text = row.cells[column] ?? ''
    if (isFigureText(text)) points -= 1
    else if (text.length > 40) points -= 1
    else if (dictionary.isSerial(text)) points += 1.5
    else {
      const candidate = dictionary.look(text)[0]
      points += candidate ? (candidate.sure ? 3 : 1) : 0.1
    }
  }
  return points
}

/**
 * Whether a row below a header names columns again, without any figure: three for certain, where a measure in brackets
 * counts half a name, or two that are all there is.
 */
export function beginsTable(row: SheetRow, dictionary: Dictionary, filled = columnsOf(row)): boolean {
  if (filled.length < 2 || filled.some((column) => isFigureText(row.cells[column] ?? ''))) return false
  const texts = filled.map((column) => row.cells[column] ?? '')
  if (texts.length === 2) return scoreRow(row, dictionary) >= 6
  if (texts.filter((text) => text.length <= 16).length < 3) return false
  const measured = texts.filter((text) => /[)）]\s*$/.test(text) && readHeader(text).unit !== null).length
  return scoreRow(row, dictionary) + measured * 1.5 >= 9
}

/** A row of leaves stands only under groups and blanks: a data row also fills columns that are already named. */
function isBelow(sample: Sample, above: readonly SheetRow[], row: SheetRow): boolean {
  const columns = columnsOf(row)
  if (columns.length === 0 || columns.some((column) => isFigureText(row.cells[column] ?? ''))) return false
  const last = above.at(-1)
  if (!last) return false
  return columns.every((column) => {
    const inGroup = sample.merges.some((merge) => {
      const number = columnNumber(column) ?? 0
      return (
        merge.top === last.row &&
        merge.bottom === last.row &&
        merge.left <= number &&
        number <= merge.right &&
        merge.left < merge.right
      )
    })
    if (inGroup) return true
    const own = last.cells[column]
    if (own !== undefined && own.trim() !== '') return isGroupByBlanks(sample, last, row, column)
    return leftLabel(last, column) !== null
  })
}

/** Without merges a group is told by the blank to its right, which the row below fills. */
function isGroupByBlanks(sample: Sample, row: SheetRow, below: SheetRow, column: string): boolean {
  if (sample.merges.length > 0) return false
  const next = nextColumn(column)
  return next !== null && !row.cells[next]?.trim() && Boolean(below.cells[next]?.trim())
}

function isGroupRow(sample: Sample, row: SheetRow, below: readonly SheetRow[]): boolean {
  const columns = columnsOf(row)
  const width = new Set(below.flatMap(columnsOf)).size
  if (columns.length < 2) return false
  if (columns.some((column) => isFigureText(row.cells[column] ?? '') || isFilledIn(row.cells[column] ?? '')))
    return false
  const wide = columns.map((column) => wideMerge(sample, row.row, column)).filter((merge) => merge !== undefined)
  if (wide.length > 0) return wide.every((merge) => merge.right - merge.left + 1 < width)
  if (sample.merges.length > 0 || columns.length > width * 0.6) return false
  return columns.every((column) => {
    const next = nextColumn(column)
    const text = row.cells[column] ?? ''
    return !/[:：\d]/.test(text) && next !== null && !row.cells[next]?.trim()
  })
}

/** 单位：元、㎡ or 填报单位：古井村 stands above a header; a group that ends in a colon, such as 其中：, belongs to it. */
function isFilledIn(text: string): boolean {
  return /^(?!其中)[^:：]{1,12}[:：]\s*\S/.test(text.trim())
}

/** Label of the nearest filled cell to the left, which an unmerged group reaches over. */
export function leftLabel(row: SheetRow, column: string): string | null {
  const number = columnNumber(column) ?? 0
  let best: { number: number; text: string } | null = null
  for (const other of columnsOf(row)) {
    const place = columnNumber(other) ?? 0
    if (place < number && place > (best?.number ?? 0)) best = { number: place, text: row.cells[other] ?? '' }
  }
  return best?.text ?? null
}

function nextColumn(column: string): string | null {
  const number = columnNumber(column)
  return number === null ? null : columnName(number + 1)
}
