import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadActor } from '../../server/access/actor.ts'
import { grantRole } from '../../server/access/people-actions.ts'
import { asSystem } from '../../server/access/system.ts'
import { changeUnit } from '../../server/access/unit-actions.ts'
import { scopeKey, type Track, unitOfKey } from '../../server/kernel/actor.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import type { Account } from '../support/county.ts'

const today = '2026-03-10'
let test: TestApp
let names: Map<string, string>
beforeAll(async () => {
  test = await openTestApp()
  names = new Map(Object.entries(test.fixture.units).map(([name, id]) => [id, name]))
})
afterAll(() => test.close())

const load = (account: Account, day = today) =>
  test.db(async (tx) => {
    const actor = await loadActor(tx, test.fixture.people[account] ?? '', day)
    if (!actor) throw new Error(`${account} is not there`)
    return actor
  })
const unitsOf = (keys: Iterable<string>, track: Track) =>
  [...keys]
    .filter((key) => key === scopeKey(unitOfKey(key), track))
    .map((key) => names.get(unitOfKey(key)))
    .sort()
const reads = async (account: Account, track: Track) => unitsOf((await load(account)).keys, track)
const acts = async (account: Account, track: Track) =>
  unitsOf(
    (await load(account)).grants.flatMap((grant) => [...grant.keys]),
    track,
  )
const sorted = (...list: string[]) => list.sort()

const penglai = [
  '蓬莱镇人民政府',
  '蓬莱镇财政办',
  '蓬莱镇农业综合服务中心',
  '蓬莱镇纪委',
  '古井村村民委员会',
  '古井村股份经济合作联合社',
  '红林村股份经济合作联合社',
]
const stationed = ['蓬莱镇派出所', '蓬莱镇自然资源和规划所']

it('gives a village keeper the own unit', async () => {
  for (const track of ['state', 'collective'] as const) {
    expect(await reads('zhang', track)).toEqual(['古井村股份经济合作联合社'])
    expect(await acts('zhang', track)).toEqual(['古井村股份经济合作联合社'])
  }
})

it('gives the town government’s keeper everything managed under it, and not what is stationed there', async () => {
  expect(await acts('zhen', 'state')).toEqual(sorted(...penglai))
  expect(await reads('zhen', 'collective')).toEqual(sorted(...penglai))
})

it('gives a lead the township by location on one track; what is stationed there is read, not acted on', async () => {
  expect(await reads('cai', 'state')).toEqual(sorted(...penglai, ...stationed))
  expect(await acts('cai', 'state')).toEqual(sorted(...penglai))
  expect(await reads('cai', 'collective')).toEqual([])
  expect(await reads('nong', 'collective')).toEqual(sorted(...penglai, ...stationed))
  expect(await reads('nong', 'state')).toEqual([])
  expect(await reads('long', 'state')).toEqual(sorted('隆盛镇人民政府', '隆盛镇财政办', '石桥村股份经济合作联合社'))
})

it('gives an approver the county on one track', async () => {
  expect(await acts('ju', 'state')).toEqual([...names.values()].sort())
  expect(await reads('ju', 'collective')).toEqual([])
  expect(await acts('tian', 'collective')).toEqual([...names.values()].sort())
})

it.each(['deng', 'ji', 'zhen-ling'] as const)('lets %s read the township on both tracks', async (account) => {
  for (const track of ['state', 'collective'] as const) {
    expect(await reads(account, track)).toEqual(sorted(...penglai, ...stationed))
  }
})

it.each(['xi', 'an', 'shen'] as const)('shows the administrator %s no business rows', async (account) => {
  expect((await load(account)).keys).toEqual([])
})

it('counts a membership on its first and its last day, and not the day before or after', async () => {
  const personId = test.fixture.people.hong ?? ''
  const unitId = test.fixture.units.石桥村股份经济合作联合社 ?? ''
  await test.db((tx) =>
    grantRole(tx, asSystem(test.clock), {
      personId,
      unitId,
      role: 'keeper',
      track: 'state',
      validFrom: '2026-04-02',
      validTo: '2026-04-03',
    }),
  )
  const holds = async (day: string) => (await load('hong', day)).keys.includes(scopeKey(unitId, 'state'))
  expect(await Promise.all(['2026-04-01', '2026-04-02', '2026-04-03', '2026-04-04'].map(holds))).toEqual([
    false,
    true,
    true,
    false,
  ])
})

it('has nobody behind a disabled account', async () => {
  const found = await test.db(async (tx) => {
    await tx.execute(sql`update people set disabled_at = now() where account = 'shi'`)
    return loadActor(tx, test.fixture.people.shi ?? '', today)
  })
  expect(found).toBeUndefined()
})

it('follows today’s tree when a unit moves to another parent and place', async () => {
  const { units } = test.fixture
  const village = '古井村股份经济合作联合社'
  await test.db((tx) =>
    changeUnit(tx, asSystem(test.clock), units[village] ?? '', {
      parentId: units.隆盛镇人民政府 ?? '',
      divisionCode: '510923101201',
      validFrom: '2026-03-11',
    }),
  )
  const sees = async (account: Account, day: string) =>
    unitsOf((await load(account, day)).keys, 'state').includes(village)
  expect([await sees('zhen', today), await sees('cai', today), await sees('long', today)]).toEqual([true, true, false])
  const next = '2026-03-11'
  expect([await sees('zhen', next), await sees('cai', next), await sees('long', next)]).toEqual([false, false, true])
  expect(await sees('zhang', next)).toBe(true)
})
