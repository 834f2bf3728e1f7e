import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { tracks } from '../../imports/sheets/card-choices.ts'
import { type CardsRow, cardsSheet } from '../../imports/sheets/cards.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { printDate } from '../../imports/writing/cells.ts'
import type { Section, Worksheet } from '../../imports/writing/worksheet.ts'
import type { Actor } from '../kernel/actor.ts'
import { type Cut, statesOn } from './as-of.ts'
import { type CardSheetRow, openCardRows, type SheetNames, sheetNames } from './sheet-rows.ts'

/** 单位资产卡片 of some units as of a day, unit by unit in the order of their codes. */
export async function cardsOf(tx: Tx, actor: Actor, cut: Cut, unit: string): Promise<Worksheet> {
  const names = await sheetNames(tx, cut.day)
  const source = sql`from (select c.* from ${statesOn(actor, cut)}) c join units u on u.id = c.owner_unit_id`
  const owners = await tx.execute<Owner>(sql`
    select u.id::text as id, count(*)::text as count ${source} group by u.id, u.code order by u.code`)
  const rows = await openCardRows(tx, 'cards_rows', sql`${source} order by u.code, c.code`, names, [
    'booked',
    'bookedOn',
    'brand',
  ])
  return {
    sheet: cardsSheet,
    name: '资产卡片',
    meta: [
      `单位：${unit}`,
      `时点：${printDate(cut.day)}`,
      ...(cut.track ? [`资产属性：${choiceLabel(tracks, cut.track)}`] : []),
      ...(cut.town ? [`乡镇：${names.town(cut.town) ?? cut.town}`] : []),
    ],
    sections: owners.length > 1 ? byOwner(listed(rows), owners, names) : [{ rows: listed(rows) }],
    notes: ['注：单价、管理部门台账中没有，由单位填写。'],
    signatures: { unit, preparer: actor.name, date: printDate(cut.day) },
  }
}

type Owner = { id: string; count: string }

/** The rows are read once and in the order of the owners, so that each section takes as many as its unit has. */
function byOwner(rows: AsyncGenerator<CardsRow>, owners: readonly Owner[], names: SheetNames): Section[] {
  return owners.map(({ id, count }) => {
    const name = names.unit(id) ?? id
    return { heading: name, rows: next(rows, Number(count)), subtotal: `${name}小计` }
  })
}

async function* next(rows: AsyncGenerator<CardsRow>, count: number): AsyncGenerator<CardsRow> {
  for (let taken = 0; taken < count; taken += 1) {
    const { value, done } = await rows.next()
    if (done) throw new Error('a unit has fewer cards than were counted')
    yield value
  }
}

async function* listed(rows: AsyncIterable<CardSheetRow>): AsyncGenerator<CardsRow> {
  for await (const { booked = null, bookedOn = null, brand = null, ...row } of rows) {
    // A price reckoned from the value would come back from an import as something new.
    yield { ...row, booked, bookedOn, brand, unitPrice: null, managingDepartment: null }
  }
}
