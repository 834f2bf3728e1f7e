import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cards } from '../../db/schema/assets.ts'
import { events } from '../../db/schema/kernel.ts'
import { asSystem } from '../../server/access/system.ts'
import { changeCard } from '../../server/assets/actions.ts'
import { valuesOf } from '../../server/assets/card.ts'
import { placeHolds } from '../../server/assets/holds.ts'
import { verify } from '../../server/verify/verify.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards, storedCard } from '../support/cards.ts'

let test: TestApp
let zhang: Visitor
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
})
afterAll(() => test.close())

const desks = {
  name: '办公桌',
  quantity: '10.000',
  unitOfMeasure: '张',
  cost: '1000.00',
  depreciation: '333.33',
  netValue: '666.67',
  originalCode: 'GJ-1',
}

async function enter(values: Parameters<typeof enterCards>[1][number] = desks): Promise<string> {
  const [code = ''] = await enterCards(test, [values])
  return code
}

const cardOf = (code: string) => storedCard(test, code)

async function piecesOf(code: string) {
  const { id } = await cardOf(code)
  return test.db((tx) => tx.select().from(cards).where(eq(cards.splitFromId, id)).orderBy(cards.id))
}

function send(code: string, fields: Record<string, string>, verb = 'split') {
  return zhang.post(`/assets/${code}/${verb}`, {
    action: 'split',
    effectiveOn: '2026-03-05',
    version: '1',
    token: crypto.randomUUID(),
    ...fields,
  })
}

async function splitInThree(code: string) {
  const reply = await send(code, { quantity1: '1', copies1: '2', usage1: 'idle', comment: '两张闲置' })
  expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
  return piecesOf(code)
}

describe('splitting a card', () => {
  it('makes cards of the pieces and leaves the rest, with an event on each that names the other', async () => {
    const code = await enter()
    const pieces = await splitInThree(code)
    expect(
      pieces.map(({ quantity, cost, depreciation, netValue, usage, originalCode, validFrom }) => [
        ...[quantity, cost, depreciation, netValue, usage, originalCode, validFrom],
      ]),
    ).toEqual([
      ['1.000', '100.00', '33.33', '66.67', 'idle', null, '2026-03-05'],
      ['1.000', '100.00', '33.33', '66.67', 'idle', null, '2026-03-05'],
    ])
    const card = await cardOf(code)
    expect(card).toMatchObject({
      quantity: '8.000',
      cost: '800.00',
      depreciation: '266.67',
      netValue: '533.33',
      version: 2,
    })
    const [told] = await test.db((tx) => tx.select().from(events).where(eq(events.action, 'card.split')))
    expect(told).toMatchObject({ cardId: card.id, comment: '两张闲置', effectiveOn: '2026-03-05' })
    expect(told?.detail.pieces).toEqual(pieces.map((piece) => ({ code: piece.code, quantity: '1.000' })))
    const [off] = await test.db((tx) =>
      tx
        .select()
        .from(events)
        .where(eq(events.cardId, pieces[0]?.id ?? '')),
    )
    expect(off).toMatchObject({ action: 'card.split-off', detail: { document: { path: `/assets/${code}` } } })
    const page = await zhang.get(`/assets/${code}`)
    for (const piece of pieces) expect(page.body).toContain(piece.code)
    expect((await zhang.get(`/assets/${pieces[0]?.code}`)).body).toContain('拆分自')
  })

  it('shows the figures before, without writing anything', async () => {
    const code = await enter()
    const preview = await send(code, { action: 'preview', quantity1: '3' })
    expect(preview.statusCode).toBe(200)
    for (const text of ['300.00', '700.00', '99.99', '233.34']) expect(preview.body).toContain(text)
    const more = await send(code, { action: 'more', quantity1: '3', rows: '3' })
    expect(more.body).toContain('name="quantity6"')
    expect((await cardOf(code)).version).toBe(1)
  })

  it.each([
    ['请至少填写一行', { quantity1: '' }],
    ['要大于 0', { quantity1: '0' }],
    ['不是数字', { quantity1: '两张' }],
    ['最多保留 3 位小数', { quantity1: '0.0001' }],
    ['合计要小于 10', { quantity1: '5', copies1: '2' }],
    ['份数请写 1 到 200', { quantity1: '0.01', copies1: '201' }],
    ['一次最多拆出 200 张', { quantity1: '0.01', copies1: '200', quantity2: '1' }],
    ['请填写第 2 行的数量', { quantity1: '1', name2: '旧桌' }],
    ['不能早于上一次变动的 2026-03-01', { quantity1: '1', effectiveOn: '2026-02-28' }],
    ['不能晚于今天 2026-03-10', { quantity1: '1', effectiveOn: '2026-03-11' }],
  ])('is refused with %s and keeps the answers', async (text, fields) => {
    const code = await enter()
    const reply = await send(code, { comment: '李保管说的', ...fields })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain(text)
    expect(reply.body).toContain('李保管说的')
    expect(await piecesOf(code)).toEqual([])
  })

  it.each([
    ['请先修改卡片写明数量', { quantity: null }],
    ['数量大于 1 的资产才能拆分', { quantity: '1.000' }],
    ['名义金额', { valueKind: 'nominal', cost: '1.00', depreciation: null, netValue: '1.00' }],
  ])('is refused for a card: %s', async (text, values) => {
    const code = await enter({ ...desks, ...values })
    expect((await zhang.get(`/assets/${code}/split`)).body).toContain(text)
    const reply = await send(code, { quantity1: '0.5' })
    expect([reply.statusCode, reply.body.includes(text)]).toEqual([422, true])
  })

  it('names the document that holds the card and leads to it', async () => {
    const code = await enter()
    const { id } = await cardOf(code)
    const document = { kind: 'transfer', id: '1', no: 'YJ2026-0001', path: '/transfers/YJ2026-0001' }
    await test.db((tx) => placeHolds(tx, asSystem(test.clock), [{ cardId: id }], 'transferring', document))
    const page = await zhang.get(`/assets/${code}/split`)
    expect(page.body).toContain('不能拆分：资产移交中（YJ2026-0001）')
    expect(page.body).toContain('href="/transfers/YJ2026-0001"')
    expect((await send(code, { quantity1: '1' })).statusCode).toBe(422)
  })

  it('is not for who only reads, and not from an old page', async () => {
    const code = await enter()
    const reader = await test.as('zhen-ling')
    expect((await reader.get(`/assets/${code}/split`)).statusCode).toBe(403)
    expect((await (await test.as('hong')).get(`/assets/${code}/split`)).statusCode).toBe(404)
    await splitInThree(code)
    expect((await send(code, { quantity1: '1' })).statusCode).toBe(409)
  })
})

