import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { grantRole } from '../../server/access/people-actions.ts'
import { asSystem } from '../../server/access/system.ts'
import { changeUnit, openUnit, withdrawChange } from '../../server/access/unit-actions.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import type { Account } from '../support/county.ts'
import { cardNamed, fillRegister } from '../support/register.ts'

const gujing = '古井村股份经济合作联合社'
const renamed = '龙井村股份经济合作联合社'
const [penglai, longsheng] = ['蓬莱镇人民政府', '隆盛镇人民政府']
/** The last day of the old state and the first of the new one. */
const [before, after] = ['2026-01-31', '2026-02-01']

let test: TestApp
const idOf = (name: string) => test.fixture.units[name] ?? ''
const codeOf = (name: string) => test.fixture.codes[name] ?? ''
const at = async (account: Account, url: string) => (await test.as(account)).get(url)
const statistics = async (account: Account, query: Record<string, string>) =>
  (await at(account, `/statistics?${new URLSearchParams(query)}`)).body.replaceAll(/\s*\n\s*/g, '')
/** How many cards a unit's own line of the statistics counts; null: it has none. */
const counted = (body: string, unit: string) =>
  new RegExp(`<th[^>]*>(?:<a[^>]*>)?${unit}(?:</a>)?(?:<div[^>]*>[^<]*</div>)?</th><td[^>]*>(\\d+)`).exec(body)?.[1] ??
  null

beforeAll(async () => {
  test = await openTestApp()
  await test.db(async (tx) => {
    await fillRegister(tx, test.clock, test.fixture)
    const system = asSystem(test.clock)
    await grantRole(tx, system, {
      personId: test.fixture.people.long ?? '',
      unitId: idOf('隆盛镇财政办'),
      role: 'lead',
      track: 'collective',
      validFrom: '2020-01-01',
    })
  })
})
afterAll(() => test.close())

it('shows the old town’s lead the village as long as it is there', async () => {
  expect((await at('nong', '/assets')).body).toContain('原古井小学')
  expect((await at('long', '/assets')).body).not.toContain('原古井小学')
})

