import { stat } from 'node:fs/promises'
import type { Found, ReadOptions, Report } from '../events.ts'
import { refused } from '../foreign.ts'
import { handedOn, type PutRow } from '../put-cell.ts'
import { scanMarkup } from './markup.ts'
import { SpreadsheetBook } from './spreadsheet-book.ts'

/** Reads the XML that Excel 2003 and many programs export; two passes, for what concerns a worksheet stands behind it. */
export async function* readSpreadsheetXml(path: string, options: ReadOptions, report: Report): AsyncGenerator<Found> {
  const { size } = await stat(path)
  const survey = new SpreadsheetBook(() => {})
  for await (const done of scanMarkup(path, survey, false)) report(done / size / 2)
  survey.check()
  yield { kind: 'container', container: 'xml' }
  if (survey.sheets.length === 0) throw refused('macros')

  const found: (PutRow | number)[] = []
  const book = new SpreadsheetBook((row) => found.push(row), survey.date1904)
  let told = -1
  let filled = 0
  const wanted = () => options.worksheet === undefined || survey.sheets[told]?.name === options.worksheet
  /** Goes on to a worksheet, past those that hold nothing. */
  const goTo = function* (index: number): Generator<Found> {
    while (told < index) {
      if (told >= 0 && wanted()) yield { kind: 'sheetEnd', formulas: book.sheets[told]?.formulas ?? 0 }
      told++
      filled = 0
      const sheet = survey.sheets[told]
      if (!sheet || !wanted()) continue
      const { name, hidden, hiddenColumns } = sheet
      const merges = options.merges ? sheet.merges : []
      yield { kind: 'sheet', index: told, name, hidden, merges, ...(hiddenColumns.length > 0 ? { hiddenColumns } : {}) }
    }
  }
  for await (const done of scanMarkup(path, book, false)) {
    report(0.5 + done / size / 2)
    let rows: PutRow[] = []
    for (const row of found.splice(0)) {
      if (typeof row !== 'number') {
        if (!wanted() || filled === options.rows) continue
        filled++
        rows.push(row)
        continue
      }
      yield* handedOn(rows)
      rows = []
      yield* goTo(row)
    }
    yield* handedOn(rows)
  }
  yield* goTo(survey.sheets.length)
}
