import { eq, inArray, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cards } from '../../db/schema/assets.ts'
import { events } from '../../db/schema/kernel.ts'
import { paperLinks, papers } from '../../db/schema/records.ts'
import { asSystem } from '../../server/access/system.ts'
import { placeHolds } from '../../server/assets/holds.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards, storedCard, village } from '../support/cards.ts'

let test: TestApp
let zhang: Visitor
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
})
afterAll(() => test.close())

const school = {
  name: '原古井小学',
  cardType: 'house',
  location: '古井村二组',
  cost: '100000.00',
  floorArea: '500.00',
  certificate: '川（2019）大英县不动产权第0000007号',
}
const again = {
  ...school,
  name: '古井小学校舍',
  cost: '120000.00',
  originalCode: 'GJ-7',
  keeper: '李保管',
  usage: null,
}

let kept = ''
let other = ''
beforeEach(async () => {
  await test.db((tx) => tx.update(cards).set({ certificate: null, originalCode: null, floorArea: null }))
  ;[kept = '', other = ''] = await enterCards(test, [
    school,
    { ...again, certificate: '川(2019) 大英县不动产权第0000007号' },
  ])
})

const cardOf = (code: string) => storedCard(test, code)

function pairUrl(verb = '') {
  return `/assets/duplicates/${kept}/${other}${verb}`
}

function merge(fields: Record<string, string> = {}, by = zhang) {
  const versions = { version: '1', otherVersion: '1', keep: kept }
  return by.post(pairUrl('/merge'), { ...versions, effectiveOn: '2026-03-05', token: crypto.randomUUID(), ...fields })
}

function unmerge(fields: Record<string, string> = {}) {
  const sent = { version: '2', effectiveOn: '2026-03-08', token: crypto.randomUUID(), ...fields }
  return zhang.post(`/assets/${kept}/unmerge`, sent)
}

describe('suspected duplicates', () => {
  it('are listed by what is the same, counted, and lead to the two side by side', async () => {
    const page = await zhang.get('/assets/duplicates?rule=certificate')
    expect(page.statusCode, page.body.slice(0, 3000)).toBe(200)
    for (const text of ['权证编号相同', kept, other, pairUrl(), '共 1 组，2 张卡片']) expect(page.body).toContain(text)
    expect((await zhang.get('/assets/duplicates?rule=plate')).body).toContain('没有疑似重复的资产')
    const own = await zhang.get(`/assets/${kept}`)
    expect(own.body).toContain('疑似重复')
    expect(own.body).toContain(pairUrl())
  })

  it('stay within the scope of who asks', async () => {
    expect((await (await test.as('hong')).get('/assets/duplicates')).body).not.toContain(kept)
    expect((await (await test.as('hong')).get(pairUrl())).statusCode).toBe(404)
    expect((await (await test.as('nong')).get('/assets/duplicates')).body).toContain(kept)
  })

  it.each([
    ['plate', { details: { plate: '川J 12345' } }, { details: { plate: '川j12345' } }],
    ['original', { originalCode: 'A-１' }, { originalCode: 'a-1' }],
    [
      'place',
      { name: '堰 塘', location: '一 组', landArea: '10.00' },
      { name: '堰塘', location: '一组', landArea: '10.00' },
    ],
  ])('by %s', async (rule, one, two) => {
    const area = { floorArea: null, landArea: null, ...one }
    await test.db((tx) => tx.update(cards).set(area).where(eq(cards.code, kept)))
    await test.db((tx) =>
      tx
        .update(cards)
        .set({ ...area, ...two })
        .where(eq(cards.code, other)),
    )
    const page = await zhang.get(`/assets/duplicates?rule=${rule}`)
    expect(page.body).toContain(kept)
    expect(page.body).toContain(other)
  })

  it('are not ten equal desks, nor two pieces of one card, nor words that name nothing', async () => {
    const desk = { name: '办公桌', floorArea: null, certificate: null }
    await test.db((tx) =>
      tx
        .update(cards)
        .set({ ...desk, cardType: 'furniture', landArea: '1.00' })
        .where(inArray(cards.code, [kept, other])),
    )
    expect((await zhang.get('/assets/duplicates?rule=place')).body).not.toContain(kept)
    await test.db((tx) =>
      tx
        .update(cards)
        .set({ certificate: '无' })
        .where(inArray(cards.code, [kept, other])),
    )
    expect((await zhang.get('/assets/duplicates')).body).not.toContain(kept)
    const { id } = await cardOf(kept)
    await test.db((tx) =>
      tx
        .update(cards)
        .set({ certificate: '证 1' })
        .where(inArray(cards.code, [kept, other])),
    )
    expect((await zhang.get('/assets/duplicates')).body).toContain(kept)
    await test.db((tx) => tx.update(cards).set({ splitFromId: id }).where(eq(cards.code, other)))
    expect((await zhang.get('/assets/duplicates')).body).not.toContain(kept)
    await test.db((tx) => tx.update(cards).set({ splitFromId: null }).where(eq(cards.code, other)))
  })
})

