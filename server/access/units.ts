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
  state: keyof typeof unitStates
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
    select u.id, u.code, u.kind, u.state, u.regime, p.name, p.parent_id as "parentId",
      p.division_code as "divisionCode", d.name as "divisionName", coalesce(t.name, '') as "townName",
      p.entity_id as "entityId"
    from units u
    join unit_periods p on p.unit_id = u.id and p.valid_from <= ${day} and (p.valid_to is null or p.valid_to > ${day})
    join divisions d on d.code = p.division_code
    left join divisions t on t.code = left(p.division_code, 9) || '000' and t.level = 4
    where ${condition}
    order by u.code`)
}

/** The unit that a code or a name means today; more than one when a name is not unique. */
export async function findUnits(tx: Tx, text: string, day: string): Promise<UnitOn[]> {
  const plain = text.normalize('NFKC').trim()
  // Pickers write `name (code)`; the code decides.
  const code = /\(([0-9A-Z]{12,20})\)$/.exec(plain)?.[1] ?? plain
  return unitsOn(tx, day, sql`(u.code = ${code} or p.name = ${plain})`)
}

/** `名称（编码）`, as pickers print a unit. */
export function unitText(unit: Pick<UnitOn, 'name' | 'code'>): string {
  return `${unit.name}（${unit.code}）`
}

/** `牵头（国有）`; without a track for administrators and for both. */
export function roleText(role: Role, track: Track | 'both'): string {
  return track === 'both' ? roles[role] : `${roles[role]}（${trackLabels[track]}）`
}
