import { asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardVersions, holds } from '../../db/schema/assets.ts'
import { events } from '../../db/schema/kernel.ts'
import { asSystem } from '../../server/access/system.ts'
import type { CardValues } from '../../server/assets/card.ts'
import { type HoldKind, placeHolds } from '../../server/assets/holds.ts'
import { openTestApp, type Reply, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards, storedCard } from '../support/cards.ts'

let test: TestApp
let zhang: Visitor
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
})
afterAll(() => test.close())

const threeFloors = {
  ...{ name1: '一楼', area1: '120', usage1: 'leased' },
  ...{ name2: '二楼', area2: '100', usage2: 'idle', idleSince2: '2024-03' },
  ...{ name3: '三楼', area3: '60', usage3: 'in_use' },
}

async function house(values: Partial<CardValues> = {}): Promise<string> {
  const [code = ''] = await enterCards(test, [
    {
      name: '综合楼',
      cardType: 'house',
      floorArea: '300.00',
      cost: '900000.00',
      depreciation: '90000.00',
      ...values,
    },
  ])
  return code
}

async function arrange(code: string, fields: Record<string, string>, visitor = zhang): Promise<Reply> {
  const { version } = await cardOf(code)
  return visitor.post(`/assets/${code}/parts`, {
    version: String(version),
    effectiveOn: '2026-03-02',
    token: crypto.randomUUID(),
    ...fields,
  })
}

async function divided(values: Partial<CardValues> = {}): Promise<string> {
  const code = await house(values)
  const reply = await arrange(code, threeFloors)
  expect(reply.statusCode, reply.body.slice(0, 3000)).toBe(303)
  return code
}

const manyRows = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => at + 1).flatMap((row) => [
      [`name${row}`, `${row} 室`],
      [`area${row}`, '1'],
      [`usage${row}`, 'in_use'],
      [`idleSince${row}`, ''],
    ]),
  )

/** The form of a divided card as its page sends it, with changes. */
const withNumbers = { ...threeFloors, no1: '1', no2: '2', no3: '3' }

const cardOf = (code: string) => storedCard(test, code)

/** A document's hold on the card, or on some of its parts. */
async function held(code: string, kind: HoldKind, no: string, parts?: readonly number[]): Promise<void> {
  const { id: cardId } = await cardOf(code)
  const document = { kind: 'transfer', id: no.slice(-4), no, path: `/transfers/${no}` }
  await test.db((tx) => placeHolds(tx, asSystem(test.clock), [{ cardId, ...(parts ? { parts } : {}) }], kind, document))
}