describe('keeping both', () => {
  const apart = (verb = 'apart', fields: Record<string, string> = { reason: '一证两栋' }) =>
    zhang.post(pairUrl(`/${verb}`), { ...fields, token: crypto.randomUUID() })

  it('needs a reason, tells it on both cards, ends the suspicion and can be withdrawn', async () => {
    const without = await apart('apart', {})
    expect([without.statusCode, without.body.includes('请填写理由')]).toEqual([422, true])
    expect((await apart()).statusCode).toBe(303)
    expect((await zhang.get('/assets/duplicates')).body).not.toContain(kept)
    expect((await zhang.get(pairUrl())).body).toContain('一证两栋')
    expect((await zhang.get(`/assets/${other}`)).body).toContain('已确认不同')
    const ids = [(await cardOf(kept)).id, (await cardOf(other)).id]
    const told = await test.db((tx) => tx.select().from(events).where(inArray(events.cardId, ids)))
    expect(told.filter(({ action, comment }) => action === 'card.distinguish' && comment === '一证两栋')).toHaveLength(
      2,
    )
    expect((await apart()).statusCode).toBe(422)
    const barred = await merge()
    expect([barred.statusCode, barred.body.includes('已确认不是同一资产')]).toEqual([422, true])
    expect((await apart('together', { reason: '看错了' })).statusCode).toBe(303)
    expect((await zhang.get('/assets/duplicates')).body).toContain(kept)
    expect((await apart('together', { reason: '再一次' })).statusCode).toBe(422)
  })
})

