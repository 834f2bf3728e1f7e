import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadActor } from '../../server/access/actor.ts'
import { grantRole, heldBy } from '../../server/access/people-actions.ts'
import { revokeRole } from '../../server/access/people-endings.ts'
import { asSystem } from '../../server/access/system.ts'
import { changeUnit, openUnit, withdrawChange } from '../../server/access/unit-actions.ts'
import { closeUnit, dissolveUnit } from '../../server/access/unit-life.ts'
import { changeCard } from '../../server/assets/actions.ts'
import { valuesOf } from '../../server/assets/card.ts'
import { holds, scopeKey } from '../../server/kernel/actor.ts'
import { eventsOf } from '../../server/kernel/events.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { cardNamed, fillRegister } from '../support/register.ts'

let test: TestApp
let xi: Visitor
beforeAll(async () => {
  test = await openTestApp()
  await test.db((tx) => fillRegister(tx, test.clock, test.fixture))
  xi = await test.as('xi')
})
afterAll(() => test.close())

const honglin = '红林村股份经济合作联合社'
const gujing = '古井村股份经济合作联合社'
const idOf = (name: string) => test.fixture.units[name] ?? ''
const pathOf = (name: string) => `/units/${test.fixture.codes[name]}`
const versionOf = async (path: string) => /name="version" value="(\d+)"/.exec((await xi.get(path)).body)?.[1] ?? ''
const post = async (name: string, step: 'dissolve' | 'close' | 'reopen', fields: Record<string, string>) => {
  const page = `${pathOf(name)}/${step === 'reopen' ? 'close' : step}`
  return xi.post(`${pathOf(name)}/${step}`, { version: await versionOf(page), token: crypto.randomUUID(), ...fields })
}
const actions = (name: string) =>
  test.db(async (tx) => (await eventsOf(tx, { kind: 'unit', id: idOf(name) })).map(({ action }) => action))
const merger = { on: '2026-03-01', reason: '两村合并，大府函〔2026〕3 号', successor1: gujing }

