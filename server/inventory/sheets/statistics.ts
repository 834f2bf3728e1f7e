import { sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import {
  type StatisticsDetailRow,
  type StatisticsSummaryRow,
  statisticsSheet,
  statisticsSummarySheet,
  summarySections,
} from '../../../imports/sheets/statistics.ts'
import type { Reckoning } from '../../../imports/writing/reckonings.ts'
import type { Worksheet } from '../../../imports/writing/worksheet.ts'
import { typeOrder } from '../../assets/as-of.ts'
import { type SheetNames, sheetNames } from '../../assets/sheet-rows.ts'
import { listChecks } from './checks.ts'
import type { Extent } from './extent.ts'
import { lineFigures } from './line-figures.ts'
import { apart, ofPart, type printed } from './printing.ts'
import { asFound, type LineRow, openLines } from './queries.ts'
import { cardThen } from './resources.ts'

const [detailTab, summaryTab] = ['明细', '统计汇总']

/** Of what the line does not keep, as of the base day. */
const more = {
  originalUnit: sql`c.original_unit`,
  titleKind: asFound('titleKind', sql`c.title_kind`),
  usingUnit: sql`c.user_unit_id::text`,
  idleArea: asFound('idleArea', sql`c.idle_area::text`),
  lessee: asFound('lessee', sql`c.lessee`),
  leaseTerm: asFound('leaseTerm', sql`c.lease_term`),
  annualRent: asFound('annualRent', sql`c.annual_rent::text`),
  problem: asFound('problem', sql`c.problem`),
  cardRemark: sql`c.remark`,
}
/** What was not found stands in the list of losses. */
const where = sql`l.counted_quantity > 0`

/** 镇村公有资产清理统计表 with what was counted. */
export async function statisticsWorksheets(
  tx: Tx,
  extent: Extent,
  head: ReturnType<typeof printed>,
): Promise<Worksheet[]> {
  const names = await sheetNames(tx, extent.baseOn)
  const details = async (stationed: boolean) => {
    const cursor = stationed ? 'stationed_statistics' : 'statistics_lines'
    const listing = { cursor, which: ofPart(extent, stationed), where, more, join: cardThen(extent.baseOn) }
    return printing(await openLines<keyof typeof more>(tx, listing), extent, names)
  }
  const summary = async (stationed: boolean) => summarySections(await sums(tx, extent, stationed))
  return [
    {
      sheet: statisticsSheet,
      name: detailTab,
      ...head,
      sections: [{ rows: await details(false) }],
      ...(extent.mixed ? { apart: apart([{ rows: await details(true), subtotal: '派驻合计' }]) } : {}),
      notes: [...head.notes, '注：数量和金额是清查数；盘亏、未盘的资产不列入。'],
    },
    {
      sheet: statisticsSummarySheet,
      name: summaryTab,
      ...head,
      sections: await summary(false),
      ...(extent.mixed ? { apart: apart(await summary(true)) } : {}),
      check: { against: detailTab, label: '明细合计', rowCount: 'count' },
    },
  ]
}

export const statisticsChecks: readonly Reckoning[] = listChecks(detailTab, false, [
  ['cost', 'counted', 'Cost'],
  ['depreciation', 'counted', 'Depreciation'],
  ['netValue', 'counted', 'Net'],
])

type Row = LineRow & Record<keyof typeof more, string | null>

async function* printing(
  rows: AsyncIterable<Row>,
  { track }: Extent,
  names: SheetNames,
): AsyncGenerator<StatisticsDetailRow> {
  for await (const row of rows) {
    yield {
      ...row,
      track,
      town: names.town(row.division),
      division: names.division(row.division),
      ownerUnit: row.unitName,
      usingUnit: names.unit(row.usingUnit),
      quantity: row.countedQuantity,
      cost: row.countedCost,
      depreciation: row.countedDepreciation,
      netValue: row.countedNet,
      remark: row.remark ?? row.cardRemark,
    }
  }
}

async function sums(tx: Tx, extent: Extent, stationed: boolean): Promise<StatisticsSummaryRow[]> {
  const numeric = (key: 'landArea' | 'floorArea', column: ReturnType<typeof sql>) => asFound(key, column)
  return tx.execute<StatisticsSummaryRow>(sql`
    select t.unit_name as unit, l.card_type as "cardType", count(*)::text as count,
      sum((${numeric('landArea', sql`l.land_area::text`)})::numeric)::text as "landArea",
      sum((${numeric('floorArea', sql`l.floor_area::text`)})::numeric)::text as "floorArea",
      sum((${more.idleArea})::numeric)::text as "idleArea", sum(${lineFigures.countedCost})::text as cost,
      sum(${lineFigures.countedDepreciation})::text as depreciation, sum(${lineFigures.countedNet})::text as "netValue",
      sum((${more.annualRent})::numeric)::text as "annualRent"
    from counts t join count_lines l on l.count_id = t.id ${cardThen(extent.baseOn)}
    where ${ofPart(extent, stationed)} and ${where}
    group by t.unit_code, t.unit_name, l.card_type order by t.unit_code, ${typeOrder(sql`l.card_type`)}`)
}
