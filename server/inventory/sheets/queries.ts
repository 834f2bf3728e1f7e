import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { list, names, namesOf } from '../../../db/sql.ts'
import { type CountFigureKey, countFigureKeys } from '../../../imports/sheets/count-summary.ts'
import { typeOrder } from '../../assets/as-of.ts'
import { openCursor } from '../../kernel/cursor.ts'
import { lineFigures, lineGaps } from './line-figures.ts'

/** What the lines of one unit and one type come to; null: of all units, of all types. A sum of unknowns is unknown. */
export type CountFigure = Record<CountFigureKey, string | null> & {
  /** Stationed units are in no sum of a township. */
  stationed: boolean
  unit: string | null
  unitName: string | null
  cardType: string | null
  lines: string
  uncountedLines: string
  bookGap: string
  countedGap: string
}

/** Figures of counts by unit and card type, with the sums over types, over units and over both; `which` speaks of the counts as t. */
export async function countFigures(tx: Tx, which: SQL): Promise<CountFigure[]> {
  const each = [...Object.entries(lineFigures), ...Object.entries(lineGaps)].map(([key, value]) => as(value, key))
  const sums = countFigureKeys.map((key) => as(sql`(sum(${namesOf(sql`x`, [key])}))::text`, key))
  return tx.execute<CountFigure>(sql`
    with x as (
      select t.unit_kind = 'stationed' as stationed, t.unit_code as unit, t.unit_name as "unitName",
        l.card_type as "cardType", l.counted_quantity is null as waiting, ${list(each)}
      from counts t join count_lines l on l.count_id = t.id where ${which})
    select x.stationed, x.unit, x."unitName", x."cardType", count(*)::text as lines,
      (count(*) filter (where x.waiting))::text as "uncountedLines",
      sum(x."bookGap")::text as "bookGap", sum(x."countedGap")::text as "countedGap", ${list(sums)}
    from x
    group by x.stationed, grouping sets ((x.unit, x."unitName", x."cardType"), (x.unit, x."unitName"), (x."cardType"), ())
    having count(*) > 0
    order by x.stationed, x.unit nulls first, ${typeOrder(sql`x."cardType"`)} nulls first`)
}

const texts = {
  unit: sql`t.unit_code`,
  unitName: sql`t.unit_name`,
  no: sql`l.no::text`,
  origin: sql`l.origin`,
  cardType: sql`l.card_type`,
  code: sql`l.code`,
  name: sql`l.name`,
  classCode: sql`l.class_code`,
  specification: asFound('specification', sql`l.specification`),
  structure: asFound('structure', sql`l.structure`),
  unitOfMeasure: asFound('unitOfMeasure', sql`l.unit_of_measure`),
  acquiredOn: sql`left(l.acquired_on::text, case l.acquired_precision when 'year' then 4 when 'month' then 7 else 10 end)`,
  division: sql`l.division_code`,
  location: asFound('location', sql`l.location`),
  bookLocation: sql`l.location`,
  source: sql`l.source`,
  usage: asFound('usage', sql`l.usage`),
  keeper: asFound('keeper', sql`l.keeper`),
  certificate: asFound('certificate', sql`l.certificate`),
  landArea: asFound('landArea', sql`l.land_area::text`),
  floorArea: asFound('floorArea', sql`l.floor_area::text`),
  missingReason: sql`l.missing_reason`,
  scrapReason: sql`l.scrap_reason`,
  undeterminedReason: sql`l.undetermined_reason`,
  foundOn: sql`l.found_on::text`,
  valueBasis: sql`l.value_basis`,
  valueNote: sql`l.value_note`,
  remark: sql`l.remark`,
  countedName: sql`l.counted_name`,
} as const

/** A line as sheets print it, with its figures. */
export type LineRow = Record<CountFigureKey | Exclude<keyof typeof texts, Always>, string | null> &
  Record<Always, string>
type Always = 'unit' | 'unitName' | 'no' | 'origin' | 'cardType' | 'name'

/** Which lines a sheet lists; they are l, their counts t. */
export type Listing = {
  /** One of our own words, once per transaction. */
  cursor: string
  which: SQL
  where?: SQL
  /** Further columns by key, all of them texts. */
  more?: Readonly<Record<string, SQL>>
  join?: SQL
}

