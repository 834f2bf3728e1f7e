import type { Cells, Container } from './reading/events.ts'
import { readWorkbook } from './reading/workbook.ts'

export type Inspection = {
  container: Container
  sheets: { name: string; hidden: boolean; rows: { row: number; cells: Cells }[] }[]
}

/** What a file holds before any meaning: every worksheet with its first filled rows. */
export async function inspectJson(path: string, options: { rows?: number } = {}): Promise<Inspection> {
  const inspection: Inspection = { container: 'csv', sheets: [] }
  for await (const event of readWorkbook(path, options.rows === undefined ? {} : { rows: options.rows })) {
    if (event.kind === 'container') inspection.container = event.container
    else if (event.kind === 'sheet') inspection.sheets.push({ name: event.name, hidden: event.hidden, rows: [] })
    else if (event.kind === 'row') inspection.sheets.at(-1)?.rows.push({ row: event.row, cells: event.cells })
  }
  return inspection
}

/** The same for the eye: one line per row, cells behind their column letters. */
export function inspectText(inspection: Inspection): string {
  const lines = [`文件类型 ${inspection.container}，${inspection.sheets.length} 张工作表`]
  for (const sheet of inspection.sheets) {
    lines.push('', `工作表「${sheet.name}」${sheet.hidden ? '（隐藏）' : ''}`)
    if (sheet.rows.length === 0) lines.push('（空）')
    for (const { row, cells } of sheet.rows) {
      const texts = Object.entries(cells).map(([column, text]) => `${column}=${text.replace(/\s+/g, ' ')}`)
      lines.push(`${String(row).padStart(5)}  ${texts.join('  ')}`)
    }
  }
  return `${lines.join('\n')}\n`
}