describe('dividing a card into parts', () => {
  it('takes 200 of them, and says so where there are more instead of losing the last', async () => {
    const code = await house()
    const reply = await arrange(code, manyRows(201))
    expect([reply.statusCode, reply.body.includes('最多 200 个部位')]).toEqual([422, true])
    expect(reply.body).toContain('value="201 室"')
    const more = await arrange(code, { ...manyRows(200), more: '1' })
    expect([more.statusCode, more.body.includes('最多 200 个部位')]).toEqual([422, true])
    expect((await arrange(code, manyRows(200))).statusCode).toBe(303)
    expect((await cardOf(code)).parts).toHaveLength(200)
  })

  it('keeps them with numbers, lets usage and idle area follow, and tells it in the timeline', async () => {
    const code = await divided()
    expect(await cardOf(code)).toMatchObject({
      parts: [
        { no: 1, name: '一楼', area: '120.00', usage: 'leased', idleSince: null },
        { no: 2, name: '二楼', area: '100.00', usage: 'idle', idleSince: '2024-03' },
        { no: 3, name: '三楼', area: '60.00', usage: 'in_use', idleSince: null },
      ],
      lastPart: 3,
      usage: 'leased',
      idleArea: '100.00',
      idleSince: '2024-03-01',
      idlePrecision: 'month',
      version: 2,
      validFrom: '2026-03-02',
    })
    const page = (await zhang.get(`/assets/${code}`)).body
    expect(page).toContain('部位 2（二楼）')
    expect(page).toContain('100.00 ㎡，闲置（自 2024-03）')
    expect(page).toContain('未划分部分')
    expect(page).toContain('6.7%')
    expect(page).toContain('60,000.00')
  })

  it('writes one event and keeps the state before', async () => {
    const code = await divided()
    const { id } = await cardOf(code)
    const written = await test.db((tx) => tx.select().from(events).where(eq(events.cardId, id)).orderBy(asc(events.id)))
    expect(written.map(({ action }) => action)).toEqual(['card.create', 'card.parts'])
    const [before] = await test.db((tx) => tx.select().from(cardVersions).where(eq(cardVersions.cardId, id)))
    expect(before).toMatchObject({ parts: [], usage: 'in_use', validTo: '2026-03-02' })
  })

  it('keeps numbers, gives a spent one to nobody, and leaves usage as it was when the last part goes', async () => {
    const code = await divided()
    await arrange(code, { ...withNumbers, drop2: '1', name4: '阁楼', area4: '30', usage4: 'idle' })
    expect((await cardOf(code)).parts.map(({ no, name }) => `${no} ${name}`)).toEqual(['1 一楼', '3 三楼', '4 阁楼'])
    await arrange(code, { no1: '4', name1: '', area1: '', usage1: '' })
    expect(await cardOf(code)).toMatchObject({ parts: [], lastPart: 4, usage: 'leased', idleArea: '30.00' })
    await arrange(code, { name1: '底层', area1: '10', usage1: 'lent' })
    expect(await cardOf(code)).toMatchObject({ parts: [{ no: 5 }], usage: 'lent', idleArea: '0.00', idleSince: null })
  })

  it('changes nothing when nothing differs', async () => {
    const code = await divided()
    const reply = await arrange(code, withNumbers)
    expect(reply.statusCode).toBe(303)
    expect((await cardOf(code)).version).toBe(2)
  })

  it.each<[string, Record<string, string>, string]>([
    [
      'larger than the card',
      { ...threeFloors, area1: '140.01' },
      '各部位面积合计 300.01 ㎡，大于资产的建筑面积 300.00 ㎡',
    ],
    ['two of a name', { ...threeFloors, name2: '一楼' }, '有两个部位都叫“一楼”'],
    ['no area at all', { ...threeFloors, area2: '0' }, '部位“二楼”的面积要大于 0'],
    ['a word for an area', { ...threeFloors, area3: '很大' }, '新部位 3 面积不是数字'],
    ['half a row', { ...threeFloors, name4: '阁楼' }, '请填写新部位 4 面积'],
    ['idle since, but not idle', { ...threeFloors, idleSince1: '2024' }, '部位“一楼”不是闲置，请把闲置起始时间留空'],
    ['a number of another card', { ...threeFloors, no1: '77' }, '这张卡片上没有部位 77'],
    ['disposed by hand', { ...threeFloors, usage1: 'disposed' }, '请从列表中选择新部位 1 使用状况'],
    [
      'before the last version',
      { ...threeFloors, effectiveOn: '2026-02-01' },
      '生效日期不能早于上一次变动的 2026-03-01',
    ],
  ])('refuses %s, and keeps every answer', async (_name, fields, sentence) => {
    const code = await house()
    const reply = await arrange(code, fields)
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain(sentence)
    expect(reply.body).toContain('value="三楼"')
    expect((await cardOf(code)).version).toBe(1)
  })

  it('asks for the area first', async () => {
    const code = await house({ floorArea: null })
    expect((await zhang.get(`/assets/${code}/parts`)).body).toContain('先填写面积，才能划分部位')
    expect((await arrange(code, threeFloors)).body).toContain('请先填写建筑面积')
  })

  it('adds an empty row and saves nothing', async () => {
    const code = await house()
    const reply = await arrange(code, { ...threeFloors, more: '1' })
    expect(reply.statusCode).toBe(200)
    expect(reply.body).toContain('name="area4"')
    expect(reply.body).toContain('value="二楼"')
    expect((await cardOf(code)).version).toBe(1)
  })

  it('shows what someone saved meanwhile, part by part', async () => {
    const code = await divided()
    await arrange(code, { ...withNumbers, area3: '70' })
    const reply = await arrange(code, { ...withNumbers, usage3: 'lent', version: '2' })
    expect(reply.statusCode).toBe(409)
    expect(reply.body).toContain('部位 3（三楼）')
    expect(reply.body).toContain('三楼，70.00 ㎡，在用')
    expect(reply.body).toContain('三楼，60.00 ㎡，出借')
  })

  it('is nothing for a car, nor for who only reads', async () => {
    const [car = ''] = await enterCards(test, [{ name: '皮卡', cardType: 'vehicle' }])
    expect((await zhang.get(`/assets/${car}/parts`)).statusCode).toBe(404)
    expect((await zhang.get(`/assets/${car}`)).body).not.toContain('划分部位')
    expect((await arrange(await house(), threeFloors, await test.as('ji'))).statusCode).toBe(403)
  })
})

