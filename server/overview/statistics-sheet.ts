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
import { plus } from '../kernel/money.ts'
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
  const notes = laterNotes(figures, cut.day)
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
      notes,
    },
  ]
}

/** What nobody could have reported on that day is said at the foot. */
function laterNotes(figures: readonly Figure[], day: string): string[] {
  const totals = figures.filter((figure) => figure.unit === null && figure.cardType === null)
  const count = totals.reduce((sum, figure) => sum + Number(figure.laterCount), 0)
  const cost = plus(...totals.map((figure) => figure.laterCost))
  return count === 0 ? [] : [`注：其中 ${count} 宗在${printDate(day)}之后补记，原值 ${cost} 元。`]
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
    .map(({ stationed: _stationed, laterCount: _count, laterCost: _cost, ...figure }) => ({
      ...figure,
      unit: names.unit(figure.unit),
    }))
}
