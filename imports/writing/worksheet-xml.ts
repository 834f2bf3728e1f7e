import type { Column, Sheet } from '../sheets/sheet.ts'
import { headerRowCount } from '../sheets/sheet.ts'
import type { Lines } from './lines.ts'
import type { Written } from './worksheet.ts'
import { columnLetters, escapeXml } from './xml.ts'

/** Everything before the rows; the header stays in view when the rows scroll. */
export function openingXml(sheet: Sheet): string {
  const top = 2 + headerRowCount(sheet)
  const columns = sheet.columns.map(
    (column, index) => `<col min="${index + 1}" max="${index + 1}" width="${column.width + 0.7}" customWidth="1"/>`,
  )
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0"><pane ySplit="${top}" topLeftCell="A${top + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${columns.join('')}</cols><sheetData>`
}

/** Everything after the rows: filter, merged cells, drop-downs, and the page fitted to the width of A4. */
export function closingXml(
  sheet: Sheet,
  lines: Lines,
  written: Written,
  blanks: readonly [first: number, last: number] | undefined,
): string {
  const filter = written.filterRange === undefined ? '' : `<autoFilter ref="${written.filterRange}"/>`
  const merges = lines.merges.map((range) => `<mergeCell ref="${range}"/>`)
  const merged = merges.length === 0 ? '' : `<mergeCells count="${merges.length}">${merges.join('')}</mergeCells>`
  const choices = sheet.columns.flatMap((column, index) => {
    const empty = blanks === undefined ? [] : [blanks]
    return (column.byHand === true ? [...empty, ...written.blocks] : empty).flatMap((rows) =>
      dropDown(column, index, rows),
    )
  })
  const validations =
    choices.length === 0 ? '' : `<dataValidations count="${choices.length}">${choices.join('')}</dataValidations>`
  return `</sheetData>${filter}${merged}${validations}<printOptions horizontalCentered="1"/><pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="${sheet.orientation}" fitToWidth="1" fitToHeight="0"/><headerFooter><oddFooter>&amp;C第 &amp;P 页 共 &amp;N 页</oddFooter></headerFooter></worksheet>`
}

function dropDown(column: Column, index: number, [first, last]: readonly [number, number]): string[] {
  const { choices = [], suggests = [] } = column
  const labels = column.kind === 'tick' ? ['√'] : [...choices.map((choice) => choice.label), ...suggests]
  if (labels.length === 0) return []
  const letters = columnLetters(index)
  // A spreadsheet refuses what is not listed unless it is told not to.
  const strict = suggests.length > 0 ? '' : ' showErrorMessage="1"'
  return [
    `<dataValidation type="list" allowBlank="1"${strict} errorTitle="${escapeXml(column.header)}" error="请从下拉列表中选择。" sqref="${letters}${first}:${letters}${last}"><formula1>"${escapeXml(labels.join(','))}"</formula1></dataValidation>`,
  ]
}