describe('merging two cards', () => {
  it('shows what differs, with the kept card’s own unless it is blank', async () => {
    const page = await zhang.get(pairUrl())
    expect(page.statusCode, page.body.slice(0, 3000)).toBe(200)
    const checked = (body: string) =>
      [...body.matchAll(/name="(\w+)" value="(\d{14})" checked/g)].map(([, key, code]) => [
        key,
        code === kept ? 'kept' : 'other',
      ])
    expect(Object.fromEntries(checked(page.body))).toMatchObject({
      name: 'kept',
      cost: 'kept',
      originalCode: 'other',
      keeper: 'other',
    })
    expect(page.body).not.toContain('name="location"')
    const turned = await zhang.get(`${pairUrl()}?keep=${other}`)
    expect(Object.fromEntries(checked(turned.body))).toMatchObject({ name: 'other', usage: 'kept' })
  })

  it('keeps one with the chosen values, voids the other and leads its code there', async () => {
    const reply = await merge({ cost: other, keeper: kept, comment: '两次清查各录一张' })
    expect(reply.statusCode, reply.body.slice(0, 3000)).toBe(303)
    const one = await cardOf(kept)
    expect(one).toMatchObject({
      name: '原古井小学',
      cost: '120000.00',
      originalCode: 'GJ-7',
      keeper: null,
      version: 2,
      validFrom: '2026-03-05',
    })
    expect(await cardOf(other)).toMatchObject({ voided: true, mergedIntoId: one.id, version: 2 })
    const [told] = await test.db((tx) =>
      tx.select().from(events).where(eq(events.cardId, one.id)).orderBy(events.id).offset(1),
    )
    expect(told).toMatchObject({ action: 'card.merge', comment: '两次清查各录一张' })
    expect(told?.detail.removed).toEqual({ cost: '100000.00', floorArea: '500.00' })
    const spent = await zhang.get(`/assets/${other}`)
    expect([spent.statusCode, spent.headers.location]).toEqual([303, `/assets/${kept}`])
    const page = await zhang.get(`/assets/${kept}`)
    expect(page.body).toContain(`编号 ${other} 的资产与本卡片重复`)
    expect(page.body).toContain(`${other}：录入资产卡片`)
    expect((await zhang.get(`/assets?q=${other}`)).body).toContain(`/assets/${kept}`)
    expect((await zhang.get('/assets?q=古井小学校舍')).body).not.toContain(other)
    expect((await zhang.get(pairUrl())).statusCode).toBe(303)
    expect((await zhang.get(`/assets/${other}/edit`)).statusCode).toBe(404)
  })

  it('can keep the newer card', async () => {
    await merge({ keep: other })
    expect(await cardOf(kept)).toMatchObject({ voided: true, mergedIntoId: (await cardOf(other)).id })
  })

  it('brings an import of either number to the living card', async () => {
    await merge({ originalCode: kept })
    const table = `资产编号,资产名称,原资产编号,备注\n${other},原古井小学,,第一行\n,原古井小学,GJ-7,第二行\n`
    const unit = test.fixture.codes[village] ?? ''
    const sent = { unit, track: 'collective', effectiveOn: '2026-03-09', token: crypto.randomUUID() }
    const reply = await zhang.upload('/imports', sent, { name: '台账.csv', bytes: new TextEncoder().encode(table) })
    const page = await zhang.get(String(reply.headers.location))
    expect(page.body).toContain('与第 2 行对应同一张卡片，只录第 2 行')
    await zhang.post(`${reply.headers.location}/commit`, { action: 'all', version: '2', token: crypto.randomUUID() })
    expect(await cardOf(kept)).toMatchObject({ remark: '第一行', version: 3 })
  })

  it('takes the parts along under new numbers, with what follows from them, and fits them to the area', async () => {
    const part = { no: 1, name: '一层', area: '600.00', usage: 'idle', idleSince: '2025-09' }
    const measured = (floorArea: string) =>
      test.db((tx) =>
        tx
          .update(cards)
          .set({ floorArea, lastPart: 2, parts: [part] })
          .where(eq(cards.code, other)),
      )
    await measured('600.00')
    const refused = await merge({ floorArea: kept })
    expect([refused.statusCode, refused.body.includes('各部位')]).toEqual([422, true])
    expect((await merge({ floorArea: other, usage: kept })).statusCode).toBe(303)
    const one = await cardOf(kept)
    expect(one).toMatchObject({ parts: [part], lastPart: 1, usage: 'idle', idleArea: '600.00', floorArea: '600.00' })
    await unmerge()
    expect(await cardOf(kept)).toMatchObject({ parts: [], lastPart: 1, usage: 'in_use', idleArea: null })
  })

  it('takes the papers along', async () => {
    const [paper] = await test.db(async (tx) => {
      const made = await tx
        .insert(papers)
        .values({ kind: 'other', title: '移交清单', createdAt: test.clock.now() })
        .returning()
      const cardId = (await cardOf(other)).id
      await tx.insert(paperLinks).values({ paperId: made[0]?.id ?? '', cardId, linkedAt: test.clock.now() })
      return made
    })
    const linked = () =>
      test.db((tx) =>
        tx
          .select({ cardId: paperLinks.cardId })
          .from(paperLinks)
          .where(eq(paperLinks.paperId, paper?.id ?? '')),
      )
    await merge()
    expect(await linked()).toHaveLength(2)
    await unmerge()
    expect(await linked()).toEqual([{ cardId: (await cardOf(other)).id }])
  })

  it.each([
    ['不能早于', { effectiveOn: '2026-02-01' }],
    ['不能晚于今天', { effectiveOn: '2026-03-11' }],
    ['请填写生效日期', { effectiveOn: '' }],
  ])('is refused: %s', async (text, fields) => {
    const reply = await merge({ ...fields, cost: other })
    expect([reply.statusCode, reply.body.includes(text)]).toEqual([422, true])
    expect(reply.body).toContain(`name="cost" value="${other}" checked`)
    expect((await cardOf(other)).voided).toBe(false)
  })

  it('is refused over a hold, which is named and linked, over two tracks, and to who keeps only one', async () => {
    const { id } = await cardOf(other)
    const document = { kind: 'transfer', id: '1', no: 'YJ2026-0001', path: '/transfers/YJ2026-0001' }
    await test.db((tx) => placeHolds(tx, asSystem(test.clock), [{ cardId: id }], 'planned', document))
    const page = await zhang.get(pairUrl())
    expect(page.body).toContain('不能合并重复：资产盘活中（YJ2026-0001）')
    expect(page.body).toContain('href="/transfers/YJ2026-0001"')
    expect((await merge()).statusCode).toBe(422)
    await test.db((tx) => tx.update(cards).set({ track: 'state' }).where(eq(cards.code, kept)))
    const foreign = await merge({}, await test.as('nong'))
    expect(foreign.statusCode).toBe(404)
    expect((await merge({}, await test.as('ji'))).statusCode).toBe(403)
    await test.db((tx) => tx.execute(`update holds set released_at = now()`))
    const tracks = await merge()
    expect([tracks.statusCode, tracks.body.includes('请先办理权属界定')]).toEqual([422, true])
    const stale = await merge({ version: '7' })
    expect(stale.statusCode).toBe(409)
  })
})

