import { sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { type CountSheetRow, countSheet, countSheetHead, foundUsages } from '../../../imports/sheets/count-sheet.ts'
import { guideOf } from '../../../imports/writing/template.ts'
import type { Worksheet } from '../../../imports/writing/worksheet.ts'
import type { Extent } from './extent.ts'
import { type LineRow, openLines } from './queries.ts'

/** Room for what is found and not booked. */
const emptyRows = 30

/** 盘点单 of one count, with what was counted already and empty rows for surplus, and how to fill it in. */
export async function countSheetWorksheets(tx: Tx, extent: Extent): Promise<Worksheet[]> {
  const { no, callNo: call, unit, baseOn, version } = extent
  const rows = await openLines<'version'>(tx, { cursor: 'count_sheet_lines', which: extent.which, more }, sql`l.no`)
  return [
    {
      sheet: countSheet,
      name: '盘点单',
      heading: `${unit}资产盘点单`,
      meta: [countSheetHead({ no, call, unit, baseOn, version })],
      sections: [
        { rows: printing(rows) },
        { heading: '盘盈：账面没有而实际有的资产，每项填一行，行号和资产编号不填', rows: [] },
      ],
      total: null,
      blankRows: emptyRows,
      notes: ['注：清查单号、版本、行号和资产编号是导入时核对用的，请勿改动；未盘点的行留空。'],
      signatures: { unit },
    },
    guideOf(countSheet),
  ]
}

/** An import tells by it whether somebody has counted the line since. */
const more = { version: sql`l.version::text` }

async function* printing(rows: AsyncIterable<LineRow & { version: string | null }>): AsyncGenerator<CountSheetRow> {
  for await (const row of rows) {
    const surplus = row.origin === 'surplus'
    const done = row.countedQuantity !== null
    const found = (value: string | null) => (done ? value : null)
    yield {
      no: row.no,
      code: row.code,
      name: row.name,
      cardType: row.cardType,
      specification: row.specification ?? row.structure,
      unitOfMeasure: row.unitOfMeasure,
      location: row.bookLocation,
      bookQuantity: row.bookQuantity,
      bookCost: row.bookCost,
      counted: row.countedQuantity,
      missing: row.missingQuantity,
      missingReason: row.missingReason,
      scrap: row.scrapQuantity,
      scrapReason: row.scrapReason,
      undetermined: row.undeterminedQuantity,
      undeterminedReason: row.undeterminedReason,
      usage: foundUsages.some(({ value }) => value === row.usage) ? found(row.usage) : null,
      newLocation: row.location === row.bookLocation ? null : found(row.location),
      keeper: found(row.keeper),
      remark: surplus ? null : row.remark,
      foundOn: row.foundOn,
      valueBasis: row.valueBasis,
      cost: row.surplusCost,
      valueNote: row.valueNote,
      explanation: surplus ? row.remark : null,
      version: row.version,
    }
  }
}
