import { afterAll, beforeAll, expect, it } from 'vitest'
import { divisions } from '../../db/schema/access.ts'
import { asSystem } from '../../server/access/system.ts'
import { changeUnit, openUnit, withdrawChange } from '../../server/access/unit-actions.ts'
import { periodsOf } from '../../server/access/unit-queries.ts'
import { eventsOf } from '../../server/kernel/events.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'

let test: TestApp
let xi: Visitor
let zhang: Visitor
beforeAll(async () => {
  test = await openTestApp()
  xi = await test.as('xi')
  zhang = await test.as('zhang')
})
afterAll(() => test.close())

const idOf = (name: string) => test.fixture.units[name] ?? ''
const codeOf = (name: string) => test.fixture.codes[name] ?? ''
const periods = (name: string) => test.db((tx) => periodsOf(tx, idOf(name)))
const actions = (unitId: string) =>
  test.db(async (tx) => (await eventsOf(tx, { kind: 'unit', id: unitId })).map(({ action }) => action))
const government = '蓬莱镇人民政府'
const village = '古井村股份经济合作联合社'
const asIs = {
  name: village,
  division: '510923100210',
  parent: government,
  entity: '',
  validFrom: '2026-03-10',
}
const versionOf = async (name: string) =>
  /name="version" value="(\d+)"/.exec((await xi.get(`/units/${codeOf(name)}/change`)).body)?.[1] ?? ''
const change = async (name: string, fields: Record<string, string>) =>
  xi.post(`/units/${codeOf(name)}/change`, { version: await versionOf(name), ...fields })

it('shows everyone the units by township and village, with their kinds and numbers', async () => {
  const { body } = await zhang.get('/units')
  expect(body).toContain('共 16 个单位')
  expect(body).toMatch(/蓬莱镇<\/span><span[^>]*>9 个单位 · 2 个村（社区）/)
  expect(body.indexOf('蓬莱镇人民政府')).toBeLessThan(body.indexOf('蓬莱镇财政办'))
  expect(body).toContain('村级集体经济组织')
  expect(body).not.toContain('设立单位')
})

it('opens the township of one’s own unit, once there are many', async () => {
  const towns = ['隆盛镇', '回马镇', '天保镇', '河边镇']
  await test.db(async (tx) => {
    for (const [index, town] of towns.entries()) {
      const code = `51092310${index + 1}000`
      const place = { code, name: town, level: 4, parentCode: '510923000000' }
      await tx.insert(divisions).values(place).onConflictDoNothing()
      const office = {
        kind: 'general_branch',
        name: `${town}办事处`,
        divisionCode: code,
        validFrom: '2020-01-01',
      } as const
      await openUnit(tx, asSystem(test.clock), office)
    }
  })
  const open = [...(await zhang.get('/units')).body.matchAll(/<details[^>]* open>\s*<summary><span[^>]*>([^<]+)/g)]
  expect(open.map(([, town]) => town)).toEqual(['蓬莱镇'])
})

it('finds units by a piece of the name or the code, and says what to do when there is none', async () => {
  expect((await zhang.get('/units?q=%E5%8F%A4%E4%BA%95')).body).toContain('找到 2 个单位')
  expect((await zhang.get(`/units?q=${codeOf(village)}`)).body).toContain('找到 1 个单位')
  expect((await zhang.get('/units?q=%25')).body).toContain('没有找到这样的单位')
})

it('answers a search while typing with the results alone', async () => {
  const headers = { 'hx-request': 'true', 'hx-request-type': 'partial' }
  const { body } = await zhang.get('/units?q=%E5%8F%A4%E4%BA%95', { headers })
  expect(body).toContain('找到 2 个单位')
  expect(body).not.toContain('<html')
})

it('shows a unit with its places, the people in it and where its cards are', async () => {
  const { body } = await zhang.get(`/units/${codeOf(government)}`)
  expect(body).toContain('政府会计制度')
  expect(body).toMatch(/经办人<\/dt>\s*<dd>甄干事/)
  expect(body).toMatch(/领导<\/dt>\s*<dd>凌镇长/)
  expect(body).toContain(`/assets?unit=${codeOf(government)}`)
  expect(body).toContain('设立了单位，自 2019-12-31 起')
  expect((await xi.get(`/units/${codeOf(government)}`)).body).not.toContain('/assets?unit=')
  expect((await zhang.get('/units/510923100000Z99')).statusCode).toBe(404)
})

it('opens a unit with a code of its own', async () => {
  const reply = await xi.post('/units', {
    name: '蓬莱镇中心小学',
    kind: 'school',
    regime: 'government',
    division: '510923100000',
    parent: `蓬莱镇人民政府（${codeOf(government)}）`,
    validFrom: '2026-03-10',
    token: 'once',
  })
  expect(reply.headers.location).toBe('/units/510923100000X01')
  const page = await xi.get('/units/510923100000X01')
  expect(page.body).toContain('已设立蓬莱镇中心小学，编码 510923100000X01。')
  expect(page.body).toMatch(/核算单位<\/dt>\s*<dd>本单位/)
})

