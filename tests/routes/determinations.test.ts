import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { holds } from '../../db/schema/assets.ts'
import { determinations } from '../../db/schema/determinations.ts'
import { events } from '../../db/schema/kernel.ts'
import { openTestApp, type Reply, type TestApp, type Visitor } from '../support/app.ts'
import { storedCard } from '../support/cards.ts'
import type { Account } from '../support/county.ts'
import { addBasis } from '../support/papers.ts'

let test: TestApp
const people = {} as Record<Account, Visitor>
beforeAll(async () => {
  test = await openTestApp()
  for (const account of ['zhang', 'hong', 'nong', 'tian', 'cai', 'shi', 'ji', 'zhen'] as const) {
    people[account] = await test.as(account)
  }
})
afterAll(() => test.close())

let code: string
let no: string
beforeEach(async () => {
  code = await enter()
  no = await draft(code)
})

const collective = '古井村股份经济合作联合社'
const town = '蓬莱镇人民政府'

describe('from draft to decision', () => {
  it('moves owner and track, keeps the old state, and says who did what', async () => {
    expect((await step('zhang', 'submit', 1)).statusCode).toBe(303)
    expect(await heldBy()).toEqual(['undetermined'])
    expect((await step('nong', 'review', 2)).statusCode).toBe(303)
    const decided = await step('tian', 'decide', 3, {
      decidedOwner: town,
      decidedTrack: 'state',
      decidingBody: '大英县人民政府',
      documentNo: '大府函〔2026〕3 号',
      decidedOn: '2026-03-09',
    })
    expect(decided.statusCode, decided.body.slice(0, 3000)).toBe(303)
    const card = await cardOf(code)
    expect(card).toMatchObject({
      ownerUnitId: test.fixture.units[town],
      track: 'state',
      version: 2,
      validFrom: '2026-03-09',
    })
    expect(await heldBy()).toEqual([])
    const told = await test.db((tx) => tx.select().from(events).where(eq(events.cardId, card.id)).orderBy(events.id))
    expect(told.map(({ action, actorName, effectiveOn }) => [action, actorName, effectiveOn])).toEqual([
      ['card.create', '张会计', '2026-03-01'],
      ['card.determine', '田科长', '2026-03-09'],
    ])
    const document = await documentOf()
    expect(document).toMatchObject({ state: 'decided', version: 4, documentNo: '大府函〔2026〕3 号' })
    const steps = await test.db((tx) =>
      tx.select().from(events).where(eq(events.determinationId, document.id)).orderBy(events.id),
    )
    expect(steps.map(({ action, fromState, toState }) => [action, fromState, toState])).toEqual([
      ['determination.draft', null, 'draft'],
      ['determination.paper-add', null, null],
      ['determination.submit', 'draft', 'submitted'],
      ['determination.review', 'submitted', 'reviewed'],
      ['determination.decide', 'reviewed', 'decided'],
    ])
    const ofNewOwner = await people.zhen.get(`/assets/${code}`)
    expect(ofNewOwner.statusCode).toBe(200)
    expect(ofNewOwner.body).toContain(no)
    expect((await people.zhang.get(`/assets/${code}`)).statusCode).toBe(404)
  })

  it('keeps the card as it was when the decision’s form is incomplete', async () => {
    await step('zhang', 'submit', 1)
    await step('nong', 'review', 2)
    const reply = await step('tian', 'decide', 3, {
      decidedOwner: '没有这个单位',
      decidedTrack: '',
      decidingBody: '县政府',
      documentNo: '',
      decidedOn: '2026年3月',
    })
    expect(reply.statusCode).toBe(422)
    for (const text of ['没有找到单位“没有这个单位”', '请选择界定的资产属性。', '请填写文号。', '界定日期要写到日'])
      expect(reply.body).toContain(text)
    expect(reply.body).toContain('value="县政府"')
    expect(await documentOf()).toMatchObject({ state: 'reviewed', version: 3 })
    expect(await heldBy()).toEqual(['undetermined'])
  })

  it('refuses a decision dated before the card’s last change, naming the field', async () => {
    await step('zhang', 'submit', 1)
    await step('nong', 'review', 2)
    const reply = await step('tian', 'decide', 3, {
      decidedOwner: town,
      decidedTrack: 'state',
      decidingBody: '县政府',
      documentNo: '1号',
      decidedOn: '2026-02-01',
    })
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('界定日期不能早于上一次变动的 2026-03-01')
    expect(await heldBy()).toEqual(['undetermined'])
  })
})