describe('a card with parts', () => {
  const form = (code: string) => zhang.get(`/assets/${code}/edit`)
  const edited = {
    name: '综合楼',
    track: 'collective',
    cardType: 'house',
    ownerUnit: '古井村股份经济合作联合社',
    effectiveOn: '2026-03-03',
  }

  it('shows usage and idle area in its form without letting them be changed', async () => {
    const code = await divided()
    expect((await form(code)).body).toContain('按部位计算')
    const reply = await zhang.post(`/assets/${code}`, { ...edited, usage: 'idle', idleArea: '1', version: '2' })
    expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
    expect(await cardOf(code)).toMatchObject({ usage: 'leased', idleArea: '100.00' })
  })

  it('cannot become smaller than its parts', async () => {
    const code = await divided()
    const reply = await zhang.post(`/assets/${code}`, { ...edited, floorArea: '279.99', version: '2' })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('各部位面积合计 280.00 ㎡，大于资产的建筑面积 279.99 ㎡')
  })

  it('is told what a file says otherwise, and refuses a smaller area from it', async () => {
    const code = await divided()
    const file = (rows: string) => ({
      name: '资产.csv',
      bytes: new TextEncoder().encode(`资产编号,资产名称,使用状况,建筑面积\n${rows}\n`),
    })
    const unit = {
      unit: test.fixture.codes.古井村股份经济合作联合社 ?? '',
      track: 'collective',
      effectiveOn: '2026-03-05',
    }
    const read = async (rows: string) => {
      const reply = await zhang.upload('/imports', { ...unit, token: crypto.randomUUID() }, file(rows))
      const page = await zhang.get(String(reply.headers.location))
      return page.body
    }
    expect(await read(`${code},综合楼甲,闲置,310`)).toContain('使用状况按部位计算，表中的“闲置”没有采用。')
    expect(await read(`${code},综合楼乙,,200`)).toContain('各部位面积合计 280.00 ㎡，大于资产的建筑面积 200.00 ㎡')
  })
})

describe('a hold', () => {
  it('of one part leaves the others free', async () => {
    const code = await divided()
    await held(code, 'transferring', 'YJ2026-0001', [2])
    const refused = await arrange(code, { ...withNumbers, area2: '90' })
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('不能改动部位 2（二楼）：移交中（YJ2026-0001）')
    expect(refused.body).toContain('href="/transfers/YJ2026-0001"')
    expect((await arrange(code, { ...withNumbers, area3: '66' })).statusCode).toBe(303)
    const page = (await zhang.get(`/assets/${code}`)).body
    expect(page).toContain('移交中 YJ2026-0001')
    expect(page).toContain(`href="/assets/${code}/parts"`)
    expect(page).not.toContain(`href="/assets/${code}/edit"`)
  })

  it('keeps the part it names from leaving, whatever its kind, and lets it be used otherwise', async () => {
    const code = await divided()
    await held(code, 'mortgaged', 'YJ2026-0002', [2, 3])
    const refused = await arrange(code, { ...withNumbers, drop3: '1' })
    expect(refused.body).toContain('不能取消部位 3（三楼）：已抵押（YJ2026-0002）')
    expect((await arrange(code, { ...withNumbers, usage3: 'lent' })).statusCode).toBe(303)
    expect((await arrange(code, { ...withNumbers, usage3: 'lent', drop1: '1' })).statusCode).toBe(303)
  })

  it('of the whole card makes the button dead and names what stands in the way', async () => {
    const code = await divided()
    await held(code, 'disposing', 'YJ2026-0003')
    const [hold] = await test.db(async (tx) =>
      tx
        .select()
        .from(holds)
        .where(eq(holds.cardId, (await cardOf(code)).id)),
    )
    const page = (await zhang.get(`/assets/${code}`)).body
    expect(page).toMatch(new RegExp(`<button[^>]*disabled[^>]*aria-describedby="hold-${hold?.id}"[^>]*>[^]*?划分部位`))
    expect(page).toContain('href="/transfers/YJ2026-0003"')
    expect((await arrange(code, { ...withNumbers, area3: '66' })).body).toContain(
      '不能划分部位：资产处置中（YJ2026-0003）',
    )
  })

  it('meets another of its kind by name, whole against part, and passes beside it', async () => {
    const code = await divided()
    await held(code, 'planned', 'YJ2026-0004', [1, 3])
    await expect(held(code, 'planned', 'YJ2026-0005', [3])).rejects.toThrow(
      `资产 ${code} 的部位 3 已被 YJ2026-0004 占用（盘活中）`,
    )
    await expect(held(code, 'planned', 'YJ2026-0006')).rejects.toThrow('已被 YJ2026-0004 占用')
    await held(code, 'planned', 'YJ2026-0007', [2])
    await expect(held(code, 'disputed', 'YJ2026-0009', [8])).rejects.toThrow(`资产 ${code} 没有部位 8`)
    await held(code, 'mortgaged', 'YJ2026-0008')
  })
})
