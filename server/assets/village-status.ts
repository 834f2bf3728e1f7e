import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { type VillageStatusRow, villageStatusSheet } from '../../imports/sheets/village-status.ts'
import { printDate } from '../../imports/writing/cells.ts'
import type { Worksheet } from '../../imports/writing/worksheet.ts'
import type { Actor } from '../kernel/actor.ts'
import { type Cut, statesOn, typeOrder } from './as-of.ts'
import { describingArea } from './card.ts'
import { type CardSheetRow, openCardRows, sheetNames } from './sheet-rows.ts'

/** 村资产现状表 of some units as of a day, village by village. */
export async function villageStatusOf(tx: Tx, actor: Actor, cut: Cut, unit: string): Promise<Worksheet> {
  const rows = await openCardRows(
    tx,
    'village_rows',
    sql`from ${statesOn(actor, cut)} order by c.division_code, ${typeOrder(sql`c.card_type`)}, c.code`,
    await sheetNames(tx, cut.day),
  )
  return {
    sheet: villageStatusSheet,
    name: '村资产现状',
    meta: [`填报单位：${unit}`, `时点：${printDate(cut.day)}`],
    sections: [{ rows: described(rows) }],
    signatures: { unit, date: printDate(cut.day) },
  }
}

async function* described(rows: AsyncIterable<CardSheetRow>): AsyncGenerator<VillageStatusRow> {
  for await (const { division, name, nature, usage, leaseTerm, remark, ...card } of rows) {
    yield { division, name, nature, usage, leaseTerm, remark, area: card[describingArea(card)], code: card.code }
  }
}
