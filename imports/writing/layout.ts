import type { Cell } from './cells.ts'
import { wrappedHeight } from './lines.ts'
import type { Written } from './worksheet.ts'
import { cellXml, columnLetters, escapeXml } from './xml.ts'

/** A row as it stands in somebody else's table: cells by column from 0. */
export type LaidRow = { row: number; cells: ReadonlyMap<number, Cell> }

/** A worksheet in a layout that is none of ours. */
export type Layout = {
  name: string
  /** In characters of half width; from the first column on. */
  columns: readonly { width: number; hidden?: boolean }[]
  /** Everything down to the last row of the header, by row number. */
  head: readonly LaidRow[]
  /** Ranges within the head. */
  merges: readonly string[]
  /** First and last row of the header, which stay in view. */
  headerRows: readonly [top: number, bottom: number]
  /** Follow directly on the header. */
  rows: AsyncIterable<ReadonlyMap<number, Cell>>
}

/** The worksheet's XML in pieces; `report` is called before the last piece. */
export async function* layoutXml(layout: Layout, report: (written: Written) => void): AsyncGenerator<string> {
  const [top, bottom] = layout.headerRows
  yield openingXml(layout, bottom)
  for (const { row, cells } of layout.head) yield rowXml(row, cells, layout)
  let last = bottom
  for await (const cells of layout.rows) yield rowXml(++last, cells, layout)
  report({
    name: layout.name,
    rows: last - bottom,
    totals: {},
    headerRows: [top, bottom],
    blocks: last > bottom ? [[bottom + 1, last]] : [],
    letters: {},
    marks: {},
    agrees: true,
  })
  const merges = layout.merges.map((range) => `<mergeCell ref="${escapeXml(range)}"/>`)
  const merged = merges.length === 0 ? '' : `<mergeCells count="${merges.length}">${merges.join('')}</mergeCells>`
  yield `</sheetData>${merged}<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/></worksheet>`
}

function openingXml({ columns }: Layout, bottom: number): string {
  const cols = columns.map(
    ({ width, hidden }, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${width + 0.7}" customWidth="1"${hidden ? ' hidden="1"' : ''}/>`,
  )
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0"><pane ySplit="${bottom}" topLeftCell="A${bottom + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${cols.join('')}</cols><sheetData>`
}

function rowXml(row: number, cells: ReadonlyMap<number, Cell>, { columns }: Layout): string {
  let xml = ''
  let height = 0
  for (const [index, cell] of [...cells].sort(([a], [b]) => a - b)) {
    xml += cellXml(columnLetters(index), row, cell)
    if ('text' in cell && cell.style !== 'plain') {
      height = Math.max(height, wrappedHeight(cell.text, columns[index]?.width ?? defaultWidth))
    }
  }
  const tall = height > 20 ? ` ht="${Math.min(tallest, height)}" customHeight="1"` : ''
  return `<row r="${row}"${tall}>${xml}</row>`
}

const defaultWidth = 12
/** In points; 409 is the most a spreadsheet takes. */
const tallest = 405