describe('taking a merge back', () => {
  it('gives both cards again what they were, as new states', async () => {
    await merge({ cost: other, name: other })
    expect((await zhang.get(`/assets/${kept}/unmerge`)).body).toContain(other)
    const reply = await unmerge()
    expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
    expect(await cardOf(kept)).toMatchObject({ name: '原古井小学', cost: '100000.00', originalCode: null, version: 3 })
    expect(await cardOf(other)).toMatchObject({ name: '古井小学校舍', voided: false, mergedIntoId: null, version: 3 })
    expect((await zhang.get(`/assets/${other}`)).statusCode).toBe(200)
    expect((await unmerge({ version: '3' })).statusCode).toBe(422)
  })

  it('is refused once the card has changed', async () => {
    await merge()
    const edit = {
      name: '改了名',
      cardType: 'house',
      track: 'collective',
      ownerUnit: test.fixture.codes[village] ?? '',
    }
    await zhang.post(`/assets/${kept}`, {
      ...edit,
      version: '2',
      effectiveOn: '2026-03-06',
      token: crypto.randomUUID(),
    })
    const reply = await unmerge({ version: '3' })
    expect([reply.statusCode, reply.body.includes(`合并后 ${kept} 又有变动`)]).toEqual([422, true])
  })

  it('is for who keeps both: the keeper of one unit is told whom to ask', async () => {
    await giveAway(other)
    const nong = await test.as('nong')
    expect((await merge({}, nong)).statusCode).toBe(303)
    expect((await zhang.get(`/assets/${kept}`)).body).not.toContain('/unmerge')
    const reply = await unmerge()
    expect([reply.statusCode, reply.body.includes('请由牵头单位撤销合并')]).toEqual([422, true])
    const spent = await zhang.get(`/assets/${other}`)
    expect([spent.statusCode, spent.headers.location]).toEqual([303, `/assets/${kept}`])
    expect((await (await test.as('hong')).get(`/assets/${other}`)).statusCode).toBe(200)
    expect((await (await test.as('shi')).get(`/assets/${other}`)).statusCode).toBe(404)
    expect((await nong.get(`/assets/${kept}`)).body).toContain(`/assets/${kept}/unmerge`)
  })

  it('brings no card back to a unit that has been closed since', async () => {
    const unitId = test.fixture.units.红林村股份经济合作联合社 ?? ''
    await giveAway(other)
    const nong = await test.as('nong')
    await merge({}, nong)
    const state = (closed: boolean) =>
      test.db((tx) =>
        tx.execute(
          closed
            ? sql`update units set state = 'closed', closed_on = '2026-03-06' where id = ${unitId}`
            : sql`update units set state = 'active', closed_on = null where id = ${unitId}`,
        ),
      )
    await state(true)
    const sent = { version: '2', effectiveOn: '2026-03-08', token: crypto.randomUUID() }
    const reply = await nong.post(`/assets/${kept}/unmerge`, sent)
    await state(false)
    expect([reply.statusCode, reply.body.includes('请另行录入卡片')]).toEqual([422, true])
    expect((await cardOf(other)).voided).toBe(true)
  })
})

