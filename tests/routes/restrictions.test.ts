import { asc, eq, isNull } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cards, holds } from '../../db/schema/assets.ts'
import { events } from '../../db/schema/kernel.ts'
import { restrictions } from '../../db/schema/restrictions.ts'
import { asSystem } from '../../server/access/system.ts'
import type { CardValues } from '../../server/assets/card.ts'
import { placeHolds } from '../../server/assets/holds.ts'
import { mortgageProblems } from '../../server/restrictions/rules.ts'
import { openTestApp, type Reply, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards } from '../support/cards.ts'

let test: TestApp
let zhang: Visitor
let nong: Visitor
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
  nong = await test.as('nong')
})
afterAll(() => test.close())

const mortgage = { kind: 'mortgaged', body: '大英县农村商业银行', since: '2026-03-02', reason: '流动资金贷款' }
const floors = {
  ...{ name1: '一楼', area1: '100', usage1: 'in_use', name2: '二楼', area2: '80', usage2: 'idle' },
  ...{ version: '1', effectiveOn: '2026-03-02' },
}

async function building(values: Partial<CardValues> = {}): Promise<string> {
  const [code = ''] = await enterCards(test, [{ name: '综合楼', cardType: 'house', floorArea: '300.00', ...values }])
  return code
}

async function divided(): Promise<string> {
  const code = await building()
  await send(zhang, `/assets/${code}/parts`, floors)
  return code
}

function send(visitor: Visitor, url: string, fields: Record<string, string>): Promise<Reply> {
  return visitor.post(url, { ...fields, token: crypto.randomUUID() })
}

async function recorded(card: string, fields: Record<string, string> = {}): Promise<string> {
  const reply = await send(zhang, '/restrictions', { ...mortgage, card, ...fields })
  expect(reply.statusCode, reply.body.slice(0, 3000)).toBe(303)
  return String(reply.headers.location).split('/')[2] ?? ''
}

const lifted = { action: 'lift', version: '1', liftedBy: '银行', liftedOn: '2026-03-09', comment: '贷款已还清' }

async function holdsOf(code: string) {
  return test.db((tx) =>
    tx
      .select({ kind: holds.kind, parts: holds.parts, no: holds.documentNo, released: holds.releasedAt })
      .from(holds)
      .innerJoin(cards, eq(cards.id, holds.cardId))
      .where(eq(cards.code, code))
      .orderBy(asc(holds.id)),
  )
}

