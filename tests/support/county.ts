import type { Tx } from '../../db/client.ts'
import { divisions, people as peopleTable } from '../../db/schema/access.ts'
import { seedCalendar } from '../../db/seeds/calendar.ts'
import { hashPassword } from '../../server/access/passwords.ts'
import { addPerson, grantRole } from '../../server/access/people-actions.ts'
import { asSystem } from '../../server/access/system.ts'
import { openUnit } from '../../server/access/unit-actions.ts'
import type { UnitKind } from '../../server/access/units.ts'
import type { Role, Track } from '../../server/kernel/actor.ts'
import type { Clock } from '../../server/kernel/clock.ts'

/** One password for all named people of the tests; it meets the rules. */
export const password = 'Panhuo-2026-ceshi'

/** Hashing is slow on purpose; once is enough for everybody. */
const hashed = hashPassword(password)

const start = '2019-12-31'

const places = [
  ['510923000000', '大英县', 3],
  ['510923100000', '蓬莱镇', 4],
  ['510923101000', '隆盛镇', 4],
  ['510923100210', '古井村委会', 5],
  ['510923100215', '红林村委会', 5],
  ['510923101201', '石桥村委会', 5],
] as const

type UnitSketch = {
  kind: UnitKind
  name: string
  at: string
  under?: string
  regime?: 'government' | 'collective'
  entity?: string
}

const sketches: readonly UnitSketch[] = [
  { kind: 'county_department', name: '大英县财政局', at: '510923000000', regime: 'government' },
  { kind: 'county_department', name: '大英县农业农村局', at: '510923000000', regime: 'government' },
  { kind: 'county_department', name: '大英县公安局', at: '510923000000', regime: 'government' },
  { kind: 'county_department', name: '大英县自然资源和规划局', at: '510923000000', regime: 'government' },
  { kind: 'town_government', name: '蓬莱镇人民政府', at: '510923100000', regime: 'government' },
  { kind: 'town_office', name: '蓬莱镇财政办', at: '510923100000', under: '蓬莱镇人民政府', entity: '蓬莱镇人民政府' },
  {
    kind: 'public_institution',
    name: '蓬莱镇农业综合服务中心',
    at: '510923100000',
    under: '蓬莱镇人民政府',
    regime: 'government',
  },
  { kind: 'town_office', name: '蓬莱镇纪委', at: '510923100000', under: '蓬莱镇人民政府', entity: '蓬莱镇人民政府' },
  { kind: 'stationed', name: '蓬莱镇派出所', at: '510923100000', under: '大英县公安局', entity: '大英县公安局' },
  {
    kind: 'stationed',
    name: '蓬莱镇自然资源和规划所',
    at: '510923100000',
    under: '大英县自然资源和规划局',
    entity: '大英县自然资源和规划局',
  },
  { kind: 'village_committee', name: '古井村村民委员会', at: '510923100210', under: '蓬莱镇人民政府' },
  {
    kind: 'village_collective',
    name: '古井村股份经济合作联合社',
    at: '510923100210',
    under: '蓬莱镇人民政府',
    regime: 'collective',
  },
  {
    kind: 'village_collective',
    name: '红林村股份经济合作联合社',
    at: '510923100215',
    under: '蓬莱镇人民政府',
    regime: 'collective',
  },
  { kind: 'town_government', name: '隆盛镇人民政府', at: '510923101000', regime: 'government' },
  { kind: 'town_office', name: '隆盛镇财政办', at: '510923101000', under: '隆盛镇人民政府', entity: '隆盛镇人民政府' },
  {
    kind: 'village_collective',
    name: '石桥村股份经济合作联合社',
    at: '510923101201',
    under: '隆盛镇人民政府',
    regime: 'collective',
  },
]

/** Named people, used in every test that needs someone: account, name, unit, role, track. */
export const cast = [
  ['zhang', '张会计', '古井村股份经济合作联合社', 'keeper', 'both'],
  ['hong', '洪会计', '红林村股份经济合作联合社', 'keeper', 'both'],
  ['shi', '石会计', '石桥村股份经济合作联合社', 'keeper', 'both'],
  ['zhen', '甄干事', '蓬莱镇人民政府', 'keeper', 'both'],
  ['cai', '蔡主任', '蓬莱镇财政办', 'lead', 'state'],
  ['nong', '侬主任', '蓬莱镇农业综合服务中心', 'lead', 'collective'],
  ['long', '龙主任', '隆盛镇财政办', 'lead', 'state'],
  ['ju', '居科长', '大英县财政局', 'approver', 'state'],
  ['tian', '田科长', '大英县农业农村局', 'approver', 'collective'],
  ['deng', '邓所长', '蓬莱镇自然资源和规划所', 'registrar', 'both'],
  ['ji', '纪书记', '蓬莱镇纪委', 'inspector', 'both'],
  ['zhen-ling', '凌镇长', '蓬莱镇人民政府', 'leader', 'both'],
  ['xi', '席工', '大英县财政局', 'system_administrator', 'both'],
  ['an', '安工', '大英县财政局', 'security_administrator', 'both'],
  ['shen', '沈工', '大英县财政局', 'audit_administrator', 'both'],
] as const satisfies readonly (readonly [string, string, string, Role, Track | 'both'])[]

export type Account = (typeof cast)[number][0]
export type Fixture = { units: Record<string, string>; codes: Record<string, string>; people: Record<string, string> }

/** A small county: two towns, three villages, the offices that lead and decide, one person per role. */
export async function settle(tx: Tx, clock: Clock): Promise<Fixture> {
  const acting = asSystem(clock)
  await tx.insert(divisions).values(
    places.map(([code, name, level]) => ({
      code,
      name,
      level,
      parentCode: level === 3 ? null : level === 4 ? '510923000000' : `${code.slice(0, 9)}000`,
    })),
  )
  await seedCalendar(tx)
  const units: Record<string, string> = {}
  const codes: Record<string, string> = {}
  for (const { kind, name, at, under, regime, entity } of sketches) {
    const unit = await openUnit(tx, acting, {
      kind,
      name,
      divisionCode: at,
      validFrom: start,
      parentId: under ? (units[under] ?? null) : null,
      ...(regime ? { regime } : {}),
      ...(entity ? { entityId: units[entity] ?? null } : {}),
    })
    units[name] = unit.id
    codes[name] = unit.code
  }
  const people: Record<string, string> = {}
  for (const [account, name, unit, role, track] of cast) {
    const personId = await addPerson(tx, acting, { account, name, password: null, mustChange: false })
    await grantRole(tx, acting, { personId, unitId: units[unit] ?? '', role, track, validFrom: start })
    people[account] = personId
  }
  await tx.update(peopleTable).set({ passwordHash: await hashed })
  return { units, codes, people }
}