describe('a card marked 待界定', () => {
  it('stays so until a determination settles it', async () => {
    const card = await cardOf(code)
    const edit = {
      name: card.name,
      track: card.track,
      cardType: card.cardType,
      ownerUnit: collective,
      effectiveOn: '2026-03-02',
    }
    const marked = await people.zhang.post(`/assets/${code}`, { ...edit, ownership: 'undetermined', version: '1' })
    expect(marked.statusCode).toBe(303)
    expect(await cardOf(code)).toMatchObject({ undetermined: true, version: 2 })
    for (const ownership of ['settled', '']) {
      const refused = await people.zhang.post(`/assets/${code}`, { ...edit, ownership, version: '2' })
      expect(refused.statusCode).toBe(422)
      expect(refused.body).toContain('要办理“权属界定”后才能改为权属明确')
    }
    await step('zhang', 'submit', 1)
    await step('nong', 'review', 2)
    await step('tian', 'decide', 3, {
      decidedOwner: collective,
      decidedTrack: 'collective',
      decidingBody: '大英县人民政府',
      documentNo: '大府函〔2026〕4 号',
      decidedOn: '2026-03-09',
    })
    expect(await cardOf(code)).toMatchObject({ undetermined: false, version: 3 })
  })
})

describe('holds', () => {
  it('are placed at submission and released by return and withdrawal', async () => {
    await step('zhang', 'submit', 1)
    const second = await draft(code, '再报一次')
    const refused = await people.zhang.post(`/determinations/${second}/steps`, { action: 'submit', version: '1' })
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain(`资产待界定（${no}），请先办结该事项。`)
    expect((await step('nong', 'return', 2, { comment: '请补土地证' })).statusCode).toBe(303)
    expect(await heldBy()).toEqual([])
    expect((await step('zhang', 'submit', 3)).statusCode).toBe(303)
    expect((await step('zhang', 'withdraw', 4, { comment: '不再申请' })).statusCode).toBe(303)
    expect(await heldBy()).toEqual([])
  })
})

describe('who may do what', () => {
  it.each([
    ['hong', 'submit', 404],
    ['ji', 'submit', 403],
    ['tian', 'submit', 403],
    ['cai', 'submit', 403],
    ['shi', 'submit', 404],
  ] as const)('%s tries %s and gets %i', async (account, action, status) => {
    expect((await step(account, action, 1)).statusCode).toBe(status)
    expect(await documentOf()).toMatchObject({ state: 'draft', version: 1 })
  })

  it('does not let the lead review what the lead submitted', async () => {
    await step('nong', 'submit', 1)
    const page = await people.nong.get(`/determinations/${no}`)
    expect(page.body).toContain('审核通过须由另一人办理')
    const reply = await step('nong', 'review', 2)
    expect(reply.statusCode).toBe(422)
    expect(await documentOf()).toMatchObject({ state: 'submitted', version: 2 })
  })

  it('asks for the reason of a return', async () => {
    await step('zhang', 'submit', 1)
    const reply = await step('nong', 'return', 2)
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain('请写明退回补充的理由。')
  })
})

describe('at the same time', () => {
  it('one of many acts, the others see that it has changed, one event is written', async () => {
    await step('zhang', 'submit', 1)
    const replies = await Promise.all(Array.from({ length: 10 }, () => step('nong', 'review', 2)))
    expect(replies.filter(({ statusCode }) => statusCode === 303)).toHaveLength(1)
    expect(replies.filter(({ statusCode }) => statusCode === 409)).toHaveLength(9)
    const document = await documentOf()
    const written = await test.db((tx) => tx.select().from(events).where(eq(events.determinationId, document.id)))
    expect(written.filter(({ action }) => action === 'determination.review')).toHaveLength(1)
  })

  it('two documents over one card: one is submitted', async () => {
    const other = await draft(code, '另一份')
    const replies = await Promise.all([
      step('zhang', 'submit', 1),
      people.nong.post(`/determinations/${other}/steps`, { action: 'submit', version: '1' }),
    ])
    expect(replies.map(({ statusCode }) => statusCode).sort()).toEqual([303, 422])
    expect(await heldBy()).toEqual(['undetermined'])
  })
})

