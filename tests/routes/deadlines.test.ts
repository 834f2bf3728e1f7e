import { asc, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { people as accounts } from '../../db/schema/access.ts'
import { determinations } from '../../db/schema/determinations.ts'
import { events } from '../../db/schema/kernel.ts'
import { deadlines } from '../../db/schema/records.ts'
import { settings } from '../../db/schema/settings.ts'
import { asSystem } from '../../server/access/system.ts'
import { startMissingClocks } from '../../server/determinations/clocks.ts'
import { enterDays, removeDays } from '../../server/records/calendar-actions.ts'
import { meetDeadline, setDeadline } from '../../server/records/deadlines.ts'
import { draftDetermination, enterCard } from '../guards/every-route.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import type { Account } from '../support/county.ts'

const village = '古井村股份经济合作联合社'

let test: TestApp
const people = {} as Record<Account, Visitor>
let no: string
beforeAll(async () => {
  test = await openTestApp()
  for (const account of ['zhang', 'nong', 'tian', 'ju', 'zhen-ling', 'shi'] as const) {
    people[account] = await test.as(account)
  }
})
afterAll(() => test.close())
beforeEach(async () => {
  await at('2026-03-10')
  const card = await enterCard(people.zhang, { name: '校舍', track: 'collective', ownerUnit: village })
  no = await draftDetermination(people.zhang, card, village)
})

describe('the clocks of a determination', () => {
  it('start with submission and review, in the days the county has set, and are met by the step', async () => {
    await step('zhang', 'submit', 1)
    expect(await clocks()).toMatchObject([
      { key: 'review', dueOn: '2026-03-24', role: 'lead', metOn: null, anchorOn: '2026-03-10', amount: 10 },
    ])
    const page = await people.nong.get(`/determinations/${no}`)
    expect(page.body).toContain('应于 2026-03-24 前审核，还有 10 个工作日')
    expect(page.body).toContain('没有全国统一期限，可按本县规定调整')
    await at('2026-03-17')
    await step('nong', 'review', 2)
    expect(await clocks()).toMatchObject([
      { key: 'review', metOn: '2026-03-17', cancelledOn: null },
      { key: 'decision', dueOn: '2026-04-15', metOn: null, amount: 20 },
    ])
    expect((await people.zhang.get(`/determinations/${no}`)).body).toContain('应于 2026-03-24 前，2026-03-17 办结')
  })

  it('start for a document that has waited since before there were any, once', async () => {
    await step('zhang', 'submit', 1)
    await at('2026-03-17')
    await step('nong', 'review', 2)
    const before = await clocks()
    await test.db((tx) => tx.delete(deadlines))
    await at('2026-05-20')
    for (const _ of [1, 2]) await test.db((tx) => startMissingClocks(tx, asSystem(test.clock)))
    const own = ['key', 'label', 'basis', 'role', 'partyKeys', 'anchorOn', 'amount', 'unit', 'dueOn'] as const
    const said = (clock: (typeof before)[number] | undefined) => own.map((key) => clock?.[key])
    expect((await clocks()).map(said)).toEqual([said(before[1])])
  })

  it('take the days of their track as set on the day of the step', async () => {
    const set = { key: 'determinationReviewDays', reason: '县办法', setAt: test.clock.now() }
    await test.db((tx) =>
      tx.insert(settings).values([
        { ...set, track: 'collective', validFrom: '2026-03-01', value: '5' },
        { ...set, track: 'collective', validFrom: '2026-03-11', value: '1' },
      ]),
    )
    await step('zhang', 'submit', 1)
    expect(await clocks()).toMatchObject([{ dueOn: '2026-03-17', amount: 5 }])
    await test.db((tx) => tx.delete(settings))
  })

  it('are cancelled when the document goes back or is given up, and start anew', async () => {
    await step('zhang', 'submit', 1)
    await step('nong', 'return', 2, { comment: '请补土地证' })
    expect(await clocks()).toMatchObject([{ cancelledOn: '2026-03-10', metOn: null }])
    await at('2026-03-12')
    await step('zhang', 'submit', 3)
    expect((await clocks()).at(-1)).toMatchObject({ dueOn: '2026-03-26', cancelledOn: null })
    await step('zhang', 'withdraw', 4, { comment: '不再申请' })
    expect((await clocks()).filter(({ cancelledOn }) => cancelledOn === null)).toEqual([])
  })

  it('are red for everyone who sees the document once they are late', async () => {
    await step('zhang', 'submit', 1)
    await at('2026-03-27')
    for (const account of ['zhang', 'nong', 'tian', 'zhen-ling'] as const) {
      const page = await people[account].get(`/determinations/${no}`)
      expect(page.body).toContain('应于 2026-03-24 前审核，晚了 3 个工作日')
      const list = await people[account].get('/determinations?due=late')
      expect(list.body).toContain(no)
      expect(list.body).toContain('晚了 3 个工作日')
      const bench = await people[account].get('/')
      expect(bench.body).toContain('已逾期')
      expect(bench.body).toContain(no)
    }
    expect((await people.shi.get('/')).body).not.toContain('已逾期')
    expect((await people.tian.get('/determinations?due=soon')).body).not.toContain(no)
    await step('nong', 'review', 2)
    expect((await people.zhang.get(`/determinations/${no}`)).body).toContain('2026-03-27 办结（逾期）')
  })
})

describe('a holiday entered later', () => {
  it('moves what rests on working days, and the document’s record says so', async () => {
    await step('zhang', 'submit', 1)
    const reply = await people.ju.post('/calendar', {
      from: '2026-03-16',
      to: '2026-03-17',
      kind: 'holiday',
      name: '县庆',
      token: crypto.randomUUID(),
    })
    expect(reply.statusCode).toBe(303)
    expect(await clocks()).toMatchObject([{ dueOn: '2026-03-26' }])
    const told = (await happened()).at(-1)
    expect(told).toMatchObject({
      action: 'deadline.reckon',
      actorName: '系统（代居科长）',
      detail: { changes: { 牵头审核时限: { old: '2026-03-24', new: '2026-03-26' } } },
    })
    const page = await people.zhang.get(`/determinations/${no}`)
    expect(page.body).toContain('放假安排变动，重新推算时限')
    await people.ju.post('/calendar/remove', { from: '2026-03-16', to: '2026-03-17', token: crypto.randomUUID() })
    expect(await clocks()).toMatchObject([{ dueOn: '2026-03-24' }])
  })

  it('leaves nothing behind when a step and the calendar change at once', async () => {
    const [entered] = await Promise.all([
      people.ju.post('/calendar', { from: '2026-03-18', kind: 'holiday', name: '县庆', token: crypto.randomUUID() }),
      step('zhang', 'submit', 1),
    ])
    expect(entered.statusCode).toBe(303)
    expect(await clocks()).toMatchObject([{ dueOn: '2026-03-25' }])
    await people.ju.post('/calendar/remove', { from: '2026-03-18', to: '2026-03-18', token: crypto.randomUUID() })
  })

  it('does not end a step that has stopped a clock and waits to start the next', async () => {
    await step('zhang', 'submit', 1)
    const subject = { kind: 'determination', id: await idOf() } as const
    const acting = asSystem(test.clock)
    const days = { from: '2026-03-19', to: '2026-03-19', kind: 'holiday', name: '停电' } as const
    let changing: Promise<unknown> = Promise.resolve()
    await test.db(async (tx) => {
      await tx.execute(sql`select id from determinations where id = ${subject.id} for no key update`)
      await meetDeadline(tx, acting, subject, 'review')
      changing = test.db((other) => enterDays(other, acting, days))
      await new Promise((soon) => setTimeout(soon, 300))
      const clock = { key: 'decision', label: '县级界定时限', basis: null, role: 'approver', partyKeys: [] } as const
      await setDeadline(tx, acting, subject, { ...clock, anchorOn: '2026-03-10', amount: 20, unit: 'working_day' })
    })
    await changing
    expect((await clocks()).map(({ dueOn }) => dueOn)).toEqual(['2026-03-24', '2026-04-09'])
    await test.db((tx) => removeDays(tx, acting, days))
  })

  it('is asked for where a deadline falls into a year without any', async () => {
    await at('2026-12-25')
    await step('zhang', 'submit', 1)
    const page = await people.nong.get(`/determinations/${no}`)
    expect(page.body).toContain('2027 年的放假安排还没有录入，工作日时限按周末推算。')
    expect((await people.tian.get('/')).body).toContain('录入 2027 年放假安排')
    await step('zhang', 'withdraw', 2, { comment: '不再申请' })
  })
})

describe('more time', () => {
  it('is given by the county with a reason; the old day stays in the record', async () => {
    await step('zhang', 'submit', 1)
    const reply = await extend({ amount: '5', reason: '村里在补材料' })
    expect(reply.statusCode).toBe(303)
    expect(await clocks()).toMatchObject([{ dueOn: '2026-03-31', amount: 15 }])
    expect((await happened()).at(-1)).toMatchObject({
      action: 'deadline.extend',
      comment: '村里在补材料',
      detail: { changes: { 牵头审核时限: { old: '2026-03-24', new: '2026-03-31' } } },
    })
  })

  it.each([
    [{ amount: '', reason: '有理由' }, '请填写延长几个工作日。'],
    [{ amount: '0', reason: '有理由' }, '延长的天数要在 1 到 120 之间。'],
    [{ amount: '5', reason: '' }, '请填写理由。'],
    [{ amount: '5', reason: '有理由', key: 'decision' }, '这一步已经办完，不用再延长时限。'],
  ])('is refused for %j', async (fields, sentence) => {
    await step('zhang', 'submit', 1)
    const reply = await extend(fields)
    expect(reply.statusCode).toBe(422)
    expect(reply.body).toContain(sentence)
    expect(await clocks()).toMatchObject([{ dueOn: '2026-03-24' }])
  })

  it('reaches beyond today', async () => {
    await step('zhang', 'submit', 1)
    await at('2026-04-20')
    const reply = await extend({ amount: '2', reason: '村里在补材料' })
    expect([reply.statusCode, reply.body.includes('延长后是 2026-03-26，已经过了，请多写几天。')]).toEqual([422, true])
    expect((await extend({ amount: '25', reason: '村里在补材料' })).statusCode).toBe(303)
  })

  it('is not the other track’s to give', async () => {
    await step('zhang', 'submit', 1)
    const reply = await people.ju.post(`/determinations/${no}/deadline`, { amount: '5', reason: '好', key: 'review' })
    expect(reply.statusCode).toBe(403)
    expect((await extend({ amount: '5', reason: '好' }, 'nong')).statusCode).toBe(403)
  })
})

function extend(fields: Record<string, string>, account: Account = 'tian') {
  return people[account].post(`/determinations/${no}/deadline`, {
    key: 'review',
    token: crypto.randomUUID(),
    ...fields,
  })
}

function step(account: Account, action: string, version: number, fields: Record<string, string> = {}) {
  return people[account].post(`/determinations/${no}/steps`, { action, version: String(version), ...fields })
}

/** Moves the day; whoever was signed in signs in again. */
async function at(day: string): Promise<void> {
  test.clock.set(`${day}T02:00:00Z`)
  await test.db((tx) => tx.update(accounts).set({ passwordChangedAt: test.clock.now() }))
  for (const account of Object.keys(people) as Account[]) people[account] = await test.as(account)
}

async function idOf(): Promise<string> {
  const [row] = await test.db((tx) => tx.select().from(determinations).where(eq(determinations.no, no)))
  return row?.id ?? ''
}

async function clocks() {
  const id = await idOf()
  return test.db((tx) =>
    tx.select().from(deadlines).where(eq(deadlines.determinationId, id)).orderBy(asc(deadlines.id)),
  )
}

async function happened() {
  const id = await idOf()
  return test.db((tx) => tx.select().from(events).where(eq(events.determinationId, id)).orderBy(asc(events.id)))
}