describe('a unit that is dissolved', () => {
  it.each([
    ['a day to come', { ...merger, on: '2026-03-11' }, '撤销日期不能晚于今天 2026-03-10'],
    ['a day before it was', { ...merger, on: '2019-12-30', successor1: '' }, '本单位已登记到 2019-12-31 的情况'],
    ['no reason', { ...merger, reason: ' ' }, '请填写原因和批准文件'],
    ['itself as successor', { ...merger, successor1: honglin }, '承继单位不能是本单位'],
    ['a successor twice', { ...merger, successor2: gujing }, '同一个承继单位写了两次'],
    ['an unknown successor', { ...merger, successor1: '新村' }, '2026-03-01 没有“新村”这个单位'],
    ['no day', { ...merger, on: '' }, '请填写撤销日期'],
  ])('is not dissolved with %s', async (_name, fields, sentence) => {
    const reply = await post(honglin, 'dissolve', fields)
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain(sentence)
    if (fields.reason !== ' ') expect(reply.body).toContain(fields.reason)
    expect(await actions(honglin)).toEqual(['unit.open'])
  })

  it('keeps its cards and its keeper, and takes nothing new', async () => {
    const reply = await post(honglin, 'dissolve', merger)
    expect(reply.statusCode).toBe(303)
    const { body } = await xi.get(pathOf(honglin))
    expect(body).toContain('清算中')
    expect(body).toContain('登记撤销，开始清算，自 2026-03-01 起')
    expect(body).toMatch(/由谁承继<\/dt>\s*<dd><a[^>]*>古井村股份经济合作联合社/)
    expect((await xi.get(pathOf(gujing))).body).toMatch(/承继自<\/dt>\s*<dd><a[^>]*>红林村股份经济合作联合社/)

    const hong = await test.as('hong')
    expect((await hong.get('/assets')).body).toContain('堰塘')
    const card = { name: '新抽水机', cardType: 'equipment', track: 'collective', effectiveOn: '2026-03-05' }
    const entered = await hong.post('/assets', { ...card, ownerUnit: honglin })
    expect(entered.statusCode).toBe(422)
    expect(entered.body).toContain(
      '红林村股份经济合作联合社自 2026-03-01 起清算，不再登记新的资产，请改选承继它的古井村',
    )
    expect(entered.body).toContain('value="新抽水机"')
    const file = {
      name: '资产.csv',
      bytes: new TextEncoder().encode('资产名称,资产类别\n抽水机,设备\n堰塘,资源性资产\n'),
    }
    const fields = { unit: test.fixture.codes[honglin] ?? '', track: 'collective', effectiveOn: '2026-03-05' }
    const uploaded = await hong.upload('/imports', fields, file)
    const { body: review } = await hong.get(String(uploaded.headers.location))
    expect(review).toContain('自 2026-03-01 起清算，不再登记新的资产')
    const version = /name="version" value="(\d+)"/.exec(review)?.[1] ?? ''
    const cancelled = await hong.post(`${uploaded.headers.location}/cancel`, { version, token: 'cancel' })
    expect(cancelled.statusCode).toBe(303)
  })

  it('is not dissolved twice, and is no parent or successor any more', async () => {
    const again = await xi.post(`${pathOf(honglin)}/dissolve`, { ...merger, version: '1', token: 'again' })
    expect(again.statusCode).toBe(422)
    expect(again.body).toContain('本单位已于 2026-03-01 撤销，正在清算')
    const next = await post('石桥村股份经济合作联合社', 'dissolve', { ...merger, successor1: honglin })
    expect(next.body).toContain('红林村股份经济合作联合社已撤销或正在清算，请选正常的承继单位。')
    const fields = { name: '红林村卫生室', kind: 'clinic', regime: 'government', division: '510923100215' }
    const under = await xi.post('/units', { ...fields, parent: honglin, validFrom: '2026-03-10' })
    expect(under.body).toContain('红林村股份经济合作联合社已于 2026-03-01 撤销，不能作隶属单位')
  })

  it('is taken back with a reason', async () => {
    expect((await post(honglin, 'reopen', { reason: '' })).body).toContain('请填写撤回的原因')
    expect((await post(honglin, 'reopen', { reason: '批复尚未下达' })).statusCode).toBe(303)
    const { body } = await xi.get(pathOf(honglin))
    expect(body).not.toContain('由谁承继')
    expect(body).toContain('撤回了撤销')
    expect((await xi.get(`${pathOf(honglin)}/close`)).headers.location).toBe(`${pathOf(honglin)}/dissolve`)
  })
})