it('keeps the answers and names every problem of a new unit', async () => {
  const given = { name: '古井村村民委员会', kind: 'town_office', regime: 'none', division: '510923100210' }
  const reply = await xi.post('/units', { ...given, parent: '蓬莱', entity: '蓬莱镇财政办', validFrom: '三月' })
  expect(reply.statusCode).toBe(422)
  expect(reply.body).toContain('生效日期要写到日')
  const dated = await xi.post('/units', { ...given, parent: '蓬莱', entity: '蓬莱镇财政办', validFrom: '2026-03-10' })
  expect(dated.body).toContain('2026-03-10 没有“蓬莱”这个单位')
  expect(dated.body).toContain('蓬莱镇财政办不单独记账')
  expect(dated.body).toContain('value="古井村村民委员会"')
  const twin = await xi.post('/units', { ...given, kind: 'village_committee', validFrom: '2026-03-10' })
  expect(twin.body).toContain('这里已有同名的单位')
  const unitId = idOf('古井村村民委员会')
  await test.db((tx) => changeUnit(tx, asSystem(test.clock), unitId, { name: '新古井村委会', validFrom: '2026-09-01' }))
  const later = { ...given, name: '新古井村委会', kind: 'village_committee', validFrom: '2026-03-10' }
  expect((await xi.post('/units', later)).body).toContain('这里已有同名的单位')
  await test.db((tx) => withdrawChange(tx, asSystem(test.clock), unitId))
  const foreign = await xi.post('/units', { ...given, division: '110000000000', validFrom: '2026-03-10' })
  expect(foreign.body).toContain('请从列表中选择属地')
})

it('renames a unit from a day on; the old name is still found', async () => {
  const name = '红林村股份经济合作联合社'
  const fields = { name: '红林社区股份经济合作联合社', division: '510923100215', parent: government, entity: '' }
  const reply = await change(name, { ...fields, validFrom: '2026-03-01' })
  expect(reply.statusCode).toBe(303)
  const rows = await periods(name)
  expect(rows.map((row) => [row.validFrom, row.lastDay, row.name])).toEqual([
    ['2026-03-01', null, '红林社区股份经济合作联合社'],
    ['2019-12-31', '2026-02-28', '红林村股份经济合作联合社'],
  ])
  expect(await actions(idOf(name))).toEqual(['unit.open', 'unit.rename'])
  const found = await zhang.get(`/units?q=${encodeURIComponent('红林村股份')}`)
  expect(found.body).toContain('原名：红林村股份经济合作联合社')
})

it('corrects the present row on the very day it began', async () => {
  const name = '红林村股份经济合作联合社'
  const fields = { name: '红林新区股份经济合作联合社', division: '510923100215', parent: government, entity: '' }
  expect((await change(name, { ...fields, validFrom: '2026-03-01' })).statusCode).toBe(303)
  expect((await periods(name)).map((row) => row.name)).toEqual([
    '红林新区股份经济合作联合社',
    '红林村股份经济合作联合社',
  ])
})

it('refuses a day before the present row began', async () => {
  const fields = { ...asIs, name: '红林', division: '510923100215', validFrom: '2026-02-01' }
  const reply = await change('红林村股份经济合作联合社', fields)
  expect(reply.statusCode).toBe(422)
  expect(reply.body).toContain('本单位已登记从 2026-03-01 起的情况，请填这一天或更晚的日期。')
  expect(reply.body).toContain('value="红林"')
})

it('refuses a circle of managing units, also one that would close later', async () => {
  const up = { name: government, division: '510923100000', entity: '', validFrom: '2026-03-10' }
  const closed = await change(government, { ...up, parent: village })
  expect(closed.body).toContain('不能隶属于自己或自己管理的单位')
  const self = await change(government, { ...up, parent: government })
  expect(self.body).toContain('不能隶属于自己或自己管理的单位')
  await test.db((tx) =>
    changeUnit(tx, asSystem(test.clock), idOf('大英县公安局'), {
      parentId: idOf('石桥村股份经济合作联合社'),
      validFrom: '2026-06-01',
    }),
  )
  const later = await change('石桥村股份经济合作联合社', {
    name: '石桥村股份经济合作联合社',
    division: '510923101201',
    parent: '大英县公安局',
    entity: '',
    validFrom: '2026-03-10',
  })
  expect(later.body).toContain('不能隶属于自己或自己管理的单位')
})

it('refuses a form without a change', async () => {
  const reply = await change(village, asIs)
  expect(reply.statusCode).toBe(422)
  expect(reply.body).toContain('还没有改动')
})

it('moves a unit to another parent, place and accounting entity, told in words', async () => {
  const fields = {
    parent: '隆盛镇人民政府',
    division: '510923101201',
    entity: '隆盛镇人民政府',
    validFrom: '2026-05-01',
  }
  expect((await change(village, { ...asIs, ...fields })).statusCode).toBe(303)
  const { body } = await zhang.get(`/units/${codeOf(village)}`)
  expect(body).toContain('变更了隶属、属地或核算单位，自 2026-05-01 起')
  expect(body).toMatch(/隶属<\/span> <del>蓬莱镇人民政府<\/del> → <ins>隆盛镇人民政府/)
  // Until that day the unit is where it was.
  expect(body).toMatch(/隶属<\/dt>\s*<dd><a[^>]*>蓬莱镇人民政府/)
  expect((await change(village, { ...asIs, validFrom: '2026-04-01' })).body).toContain(
    '本单位已登记从 2026-05-01 起的情况',
  )
})

it('shows the newer state when two change one unit', async () => {
  const version = await versionOf('蓬莱镇财政办')
  const fields = { division: '510923100000', parent: government, entity: government, validFrom: '2026-03-10', version }
  const url = `/units/${codeOf('蓬莱镇财政办')}/change`
  expect((await xi.post(url, { ...fields, name: '蓬莱镇财政所' })).statusCode).toBe(303)
  expect((await xi.post(url, { ...fields, name: '蓬莱镇财经办' })).statusCode).toBe(409)
})
