import type { Cells, Container, Unread } from './reading/events.ts'
import { unreadSentence } from './reading/unread.ts'
import { readWorkbook } from './reading/workbook.ts'

export type Inspection = {
  container: Container
  sheets: {
    name: string
    hidden: boolean
    rows: { row: number; cells: Cells }[]
    /** Letters of the columns that the file hides, numbers of the rows; absent where nothing is hidden. */
    hiddenColumns?: string[]
    hiddenRows?: number[]
    /** Cells such as B7 that hold an error, and formulas that were saved without a result. */
    errors?: string[]
    uncomputed?: string[]
    /** Cells whose text is the stored result of a formula. */
    formulas?: number
  }[]
  /** What the file holds besides cells. */
  unread?: Pick<Unread, 'what' | 'count'>[]
}

/** What a file holds before any meaning: every worksheet with its first filled rows. */
export async function inspectJson(path: string, options: { rows?: number } = {}): Promise<Inspection> {
  const inspection: Inspection = { container: 'csv', sheets: [] }
  for await (const event of readWorkbook(path, options.rows === undefined ? {} : { rows: options.rows })) {
    const sheet = inspection.sheets.at(-1)
    if (event.kind === 'container') inspection.container = event.container
    else if (event.kind === 'unread') {
      inspection.unread = [...(inspection.unread ?? []), { what: event.what, count: event.count }]
    } else if (event.kind === 'sheet') {
      const { name, hidden, hiddenColumns } = event
      inspection.sheets.push({ name, hidden, rows: [], ...(hiddenColumns?.length ? { hiddenColumns } : {}) })
    } else if (event.kind === 'sheetEnd') {
      if (sheet && event.formulas > 0) sheet.formulas = event.formulas
    } else if (event.kind === 'row' && sheet) {
      const cells = (columns: readonly string[]) => columns.map((column) => `${column}${event.row}`)
      sheet.rows.push({ row: event.row, cells: event.cells })
      if (event.hidden) sheet.hiddenRows = [...(sheet.hiddenRows ?? []), event.row]
      if (event.errors) sheet.errors = [...(sheet.errors ?? []), ...cells(event.errors)]
      if (event.uncomputed) sheet.uncomputed = [...(sheet.uncomputed ?? []), ...cells(event.uncomputed)]
    }
  }
  return inspection
}

/** The same for the eye: one line per row, cells behind their column letters. */
export function inspectText(inspection: Inspection): string {
  const lines = [`文件类型 ${inspection.container}，${inspection.sheets.length} 张工作表`]
  if (inspection.unread) lines.push(unreadSentence(inspection.unread))
  for (const sheet of inspection.sheets) {
    lines.push('', `工作表「${sheet.name}」${sheet.hidden ? '（隐藏）' : ''}`)
    if (sheet.rows.length === 0) lines.push('（空）')
    if (sheet.hiddenColumns) lines.push(`隐藏的列：${sheet.hiddenColumns.join('、')}`)
    if (sheet.errors) lines.push(`公式出错的单元格：${few(sheet.errors)}`)
    if (sheet.uncomputed) lines.push(`公式没有保存结果的单元格：${few(sheet.uncomputed)}`)
    const hidden = new Set(sheet.hiddenRows)
    for (const { row, cells } of sheet.rows) {
      const texts = Object.entries(cells).map(([column, text]) => `${column}=${text.replace(/\s+/g, ' ')}`)
      lines.push(`${String(row).padStart(5)}  ${hidden.has(row) ? '（隐藏）' : ''}${texts.join('  ')}`)
    }
  }
  return `${lines.join('\n')}\n`
}

function few(cells: readonly string[]): string {
  return cells.length > 20 ? `${cells.slice(0, 20).join('、')} 等 ${cells.length} 个` : cells.join('、')
}
