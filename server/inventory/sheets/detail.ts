import type { Tx } from '../../../db/client.ts'
import { countDetailSheet } from '../../../imports/sheets/count-detail.ts'
import type { SheetRow } from '../../../imports/sheets/sheet.ts'
import type { Reckoning } from '../../../imports/writing/reckonings.ts'
import type { Section, Worksheet } from '../../../imports/writing/worksheet.ts'
import { listChecks } from './checks.ts'
import type { Extent } from './extent.ts'
import { next, ofPart, type printed, stationedHeading } from './printing.ts'
import { type LineRow, lineGroups, lineSums, openLines } from './queries.ts'
import { typeLabel } from './summary.ts'

const tab = '明细'

/** 固定资产清查明细表: every line, unit by unit and type by type, each with its 小计. */
export async function detailWorksheet(tx: Tx, extent: Extent, head: ReturnType<typeof printed>): Promise<Worksheet> {
  const own = { cursor: 'detail_lines', which: ofPart(extent, false) }
  const groups = await lineGroups(tx, own)
  const totals = await lineSums(tx, { ...own, which: extent.which })
  const rows = listed(await openLines(tx, own))
  const several = new Set(groups.map(({ unit }) => unit)).size > 1
  return {
    sheet: countDetailSheet(totals, several || extent.mixed),
    name: tab,
    ...head,
    sections: groups.map(({ unitName, cardType, lines }) => {
      const whose = several ? `${unitName} ` : ''
      return {
        heading: `${whose}${typeLabel(cardType)}`,
        rows: next(rows, lines),
        subtotal: `${typeLabel(cardType)}小计`,
      }
    }),
    ...(extent.mixed ? { apart: [await stationed(tx, extent)] } : {}),
  }
}

export function detailChecks({ mixed }: Extent): Reckoning[] {
  const pairs = [
    ...(['book', 'counted'] as const).flatMap((group) =>
      (['Quantity', 'Cost', 'Depreciation', 'Net'] as const).map(
        (measure) => [`${group}${measure}`, group, measure] as const,
      ),
    ),
    ...(['surplus', 'missing', 'scrap'] as const).flatMap((group) =>
      (['Quantity', 'Cost'] as const).map((measure) => [`${group}${measure}`, group, measure] as const),
    ),
  ]
  return [...listChecks(tab, false, pairs), ...(mixed ? listChecks(tab, true, pairs, 'stationed') : [])]
}

async function stationed(tx: Tx, extent: Extent): Promise<Section> {
  const rows = await openLines(tx, { cursor: 'stationed_lines', which: ofPart(extent, true) })
  return {
    heading: stationedHeading,
    rows: listed(rows),
    subtotal: '派驻合计',
    marks: { subtotal: 'stationed' },
  }
}

async function* listed(rows: AsyncIterable<LineRow>): AsyncGenerator<SheetRow> {
  for await (const row of rows) {
    const reasons = [row.missingReason, row.scrapReason, row.undeterminedReason]
    const gain = row.origin === 'surplus' ? row.remark : null
    yield {
      ...row,
      unit: row.unitName,
      specification: row.specification ?? row.structure,
      reason: [...reasons, gain].filter((text) => text !== null && text !== '').join('；'),
      remark: row.origin === 'surplus' ? row.valueNote : (row.remark ?? waiting(row)),
    }
  }
}

function waiting({ countedQuantity }: LineRow): string | null {
  return countedQuantity === null ? '未盘' : null
}
