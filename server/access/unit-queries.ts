import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import type { Role, Track } from '../kernel/actor.ts'
import { containing } from '../kernel/filter.ts'
import { roleText, type UnitOn, unitKinds, unitsOn } from './units.ts'

export type UnitLine = UnitOn & { kindLabel: string; formerNames: string[] }
export type Place = { code: string; name: string; units: UnitLine[] }
export type Town = Place & { villages: Place[]; count: number }

/** The units of a day, township by township and village by village; the county's own come first. */
export async function unitTree(tx: Tx, day: string, search: string): Promise<{ towns: Town[]; count: number }> {
  const pattern = containing(search.trim())
  const found = await unitsOn(
    tx,
    day,
    search.trim() === ''
      ? sql`true`
      : sql`(u.code like ${pattern} or exists (
          select 1 from unit_periods n where n.unit_id = u.id and n.name like ${pattern}))`,
  )
  const names = await formerNames(tx, day)
  const towns = new Map<string, Town>()
  for (const unit of found) {
    const line = { ...unit, kindLabel: unitKinds[unit.kind], formerNames: names.get(unit.id) ?? [] }
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

async function formerNames(tx: Tx, day: string): Promise<Map<string, string[]>> {
  const rows = await tx.execute<{ id: string; names: string[] }>(sql`
    select o.unit_id as id, array_agg(distinct o.name) as names
    from unit_periods o
    join unit_periods p on p.unit_id = o.unit_id and p.valid_from <= ${day} and (p.valid_to is null or p.valid_to > ${day})
    where o.valid_from < p.valid_from and o.name <> p.name
    group by o.unit_id`)
  return new Map(rows.map(({ id, names }) => [String(id), names]))
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
}

/** The unit with its present row; a unit that opens later shows its first. */
export async function unitByCode(tx: Tx, code: string, day: string) {
  const [unit] = await tx.execute<UnitOn & { version: number }>(sql`
    select u.id, u.code, u.kind, u.state, u.regime, u.version, p.name, p.parent_id as "parentId",
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
  return tx.execute<UnitPeriod>(sql`
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