/** Lines unit by unit and type by type, or in an order of their own, read as they are written out. */
export async function openLines<More extends string = never>(
  tx: Tx,
  { cursor, which, where = sql`true`, more = {}, join = sql`` }: Listing,
  orderBy = sql`t.unit_code, ${typeOrder(sql`l.card_type`)}, l.no`,
): Promise<AsyncIterable<LineRow & Record<More, string | null>>> {
  const figures = Object.entries(lineFigures).map(([key, value]) => as(sql`(${value})::text`, key))
  const words = [...Object.entries(texts), ...Object.entries(more)].map(([key, value]) => as(value, key))
  const query = sql`select ${list([...words, ...figures])} ${fromLines} ${join} where ${which} and ${where} order by ${orderBy}`
  return openCursor(tx, cursor, query, (row: LineRow & Record<More, string | null>) => row)
}

export type LineGroup = { unit: string; unitName: string; stationed: boolean; cardType: string; lines: number }

/** How many lines a listing has, by unit and type, in its order. */
export async function lineGroups(tx: Tx, { which, where = sql`true` }: Listing): Promise<LineGroup[]> {
  return tx.execute<LineGroup>(sql`
    select t.unit_code as unit, t.unit_name as "unitName", t.unit_kind = 'stationed' as stationed,
      l.card_type as "cardType", count(*)::int as lines
    ${fromLines} where ${which} and ${where}
    group by 1, 2, 3, 4 order by 1, ${typeOrder(sql`l.card_type`)}`)
}

/** The sums of a listing. */
export async function lineSums(tx: Tx, { which, where = sql`true` }: Listing) {
  const sums = Object.entries(lineFigures).map(([key, value]) => as(sql`sum(${value})::text`, key))
  const [row] = await tx.execute<Record<CountFigureKey, string | null> & { lines: number }>(sql`
    select count(*)::int as lines, ${list(sums)} ${fromLines} where ${which} and ${where}`)
  if (!row) throw new Error('an aggregate without a row')
  return row
}

/** What the lines come to by type, class and usage at one end: the book side, or what was counted. */
export type CountedStock = {
  closing: boolean
  cardType: string
  classCode: string | null
  usage: string | null
  resource: boolean
  count: string
  quantity: string | null
  cost: string | null
  depreciation: string | null
  netValue: string | null
  withoutCost: string
}

/** Both ends of a stock table; of a line that is in part to be scrapped the rest stands as it is used. */
export async function countedStock(tx: Tx, which: SQL): Promise<CountedStock[]> {
  const { bookQuantity, bookCost, bookDepreciation, bookNet, scrapCost, scrapDepreciation, scrapNet } = lineFigures
  const { countedCost, countedDepreciation, countedNet } = lineFigures
  const of = sql`l.card_type, left(l.class_code, 12) as class_code,
    (l.card_type = 'resource' or l.nature is not distinct from 'resource') as resource`
  const rest = sql`l.counted_quantity - l.scrap_quantity`
  return tx.execute<CountedStock>(sql`
    with x as (
      select false as closing, ${of}, l.usage, 1 as items, ${bookQuantity} as quantity, ${bookCost} as cost,
        ${bookDepreciation} as depreciation, ${bookNet} as net
      ${fromLines} where ${which} and l.origin = 'booked'
      union all
      select true, ${of}, ${asFound('usage', sql`l.usage`)}, 1, ${rest}, ${countedCost} - coalesce(${scrapCost}, 0),
        ${countedDepreciation} - coalesce(${scrapDepreciation}, 0), ${countedNet} - coalesce(${scrapNet}, 0)
      ${fromLines} where ${which} and ${rest} > 0
      union all
      select true, ${of}, 'awaiting_disposal', case when ${rest} > 0 then 0 else 1 end, l.scrap_quantity, ${scrapCost},
        ${scrapDepreciation}, ${scrapNet}
      ${fromLines} where ${which} and l.scrap_quantity > 0)
    select closing, card_type as "cardType", class_code as "classCode", usage, resource, sum(items)::text as count,
      sum(quantity)::text as quantity, sum(cost)::text as cost, sum(depreciation)::text as depreciation,
      sum(net)::text as "netValue", (count(*) filter (where cost is null))::text as "withoutCost"
    from x group by 1, 2, 3, 4, 5`)
}

const fromLines = sql`from counts t join count_lines l on l.count_id = t.id`

/** How a field of a card stands after the count: as found where that was told. */
export function asFound(key: string, booked: SQL): SQL {
  return sql`(case when l.changes ? ${key} then l.changes -> ${key} ->> 'new' else ${booked} end)`
}

function as(value: SQL, key: string): SQL {
  return sql`${value} as ${names([key])}`
}
