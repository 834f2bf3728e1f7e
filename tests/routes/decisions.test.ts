import { asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cards } from '../../db/schema/assets.ts'
import { determinations } from '../../db/schema/determinations.ts'
import { events } from '../../db/schema/kernel.ts'
import { deadlines, decisions } from '../../db/schema/records.ts'
import { draftDetermination, enterCard, recordedPaper } from '../guards/every-route.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import type { Account } from '../support/county.ts'
import { pdf } from '../support/papers.ts'

const village = '古井村股份经济合作联合社'
const town = '蓬莱镇人民政府'

let test: TestApp
const people = {} as Record<Account, Visitor>
let code: string
let no: string
beforeAll(async () => {
  test = await openTestApp()
  for (const account of ['zhang', 'hong', 'nong', 'tian', 'zhen', 'ji', 'shi'] as const) {
    people[account] = await test.as(account)
  }
})
afterAll(() => test.close())
beforeEach(async () => {
  code = await enterCard(people.zhang, { name: '校舍', track: 'collective', ownerUnit: village })
  no = await draftDetermination(people.zhang, code, town)
})

describe('a decision of a body without an account', () => {
  it('is recorded by the lead, moves the card, and is shown as recorded wherever it shows', async () => {
    await reviewed()
    const form = await people.nong.get(`/determinations/${no}/recorded`)
    expect(form.body).toContain('代录界定结果')
    const reply = await recorded('nong')
    expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
    const document = await documentOf()
    expect(document).toMatchObject({
      state: 'decided',
      decidingBody: '大英县人民政府',
      documentNo: '大府函〔2026〕12 号',
      decidedOn: '2026-03-10',
      decidedTrack: 'state',
    })
    const [card] = await test.db((tx) => tx.select().from(cards).where(eq(cards.code, code)))
    expect(card).toMatchObject({ ownerUnitId: test.fixture.units[town], track: 'state', validFrom: '2026-03-10' })
    const decision = await decisionOf(document.id)
    expect(decision).toMatchObject({
      no: expect.stringMatching(/^DL2026-\d{4}$/),
      recordedBy: test.fixture.people.nong,
      outcome: 'approved',
      determinationId: document.id,
    })
    const clocks = await test.db((tx) => tx.select().from(deadlines).where(eq(deadlines.determinationId, document.id)))
    expect(clocks.map(({ metOn }) => metOn)).toEqual(['2026-03-10', '2026-03-10'])
    const page = await people.nong.get(`/determinations/${no}`)
    expect(page.body).toContain('由侬主任照大英县人民政府《大府函〔2026〕12 号》录入')
    expect(page.body).toContain(`href="/decisions/${decision.no}"`)
    expect(page.body).toContain('代录权属界定结果（决定机关没有账号，照文件录入）')
    expect((await people.nong.get('/determinations')).body).toContain('已界定（代录）')
    expect((await people.zhen.get(`/assets/${code}`)).body).toContain('已界定（代录）')
  })

  it('is seen by the parties of its document and by nobody else', async () => {
    await reviewed()
    await recorded('tian')
    const { no: decision } = await decisionOf((await documentOf()).id)
    for (const account of ['zhang', 'nong', 'zhen', 'ji'] as const) {
      const page = await people[account].get(`/decisions/${decision}`)
      expect(page.body).toContain('田科长')
      expect(page.body).toContain('同意界定')
      expect((await people[account].get('/decisions')).body).toContain(decision)
    }
    expect((await people.shi.get(`/decisions/${decision}`)).statusCode).toBe(404)
    expect((await people.shi.get('/decisions')).body).not.toContain(decision)
    expect((await people.nong.get('/decisions?bodyKind=assembly')).body).not.toContain(decision)
  })

  it('says that its scan is missing until the scan hangs on it', async () => {
    await reviewed()
    await recorded('nong')
    const { no: decision } = await decisionOf((await documentOf()).id)
    expect((await people.nong.get('/decisions')).body).toContain('未附')
    const scan = { name: '大府函12号.pdf', bytes: pdf('大府函 12 号') }
    const said = { decision, kind: 'reply', title: '县政府批复', token: crypto.randomUUID() }
    const reply = await people.nong.upload('/papers', said, scan)
    expect(reply.headers.location).toBe(`/decisions/${decision}`)
    const page = await people.zhang.get(`/decisions/${decision}`)
    expect(page.body).toContain('县政府批复')
    expect(page.body).toContain('>添加材料</a></div>')
    const row = (await people.nong.get('/decisions')).body.split('<tr').find((line) => line.includes(decision))
    expect(row).not.toContain('未附')
  })

  it('is not recorded by who submitted the document', async () => {
    await step('nong', 'submit', 1)
    await test.db((tx) => tx.update(determinations).set({ state: 'reviewed' }).where(eq(determinations.no, no)))
    const page = await people.nong.get(`/determinations/${no}/recorded`)
    expect(page.statusCode).toBe(422)
    expect(page.body).toContain('代录界定结果须由另一人办理')
    const reply = await recorded('nong', {}, 2)
    expect(reply.statusCode).toBe(422)
    expect(await documentOf()).toMatchObject({ state: 'reviewed' })
    expect((await recorded('zhang', {}, 2)).statusCode).toBe(403)
  })

  it.each([
    [{ decidedOn: '2026-03-11' }, '不能晚于今天 2026-03-10'],
    [{ decidedOn: '2026-03-05' }, '决定日期早于本界定提交的 2026-03-10，请核对'],
    [{ decidedOn: '2026-03' }, '决定日期要写到日'],
    [{ documentNo: '' }, '请填写文号。'],
    [{ body: '' }, '请填写决定机关。'],
    [{ bodyKind: 'king' }, '请从列表中选择决定机关类别。'],
    [{ summary: '' }, '请填写决定内容。'],
    [{ decidedOwner: '没有这个单位' }, '没有找到单位“没有这个单位”'],
    [{ decidedTrack: '' }, '请选择界定的资产属性。'],
  ])('refuses %j with one sentence, keeps the answers and leaves everything as it was', async (fields, sentence) => {
    await reviewed()
    const reply = await recorded('nong', fields)
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain(sentence)
    expect(reply.body.split(sentence).length - 1).toBeLessThanOrEqual(2)
    if (!('summary' in fields)) expect(reply.body).toContain('同意界定为村集体所有')
    expect(await documentOf()).toMatchObject({ state: 'reviewed', version: 3 })
    const left = await test.db(async (tx) =>
      tx
        .select()
        .from(decisions)
        .where(eq(decisions.determinationId, (await documentOf()).id)),
    )
    expect(left).toEqual([])
  })

  it('says every problem at once', async () => {
    await reviewed()
    const reply = await recorded('nong', { body: '', documentNo: '', decidedOwner: '' })
    for (const text of ['请填写决定机关。', '请填写文号。', '请填写界定的权属单位。'])
      expect(reply.body).toContain(text)
  })

  it('leads from the button to its form, and from elsewhere to the document', async () => {
    expect((await people.nong.get(`/determinations/${no}/recorded`)).statusCode).toBe(422)
    await reviewed()
    const reply = await step('nong', 'record', 3)
    expect(reply.headers.location).toBe(`/determinations/${no}/recorded`)
  })
})