describe('a restriction', () => {
  it('of a card that is not theirs to keep is answered beside its number, with all answers kept', async () => {
    const hong = await test.as('hong')
    for (const card of [await building(), '51092399999999']) {
      const reply = await send(hong, '/restrictions', { ...mortgage, card })
      expect([reply.statusCode, reply.body.includes(`台账中没有您经办的资产 ${card}`)]).toEqual([422, true])
      expect(reply.body).toContain('流动资金贷款')
      expect(reply.body).not.toContain('综合楼')
    }
  })

  it.each(['part0', 'part9', 'part1000000', 'part01'])('is not recorded on %s, which no page offers', async (part) => {
    const code = await divided()
    const reply = await send(zhang, '/restrictions', { ...mortgage, card: code, [part]: '1' })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('这张卡片上没有部位')
    expect(await holdsOf(code)).toEqual([])
  })

  it('holds the parts it names, and is named on the card', async () => {
    const code = await divided()
    expect((await zhang.get(`/restrictions/new?card=${code}`)).body).toContain('部位 2（二楼）')
    const no = await recorded(code, { part2: '1' })
    expect(no).toMatch(/^XZ2026-\d{4}$/)
    expect(await holdsOf(code)).toEqual([{ kind: 'mortgaged', parts: '[2,3)', no, released: null }])
    const page = (await zhang.get(`/assets/${code}`)).body
    expect(page).toContain(`href="/restrictions/${no}"`)
    expect(page).toContain('已抵押')
    expect(page).toContain('抵押，部位 2（二楼），大英县农村商业银行，自 2026-03-02')
    expect((await zhang.get(`/restrictions/${no}`)).body).toContain('部位 2（二楼）')
    expect((await zhang.get(`/assets/${code}/parts`)).body).toContain('不能取消')
  })

  it('makes a dead button of what it keeps from the card, with the way to it', async () => {
    const code = await building({ name: '路灯', cardType: 'public_facility', quantity: '10.000' })
    expect((await zhang.get(`/assets/${code}`)).body).toContain(`href="/assets/${code}/split"`)
    const no = await recorded(code)
    const page = (await zhang.get(`/assets/${code}`)).body
    expect(page).not.toContain(`href="/assets/${code}/split"`)
    const hold = /<p[^>]*id="(hold-\d+)"[^>]*>[\s\S]*?<a href="([^"]*)"/.exec(page)
    expect(hold?.[2]).toBe(`/restrictions/${no}`)
    expect(page).toMatch(new RegExp(`<button[^>]*disabled[^>]*aria-describedby="${hold?.[1]}"[^>]*>[\\s\\S]*?拆分`))
    const refused = await send(zhang, `/assets/${code}/split`, {
      quantity1: '1',
      effectiveOn: '2026-03-05',
      version: '1',
    })
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain(`不能拆分：资产已抵押（${no}）`)
  })

  it('is lifted by another person, with a reason, and holds nothing any more', async () => {
    const code = await building()
    const no = await recorded(code)
    const own = await send(zhang, `/restrictions/${no}/steps`, lifted)
    expect(own.statusCode).toBe(422)
    expect(own.body).toContain('解除限制须由另一人办理')
    const silent = await send(nong, `/restrictions/${no}/steps`, { ...lifted, comment: '' })
    expect(silent.body).toContain('请写明解除限制的理由')
    const early = await send(nong, `/restrictions/${no}/steps`, { ...lifted, liftedOn: '2026-03-01' })
    expect(early.body).toContain('解除日期不能早于起始日期 2026-03-02')
    const late = await send(nong, `/restrictions/${no}/steps`, { ...lifted, liftedOn: '2026-04-01' })
    expect(late.body).toContain('解除日期不能晚于今天 2026-03-10')
    expect(late.body).toContain('value="银行"')
    expect((await send(nong, `/restrictions/${no}/steps`, { action: 'lift', version: '1' })).headers.location).toBe(
      `/restrictions/${no}/lift`,
    )
    expect((await send(nong, `/restrictions/${no}/steps`, lifted)).statusCode).toBe(303)
    expect((await holdsOf(code)).filter(({ released }) => released === null)).toEqual([])
    const [row] = await test.db((tx) => tx.select().from(restrictions).where(eq(restrictions.no, no)))
    expect(row).toMatchObject({ state: 'lifted', liftedBy: '银行', liftedOn: '2026-03-09', version: 2 })
    const told = await test.db((tx) =>
      tx
        .select()
        .from(events)
        .where(eq(events.restrictionId, row?.id ?? '')),
    )
    expect(told.map(({ action, effectiveOn }) => [action, effectiveOn])).toEqual([
      ['restriction.record', '2026-03-02'],
      ['restriction.lift', '2026-03-09'],
    ])
    expect((await nong.get(`/restrictions/${no}`)).body).toContain('已解除')
  })

  it.each<[string, Record<string, string>, string]>([
    ['no card', { card: '' }, '请填写 14 位资产编号'],
    ['nothing said', { kind: '', body: '', reason: '' }, '请选择限制种类'],
    ['a day to come', { since: '2026-05-01' }, '起始日期不能晚于今天 2026-03-10'],
    ['a part that is not there', { part9: '1' }, '这张卡片上没有部位 9'],
  ])('is refused with %s, and every answer kept', async (_name, fields, sentence) => {
    const code = await building()
    const reply = await send(zhang, '/restrictions', { ...mortgage, card: code, documentNo: '抵字 7 号', ...fields })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain(sentence)
    expect(reply.body).toContain('value="抵字 7 号"')
    expect(await holdsOf(code)).toEqual([])
  })

  it('is not recorded twice over the same thing, and names the one that stands', async () => {
    const code = await divided()
    const no = await recorded(code, { part1: '1' })
    const again = await send(zhang, '/restrictions', { ...mortgage, card: code })
    expect(again.body).toContain(`已被 ${no} 占用（已抵押）`)
    expect(again.body).toContain(`href="/restrictions/${no}"`)
    await recorded(code, { part2: '1' })
  })

  it('is listed by state and kind for who reads the card, and for nobody else', async () => {
    const code = await building()
    const no = await recorded(code, { kind: 'disputed' })
    expect((await nong.get('/restrictions?state=in_force&kind=disputed')).body).toContain(no)
    expect((await nong.get('/restrictions?state=lifted')).body).not.toContain(no)
    expect((await nong.get('/restrictions?kind=mortgaged')).body).not.toContain(no)
    const shi = await test.as('shi')
    expect((await shi.get('/restrictions')).body).not.toContain(no)
    expect((await shi.get(`/restrictions/${no}`)).statusCode).toBe(404)
    expect((await send(shi, '/restrictions', { ...mortgage, card: code })).statusCode).toBe(422)
  })
})

describe('what cannot be mortgaged', () => {
  it('is disputed or undetermined: the statute blocks, a dispute can still be recorded', async () => {
    const code = await building()
    const dispute = await recorded(code, { kind: 'disputed' })
    const refused = await send(zhang, '/restrictions', { ...mortgage, card: code })
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain(`不能登记抵押：资产有争议（${dispute}）`)
    const unclear = await building({ ownership: 'undetermined' })
    expect((await send(zhang, '/restrictions', { ...mortgage, card: unclear })).body).toContain(
      '权属待界定的资产不得抵押',
    )
    await recorded(unclear, { kind: 'disputed' })
  })

  it('is being handed over or disposed of', async () => {
    const code = await building()
    const [card] = await test.db((tx) => tx.select().from(cards).where(eq(cards.code, code)))
    const document = { kind: 'transfer', id: '1', no: 'YJ2026-0001', path: '/transfers/YJ2026-0001' }
    await test.db((tx) => placeHolds(tx, asSystem(test.clock), [{ cardId: card?.id ?? '' }], 'transferring', document))
    const refused = await send(zhang, '/restrictions', { ...mortgage, card: code })
    expect(refused.body).toContain('不能登记抵押：资产移交中（YJ2026-0001）')
    expect(refused.body).toContain('href="/transfers/YJ2026-0001"')
    await test.db((tx) => tx.delete(holds).where(isNull(holds.releasedAt)))
  })

  it.each([
    [
      '宅基地',
      'collective',
      'land',
      ['集体的宅基地使用权不得抵押（《民法典》第三百九十九条），请核对资产名称和地类。'],
    ],
    ['宅基地上的房屋', 'collective', 'house', []],
    ['宅基地', 'state', 'land', []],
    ['集体经营性建设用地', 'collective', 'land', []],
  ])('%s, %s, %s', (name, track, cardType, texts) => {
    const found = mortgageProblems({ name, track, cardType, undetermined: false, landUse: null })
    expect(found.map(({ text }) => text)).toEqual(texts)
  })
})