describe('a village that was moved to another town and renamed', () => {
  beforeAll(async () => {
    const moved = { name: renamed, parentId: idOf(longsheng), divisionCode: '510923101201', validFrom: after }
    await test.db((tx) => changeUnit(tx, asSystem(test.clock), idOf(gujing), moved))
  })

  it('is counted where and as what it was on the day asked for', async () => {
    const of = async (town: string, asOf: string) => statistics('tian', { unit: codeOf(town), asOf })
    expect(counted(await of(penglai, before), gujing)).toBe('4')
    expect(counted(await of(longsheng, before), gujing)).toBeNull()
    expect(counted(await of(penglai, after), renamed)).toBeNull()
    expect(counted(await of(longsheng, after), renamed)).toBe('4')
    expect(await of(longsheng, after)).not.toContain(gujing)
    expect(await of(penglai, before)).not.toContain(renamed)
  })

  it('leaves its cards where they lie: a township’s figures go by place', async () => {
    for (const [asOf, name] of [
      [before, gujing],
      [after, renamed],
    ] as const) {
      expect(counted(await statistics('tian', { town: '510923100000', asOf }), name)).toBe('4')
      expect(counted(await statistics('tian', { town: '510923101000', asOf }), name)).toBeNull()
    }
    expect(await statistics('tian', {})).toContain('乡镇按资产所在地')
  })

  it('is seen by those whose it is today, also with the figures of earlier days', async () => {
    for (const account of ['nong', 'zhen', 'ji'] as const) {
      expect((await at(account, '/assets')).body).not.toContain('原古井小学')
      expect(await statistics(account, { asOf: before })).not.toContain(gujing)
    }
    expect((await at('long', '/assets')).body).toContain('原古井小学')
    expect(counted(await statistics('long', { asOf: before }), gujing)).toBe('4')
    expect((await at('zhang', '/assets')).body).toContain('原古井小学')
  })

  it('opens for the new town’s lead and not for the old one', async () => {
    const { code } = await test.db((tx) => cardNamed(tx, '原古井小学'))
    expect((await at('nong', `/assets/${code}`)).statusCode).toBe(404)
    expect((await at('long', `/assets/${code}`)).statusCode).toBe(200)
    expect((await at('long', `/assets/${code}/edit`)).statusCode).toBe(200)
  })

  it('stands on the tree of a past day where it stood, by its name of that day and with the one of today', async () => {
    const { body } = await at('zhang', `/units?asOf=${before}`)
    expect(body).toMatch(/2026-01-31：共 16 个单位/)
    expect(body).toMatch(/古井村委会<\/h3>.*古井村股份经济合作联合社.*今名：龙井村股份经济合作联合社/s)
    const today = (await at('zhang', '/units')).body
    expect(today).toMatch(
      /石桥村委会<\/h3>.*龙井村股份经济合作联合社.*原名：古井村股份经济合作联合社（到 2026-01-31）/s,
    )
    expect((await at('zhang', '/units?asOf=2019-12-30')).body).toContain('没有找到这样的单位')
  })

  it.each([
    ['2026-03-11', '统计时点不能晚于今天 2026-03-10'],
    ['2026-02-30', '“2026-02-30”不是日期'],
  ])('has no tree of %s', async (asOf, sentence) => {
    const reply = await at('zhang', `/units?asOf=${asOf}&q=${encodeURIComponent('龙井')}`)
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain(sentence)
    expect(reply.body).toContain('value="龙井"')
  })

  it('is found by its old name, and its cards are too', async () => {
    const units = (await at('zhang', `/units?q=${encodeURIComponent('古井村股份')}`)).body
    expect(units).toContain('找到 1 个单位')
    expect(units).toContain('原名：古井村股份经济合作联合社（到 2026-01-31）')
    const cards = (await at('zhang', `/assets?q=${encodeURIComponent('古井村股份')}`)).body
    expect(cards).toContain('20%_临街商铺')
    expect((await at('zhang', `/assets?q=${encodeURIComponent('红林村')}`)).body).not.toContain('20%_临街商铺')
  })

  it('tells on its page what changed when', async () => {
    const body = (await at('zhang', `/units/${codeOf(gujing)}`)).body.replaceAll(/\s*\n\s*/g, '')
    expect(body).toMatch(/2026-02-01.*至今.*龙井村股份.*改名、改隶、属地变更/)
    expect(body).toMatch(/2019-12-31.*2026-01-31.*古井村股份.*设立/)
  })

  it('is taken by its former name where that means it alone, and the page says so', async () => {
    const xi = await test.as('xi')
    const school = { name: '龙井小学', kind: 'school', regime: 'government', division: '510923101201' }
    const reply = await xi.post('/units', { ...school, parent: gujing, validFrom: '2026-03-10' })
    expect(reply.statusCode).toBe(303)
    const { body } = await xi.get(String(reply.headers.location))
    expect(body).toContain('“古井村股份经济合作联合社”是龙井村股份经济合作联合社的原名，已按现名登记。')
  })

  it('is named by its former name on cards, determinations and roles, and each says so', async () => {
    const note = `“${gujing}”是${renamed}的原名，已按现名登记。`
    const zhang = await test.as('zhang')
    const card = { name: '抽水机', cardType: 'equipment', track: 'collective', effectiveOn: '2026-03-01' }
    const entered = await zhang.post('/assets', { ...card, ownerUnit: gujing })
    expect((await zhang.get(String(entered.headers.location))).body).toContain(note)
    const { code } = await test.db((tx) => cardNamed(tx, '原古井小学'))
    const draft = { cards: code, reason: '说法不一', proposedOwner: gujing, proposedTrack: 'collective' }
    const drafted = await zhang.post('/determinations', { ...draft, claimant1: gujing, claim1: '出资' })
    expect((await zhang.get(String(drafted.headers.location))).body).toContain(note)
    const an = await test.as('an')
    const grant = { unit: gujing, role: 'keeper', track: 'state', validFrom: '2026-03-10' }
    const granted = await an.post('/people/shi/grant', grant)
    expect((await an.get(String(granted.headers.location))).body).toContain(note)
  })

  it('is imported for by its former name', async () => {
    const zhang = await test.as('zhang')
    const table = `资产名称,资产类别,权属单位,备注\n柴油机,设备,${gujing},新购\n`
    const file = { name: '资产.csv', bytes: new TextEncoder().encode(table) }
    const sent = { unit: codeOf(gujing), track: 'collective', effectiveOn: '2026-03-01' }
    const reply = await zhang.upload('/imports', sent, file)
    const { body } = await zhang.get(String(reply.headers.location))
    expect(body).toMatch(/新增[^0-9]*1/)
    expect(body).not.toContain('没有找到')
  })

  it('is asked about where another unit once had that name too', async () => {
    const xi = await test.as('xi')
    const school = { kind: 'school', regime: 'government', division: '510923101201' }
    const other = { kind: 'village_collective', name: '双桥村合作社', divisionCode: '510923100215' } as const
    await test.db(async (tx) => {
      const { id } = await openUnit(tx, asSystem(test.clock), { ...other, validFrom: '2020-01-01' })
      await changeUnit(tx, asSystem(test.clock), id, { name: gujing, validFrom: '2021-01-01' })
      await changeUnit(tx, asSystem(test.clock), id, { name: other.name, validFrom: '2022-01-01' })
    })
    const unclear = await xi.post('/units', { ...school, name: '古井中学', parent: gujing, validFrom: '2026-03-10' })
    expect(unclear.statusCode).toBe(422)
    expect(unclear.body).toContain(`有 2 个单位叫“${gujing}”，请改写单位编码`)
  })
})

