import Big from 'big.js'
import type { Sheet } from '../sheets/sheet.ts'
import type { Cell } from './cells.ts'
import { fitsNumber } from './cells.ts'
import { labelledLine } from './frame.ts'
import type { Lines } from './lines.ts'
import { quoteName } from './workbook.ts'
import type { Check, Written } from './worksheet.ts'

type Compared = { header: string; other: string; difference: string }

/** Two lines under the 合计: the other worksheet's totals and what is missing to them, then the finding in words. */
export function checkLines(
  check: Check,
  written: Written,
  earlier: readonly Written[],
  sheet: Sheet,
  lines: Lines,
): { xml: string; agrees: boolean } {
  const other = earlier.find((candidate) => candidate.name === check.against)
  if (other === undefined) throw new Error(`Worksheet ${check.against} must be written before it can be compared with`)

  const compared = new Map<string, Compared>()
  const row = lines.next()
  const others = sheet.columns.map((column): Cell => {
    const own = written.totals[column.key]
    const figure = column.key === check.rowCount ? String(other.rows) : other.totals[column.key]
    if (own === undefined || figure === undefined) return empty
    compared.set(column.key, { header: column.header, other: figure, difference: difference(own, figure) })
    const formula = column.key === check.rowCount ? rowsFormula(other) : totalReference(other, column.key)
    return figureCell(formula, figure, column.kind === 'integer')
  })
  let xml = labelledLine(check.label, others, sheet, lines)

  const differences = sheet.columns.map((column): Cell => {
    const found = compared.get(column.key)
    if (found === undefined) return empty
    const letters = written.letters[column.key]
    const formula = written.totalRow === undefined ? undefined : `${letters}${written.totalRow}-${letters}${row}`
    return figureCell(formula, found.difference, column.kind === 'integer')
  })
  xml += labelledLine('差额(应为0)', differences, sheet, lines)

  const wrong = [...compared.values()].filter((found) => !new Big(found.difference).eq(0))
  const finding =
    wrong.length === 0
      ? `勾稽：本表合计 = ${check.label}，相符。`
      : `勾稽不符：${wrong.map((found) => `${found.header}相差 ${found.difference}`).join('，')}；请查明原因后重新导出。`
  xml += lines.spanned([{ span: [0, sheet.columns.length - 1], text: finding, style: 'metaLeft' }], 20)
  return { xml, agrees: wrong.length === 0 }
}

const empty: Cell = { style: 'totalLabel', blank: true }

function figureCell(formula: string | undefined, figure: string, whole: boolean): Cell {
  const style = whole ? 'totalCount' : 'totalMoney'
  if (!fitsNumber(figure)) return { style: 'totalLong', text: figure }
  return formula === undefined ? { style, number: figure } : { style, formula, result: figure }
}

function difference(own: string, other: string): string {
  const places = Math.max(own.split('.')[1]?.length ?? 0, other.split('.')[1]?.length ?? 0)
  return new Big(own).minus(other).toFixed(places)
}

function totalReference(other: Written, key: string): string | undefined {
  return other.totalRow === undefined ? undefined : `${quoteName(other.name)}!${other.letters[key]}${other.totalRow}`
}

function rowsFormula(other: Written): string | undefined {
  if (other.blocks.length === 0 || other.blocks.length > 200) return undefined
  return other.blocks.map(([first, last]) => `ROWS(${quoteName(other.name)}!A${first}:A${last})`).join('+')
}
