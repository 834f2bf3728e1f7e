import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { list, names, namesOf } from '../../db/sql.ts'
import type { UnitKind } from '../access/units.ts'
import { type Cut, recordedAfter, statesOn, sumsInPart, typeOrder, unitsNear } from '../assets/as-of.ts'
import type { Actor } from '../kernel/actor.ts'

/** What the cards of one unit and one type come to; null: of all units, of all types. A sum of unknowns is unknown. */
export type Figure = {
  /** Stationed units 派驻机构 are printed apart: their departments report them. */
  stationed: boolean
  unit: string | null
  cardType: string | null
  count: string
  landArea: string | null
  floorArea: string | null
  idleArea: string | null
  cost: string | null
  depreciation: string | null
  netValue: string | null
  annualRent: string | null
  /** Of these, what was recorded only after the day of the figures. */
  laterCount: string
  laterCost: string | null
}

const measures = {
  landArea: 'land_area',
  floorArea: 'floor_area',
  idleArea: 'idle_area',
  cost: 'cost',
  depreciation: 'depreciation',
  netValue: 'net_value',
  annualRent: 'annual_rent',
} as const

/**
 * Figures by unit and type with the sums over types, over units and over both, in the order of the units' codes. Who says
 * which day is today gets those of today from the sums that are kept beside the cards.
 */
export async function figuresOf(tx: Tx, actor: Actor, cut: Cut, today?: string): Promise<Figure[]> {
  const { source, counted, added, later } = cut.day === today ? sumsAdded(actor, cut) : statesAdded(actor, cut)
  return tx.execute<Figure>(sql`
    with figures as (
      select u.kind = 'stationed' as stationed, c.owner_unit_id, c.card_type,
        grouping(c.owner_unit_id) as over_units, grouping(c.card_type) as over_types, ${counted}::text as count,
        ${list(Object.entries(measures).map(([key, column]) => sql`(${added(column)})::text as ${names([key])}`))}, ${later}
      from units u join (${source}) c on c.owner_unit_id = u.id
      group by 1, grouping sets ((c.owner_unit_id, c.card_type), (c.owner_unit_id), (c.card_type), ())
      having ${counted} > 0
    )
    select f.stationed, f.owner_unit_id::text as unit, f.card_type as "cardType", f.count,
      ${namesOf(sql`f`, [...Object.keys(measures), 'laterCount', 'laterCost'])}
    from figures f left join units u on u.id = f.owner_unit_id
    order by f.stationed, f.over_units desc, u.code, f.over_types desc,
      ${typeOrder(sql`f.card_type`)}`)
}

function statesAdded(actor: Actor, cut: Cut) {
  return {
    source: sql`select * from ${statesOn(actor, cut)}`,
    counted: sql`count(*)`,
    added: (column: string) => sql`sum(${namesOf(sql`c`, [column])})`,
    later: sql`count(*) filter (where ${recordedAfter(cut.day)})::text as "laterCount",
      (sum(c.cost) filter (where ${recordedAfter(cut.day)}))::text as "laterCost"`,
  }
}

function sumsAdded(actor: Actor, cut: Cut) {
  return {
    source: sql`select * from card_sums c where ${sumsInPart(actor, cut)}`,
    counted: sql`sum(c.count)`,
    added: (column: string) =>
      sql`case when sum(${namesOf(sql`c`, [`${column}_known`])}) > 0 then sum(${namesOf(sql`c`, [column])}) end`,
    later: sql`'0' as "laterCount", null as "laterCost"`,
  }
}

/** A unit with everything managed under it; with a town government everything that lies in its township. */
export async function unitsUnder(tx: Tx, unitId: string, day: string): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    with recursive known as (${unitsNear(day)}),
    under as (
      select unit_id from known where unit_id = ${unitId}
      union
      select k.unit_id from under u join known k on k.parent_id = u.unit_id
    )
    select unit_id::text as id from under
    union
    select k.unit_id::text from known k join known own on left(k.division_code, 9) = left(own.division_code, 9)
    where own.unit_id = ${unitId} and own.kind = 'town_government'
      and k.kind not in ('county_department', 'state_company')`)
  return rows.map(({ id }) => id)
}

export type StatisticsUnit = { id: string; code: string; kind: UnitKind; name: string }

/** The units to choose from: those with cards in the cut, and the governments of their towns. */
export async function statisticsUnits(tx: Tx, actor: Actor, cut: Cut): Promise<StatisticsUnit[]> {
  return tx.execute<StatisticsUnit>(sql`
    with known as (${unitsNear(cut.day)}),
    owners as (select distinct k.* from known k where k.unit_id in (select c.owner_unit_id from ${statesOn(actor, cut)}))
    select k.unit_id::text as id, k.code, k.kind, k.name from known k
    where k.unit_id in (select unit_id from owners)
      or (k.kind = 'town_government' and left(k.division_code, 9) in (select left(division_code, 9) from owners))
    order by k.code`)
}

export async function statisticsUnit(tx: Tx, code: string, day: string): Promise<StatisticsUnit | undefined> {
  const [unit] = await tx.execute<StatisticsUnit>(sql`
    select k.unit_id::text as id, k.code, k.kind, k.name from (${unitsNear(day)}) k where k.code = ${code}`)
  return unit
}