describe('a stationed unit that moves', () => {
  const station = '蓬莱镇派出所'

  it('is printed apart before and after, by its name of the day', async () => {
    const moved = { name: '隆盛镇派出所', divisionCode: '510923101000', validFrom: after }
    await test.db((tx) => changeUnit(tx, asSystem(test.clock), idOf(station), moved))
    for (const [asOf, name, town, other] of [
      [before, station, penglai, longsheng],
      [after, '隆盛镇派出所', longsheng, penglai],
    ] as const) {
      const whole = await statistics('ju', { asOf })
      expect(whole.indexOf('随主管部门统计，不计入上列合计')).toBeLessThan(whole.lastIndexOf(`>${name}<`))
      expect(whole.indexOf('随主管部门统计，不计入上列合计')).toBeGreaterThan(0)
      expect(counted(await statistics('ju', { unit: codeOf(town), asOf }), name)).toBe('1')
      expect(counted(await statistics('ju', { unit: codeOf(other), asOf }), name)).toBeNull()
    }
  })

  it('is read by the lead of the town it lies in today, who may not act on it', async () => {
    const { code } = await test.db((tx) => cardNamed(tx, '派出所车辆'))
    expect((await at('cai', `/assets/${code}`)).statusCode).toBe(404)
    expect((await at('long', `/assets/${code}`)).statusCode).toBe(200)
    const long = await test.as('long')
    const edit = { name: '警车', track: 'state', ownerUnit: codeOf(station), cardType: 'vehicle', version: '1' }
    expect((await long.post(`/assets/${code}`, { ...edit, effectiveOn: '2026-03-01' })).statusCode).toBe(403)
  })
})