describe('the draft', () => {
  it('keeps every answer beside its problem', async () => {
    const reply = await people.zhang.post('/determinations', {
      cards: '51092399999999',
      reason: '',
      proposedOwner: '红林',
      proposedTrack: 'state',
      claim1: '有理由',
    })
    expect(reply.statusCode).toBe(422)
    for (const text of [
      '没有找到资产 51092399999999',
      '请填写界定事由。',
      '没有找到单位“红林”',
      '请写明主张理由 1 是哪个单位的',
    ]) {
      expect(reply.body, text).toContain(text)
    }
    expect(reply.body).toContain('value="有理由"')
  })

  it('cannot be submitted before claimants and papers are there, and says so beside the button', async () => {
    const bare = await people.zhang.post('/determinations', {
      cards: code,
      reason: '无依据',
      proposedOwner: town,
      proposedTrack: 'state',
    })
    const page = await people.zhang.get(String(bare.headers.location))
    expect(page.body).toContain('请写明哪些单位主张权属')
    expect(page.body).toContain('至少添加一份权属依据')
    expect(page.body).toMatch(/<button[^>]*value="submit"[^>]*disabled/)
  })

  it('can be rewritten while it is one', async () => {
    const edit = await people.zhang.get(`/determinations/${no}/edit`)
    expect(edit.body).toContain('校舍')
    const reply = await people.zhang.post(`/determinations/${no}`, {
      cards: code,
      reason: '改过的事由',
      proposedOwner: town,
      proposedTrack: 'state',
      version: '1',
    })
    expect(reply.statusCode).toBe(303)
    expect(await documentOf()).toMatchObject({ reason: '改过的事由', version: 2 })
    const stale = await people.zhang.post(`/determinations/${no}`, {
      cards: code,
      reason: '又改',
      proposedOwner: town,
      proposedTrack: 'state',
      version: '1',
    })
    expect(stale.statusCode).toBe(409)
  })
})

async function enter(): Promise<string> {
  const reply = await people.zhang.post('/assets', {
    name: '原古井小学校舍',
    track: 'collective',
    cardType: 'house',
    ownerUnit: collective,
    cost: '300000',
    effectiveOn: '2026-03-01',
    token: crypto.randomUUID(),
  })
  return String(reply.headers.location).split('/')[2] ?? ''
}

async function draft(card: string, reason = '校舍由镇投资、村出地，归属说法不一'): Promise<string> {
  const reply = await people.zhang.post('/determinations', {
    cards: card,
    reason,
    proposedOwner: town,
    proposedTrack: 'state',
    claimant1: town,
    claim1: '财政投资建设',
    token: crypto.randomUUID(),
  })
  expect(reply.statusCode, reply.body.slice(0, 2500)).toBe(303)
  const made = String(reply.headers.location).split('/')[2] ?? ''
  await addBasis(people.zhang, made)
  return made
}

function step(account: Account, action: string, version: number, fields: Record<string, string> = {}): Promise<Reply> {
  return people[account].post(`/determinations/${no}/steps`, { action, version: String(version), ...fields })
}

const cardOf = (code: string) => storedCard(test, code)

async function documentOf() {
  const [row] = await test.db((tx) => tx.select().from(determinations).where(eq(determinations.no, no)))
  if (!row) throw new Error(`no determination ${no}`)
  return row
}

async function heldBy(): Promise<string[]> {
  const card = await cardOf(code)
  const rows = await test.db((tx) => tx.select().from(holds).where(eq(holds.cardId, card.id)))
  return rows.filter(({ releasedAt }) => releasedAt === null).map(({ kind }) => kind)
}
