import { stat } from 'node:fs/promises'
import { ImportRefused } from '../../refused.ts'
import type { Found, ReadOptions, Report } from '../events.ts'
import { limits, tooLarge } from '../limits.ts'
import type { ScannedRow } from '../rows.ts'
import { HtmlTables, type Table } from './html-tables.ts'
import { scanMarkup } from './markup.ts'

/** Reads every table of a page as a worksheet. Cells are text as they stand: nothing is taken for a number or a date. */
export async function* readHtml(path: string, options: ReadOptions, report: Report): AsyncGenerator<Found> {
  const { size } = await stat(path)
  const passes = options.merges ? 2 : 1
  const merges = new Map<number, string[]>()
  let passed = 0
  if (options.merges) {
    const seen = new HtmlTables(
      (table) => merges.set(table.number, table.merges),
      () => {},
    )
    for await (const done of scanMarkup(path, seen, true)) {
      passed = done
      report(done / size / passes)
    }
  }
  yield { kind: 'container', container: 'html' }
  const order: number[] = []
  const waiting = new Map<number, { table: Table; rows: ScannedRow[] }>()
  const tables = new HtmlTables(
    () => {},
    (table, row) => {
      const held = waiting.get(table.number)
      if (held) held.rows.push(row)
      else {
        if (order.push(table.number) > limits.sheets) throw tooLarge(`表格超出 ${limits.sheets} 个`)
        waiting.set(table.number, { table, rows: [row] })
      }
    },
  )
  let index = 0
  let at = -1
  let filled = 0
  const begin = (table: Table): Found => {
    at = table.number
    filled = 0
    const { hiddenColumns } = table
    return {
      kind: 'sheet',
      index: index++,
      name: `Sheet${index}`,
      hidden: false,
      merges: merges.get(at) ?? [],
      ...(hiddenColumns.length > 0 ? { hiddenColumns } : {}),
    }
  }
  /** What can be told now: rows of the first table; those of a table inside it wait for its end. */
  const told = function* (): Generator<Found> {
    for (;;) {
      const number = order[0]
      const held = number === undefined ? undefined : waiting.get(number)
      if (number === undefined || !held) return
      const wanted =
        options.worksheet === undefined || options.worksheet === `Sheet${at === number ? index : index + 1}`
      if (at !== number) {
        const start = begin(held.table)
        if (wanted) yield start
      }
      const rows = held.rows.splice(0, wanted ? (options.rows ?? limits.rows) - filled : 0)
      filled += rows.length
      held.rows.length = 0
      if (rows.length > 0) yield rows
      if (tables.isOpen(number)) return
      if (wanted) yield { kind: 'sheetEnd', formulas: tables.formulas(number) }
      order.shift()
      waiting.delete(number)
    }
  }
  for await (const done of scanMarkup(path, tables, true)) {
    report((passed + done) / size / passes)
    yield* told()
  }
  tables.end()
  yield* told()
  if (index === 0) {
    throw new ImportRefused(
      '这是网页，其中没有表格。请在原来的系统中重新导出，或用 WPS 或 Excel 打开后另存为 .xlsx 再上传。',
    )
  }
}
