import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import {
  landClasses,
  landClassOf,
  resourcesSheet,
  resourcesSummarySheet,
  unknownLand,
} from '../../../imports/sheets/resources.ts'
import type { SheetRow } from '../../../imports/sheets/sheet.ts'
import type { Reckoning } from '../../../imports/writing/reckonings.ts'
import type { Section, Worksheet } from '../../../imports/writing/worksheet.ts'
import { inForce } from '../../assets/as-of.ts'
import { knownSum } from '../../kernel/money.ts'
import type { Extent } from './extent.ts'
import { apart, next, ofPart, type printed } from './printing.ts'
import { asFound, lineGroups, openLines } from './queries.ts'

const where = sql`(l.card_type = 'resource' or l.nature is not distinct from 'resource')`
const [listTab, classTab] = ['登记表', '登记总表']

const more = {
  landUse: sql`c.details ->> 'landUse'`,
  ...Object.fromEntries(
    ['boundaryEast', 'boundarySouth', 'boundaryWest', 'boundaryNorth', 'operation'].map((key) => [
      key,
      sql`c.details ->> ${key}`,
    ]),
  ),
  lessee: asFound('lessee', sql`c.lessee`),
  leaseTerm: asFound('leaseTerm', sql`c.lease_term`),
  annualRent: asFound('annualRent', sql`c.annual_rent::text`),
  area: sql`l.land_area::text`,
  countedArea: sql`(${countedArea()})::text`,
}

/** The card as it was on the base day, for what the line does not keep. */
export function cardThen(baseOn: string): SQL {
  return sql`left join card_history c on c.card_id = l.card_id and ${inForce(baseOn)}`
}

/** 资源性资产清查登记表 and what it comes to by the classes of GB/T 21010. */
export async function resourceWorksheets(
  tx: Tx,
  extent: Extent,
  head: ReturnType<typeof printed>,
): Promise<Worksheet[]> {
  return [
    {
      sheet: resourcesSheet,
      name: listTab,
      ...head,
      sections: await sections(tx, extent, false),
      ...(extent.mixed ? { apart: apart(await sections(tx, extent, true)) } : {}),
      notes: [...head.notes, '注：地类、四至和承包情况按清查基准日的资产卡片；盘盈的由单位在备注中说明。'],
    },
    {
      sheet: resourcesSummarySheet,
      name: classTab,
      ...head,
      sections: await classSections(tx, extent),
      notes: [...head.notes, '注：指标按卡片的地类(用途)归类，没有填地类的按资产名称；归不了类的单列。'],
    },
  ]
}

export const resourceChecks: readonly Reckoning[] = (['lines', 'area', 'countedArea'] as const).map((column) => ({
  name: `资源性资产：${{ lines: '宗数', area: '账面面积', countedArea: '清查面积' }[column]}`,
  words: '登记表合计 = 登记总表合计',
  left: [{ sheet: listTab, mark: 'total', column }],
  right: [{ sheet: classTab, mark: 'total', column }],
}))

async function sections(tx: Tx, extent: Extent, stationed: boolean): Promise<Section[]> {
  const cursor = stationed ? 'stationed_resources' : 'resource_lines'
  const listing = { cursor, which: ofPart(extent, stationed), where, join: cardThen(extent.baseOn), more }
  const groups = await lineGroups(tx, listing)
  const rows = printing(await openLines<keyof typeof more>(tx, listing, sql`t.unit_code, l.no`))
  const units = [...new Set(groups.map(({ unitName }) => unitName))]
  return units.map((unit) => {
    const lines = groups.filter(({ unitName }) => unitName === unit).reduce((sum, group) => sum + group.lines, 0)
    return { rows: next(rows, lines), subtotal: `${unit}小计` }
  })
}

async function* printing(rows: AsyncIterable<Row>): AsyncGenerator<SheetRow> {
  for await (const row of rows) {
    yield { ...row, unit: row.unitName, lines: '1', landClass: landClassOf(row.landUse ?? null, row.name) }
  }
}
type Row = SheetRow & { unitName: string; name: string }

async function classSections(tx: Tx, extent: Extent): Promise<Section[]> {
  const sums = await tx.execute<{
    landUse: string | null
    name: string
    lines: string
    area: string | null
    countedArea: string | null
  }>(sql`
    select ${more.landUse} as "landUse", l.name, count(*)::text as lines, sum(l.land_area)::text as area,
      sum(${countedArea()})::text as "countedArea"
    from counts t join count_lines l on l.count_id = t.id ${cardThen(extent.baseOn)}
    where ${ofPart(extent, false)} and ${where} group by 1, 2`)
  const rowOf = (group: string, label: string) => {
    const own = sums.filter(({ landUse, name }) => landClassOf(landUse, name) === label)
    const known = (key: 'lines' | 'area' | 'countedArea') => knownSum(own.map((sum) => sum[key]))
    return { group, label, lines: known('lines'), area: known('area'), countedArea: known('countedArea') }
  }
  const groups = [...new Set(landClasses.map(({ group }) => group))]
  const unsorted = rowOf('', unknownLand)
  return [
    ...groups.map((group) => ({
      rows: landClasses.filter((one) => one.group === group).map(({ label }) => rowOf(group, label)),
      subtotal: `${group}小计`,
    })),
    ...(unsorted.lines === null ? [] : [{ rows: [unsorted] }]),
  ]
}

/** The land that is there; of what is missing there is none. */
function countedArea(): SQL {
  return sql`case when l.counted_quantity > 0 then ${asFound('landArea', sql`l.land_area::text`)}::numeric end`
}
