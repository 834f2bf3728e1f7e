import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import type { Role, Track } from '../kernel/actor.ts'
import { containing } from '../kernel/filter.ts'
import { roleText, type UnitOn, unitKinds, unitsOn } from './units.ts'

export type FormerName = { name: string; lastDay: string }
export type UnitLine = UnitOn & {
  kindLabel: string
  formerNames: FormerName[]
  /** Its name of today, where that is another. */
  nowNamed: string | null
  successors: string[]
}
export type Place = { code: string; name: string; units: UnitLine[] }
export type Town = Place & { villages: Place[]; count: number }

/**
 * The units of a day, township by township and village by village; the county's own come first. Closed ones are found
 * by name or code and otherwise only counted.
 */
export async function unitTree(
  tx: Tx,
  day: string,
  search: string,
  today = day,
): Promise<{ towns: Town[]; count: number; closed: number }> {
  const pattern = containing(search.trim())
  const all = await unitsOn(
    tx,
    day,
    search.trim() === ''
      ? sql`true`
      : sql`(u.code like ${pattern} or exists (
          select 1 from unit_periods n where n.unit_id = u.id and n.name like ${pattern}))`,
  )
  const found = search.trim() === '' ? all.filter(({ state }) => state !== 'closed') : all
  const names = await formerNames(tx, day)
  const nowNamed = new Map(day === today ? [] : (await unitsOn(tx, today)).map(({ id, name }) => [id, name]))
  const heirs = await successorNames(tx, day)
  const towns = new Map<string, Town>()
  for (const unit of found) {
    const now = nowNamed.get(unit.id)
    const line = {
      ...unit,
      kindLabel: unitKinds[unit.kind],
      formerNames: names.get(unit.id) ?? [],
      nowNamed: now === undefined || now === unit.name ? null : now,
      successors: unit.state === 'active' ? [] : (heirs.get(unit.id) ?? []),
    }
    const townCode = `${unit.divisionCode.slice(0, 9)}000`
    const county = unit.divisionCode.endsWith('000000')
    const town = towns.get(townCode) ?? {
      code: townCode,
      name: county ? `${unit.divisionName}（县级）` : unit.townName || unit.divisionName,
      units: [],
      villages: [],
      count: 0,
    }
    towns.set(townCode, town)
    town.count++
    placeOf(town, unit).units.push(line)
  }
  for (const town of towns.values()) for (const place of [town, ...town.villages]) place.units.sort(byKind)
  return {
    towns: [...towns.values()].sort((left, right) => (left.code < right.code ? -1 : 1)),
    count: found.length,
    closed: all.length - found.length,
  }
}

/** Governments before their offices, committees before collectives. */
function byKind(left: UnitLine, right: UnitLine): number {
  return kindOrder.indexOf(left.kind) - kindOrder.indexOf(right.kind) || (left.code < right.code ? -1 : 1)
}

const kindOrder = Object.keys(unitKinds)

function placeOf(town: Town, unit: UnitOn): Place {
  if (unit.divisionCode === town.code) return town
  const known = town.villages.find(({ code }) => code === unit.divisionCode)
  if (known) return known
  const village = { code: unit.divisionCode, name: unit.divisionName, units: [] }
  town.villages.push(village)
  return village
}

async function formerNames(tx: Tx, day: string): Promise<Map<string, FormerName[]>> {
  const rows = await tx.execute<{ id: string; names: FormerName[] }>(sql`
    select id, jsonb_agg(jsonb_build_object('name', name, 'lastDay', last) order by last desc) as names from (
      select o.unit_id::text as id, o.name, (max(o.valid_to) - 1)::text as last
      from unit_periods o
      join unit_periods p on p.unit_id = o.unit_id and p.valid_from <= ${day} and (p.valid_to is null or p.valid_to > ${day})
      where o.valid_from < p.valid_from and o.name <> p.name
      group by o.unit_id, o.name) former
    group by id`)
  return new Map(rows.map(({ id, names }) => [id, names]))
}

async function successorNames(tx: Tx, day: string): Promise<Map<string, string[]>> {
  const rows = await tx.execute<{ id: string; names: string[] }>(sql`
    select s.predecessor_id::text as id, array_agg(p.name order by s.id) as names
    from unit_successions s
    join unit_periods p on p.unit_id = s.successor_id and p.valid_from <= ${day} and (p.valid_to is null or p.valid_to > ${day})
    group by s.predecessor_id`)
  return new Map(rows.map(({ id, names }) => [id, names]))
}

export type Kin = { code: string; name: string; since: string }

/** Whose duties a unit took over, and who took over its own. */
export async function kinOf(tx: Tx, unitId: string): Promise<{ predecessors: Kin[]; successors: Kin[] }> {
  const rows = await tx.execute<Kin & { before: boolean }>(sql`
    select o.code, s.since::text as since, s.successor_id = ${unitId} as before,
      (select p.name from unit_periods p where p.unit_id = o.id order by p.valid_from desc limit 1) as name
    from unit_successions s
    join units o on o.id = case when s.successor_id = ${unitId} then s.predecessor_id else s.successor_id end
    where ${unitId} in (s.predecessor_id, s.successor_id)
    order by s.since, s.id`)
  return { predecessors: rows.filter(({ before }) => before), successors: rows.filter(({ before }) => !before) }
}