describe('a unit that is closed', () => {
  it('names everything that is left with it, with whom to ask and without a card’s name', async () => {
    await post(honglin, 'dissolve', merger)
    await test.db(async (tx) => {
      const below = { name: '红林村一组', kind: 'group_collective', regime: 'collective' } as const
      // Opened before the village was dissolved.
      const id = (await openUnit(tx, asSystem(test.clock), { ...below, ...at })).id
      await tx.execute(
        `update unit_periods set parent_id = ${idOf(honglin)}, entity_id = ${idOf(honglin)} where unit_id = ${id}`,
      )
    })
    const { body } = await xi.get(`${pathOf(honglin)}/close`)
    expect(body).toMatch(
      /名下还有 1 项集体资产，要先移交或界定权属，请联系：<a[^>]*>经办人洪会计<\/a>、<a[^>]*>牵头侬主任/,
    )
    expect(body).toContain('href="/people/hong"')
    expect(body).toMatch(/还有 1 个岗位在任，请安全管理员收回：<a[^>]*>洪会计（经办人）/)
    expect(body).toMatch(/还有 1 个单位由本单位管理，请先改隶其他单位：<a[^>]*>红林村一组/)
    expect(body).toContain('还有 1 个单位由本单位记账，请先变更核算单位：')
    expect(body).not.toContain('堰塘')
    const reply = await xi.post(`${pathOf(honglin)}/close`, { on: '2026-03-10', version: '4' })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('名下还有 1 项集体资产')
    expect(await actions(honglin)).not.toContain('unit.close')
  })

  it('is closed when all is handed over, not on a day before that', async () => {
    await test.db(async (tx) => {
      const system = asSystem(test.clock)
      const pond = await cardNamed(tx, '堰塘')
      const values = { ...valuesOf(pond), ownerUnit: idOf(gujing) }
      await changeCard(tx, system, pond, values, { action: 'card.determine', effectiveOn: '2026-03-04' })
      const person = test.fixture.people.hong ?? ''
      for (const held of await heldBy(tx, person)) await revokeRole(tx, system, person, held.id, null)
      await tx.execute(
        `update unit_periods set parent_id = ${idOf(gujing)}, entity_id = ${idOf(gujing)} where parent_id = ${idOf(honglin)}`,
      )
    })
    const ahead = { name: '红林联合社', validFrom: '2026-12-01' }
    await test.db((tx) => changeUnit(tx, asSystem(test.clock), idOf(honglin), ahead))
    const tooSoon = await post(honglin, 'close', { on: '2026-03-10', comment: '移交完毕' })
    expect([tooSoon.statusCode, tooSoon.body.includes('还有自 2026-12-01 起生效的变动，请先在单位页撤回')]).toEqual([
      422,
      true,
    ])
    await test.db((tx) => withdrawChange(tx, asSystem(test.clock), idOf(honglin)))
    const early = await post(honglin, 'close', { on: '2026-03-02', comment: '移交完毕' })
    expect(early.statusCode).toBe(422)
    expect(early.body).toContain('之前本单位名下还有资产、岗位或管理的单位')
    expect(early.body).toContain('value="移交完毕"')
    expect((await post(honglin, 'close', { on: '2026-02-28' })).body).toContain('本单位已登记到 2026-03-01 的情况')
    expect((await post(honglin, 'close', { on: '2026-03-10', comment: '移交完毕' })).statusCode).toBe(303)
    expect((await actions(honglin)).at(-1)).toBe('unit.close')
    const { body } = await xi.get(pathOf(honglin))
    expect(body).toContain('已撤销')
    expect(body).not.toContain(`${pathOf(honglin)}/change`)
  })

  it('is not closed twice, nor changed or taken back', async () => {
    for (const [step, fields] of [
      ['close', { on: '2026-03-10' }],
      ['reopen', { reason: '弄错了' }],
      ['dissolve', merger],
    ] as const) {
      const reply = await xi.post(`${pathOf(honglin)}/${step}`, { ...fields, version: '1', token: step })
      expect(reply.statusCode).toBe(422)
      expect(reply.body).toContain('本单位已于 2026-03-10 撤销办结，不用再办。')
    }
    const change = { name: '新名', division: '510923100215', parent: '', entity: '', validFrom: '2026-03-10' }
    const reply = await xi.post(`${pathOf(honglin)}/change`, { ...change, version: '9' })
    expect(reply.body).toContain('本单位已于 2026-03-10 撤销，情况不再变更。')
  })

  it('takes no membership, no card and no determination, and is offered nowhere', async () => {
    const ended = '红林村股份经济合作联合社已于 2026-03-10 撤销，请改选承继它的古井村股份经济合作联合社。'
    const an = await test.as('an')
    const grant = { unit: honglin, role: 'keeper', track: 'both', validFrom: '2026-03-10' }
    const granted = await an.post('/people/shi/grant', grant)
    expect(granted.statusCode).toBe(422)
    expect(granted.body).toContain(ended)
    expect((await an.get('/people/shi')).body).not.toContain(honglin)

    const zhen = await test.as('zhen')
    const card = { name: '新抽水机', cardType: 'equipment', track: 'collective', effectiveOn: '2026-03-05' }
    const entered = await zhen.post('/assets', { ...card, ownerUnit: honglin })
    expect(entered.statusCode).toBe(422)
    expect(entered.body).toContain(ended)
    const using = await zhen.post('/assets', { ...card, ownerUnit: '蓬莱镇人民政府', usingUnit: honglin })
    expect([using.statusCode, using.body.includes(ended)]).toEqual([422, true])
    expect((await zhen.get('/assets/new')).body).not.toContain(honglin)
    expect((await zhen.get('/imports/new')).body).not.toContain(honglin)
    const rows = `资产名称,资产类别,使用单位\n抽水机,设备,${honglin}\n`
    const file = { name: '使用.csv', bytes: new TextEncoder().encode(rows) }
    const fields = { unit: test.fixture.codes.蓬莱镇人民政府 ?? '', track: 'state', effectiveOn: '2026-03-05' }
    const uploaded = await zhen.upload('/imports', fields, file)
    const review = await zhen.get(String(uploaded.headers.location))
    expect(review.body).toContain(`使用单位「${honglin}」已于 2026-03-10 撤销，原文已作为附加栏目保留`)
    const pond = await test.db((tx) => cardNamed(tx, '堰塘'))
    const spent = { ...pond, voided: true, ownerUnitId: idOf(honglin) }
    const undo = { action: 'card.merge-back', effectiveOn: '2026-03-10' }
    await expect(
      test.db((tx) => changeCard(tx, asSystem(test.clock), spent, valuesOf(spent), undo, { voided: false })),
    ).rejects.toMatchObject({ problems: [{ field: 'ownerUnit', text: ended }] })

    const zhang = await test.as('zhang')
    const { code } = await test.db((tx) => cardNamed(tx, '堰塘'))
    const draft = { cards: code, reason: '说法不一', proposedOwner: honglin, proposedTrack: 'collective' }
    expect((await zhang.post('/determinations', draft)).body).toContain(ended)
    expect((await zhang.get('/determinations/new')).body).not.toContain(honglin)
  })

  it('is counted on the tree, and found by name with who carries on', async () => {
    expect((await xi.get('/units')).body).toContain('另有 1 个已撤销')
    const found = (await xi.get(`/units?q=${encodeURIComponent('红林村股份')}`)).body
    expect(found).toContain('已撤销')
    expect(found).toContain('由古井村股份经济合作联合社承继')
    expect((await xi.get('/units?asOf=2026-03-09')).body).toContain('清算中')
  })

  it('is read on by those it belonged to, and acted on by nobody', async () => {
    const zhen = await test.db((tx) => loadActor(tx, test.fixture.people.zhen ?? '', test.clock.today()))
    const key = scopeKey(idOf(honglin), 'collective')
    expect(zhen?.keys).toContain(key)
    expect(zhen && holds(zhen, ['keeper'], key)).toBe(false)
  })

  it('is not closed over a role that is being granted at the same moment', async () => {
    const system = asSystem(test.clock)
    const { id } = await test.db((tx) => openUnit(tx, system, { ...at, kind: 'clinic', name: '红林卫生院' }))
    await test.db((tx) => dissolveUnit(tx, system, id, { on: '2026-03-01', successorIds: [], reason: '撤并' }))
    const person = test.fixture.people.shi ?? ''
    let closing: Promise<unknown> = Promise.resolve()
    await test.db(async (tx) => {
      const role = { personId: person, unitId: id, role: 'keeper', track: 'both', validFrom: '2026-03-10' } as const
      await grantRole(tx, system, role)
      closing = test.db((other) => closeUnit(other, system, id, { on: '2026-03-10' })).catch((error: Error) => error)
      await new Promise((done) => setTimeout(done, 200))
    })
    expect(await closing).toMatchObject({ message: '还有 1 个岗位在任，请安全管理员收回：石会计（经办人）。' })
  })

  it('is closed once when two do it together', async () => {
    const { id } = await test.db((tx) =>
      openUnit(tx, asSystem(test.clock), { ...at, kind: 'school', name: '红林小学' }),
    )
    const dissolution = { on: '2026-03-01', successorIds: [], reason: '撤并' }
    await test.db((tx) => dissolveUnit(tx, asSystem(test.clock), id, dissolution))
    const both = await Promise.allSettled(
      [1, 2].map(() => test.db((tx) => closeUnit(tx, asSystem(test.clock), id, { on: '2026-03-10' }))),
    )
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { message: '本单位已于 2026-03-10 撤销办结，不用再办。' },
    })
  })
})

const at = { divisionCode: '510923100215', validFrom: '2020-01-01' }
