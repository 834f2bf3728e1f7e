import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { tracks } from '../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import {
  type StatisticsSummaryRow,
  statisticsSheet,
  statisticsSummarySheet,
  summarySections,
} from '../../imports/sheets/statistics.ts'
import { printDate } from '../../imports/writing/cells.ts'
import type { Section, Worksheet } from '../../imports/writing/worksheet.ts'
import { type Cut, statesOn, typeOrder } from '../assets/as-of.ts'
import { openCardRows, type SheetNames, sheetNames } from '../assets/sheet-rows.ts'
import type { Actor } from '../kernel/actor.ts'
import { type Figure, figuresOf } from './statistics-queries.ts'

/** 镇村公有资产清理统计表: every asset, the same rolled up by unit and type, and a line that compares the two. */
export async function statisticsWorkbook(
  tx: Tx,
  actor: Actor,
  cut: Cut,
  reporting: { unit: string },
): Promise<Worksheet[]> {
  const names = await sheetNames(tx, cut.day)
  const figures = await figuresOf(tx, actor, cut)
  const printed = {
    meta: [
      `填报单位：${reporting.unit}`,
      `统计时点：${printDate(cut.day)}`,
      ...(cut.track ? [`资产属性：${choiceLabel(tracks, cut.track)}`] : []),
      ...(cut.town ? [`乡镇：${names.town(cut.town) ?? cut.town}`] : []),
    ],
    signatures: { unit: reporting.unit, preparer: actor.name, date: printDate(cut.day) },
  }
  const stationed = summaryRows(figures, true, names)
  const details = async (apart: boolean) =>
    openCardRows(
      tx,
      apart ? 'stationed_rows' : 'statistics_rows',
      sql`from (select c.* from ${statesOn(actor, cut)}) c join units u on u.id = c.owner_unit_id
        where (u.kind = 'stationed') = ${apart} order by u.code, ${typeOrder(sql`c.card_type`)}, c.code`,
      names,
    )
  return [
    {
      sheet: statisticsSheet,
      name: '明细',
      ...printed,
      sections: [{ rows: await details(false) }],
      ...(stationed.length > 0 ? { apart: apart([{ rows: await details(true) }]) } : {}),
    },
    {
      sheet: statisticsSummarySheet,
      name: '汇总',
      ...printed,
      sections: summarySections(summaryRows(figures, false, names)),
      ...(stationed.length > 0 ? { apart: apart(summarySections(stationed)) } : {}),
      check: { against: '明细', label: '明细合计', rowCount: 'count' },
    },
  ]
}

/** The sections of the stationed units under one heading. */
function apart(sections: readonly Section[]): Section[] {
  return sections.map((section, index) => ({
    subtotal: '派驻小计',
    ...section,
    ...(index === 0 ? { heading: '派驻单位(随主管部门统计，不计入上列合计)' } : {}),
  }))
}

function summaryRows(figures: readonly Figure[], stationed: boolean, names: SheetNames): StatisticsSummaryRow[] {
  return figures
    .filter((figure) => figure.stationed === stationed && figure.unit !== null && figure.cardType !== null)
    .map(({ stationed: _stationed, ...figure }) => ({ ...figure, unit: names.unit(figure.unit) }))
}