describe('the tree refuses', () => {
  const xi = () => test.as('xi')
  const change = async (name: string, fields: Record<string, string>) => {
    const path = `/units/${codeOf(name)}/change`
    const version = /name="version" value="(\d+)"/.exec((await (await xi()).get(path)).body)?.[1] ?? ''
    return (await xi()).post(path, { version, token: crypto.randomUUID(), ...fields })
  }
  const office = { name: '蓬莱镇纪委', division: '510923100000', entity: penglai }

  it('a managing unit that opens later', async () => {
    const later = { kind: 'town_government', name: '新区管委会', divisionCode: '510923100000' } as const
    await test.db((tx) => openUnit(tx, asSystem(test.clock), { ...later, validFrom: '2026-06-01' }))
    const reply = await change('蓬莱镇纪委', { ...office, parent: '新区管委会', validFrom: '2026-03-10' })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('新区管委会自 2026-06-01 才设立，请把日期改为这一天或更晚')
    expect(reply.body).toContain('value="蓬莱镇纪委"')
    expect((await change('蓬莱镇纪委', { ...office, parent: '新区管委会', validFrom: '2026-06-01' })).statusCode).toBe(
      303,
    )
  })

  it('a change before the newest one, also where that lies ahead', async () => {
    const reply = await change('蓬莱镇纪委', { ...office, parent: penglai, validFrom: '2026-05-31' })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('本单位已登记从 2026-06-01 起的情况')
  })

  it('a year that is far away, kept as it was written', async () => {
    const reply = await change('蓬莱镇财政办', {
      ...office,
      name: '蓬莱镇财政所',
      parent: penglai,
      validFrom: '2062-03-10',
    })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('生效日期最多提前一年登记（到 2027-03-10），请核对年份。')
    expect(reply.body).toContain('value="2062-03-10"')
  })

  it('no change that lies ahead: it is taken back as long as it has not begun', async () => {
    const path = `/units/${codeOf('蓬莱镇财政办')}`
    const later = { ...office, name: '蓬莱镇财政所', parent: penglai, validFrom: '2026-06-30' }
    expect((await change('蓬莱镇财政办', later)).statusCode).toBe(303)
    const visitor = await xi()
    const { body } = await visitor.get(path)
    expect(body).toContain('撤回自 2026-06-30 起的变动')
    const version = /name="version" value="(\d+)"/.exec(body)?.[1] ?? ''
    expect((await visitor.post(`${path}/withdraw`, { version, token: 'once' })).statusCode).toBe(303)
    const taken = (await visitor.get(path)).body
    expect(taken).toContain('已撤回自 2026-06-30 起的变动。')
    expect(taken).toContain('撤回了还未生效的变动')
    const again = await visitor.post(`${path}/withdraw`, { version: String(Number(version) + 1), token: 'twice' })
    expect(again.statusCode).toBe(422)
    expect(again.body).toContain('没有还未生效的变动可以撤回')
  })

  it('a circle that would close only with a change that lies ahead', async () => {
    const reply = await change(penglai, {
      name: penglai,
      division: '510923100000',
      parent: '新区管委会',
      entity: '',
      validFrom: '2026-06-01',
    })
    expect(reply.statusCode).toBe(303)
    const back = { kind: 'town_office', name: '新区办', divisionCode: '510923100000' } as const
    const { id } = await test.db((tx) =>
      openUnit(tx, asSystem(test.clock), { ...back, parentId: idOf(penglai), validFrom: '2026-03-01' }),
    )
    await expect(
      test.db((tx) => changeUnit(tx, asSystem(test.clock), idOf(penglai), { parentId: id, validFrom: '2026-06-01' })),
    ).rejects.toThrow('不能隶属于自己或自己管理的单位')
    // 蓬莱镇人民政府 leaves 新区管委会, which then goes under it: taking the first back would close a circle.
    const system = asSystem(test.clock)
    const head = await test.db(async (tx) => {
      const [found] = await tx.execute<{ id: string }>(
        `select unit_id::text as id from unit_periods where name = '新区管委会'`,
      )
      await changeUnit(tx, system, idOf(penglai), { parentId: null, validFrom: '2026-07-01' })
      await changeUnit(tx, system, found?.id ?? '', { parentId: idOf(penglai), validFrom: '2026-07-01' })
      return found?.id ?? ''
    })
    expect(head).not.toBe('')
    await expect(test.db((tx) => withdrawChange(tx, system, idOf(penglai)))).rejects.toThrow('自己管理的单位')
  })
})
