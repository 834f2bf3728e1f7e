import { columnName, columnNumber } from '../reading/columns.ts'
import type { SheetRow } from '../reading/events.ts'
import type { Dictionary } from './dictionary.ts'
import { normalised } from './header.ts'
import type { HeaderRows } from './header-rows.ts'
import type { Sample } from './sample.ts'

/** Number of the last column that a worksheet can have. */
export const lastColumn = 16_384

/** Tables that stand side by side under the same headers: columns from and to, each so many to the right of the first. */
export type Block = { from: number; to: number; shift: number }

/**
 * Finds the same headers standing again to the right: 序号 名称 面积 | 序号 名称 面积. Null for an ordinary table: a
 * repetition without the column that names the rows, such as 数量 金额 | 数量 金额 under two groups, is none.
 */
export function findBlocks(header: HeaderRows, dictionary: Dictionary, nameField: string): Block[] | null {
  const all = leavesOf(header)
  // One number of the line may stand for all tables beside each other.
  const shared = all[0] !== undefined && dictionary.isSerial(all[0].text)
  return repeated(all, dictionary, nameField) ?? (shared ? repeated(all.slice(1), dictionary, nameField) : null)
}

/**
 * Where a table under other headers begins to the right: behind a 序号 of its own, or a blank column, another column
 * names rows. Null when there is none.
 */
export function findBeside(
  { rows }: Sample,
  header: HeaderRows,
  dictionary: Dictionary,
  nameField: string,
): Block | null {
  const leaves = leavesOf(header)
  const names = ({ text }: Leaf) => {
    const [best] = dictionary.look(text)
    return best?.field.key === nameField && best.sure
  }
  const starts = (leaf: Leaf, at: number) => {
    const before = leaves[at - 1]
    if (before === undefined) return false
    const gap = leaf.number > before.number + 1 ? columnName(leaf.number - 1) : null
    return dictionary.isSerial(leaf.text) || (gap !== null && !rows.some(({ cells }) => cells[gap]?.trim()))
  }
  const at = leaves.findIndex((leaf, index) => {
    const next = leaves[index + (dictionary.isSerial(leaf.text) ? 1 : 0)]
    return starts(leaf, index) && next !== undefined && names(next) && leaves.slice(0, index).some(names)
  })
  const start = leaves[at]
  return start ? { from: start.number, to: lastColumn, shift: 0 } : null
}

function repeated(leaves: readonly Leaf[], dictionary: Dictionary, nameField: string): Block[] | null {
  for (let period = 2; period <= leaves.length / 2; period++) {
    if (leaves.length % period !== 0) continue
    const own = leaves.slice(0, period)
    const repeats = leaves.every(({ text, number }, at) => {
      const model = leaves[at % period]
      const start = leaves[at - (at % period)]
      const first = leaves[0]
      return model?.text === text && start && first && number - start.number === model.number - first.number
    })
    const named = own.some(({ text }) => dictionary.look(text)[0]?.field.key === nameField)
    if (repeats && named) return blocksOf(leaves, period)
  }
  return null
}

type Leaf = { number: number; text: string }

/** Lowest label of each column that has one, from left to right. */
function leavesOf({ rows }: HeaderRows): Leaf[] {
  const leaves = new Map<number, string>()
  for (const row of rows) {
    for (const [column, text] of Object.entries(row.cells)) {
      const number = columnNumber(column)
      if (number !== null && text.trim() !== '') leaves.set(number, normalised(text))
    }
  }
  return [...leaves].map(([number, text]) => ({ number, text })).sort((a, b) => a.number - b.number)
}

function blocksOf(leaves: readonly Leaf[], period: number): Block[] {
  const starts = leaves.filter((_leaf, at) => at % period === 0).map(({ number }) => number)
  const first = starts[0] ?? 1
  return starts.map((start, at) => ({
    from: at === 0 ? 1 : start,
    to: (starts[at + 1] ?? lastColumn + 1) - 1,
    shift: start - first,
  }))
}

/** What of a row stands in a block. */
export function withinBlock<Row extends Pick<SheetRow, 'cells'>>(row: Row, { from, to }: Block): Row {
  const cells = Object.entries(row.cells).filter(([column]) => {
    const number = columnNumber(column) ?? 0
    return from <= number && number <= to
  })
  return { ...row, cells: Object.fromEntries(cells) }
}

/** A sample and its header as if nothing stood beside the first block. */
export function firstBlock(sample: Sample, header: HeaderRows, block: Block): { sample: Sample; header: HeaderRows } {
  const narrow = (rows: readonly SheetRow[]) => rows.map((row) => withinBlock(row, block))
  return {
    sample: { ...sample, rows: narrow(sample.rows) },
    header: { ...header, rows: narrow(header.rows) },
  }
}

export function shifted(column: string, by: number): string {
  return columnName((columnNumber(column) ?? 0) + by)
}
