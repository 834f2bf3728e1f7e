import { type SQL, sql } from 'drizzle-orm'
import { type Static, Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { editSheet } from '../../imports/sheets/edits.ts'
import type { SheetRow } from '../../imports/sheets/sheet.ts'
import type { Worksheet } from '../../imports/writing/worksheet.ts'
import { unitsBelow } from '../access/reach.ts'
import { type UnitOn, unitsOn } from '../access/units.ts'
import { type Actor, mayEnter, scopeKey, type Track } from '../kernel/actor.ts'
import { openCursor } from '../kernel/cursor.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { keyset } from '../kernel/paging.ts'
import type { Wanted } from './bulk-form.ts'
import { CardFilter, matching, orderOf } from './list.ts'
import { searched } from './search.ts'

/** The cards of a list's filter, or those that were ticked in it. */
export const AskedCards = Type.Object({
  ...CardFilter.properties,
  code: Type.Optional(Type.Array(Type.String({ pattern: '^[0-9]{14}$' }), { maxItems: 200 })),
  ticked: Type.Optional(Type.Union([Type.Literal(''), Type.Literal('1')])),
})
export type AskedCards = Static<typeof AskedCards>

/** So many cards are edited at once. */
const most = 100_000

/** A unit and track whose batch reaches these cards: its own and those of all managed under it. */
export type Reach = { unit: UnitOn; track: Track; count: number }

/** How many of the cards the actor may edit, and under which unit and track. */
export async function reachesOf(
  tx: Tx,
  actor: Actor,
  asked: AskedCards,
  today: string,
  limit = most,
): Promise<{ count: number; reaches: Reach[] }> {
  if (asked.asOf && asked.asOf < today) throw new RuleBroken('以前某一天的台账不能修改，请回到今天的台账再批量修改。')
  if (asked.ticked && !asked.code?.length) throw new RuleBroken('请先在台账里勾选要修改的资产。')
  const condition = await askedFor(tx, entering(actor), asked)
  const owned = await tx.execute<{ unitId: string; track: Track; count: number }>(sql`
    select c.owner_unit_id::text as "unitId", c.track, count(*)::int as count
    from (select c.owner_unit_id, c.track from cards c where ${condition} limit ${limit + 1}) c group by 1, 2`)
  const count = owned.reduce((sum, group) => sum + group.count, 0)
  if (count > limit) {
    throw new RuleBroken(`一次最多修改 ${limit} 项，符合条件的不止这些，请按单位、类别等加上条件，分几次修改。`)
  }
  if (count === 0) throw new RuleBroken('没有您可以修改的资产，请回台账改一改条件，或勾选您经办的资产。')
  const units = await unitsOn(tx, today)
  const tracks = ['state', 'collective'] as const
  const reaches = tracks.flatMap((track) =>
    highest(
      units,
      owned.filter((group) => group.track === track),
      ({ id, state }) => state !== 'closed' && mayEnter(actor, id, track),
    ).map((reach) => ({ ...reach, track })),
  )
  return { count, reaches: reaches.sort((a, b) => b.count - a.count) }
}

/** The cards under one unit and track as a table of what they are to become, in the order of the list. */
export async function editedCards(
  tx: Tx,
  actor: Actor,
  asked: AskedCards,
  { unit, track }: Reach,
  { values }: Pick<Wanted, 'values'>,
  today: string,
): Promise<Worksheet> {
  const below = await unitsBelow(tx, unit.id, today)
  const own = new Set(entering(actor).keys)
  const keys = below.map(({ id }) => scopeKey(id, track)).filter((key) => own.has(key))
  const condition = await askedFor(tx, { ...actor, keys }, asked)
  const { orderBy } = keyset(orderOf(asked.sort), {})
  const rows = await openCursor(
    tx,
    'edited_cards',
    sql`select c.code, c.name from cards c where ${condition} order by ${orderBy}`,
    (row: { code: string; name: string }): SheetRow => ({ ...row, ...values }),
  )
  const fields = Object.keys(values) as (keyof typeof values)[]
  return { sheet: editSheet(fields), total: null, sections: [{ rows }] }
}

async function askedFor(tx: Tx, actor: Actor, { code, ticked: _ticked, ...filter }: AskedCards): Promise<SQL> {
  if (code) return sql`${matching(actor, {}, null)} and c.code = any(${`{${code.join(',')}}`}::text[])`
  return matching(actor, filter, await searched(tx, filter.q, null))
}

/** The actor with nothing in sight but what they keep. */
function entering(actor: Actor): Actor {
  const keeping = actor.grants.filter(({ role }) => role === 'keeper' || role === 'lead')
  return { ...actor, keys: [...new Set(keeping.flatMap(({ keys }) => [...keys]))] }
}

/** The units that reach most: those above the owners that the actor may choose, none of them under another. */
function highest(
  units: readonly UnitOn[],
  owned: readonly { unitId: string; count: number }[],
  mayChoose: (unit: UnitOn) => boolean,
): { unit: UnitOn; count: number }[] {
  const byId = new Map(units.map((unit) => [unit.id, unit]))
  const found = new Map<string, { unit: UnitOn; count: number }>()
  for (const { unitId, count } of owned) {
    const line: UnitOn[] = []
    for (let unit = byId.get(unitId); unit; unit = unit.parentId === null ? undefined : byId.get(unit.parentId)) {
      if (mayChoose(unit)) line.push(unit)
    }
    const top = line.at(-1)
    if (top) found.set(top.id, { unit: top, count: (found.get(top.id)?.count ?? 0) + count })
  }
  return [...found.values()]
}
