import { sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { gainsSheet, lossesSheet, matchedSheet, uncountedSheet } from '../../../imports/sheets/count-lists.ts'
import { valueBases } from '../../../imports/sheets/count-sheet.ts'
import { choiceLabel } from '../../../imports/sheets/fields.ts'
import type { Sheet, SheetRow } from '../../../imports/sheets/sheet.ts'
import type { Reckoning } from '../../../imports/writing/reckonings.ts'
import type { Worksheet } from '../../../imports/writing/worksheet.ts'
import { listChecks } from './checks.ts'
import type { Extent } from './extent.ts'
import { ofPart, type printed, stationedHeading } from './printing.ts'
import { type LineRow, lineSums, openLines } from './queries.ts'

/** The lists that follow from the lines: nobody types them, and every line is in exactly one of them. */
const lists = {
  gains: {
    sheet: gainsSheet,
    tab: '盘盈',
    where: sql`l.origin = 'surplus'`,
    checks: surplusChecks,
  },
  losses: {
    sheet: lossesSheet,
    tab: '盘亏',
    where: sql`l.origin = 'booked' and l.missing_quantity > 0`,
    checks: lossChecks,
  },
  uncounted: {
    sheet: uncountedSheet,
    tab: '未盘',
    where: sql`l.origin = 'booked' and l.counted_quantity is null`,
    checks: () => [],
  },
  matched: {
    sheet: matchedSheet,
    tab: '无盈亏',
    where: sql`l.origin = 'booked' and l.counted_quantity is not null and l.missing_quantity = 0`,
    checks: () => [],
  },
} as const satisfies Record<string, OutcomeList>

type OutcomeList = {
  sheet: Sheet
  tab: string
  where: ReturnType<typeof sql>
  checks: (stationed: boolean, mark: string) => readonly Reckoning[]
}
export type ListName = keyof typeof lists

export async function listWorksheet(
  tx: Tx,
  extent: Extent,
  head: ReturnType<typeof printed>,
  name: ListName,
): Promise<Worksheet> {
  const { sheet, tab, where } = lists[name]
  const listing = (stationed: boolean) => ({
    cursor: stationed ? 'stationed_list' : 'list_lines',
    which: ofPart(extent, stationed),
    where,
    join: sql`left join cards k on k.id = l.card_id`,
    more: { bookedOn: sql`k.details ->> 'bookedOn'` },
  })
  const rows = async (stationed: boolean) => printing(await openLines(tx, listing(stationed)), extent)
  const { lines, ...totals } = await lineSums(tx, listing(false))
  return {
    sheet,
    name: tab,
    ...head,
    totalFirst: { rows: lines, totals },
    sections: [{ rows: await rows(false) }],
    ...(extent.mixed
      ? {
          apart: [
            {
              heading: stationedHeading,
              rows: await rows(true),
              subtotal: '派驻合计',
              marks: { subtotal: 'stationed' },
            },
          ],
        }
      : {}),
  }
}

export function checksOfList({ mixed }: Extent, name: ListName): Reckoning[] {
  const { checks } = lists[name]
  return [...checks(false, 'total'), ...(mixed ? checks(true, 'stationed') : [])]
}

function surplusChecks(stationed: boolean, mark: string): Reckoning[] {
  const pairs = (['Quantity', 'Cost', 'Depreciation', 'Net'] as const).map(
    (measure) => [`surplus${measure}`, 'surplus', measure] as const,
  )
  return listChecks('盘盈', stationed, pairs, mark)
}

function lossChecks(stationed: boolean, mark: string): Reckoning[] {
  const pairs = (['Quantity', 'Cost', 'Depreciation', 'Net'] as const).map(
    (measure) => [`missing${measure}`, 'missing', measure] as const,
  )
  return listChecks('盘亏', stationed, pairs, mark)
}

async function* printing(rows: AsyncIterable<LineRow>, { baseOn }: Extent): AsyncGenerator<SheetRow> {
  for await (const row of rows) {
    yield {
      ...row,
      unit: row.unitName,
      specification: row.specification ?? row.structure,
      baseOn,
      valueBasis: choiceLabel(valueBases, row.valueBasis),
      explanation: [row.remark, row.valueNote].filter((text) => text !== null && text !== '').join('；'),
      remark: [row.remark, ...partsIn(row)].filter((text) => text !== null && text !== '').join('；'),
    }
  }
}

/** What was counted and still is to be decided on. */
function partsIn(row: LineRow): string[] {
  const told = (quantity: string | null, label: string, reason: string | null) =>
    quantity === null ? [] : [`${label} ${Number(quantity)}${reason === null ? '' : `（${reason}）`}`]
  return [
    ...told(row.scrapQuantity, '待报废', row.scrapReason),
    ...told(row.undeterminedQuantity, '待界定', row.undeterminedReason),
  ]
}