export type UnitPeriod = {
  validFrom: string
  /** Null: it still holds. */
  lastDay: string | null
  name: string
  parentCode: string | null
  parentName: string | null
  divisionCode: string
  divisionName: string
  entityCode: string | null
  entityName: string | null
  /** What differs from the period before, in words; the first one says that the unit was opened. */
  change: string
}

/** The unit with its present row; a unit that opens later shows its first. */
export async function unitByCode(tx: Tx, code: string, day: string) {
  const [unit] = await tx.execute<UnitOn & { version: number }>(sql`
    select u.id, u.code, u.kind, u.state, u.dissolved_on as "dissolvedOn", u.closed_on as "closedOn", u.regime, u.version,
      p.name, p.parent_id as "parentId",
      p.division_code as "divisionCode", d.name as "divisionName", coalesce(t.name, '') as "townName",
      p.entity_id as "entityId"
    from units u
    join lateral (
      select * from unit_periods r where r.unit_id = u.id
      order by r.valid_from > ${day}, abs(r.valid_from - ${day}::date) limit 1
    ) p on true
    join divisions d on d.code = p.division_code
    left join divisions t on t.code = left(p.division_code, 9) || '000' and t.level = 4
    where u.code = ${code}`)
  return unit
}

/** Newest first. */
export async function periodsOf(tx: Tx, unitId: string): Promise<UnitPeriod[]> {
  const nameOf = (id: SQL) => sql`(select n.name from unit_periods n where n.unit_id = ${id}
    order by (n.valid_from <= p.valid_from) desc, n.valid_from desc limit 1)`
  const rows = await tx.execute<Omit<UnitPeriod, 'change'>>(sql`
    select p.valid_from as "validFrom", p.valid_to - 1 as "lastDay", p.name,
      p.division_code as "divisionCode", d.name as "divisionName",
      o.code as "parentCode", ${nameOf(sql`p.parent_id`)} as "parentName",
      e.code as "entityCode", ${nameOf(sql`p.entity_id`)} as "entityName"
    from unit_periods p
    join divisions d on d.code = p.division_code
    left join units o on o.id = p.parent_id
    left join units e on e.id = p.entity_id
    where p.unit_id = ${unitId}
    order by p.valid_from desc`)
  return rows.map((row, index) => ({ ...row, change: changeText(row, rows[index + 1]) }))
}

function changeText(row: Omit<UnitPeriod, 'change'>, before: Omit<UnitPeriod, 'change'> | undefined): string {
  if (!before) return '设立'
  const changes = [
    row.name !== before.name && '改名',
    row.parentCode !== before.parentCode && '改隶',
    row.divisionCode !== before.divisionCode && '属地变更',
    row.entityCode !== before.entityCode && '核算单位变更',
  ]
  return changes.filter(Boolean).join('、')
}

/** Who holds which role in a unit on a day; names only. */
export async function holdersOf(tx: Tx, unitId: string, day: string): Promise<{ role: string; names: string }[]> {
  const rows = await tx.execute<{ role: Role; track: Track | 'both'; names: string[] }>(sql`
    select m.role, m.track, array_agg(p.name order by p.name) as names
    from memberships m join people p on p.id = m.person_id and p.disabled_at is null
    where m.unit_id = ${unitId} and m.valid_from <= ${day} and (m.valid_to is null or m.valid_to >= ${day})
    group by m.role, m.track order by m.role, m.track`)
  return rows.map(({ role, track, names }) => ({ role: roleText(role, track), names: names.join('、') }))
}

export async function managedBy(tx: Tx, unitId: string, day: string) {
  return unitsOn(tx, day, sql`p.parent_id = ${unitId}`)
}

export type DivisionGroup = { label: string; items: { value: string; label: string }[] }

/** Divisions in force, grouped by township, for a select. */
export async function divisionGroups(tx: Tx, day: string): Promise<DivisionGroup[]> {
  const rows = await tx.execute<{ code: string; name: string; town: string | null }>(sql`
    select d.code, d.name, t.name as town from divisions d
    left join divisions t on t.code = left(d.code, 9) || '000' and t.level = 4
    where d.level between 3 and 5
      and (d.valid_from is null or d.valid_from <= ${day}) and (d.valid_to is null or d.valid_to > ${day})
    order by d.code`)
  const groups = new Map<string, DivisionGroup>()
  for (const { code, name, town } of rows) {
    const label = town ?? '县级'
    const group = groups.get(label) ?? { label, items: [] }
    groups.set(label, group)
    group.items.push({ value: code, label: name })
  }
  return [...groups.values()]
}