describe('a record that was written wrong', () => {
  it('has its words put right with a reason; the old ones stay, the document follows', async () => {
    await reviewed()
    await recorded('nong')
    const { id, no: decision } = await decisionOf((await documentOf()).id)
    const form = await people.nong.get(`/decisions/${decision}/correct`)
    expect(form.body).toContain('大府函〔2026〕12 号')
    const { decidedOn: _, decidedTrack: __, ...wording } = recordedPaper
    const correct = (fields: Record<string, string>, account: Account = 'nong') =>
      people[account].post(`/decisions/${decision}/correct`, { ...wording, version: '1', reason: '写错', ...fields })
    expect((await correct({ reason: '' })).body).toContain('请填写更正理由。')
    expect((await correct({})).body).toContain('还没有改动')
    expect((await correct({ decidedOn: '2026-03-01' })).body).toContain('还没有改动')
    expect((await correct({ documentNo: '大府函〔2026〕21 号' })).statusCode).toBe(303)
    expect((await correct({ documentNo: '大府函〔2026〕22 号' })).statusCode).toBe(409)
    expect(await documentOf()).toMatchObject({ documentNo: '大府函〔2026〕21 号', state: 'decided' })
    const told = await test.db((tx) =>
      tx.select().from(events).where(eq(events.decisionId, id)).orderBy(asc(events.id)),
    )
    expect(told.at(-1)).toMatchObject({
      action: 'decision.correct',
      comment: '写错',
      detail: { changes: { 文号: { old: '大府函〔2026〕12 号', new: '大府函〔2026〕21 号' } } },
    })
    expect((await people.zhang.get(`/decisions/${decision}`)).body).not.toContain(`/decisions/${decision}/correct`)
  })
})

async function reviewed(): Promise<void> {
  await step('zhang', 'submit', 1)
  await step('nong', 'review', 2)
}

function recorded(account: Account, fields: Record<string, string> = {}, version = 3) {
  return people[account].post(`/determinations/${no}/recorded`, {
    ...recordedPaper,
    decidedOwner: town,
    decidedTrack: 'state',
    version: String(version),
    token: crypto.randomUUID(),
    ...fields,
  })
}

function step(account: Account, action: string, version: number, fields: Record<string, string> = {}) {
  return people[account].post(`/determinations/${no}/steps`, { action, version: String(version), ...fields })
}

async function documentOf() {
  const [row] = await test.db((tx) => tx.select().from(determinations).where(eq(determinations.no, no)))
  if (!row) throw new Error(`no determination ${no}`)
  return row
}

async function decisionOf(determinationId: string) {
  const [row] = await test.db((tx) => tx.select().from(decisions).where(eq(decisions.determinationId, determinationId)))
  if (!row) throw new Error('nothing was recorded')
  return row
}
