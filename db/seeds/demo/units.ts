import { openUnit, renameUnit } from '../../../server/access/unit-actions.ts'
import type { UnitKind } from '../../../server/access/units.ts'
import type { Acting } from '../../../server/kernel/events.ts'
import type { Tx } from '../../client.ts'
import { type Division, divisionsOf } from '../base.ts'

export type DemoUnit = {
  id: string
  code: string
  kind: UnitKind
  name: string
  divisionCode: string
  /** Name of the village or town it lies in, without 村委会 or 社区居委会. */
  place: string
}

/** The units of the demo county by name, and those of each division. */
export type DemoUnits = { all: DemoUnit[]; find(name: string, within?: string): DemoUnit }

const county = '510923000000'
/** The town that is drawn in full. */
export const fullTown = '510923100000'
/** Units exist from the day the merged towns and villages began. */
export const begin = '2019-12-31'

const departments = [
  '财政局',
  '农业农村局',
  '自然资源和规划局',
  '教育和体育局',
  '卫生健康局',
  '公安局',
  '市场监督管理局',
  '司法局',
  '民政局',
  '住房和城乡建设局',
  '人民法院',
] as const

const offices = ['财政办', '纪委'] as const
const moreOffices = ['村建办', '经济发展办', '社事办', '卫健办'] as const
const branches = ['朝阳', '通仙', '高峰', '天星'] as const
const stations = [
  ['自然资源和规划所', '自然资源和规划局'],
  ['学区督导组', '教育和体育局'],
  ['市场监管所', '市场监督管理局'],
  ['司法所', '司法局'],
  ['派出所', '公安局'],
  ['法庭', '人民法院'],
] as const
const schools = ['初级中学', '中心小学', '通仙小学', '中心幼儿园'] as const

/** What a few villages were called before, and from when on they bear their present name. */
const formerNames: Record<string, readonly [name: string, until: string]> = {
  新犀牛村: ['犀牛村', '2020-06-01'],
  鑫河村: ['河坝村', '2020-06-01'],
  木鱼新村: ['木鱼村', '2020-09-01'],
  天保湖村: ['湖坝村', '2021-03-01'],
}

export async function seedUnits(tx: Tx, acting: Acting): Promise<DemoUnits> {
  const all: DemoUnit[] = []
  const find = (name: string, within = ''): DemoUnit => {
    const found = all.find((unit) => unit.name === name && unit.divisionCode.startsWith(within))
    if (!found) throw new Error(`no such unit in the demo county: ${name}`)
    return found
  }
  const open = async (kind: UnitKind, name: string, division: Division, more: More = {}): Promise<DemoUnit> => {
    const { id, code } = await openUnit(tx, acting, {
      kind,
      name,
      divisionCode: division.code,
      validFrom: begin,
      parentId: more.under?.id ?? null,
      ...(more.entity ? { entityId: more.entity.id } : { regime: more.regime ?? 'government' }),
    })
    const unit = { id, code, kind, name, divisionCode: division.code, place: placeName(division) }
    all.push(unit)
    return unit
  }

  const divisions = divisionsOf()
  for (const division of divisions.filter(({ code }) => code === county)) {
    for (const name of departments) await open('county_department', `大英县${name}`, division)
    await open('state_company', '大英县国有资产经营有限公司', division)
  }
  for (const town of divisions.filter(({ level }) => level === 4)) await openTown(town, open, find)
  const villages = divisions.filter(({ level }) => level === 5)
  // Side by side, so that the database need not wait for us between their statements.
  await Promise.all(
    villages.map((village) => {
      const government = all.find(
        ({ kind, divisionCode }) => kind === 'town_government' && divisionCode === village.parentCode,
      )
      return government && openVillage(tx, acting, village, government, open)
    }),
  )
  all.sort((left, right) => (left.code < right.code ? -1 : 1))
  return { all, find }
}

type More = { under?: DemoUnit; entity?: DemoUnit; regime?: 'government' | 'collective' }
type Open = (kind: UnitKind, name: string, division: Division, more?: More) => Promise<DemoUnit>

async function openTown(town: Division, open: Open, find: DemoUnits['find']): Promise<void> {
  const government = await open(
    'town_government',
    `${town.name}${town.name.endsWith('街道') ? '办事处' : '人民政府'}`,
    town,
  )
  const inside = { under: government, entity: government }
  for (const name of offices) await open('town_office', `${town.name}${name}`, town, inside)
  await open('public_institution', `${town.name}农业综合服务中心`, town, inside)
  await open('school', `${town.name}中心学校`, town, { under: find('大英县教育和体育局') })
  await open('clinic', `${town.name}卫生院`, town, { under: find('大英县卫生健康局') })
  if (town.code !== fullTown) return
  for (const name of moreOffices) await open('town_office', `${town.name}${name}`, town, inside)
  await open('public_institution', `${town.name}宣传文化服务中心`, town, inside)
  for (const name of branches) await open('general_branch', `${town.name}${name}总支`, town, inside)
  for (const [name, department] of stations) {
    const above = find(`大英县${department}`)
    await open('stationed', `${town.name}${name}`, town, { under: above, entity: above })
  }
  for (const name of schools) {
    await open('school', `${town.name}${name}`, town, { under: find('大英县教育和体育局') })
  }
}

/** A committee and its collective are two units at one division; the collective keeps the books of both. */
async function openVillage(tx: Tx, acting: Acting, village: Division, government: DemoUnit, open: Open): Promise<void> {
  const place = placeName(village)
  const [former, until] = formerNames[place] ?? []
  const names = (of: string) =>
    [`${of}股份经济合作联合社`, `${of}${of.endsWith('社区') ? '居民委员会' : '村民委员会'}`] as const
  const [collectiveName, committeeName] = names(former ?? place)
  const collective = await open('village_collective', collectiveName, village, {
    under: government,
    regime: 'collective',
  })
  const committee = await open('village_committee', committeeName, village, { under: government, entity: collective })
  if (until === undefined) return
  const [newCollective, newCommittee] = names(place)
  for (const [unit, name] of [
    [collective, newCollective],
    [committee, newCommittee],
  ] as const) {
    await renameUnit(tx, acting, unit.id, { name, validFrom: until })
    unit.name = name
  }
}

/** 古井村委会 → 古井村, 朝阳社区居委会 → 朝阳社区. */
function placeName({ name }: Division): string {
  return name.replace(/居委会$/, '').replace(/村委会$/, '村')
}
