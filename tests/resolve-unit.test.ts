import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type County, openCounty } from '../db/client.ts'
import { divisions } from '../db/schema/access.ts'
import { resolveUnit } from '../server/access/resolve-unit.ts'
import { asSystem } from '../server/access/system.ts'
import { openUnit } from '../server/access/unit-actions.ts'
import type { Track } from '../server/kernel/actor.ts'
import { frozenClock } from '../server/kernel/clock.ts'
import { type Fixture, settle } from './support/county.ts'
import { freshDatabase, testSchema } from './support/database.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
let county: County
let fixture: Fixture
const clock = frozenClock('2026-03-10T02:00:00Z')

beforeAll(async () => {
  database = await freshDatabase()
  county = openCounty({ dsn: database.url, schema: testSchema }, { max: 2 })
  fixture = await county.transaction({}, async (tx) => {
    const settled = await settle(tx, clock)
    const acting = asSystem(clock)
    await tx
      .insert(divisions)
      .values({ code: '510923101202', name: '石桥二村委会', level: 5, parentCode: '510923101000' })
    // A committee without a collective, and one more that shares a name with another village's.
    for (const name of ['石桥二村村民委员会', '古井村村民委员会']) {
      const divisionCode = name.startsWith('石') ? '510923101202' : '510923101201'
      await openUnit(tx, acting, { kind: 'village_committee', name, divisionCode, validFrom: '2019-12-31' })
    }
    return settled
  })
})
afterAll(async () => {
  await county.driver.end()
  await database.drop()
})

const resolve = (text: string, track: Track | null = null) =>
  county.transaction({ readOnly: true }, async (tx) => (await resolveUnit(tx, text, track, '2026-03-10')).name)

describe('a unit', () => {
  test.each([
    ['510923100000', null, '蓬莱镇人民政府'],
    ['510923100210', null, '古井村村民委员会'],
    ['510923100210', 'state', '古井村村民委员会'],
    ['510923100210', 'collective', '古井村股份经济合作联合社'],
    ['510923101202', 'collective', '石桥二村村民委员会'],
    ['510923100000', 'collective', '蓬莱镇人民政府'],
    ['蓬莱镇财政办', 'collective', '蓬莱镇财政办'],
    [' ５１０９２３１０００００ ', null, '蓬莱镇人民政府'],
  ] as const)('%s on track %s is %s', async (text, track, name) => {
    expect(await resolve(text, track)).toBe(name)
  })

  test('is found by its own code, whatever the track', async () => {
    const code = fixture.codes.古井村村民委员会 ?? ''
    expect(await resolve(code, 'collective')).toBe('古井村村民委员会')
    expect(await resolve(`古井村村民委员会（${code}）`)).toBe('古井村村民委员会')
    expect(await resolve(code.toLowerCase())).toBe('古井村村民委员会')
  })

  test.each([
    ['', '请写明单位'],
    ['不存在的单位', '没有找到单位“不存在的单位”'],
    ['510923999999', '区划 510923999999 还没有单位'],
    ['510923000000', '请写单位编码，例如 大英县财政局'],
    ['古井村村民委员会', '不止一个，请写单位编码：古井村村民委员会（510923100210C01）'],
  ])('%j is refused with what to write', async (text, sentence) => {
    await expect(resolve(text)).rejects.toThrow(sentence)
  })
})