describe('taking a split back', () => {
  it('voids the pieces and gives the card its quantity and values again, as a new state', async () => {
    const code = await enter()
    const pieces = await splitInThree(code)
    expect((await zhang.get(`/assets/${code}/unsplit`)).body).toContain(pieces[1]?.code)
    const reply = await send(code, { version: '2', effectiveOn: '2026-03-08' }, 'unsplit')
    expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
    expect(await cardOf(code)).toMatchObject({ ...desks, version: 3, validFrom: '2026-03-08' })
    expect((await piecesOf(code)).map(({ voided, version }) => [voided, version])).toEqual([
      [true, 2],
      [true, 2],
    ])
    const spent = await zhang.get(`/assets/${pieces[0]?.code}`)
    expect(spent.body).toContain('已作废')
    expect(spent.body).toContain(`/assets/${code}`)
    expect((await zhang.get('/assets?q=办公桌')).body).not.toContain(pieces[0]?.code)
    expect((await send(code, { version: '3', effectiveOn: '2026-03-08' }, 'unsplit')).statusCode).toBe(422)
  })

  it('undoes two splits in the order they were made in, backwards', async () => {
    const code = await enter()
    await splitInThree(code)
    await send(code, { version: '2', quantity1: '3' })
    await send(code, { version: '3' }, 'unsplit')
    expect(await cardOf(code)).toMatchObject({ quantity: '8.000', cost: '800.00' })
    await send(code, { version: '4' }, 'unsplit')
    expect(await cardOf(code)).toMatchObject({
      quantity: '10.000',
      cost: '1000.00',
      depreciation: '333.33',
      version: 5,
    })
  })

  it('is refused when something happened since, with the card named', async () => {
    const code = await enter()
    const [first] = await splitInThree(code)
    const edit = {
      cardType: 'furniture',
      track: 'collective',
      ownerUnit: test.fixture.codes.古井村股份经济合作联合社 ?? '',
    }
    await zhang.post(`/assets/${first?.code}`, {
      ...{ ...edit, name: '改了名', version: '1', effectiveOn: '2026-03-06', token: crypto.randomUUID() },
    })
    const reply = await send(code, { version: '2', effectiveOn: '2026-03-08' }, 'unsplit')
    expect([reply.statusCode, reply.body.includes(`拆出的资产 ${first?.code} 已有变动`)]).toEqual([422, true])

    const other = await enter()
    await splitInThree(other)
    await zhang.post(`/assets/${other}`, {
      ...{
        ...edit,
        name: '办公桌',
        cost: '900',
        depreciation: '',
        netValue: '',
        version: '2',
        effectiveOn: '2026-03-06',
      },
      token: crypto.randomUUID(),
    })
    const changed = await send(other, { version: '3', effectiveOn: '2026-03-08' }, 'unsplit')
    expect([changed.statusCode, changed.body.includes(`${other} 的`)]).toEqual([422, true])
  })

  it.each([
    ['权属已有变动', { track: 'state' }],
    ['已处置', { usage: 'disposed' }],
  ])('is refused when of the card itself the %s', async (text, since) => {
    const code = await enter()
    await splitInThree(code)
    const card = await cardOf(code)
    const effect = { action: 'card.determine', effectiveOn: '2026-03-06' }
    await test.db((tx) => changeCard(tx, asSystem(test.clock), card, { ...valuesOf(card), ...since }, effect))
    const reply = await send(code, { version: '3', effectiveOn: '2026-03-08' }, 'unsplit')
    expect([reply.statusCode, reply.body.includes(text)]).toEqual([422, true])
    expect((await piecesOf(code)).some(({ voided }) => voided)).toBe(false)
  })

  it('is refused when a document speaks of a piece', async () => {
    const code = await enter()
    const [first] = await splitInThree(code)
    const document = { kind: 'transfer', id: '2', no: 'YJ2026-0002', path: '/transfers/YJ2026-0002' }
    await test.db((tx) => placeHolds(tx, asSystem(test.clock), [{ cardId: first?.id ?? '' }], 'planned', document))
    const reply = await send(code, { version: '2', effectiveOn: '2026-03-08' }, 'unsplit')
    expect([reply.statusCode, reply.body.includes('YJ2026-0002')]).toEqual([422, true])
  })
})

it('leaves data in which every invariant holds', async () => {
  const findings = await test.db((tx) => verify(tx, { today: '2026-03-10', county: '510923' }))
  // The holds above belong to documents that are not there.
  expect(findings.filter(({ holds, name }) => !holds && !name.includes('占用'))).toEqual([])
})
