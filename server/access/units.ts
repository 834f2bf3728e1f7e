import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { type Role, roles, type Track, trackLabels } from '../kernel/actor.ts'

export const unitKinds = {
  county_department: '县级部门',
  town_government: '镇政府',
  town_office: '内设机构',
  public_institution: '事业单位',
  general_branch: '总支/办事处',
  stationed: '派驻机构',
  school: '学校',
  clinic: '卫生院',
  village_committee: '村（居）委会',
  group_collective: '组级集体经济组织',
  village_collective: '村级集体经济组织',
  town_collective: '镇级集体经济组织',
  state_company: '国企',
} as const
export type UnitKind = keyof typeof unitKinds

/** The letter of a kind in a unit's code: division 12 + letter + two digits. */
export const kindLetters: Record<UnitKind, string> = {
  county_department: 'B',
  town_government: 'Z',
  town_office: 'N',
  public_institution: 'S',
  general_branch: 'D',
  stationed: 'P',
  school: 'X',
  clinic: 'W',
  village_committee: 'C',
  group_collective: 'U',
  village_collective: 'J',
  town_collective: 'T',
  state_company: 'Q',
}

export const unitStates = { active: '正常', winding_up: '清算中', closed: '已撤销' } as const

/** A unit as its dated row of one day has it. */
export type UnitOn = {
  id: string
  code: string
  kind: UnitKind
  /** On that day. */
  state: keyof typeof unitStates
  dissolvedOn: string | null
  closedOn: string | null
  regime: 'government' | 'collective' | 'none'
  name: string
  parentId: string | null
  divisionCode: string
  divisionName: string
  /** Name of the township the division lies in, blank for the county itself. */
  townName: string
  entityId: string | null
}

/** Every unit as of a day, in the order of their codes. */
export async function unitsOn(tx: Tx, day: string, condition: SQL = sql`true`): Promise<UnitOn[]> {
  return tx.execute<UnitOn>(sql`
    select u.id, u.code, u.kind, ${stateOn(day)} as state, u.dissolved_on as "dissolvedOn", u.closed_on as "closedOn",
      u.regime, p.name, p.parent_id as "parentId",
      p.division_code as "divisionCode", d.name as "divisionName", coalesce(t.name, '') as "townName",
      p.entity_id as "entityId"
    from units u
    join unit_periods p on p.unit_id = u.id and p.valid_from <= ${day} and (p.valid_to is null or p.valid_to > ${day})
    join divisions d on d.code = p.division_code
    left join divisions t on t.code = left(p.division_code, 9) || '000' and t.level = 4
    where ${condition}
    order by u.code`)
}

/** What a unit under the alias u was on a day: it is wound up from the day it is dissolved, closed from the day it is closed. */
export function stateOn(day: string): SQL {
  return sql`case when u.closed_on <= ${day} then 'closed' when u.dissolved_on <= ${day} then 'winding_up' else 'active' end`
}

/** With the former name that was typed, where it was found by that. */
export type FoundUnit = UnitOn & { formerly: string | null }

/**
 * The unit that a code or a name means on a day; more than one when a name is not unique. A name in use goes before a
 * former one, and a living unit before a closed one of the same name.
 */
export async function findUnits(tx: Tx, text: string, day: string): Promise<FoundUnit[]> {
  const plain = text.normalize('NFKC').trim()
  // Pickers write `name (code)`; the code decides.
  const code = /\(([0-9A-Z]{12,20})\)$/.exec(plain)?.[1] ?? plain
  const named = await unitsOn(tx, day, sql`(u.code = ${code} or p.name = ${plain})`)
  const present = named.map((unit) => ({ ...unit, formerly: null }))
  if (present.some(isLiving)) return present.filter(isLiving)
  const renamed = await unitsOn(
    tx,
    day,
    sql`p.name <> ${plain} and exists (
      select 1 from unit_periods n where n.unit_id = u.id and n.name = ${plain} and n.valid_from < p.valid_from)`,
  )
  const former = renamed.map((unit) => ({ ...unit, formerly: plain }))
  const living = former.filter(isLiving)
  return present.length === 0 && living.length === 0 ? former : [...present, ...living]
}

/** Tells that a former name was taken for the present one; blank when the present name was written. */
export function formerNote({ formerly, name }: FoundUnit): string {
  return formerly === null ? '' : `“${formerly}”是${name}的原名，已按现名登记。`
}

function isLiving({ state }: Pick<UnitOn, 'state'>): boolean {
  return state !== 'closed'
}

/** `名称（编码）`, as pickers print a unit. */
export function unitText(unit: Pick<UnitOn, 'name' | 'code'>): string {
  return `${unit.name}（${unit.code}）`
}

/** `牵头（国有）`; without a track for administrators and for both. */
export function roleText(role: Role, track: Track | 'both'): string {
  return track === 'both' ? roles[role] : `${roles[role]}（${trackLabels[track]}）`
}
