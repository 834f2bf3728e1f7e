import type { SheetRow } from './reading/events.ts'

/** Header of the column that tells what is wrong with each row of a workbook of wrong rows. */
export const reasonHeader = '错误说明'

const opening = '【请改：'
const mark = /\s*【请改：[^】]*】/g

/** A cell of such a workbook: what was written, and behind it what to do. */
export function marked(text: string, reason: string): string {
  return `${text}${opening}${reason.replaceAll('【', '〔').replaceAll('】', '〕')}】`
}

/** The text alone, wherever in the cell its mender has left the mark. */
export function unmarked(text: string): string {
  return text.includes(opening) ? text.replaceAll(mark, '') : text
}

/**
 * Columns that only tell what is wrong; null for a file that never was such a workbook. Looks at the header rows and at
 * the cells of the first rows: who mends may have deleted the column.
 */
export function reasonColumns(rows: readonly SheetRow[]): string[] | null {
  const found = new Set<string>()
  let isMarked = false
  for (const { cells } of rows) {
    for (const [column, text] of Object.entries(cells)) {
      if (text.trim() === reasonHeader) found.add(column)
      isMarked ||= text.includes(opening)
    }
  }
  return found.size > 0 || isMarked ? [...found] : null
}

/** A row as its mender means it. */
export function mended(row: SheetRow, reasons: readonly string[]): SheetRow {
  const cells = Object.entries(row.cells).flatMap(([column, text]) => {
    const plain = reasons.includes(column) ? '' : unmarked(text)
    return plain === '' ? [] : [[column, plain] as const]
  })
  return { ...row, cells: Object.fromEntries(cells) }
}
