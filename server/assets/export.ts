import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { cardTypes } from '../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { type RegisterColumn, registerSheet } from '../../imports/sheets/register.ts'
import type { Sheet } from '../../imports/sheets/sheet.ts'
import { sheetFieldsOf } from '../../imports/sheets/type-fields.ts'
import { printDate } from '../../imports/writing/cells.ts'
import { writeTemplate } from '../../imports/writing/template.ts'
import type { Worksheet } from '../../imports/writing/worksheet.ts'
import { writeSheet } from '../../imports/writing/write.ts'
import { unitsOn } from '../access/units.ts'
import { type Actor, businessRoles } from '../kernel/actor.ts'
import { freeze } from '../kernel/cursor.ts'
import { exportRate, sendWorkbook } from '../kernel/download.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { plus } from '../kernel/money.ts'
import { keyset } from '../kernel/paging.ts'
import { dayProblems } from '../kernel/past-day.ts'
import { type Cut, statesOn } from './as-of.ts'
import { AskedColumns, chosenColumns } from './columns.ts'
import { conditionsOf } from './conditions.ts'
import { CardFilter, fromCards, matching, orderOf, pastDay } from './list.ts'
import { searched } from './search.ts'
import { openCardRows, sheetNames } from './sheet-rows.ts'
import { type CardTotals, totalCards } from './totals.ts'

const config = { access: { roles: businessRoles }, rateLimit: exportRate }
const AskedRegister = Type.Object({ ...CardFilter.properties, columns: AskedColumns })
type AskedRegister = Static<typeof AskedRegister>
const AskedTemplate = Type.Object({ type: CardFilter.properties.type })

/** 资产台账 as a workbook: what the list shows with the same filter, over all its pages; and the blank form of it. */
export async function assetsExport(app: FastifyInstance): Promise<void> {
  app.get<{ Querystring: AskedRegister }>(
    '/assets.xlsx',
    { schema: { querystring: AskedRegister }, config },
    async (request, reply) =>
      sendWorkbook(request, reply, async (tx) => {
        const today = app.clock.today()
        const { columns, ...filter } = request.query
        const problems = dayProblems(filter.asOf, today, 'asOf', '时点')
        if (problems.length > 0) throw new RuleBroken(problems)
        const chosen = chosenColumns(columns, filter.type || null)
        const worksheet = await filteredRegister(tx, request.actor, filter, today, chosen)
        const day = filter.asOf || today
        return { fileName: `资产台账_${day}.xlsx`, write: (out) => writeSheet(worksheet, out) }
      }),
  )

  app.get<{ Querystring: Static<typeof AskedTemplate> }>(
    '/assets/template.xlsx',
    { schema: { querystring: AskedTemplate }, config },
    async (request, reply) =>
      sendWorkbook(request, reply, async () => {
        const { type } = request.query
        const of = type ? `_${choiceLabel(cardTypes, type)}` : ''
        const sheet = registerSheet(undefined, type || null)
        return { fileName: `资产台账空白表${of}.xlsx`, write: (out) => writeTemplate(sheet, out) }
      }),
  )
}

/** The register with a list's filter, in the list's order, as of the list's day. */
export async function filteredRegister(
  tx: Tx,
  actor: Actor,
  filter: CardFilter,
  today: string,
  columns?: readonly RegisterColumn[],
): Promise<Worksheet> {
  await freeze(tx)
  const past = pastDay(filter, today)
  const day = past ?? today
  const names = await sheetNames(tx, day)
  const [unit] = filter.unit ? await unitsOn(tx, day, sql`u.code = ${filter.unit}`) : []
  const notes = past ? laterNotes(past, await totalCards(tx, actor, filter, today)) : []
  const found = await searched(tx, filter.q, past)
  const { orderBy } = keyset(orderOf(filter.sort), {})
  const rows = await openCardRows(
    tx,
    'register_rows',
    sql`${fromCards(today, past)} where ${matching(actor, filter, found)} order by ${orderBy}`,
    names,
    sheetFieldsOf(filter.type).map(({ key }) => key),
  )
  const owner = unit?.name ?? actor.unitName
  const town = filter.town ? `乡镇：${names.town(filter.town) ?? filter.town}` : ''
  const printed = {
    owner,
    preparer: actor.name,
    day,
    conditions: [...conditionsOf(filter), town],
    sheet: registerSheet(columns, filter.type || null),
  }
  return { ...register(rows, printed), notes }
}

/** The register of some units as it was on a day, in the order of its codes. */
export async function registerOf(tx: Tx, actor: Actor, cut: Cut, owner: string): Promise<Worksheet> {
  const rows = await openCardRows(
    tx,
    'register_rows',
    sql`from ${statesOn(actor, cut)} order by c.code`,
    await sheetNames(tx, cut.day),
  )
  const printed = { owner, preparer: actor.name, day: cut.day, conditions: conditionsOf(cut) }
  return register(rows, { ...printed, sheet: registerSheet() })
}

/** A sheet of a past day says what nobody could have printed on that day. */
function laterNotes(day: string, { later_count, later_cost, later_net }: CardTotals): string[] {
  if (later_count === '0') return []
  return [
    `注：其中 ${later_count} 项在${printDate(day)}之后补记，原值 ${plus(later_cost)} 元、净值 ${plus(later_net)} 元。`,
  ]
}

type Printed = {
  owner: string
  preparer: string
  day: string
  conditions: readonly string[]
  sheet: Sheet
}

function register(
  rows: Worksheet['sections'][number]['rows'],
  { sheet, owner, preparer, day, conditions }: Printed,
): Worksheet {
  return {
    sheet,
    name: '资产台账',
    meta: [`单位：${owner}`, `时点：${printDate(day)}`, ...conditions].filter((text) => !text.endsWith('：') && text),
    sections: [{ rows }],
    signatures: { unit: owner, preparer, date: printDate(day) },
  }
}