it('leaves undetermined what was so on either card', async () => {
  await test.db((tx) => tx.update(cards).set({ undetermined: true }).where(eq(cards.code, other)))
  expect((await zhang.get(pairUrl())).body).toContain('待界定')
  await merge()
  expect(await cardOf(kept)).toMatchObject({ undetermined: true, voided: false })
  await unmerge()
  expect([(await cardOf(kept)).undetermined, (await cardOf(other)).undetermined]).toEqual([false, true])
})

describe('a card that was merged away', () => {
  it('is taken by no document drafted before', async () => {
    const { id } = await cardOf(other)
    await merge()
    const document = { kind: 'determination', id: '1', no: 'QD2026-0009', path: '/determinations/QD2026-0009' }
    const placed = test.db((tx) => placeHolds(tx, asSystem(test.clock), [{ cardId: id }], 'undetermined', document))
    await expect(placed).rejects.toThrow(`资产 ${other} 已作废`)
  })

  it('is not entered again by the file it came from', async () => {
    await test.db((tx) => tx.update(cards).set({ certificate: null, originalCode: null, location: null }))
    const row = { name: '古井小学校舍', cost: '120000.00', floorArea: '500.00' }
    await test.db((tx) =>
      tx
        .update(cards)
        .set({ ...row, certificate: null, originalCode: null })
        .where(eq(cards.code, other)),
    )
    await merge({ name: kept, cost: kept })
    const table = '资产名称,原值（元）,建筑面积（㎡）,备注\n古井小学校舍,120000,500,再来\n'
    const unit = test.fixture.codes[village] ?? ''
    const sent = { unit, track: 'collective', effectiveOn: '2026-03-09', token: crypto.randomUUID() }
    const reply = await zhang.upload('/imports', sent, { name: '台账.csv', bytes: new TextEncoder().encode(table) })
    const [row1] = await test.db((tx) =>
      tx.execute<{ status: string; card_id: string }>(sql`
      select status, entry_id::text as card_id from import_rows order by id desc limit 1`),
    )
    expect(row1, String(reply.headers.location)).toEqual({ status: 'changed', card_id: (await cardOf(kept)).id })
  })

  it('is called merged in the changes of that time even when it is taken back later', async () => {
    await merge({ effectiveOn: '2026-03-04' })
    await unmerge({ effectiveOn: '2026-03-06' })
    const nong = await test.as('nong')
    const page = await nong.get('/assets/changes?from=2026-03-03&to=2026-03-05&kind=merged')
    expect(page.body).toContain(other)
  })
})

it('takes how a figure was written from the card it comes from', async () => {
  const written = (code: string, text: string) =>
    test.db((tx) =>
      tx
        .update(cards)
        .set({ written: { cost: text, name: text } })
        .where(eq(cards.code, code)),
    )
  await written(kept, '10万元')
  await written(other, '12万元')
  await merge({ cost: other })
  expect((await cardOf(kept)).written).toEqual({ cost: '12万元', name: '10万元' })
  await unmerge()
  expect((await cardOf(kept)).written).toEqual({ cost: '10万元', name: '10万元' })
})

async function giveAway(code: string) {
  const ownerUnitId = test.fixture.units.红林村股份经济合作联合社 ?? ''
  await test.db((tx) => tx.update(cards).set({ ownerUnitId }).where(eq(cards.code, code)))
}
