import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { compilations } from '../../db/schema/compilations.ts'
import { events } from '../../db/schema/kernel.ts'
import { publicNoticeRows } from '../../db/schema/notices.ts'
import { endClaim } from '../../server/claims/actions.ts'
import { saveClaimLine } from '../../server/inventory/claims/actions.ts'
import { compilationMachine, draftCompilation } from '../../server/inventory/compilations/actions.ts'
import { act } from '../../server/kernel/act.ts'
import { Stale } from '../../server/kernel/errors.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards, village } from '../support/cards.ts'
import { claimLinesOf, enterClaims, storedClaim, storedClaims } from '../support/claims.ts'
import type { Account } from '../support/county.ts'
import { acted, counted, type IssuedCall, issueCall, linesOf, stepped, storedCount } from '../support/inventory.ts'

const machine = compilationMachine('510923')
const office = '蓬莱镇农业综合服务中心'

let test: TestApp
let zhang: Visitor
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
  await enterCards(test, [{ name: '村部' }])
})
afterAll(() => test.close())

let call: IssuedCall
let count = { id: '', no: '' }
let numbers: string[] = []
/** A count over fresh claims: what earlier tests left is settled before the base day. */
beforeEach(async () => {
  await test.db((tx) => tx.execute(sql`update claims set ended_on = '2026-03-01', ended_reason = '已还清'`))
  numbers = await enterClaims(test, [
    { counterparty: '甲', amount: '1000', occurredOn: '2018-01-01' },
    { counterparty: '乙', amount: '200.20', category: 'payable', occurredOn: '2019' },
    { counterparty: '丙', amount: '30', occurredOn: null },
    { counterparty: '明天的', amount: '4', occurredOn: '2026-03-06' },
  ])
  call = await issueCall(test)
  count = call.counts[village] ?? count
})

const address = () => `/inventory/counts/${count.no}/claims`
const line = async (who: string) => {
  const found = (await claimLinesOf(test, count.id)).find(({ counterparty }) => counterparty === who)
  if (!found) throw new Error(`no line of ${who}`)
  return found
}
const send = async (who: string, fields: Record<string, string>, part = '') => {
  const { no, version } = await line(who)
  const token = crypto.randomUUID()
  return zhang.post(`${address()}/${no}${part}`, { token, version: String(version), ...fields })
}
const check = async (who: string, counted: string, reason = '') => {
  const reply = await send(who, { counted, reason })
  expect(reply.statusCode, reply.body).toBe(303)
}
const found = (fields: Record<string, string> = {}) =>
  zhang.post(address(), {
    ...{ category: 'receivable', counterparty: '丁', counted: '55.5', reason: '有借条没入账', occurredOn: '2017-6' },
    ...{ token: crypto.randomUUID(), ...fields },
  })
const submit = () => stepped(test, 'zhang', count.id, 'submit')
const countCards = async () => {
  for (const { no } of await linesOf(test, count.id)) await counted(test, 'zhang', { countId: count.id, no })
}
const reasonsAgainst = async (step: string) => (await zhang.get(`/inventory/counts/${count.no}`)).body.includes(step)

/** Transactions that have written to a table and have not ended, and those that wait for another. */
async function locksOn(table: string): Promise<number> {
  const [row] = await test.db((tx) =>
    tx.execute<{ held: number }>(sql`
      select count(*)::int as held from pg_locks
      where relation = ${table}::regclass and mode = 'RowExclusiveLock' and pid <> pg_backend_pid()`),
  )
  return row?.held ?? 0
}

async function waiting(): Promise<number> {
  const [row] = await test.db((tx) =>
    tx.execute<{ held: number }>(sql`select count(*)::int as held from pg_locks where not granted`),
  )
  return row?.held ?? 0
}

async function compile(): Promise<string> {
  await stepped(test, 'nong', count.id, 'check')
  await test.db((tx) => tx.execute(sql`update counts set state = 'confirmed' where id = ${count.id}`))
  const unitId = test.fixture.units[office] ?? ''
  const { id } = await acted(test, 'nong', (tx, acting) =>
    draftCompilation(tx, acting, { callId: call.id, unitId, track: 'collective', countIds: [count.id] }),
  )
  await step('nong', id, 'submit')
  return id
}
async function step(by: Account, id: string, action: string) {
  const [row] = await test.db((tx) => tx.select().from(compilations).where(eq(compilations.id, id)))
  const values = action === 'file' ? { filedOn: '2026-03-10', documentNo: null } : {}
  return acted(test, by, (tx, acting) =>
    act(tx, acting, machine, id, { action, version: row?.version ?? 0, comment: null, values }),
  )
}

describe('claims and debts of a count', () => {
  it('are those of the base day, with their amounts', async () => {
    expect((await claimLinesOf(test, count.id)).map((one) => [one.no, one.counterparty, one.bookAmount])).toEqual([
      [1, '甲', '1000.00'],
      [2, '丙', '30.00'],
      [3, '乙', '200.20'],
    ])
    const town = await issueCall(test, { by: 'cai', track: 'state', units: ['蓬莱镇人民政府'] })
    const state = town.counts.蓬莱镇人民政府
    expect(await claimLinesOf(test, state?.id ?? '')).toEqual([])
    expect((await (await test.as('zhen')).get(`/inventory/counts/${state?.no}/claims`)).statusCode).toBe(404)
  })

  it('are checked one by one, with a reason where they differ', async () => {
    await check('丙', '')
    expect(await line('丙')).toMatchObject({ countedAmount: '30.00', countedName: '张会计', version: 2 })
    const refused = await send('甲', { counted: '900' })
    expect(refused.statusCode).toBe(422)
    expect(refused.body).toContain('与账面 1000.00 元不同，请写明差额原因')
    expect((await send('甲', { counted: '-1', reason: '还多了' })).body).toContain('不能小于 0')
    await check('甲', '900', '2025 年还了 100 元，没有记账')
    expect((await zhang.get(`${address()}?show=differing`)).body).toContain('调减 100.00')
    const booked = await zhang.post(`${address()}/booked`, { lines: ['1', '2', '3'], token: crypto.randomUUID() })
    expect(booked.statusCode).toBe(303)
    expect((await claimLinesOf(test, count.id)).map((one) => one.countedAmount)).toEqual(['900.00', '30.00', '200.20'])
  })

  it('of two people at one line lose nothing', async () => {
    const { no, version } = await line('甲')
    const saved = (counted: string, until: Promise<void>) =>
      acted(test, 'zhang', async (tx, acting) => {
        const checked = { counted, reason: '还了', remark: null }
        const { version: next } = await saveClaimLine(tx, acting, { countId: count.id, no }, version, checked)
        await until
        return next
      })
    const gate = Promise.withResolvers<void>()
    const first = saved('800', gate.promise)
    // Both have seen the same version; the second waits for the first and is told.
    await vi.waitFor(async () => expect(await locksOn('claim_lines')).toBeGreaterThan(0))
    const second = saved('700', Promise.resolve())
    await vi.waitFor(async () => expect(await waiting()).toBeGreaterThan(0))
    gate.resolve()
    expect(await first).toBe(2)
    await expect(second).rejects.toThrow(Stale)
    expect((await line('甲')).countedAmount).toBe('800.00')
    const late = await zhang.post(`${address()}/${no}`, {
      ...{ counted: '700', reason: '还了', version: String(version), token: crypto.randomUUID() },
    })
    expect([late.statusCode, late.body.includes('800.00')]).toEqual([409, true])
  })

  it('that no book has are added, corrected and dropped', async () => {
    expect((await found({ counted: '0' })).body).toContain('核实数是 0')
    expect((await found({ occurredOn: '2027' })).body).toContain('形成时间不能晚于今天')
    expect((await found({ reason: '' })).body).toContain('请填写为什么账上没有')
    expect((await found()).statusCode).toBe(303)
    expect(await line('丁')).toMatchObject({ no: 4, claimId: null, bookAmount: '0.00', countedAmount: '55.50' })
    await send('丁', { category: 'payable', counterparty: '丁', counted: '60', reason: '有借条', remark: '' })
    expect(await line('丁')).toMatchObject({ kind: 'debt', countedAmount: '60.00', version: 2 })
    expect((await send('丁', {}, '/drop')).statusCode).toBe(303)
    expect(await claimLinesOf(test, count.id)).toHaveLength(3)
  })

  it('entered into the ledger afterwards are taken from it, once', async () => {
    await enterClaims(test, [{ counterparty: '后补', amount: '5', occurredOn: '2020' }])
    const taken = () => zhang.post(`${address()}/ledger`, { token: crypto.randomUUID() })
    await taken()
    await taken()
    expect((await claimLinesOf(test, count.id)).map(({ counterparty }) => counterparty)).toEqual([
      '甲',
      '丙',
      '乙',
      '后补',
    ])
  })

  it('keep the count from being handed in until all are checked', async () => {
    await countCards()
    await expect(submit()).rejects.toThrow('还有 3 笔债权债务没有核对')
    expect(await reasonsAgainst('还有 3 笔债权债务没有核对')).toBe(true)
    for (const who of ['甲', '乙', '丙']) await check(who, '')
    const { id, version } = await storedClaim(test, numbers[0] ?? '')
    await acted(test, 'zhang', (tx, acting) =>
      endClaim(tx, acting, id, version, { endedOn: '2026-03-08', endedReason: '已收回' }),
    )
    await expect(submit()).rejects.toThrow('有 1 笔债权债务的台账后来有变动')
    await check('甲', '')
    await submit()
    expect((await storedCount(test, count.id)).state).toBe('submitted')
    expect((await send('甲', { counted: '1', reason: '迟了' })).body).toContain('清查结果已经提交，不能再改')
  })

  it('are returned one by one, and the next round shows what is different', async () => {
    await countCards()
    for (const who of ['甲', '乙', '丙']) await check(who, '')
    await submit()
    const nong = await test.as('nong')
    const { version } = await storedCount(test, count.id)
    const form = await nong.get(`/inventory/counts/${count.no}/return?claims=3`)
    expect(form.body).toContain('债权债务第 3 笔的理由')
    const sent = { 'claim.3': '没有对账单', comment: '请补', version: String(version), token: crypto.randomUUID() }
    expect((await nong.post(`/inventory/counts/${count.no}/return`, sent)).statusCode).toBe(303)
    expect(await line('乙')).toMatchObject({ returned: '没有对账单' })
    await expect(submit()).rejects.toThrow('退回的 1 笔债权债务还没有重新核对')
    await check('乙', '150', '对账后少 50.20 元')
    const again = (await zhang.get(`${address()}?show=again`)).body
    expect(again).toContain('乙')
    expect(again).not.toContain('丙')
    await submit()
  })

  it('stand in what is posted', async () => {
    await countCards()
    await check('甲', '900', '还了')
    await check('乙', '')
    await check('丙', '')
    await submit()
    await stepped(test, 'nong', count.id, 'check')
    await stepped(test, 'zhang', count.id, 'post', { place: '公开栏', contact: '张会计', body: '公示' })
    const rows = await test.db((tx) => tx.select().from(publicNoticeRows).orderBy(publicNoticeRows.id))
    const told = rows.map(({ cells }) => [cells.name, cells.cost, cells.outcome])
    expect(told).toEqual(
      expect.arrayContaining([
        ['甲', '900.00', '账面 1000.00'],
        ['乙', '200.20', '相符'],
      ]),
    )
  })
})

describe('filing', () => {
  it('corrects the ledger by the differences, keeps what was paid since, and enters what no book had', async () => {
    await countCards()
    await check('甲', '900', '少了 100')
    await check('乙', '')
    await check('丙', '0', '当事人去世，决议核销')
    await found()
    await submit()
    // After the base day, and after the count was handed in and confirmed again: 50 yuan paid.
    await test.db((tx) => tx.execute(sql`update claims set amount = 950 where no = ${numbers[0]}`))
    const id = await compile()
    const [row] = await test.db((tx) => tx.select().from(compilations).where(eq(compilations.id, id)))
    const page = (await (await test.as('tian')).get(`/inventory/compilations/${row?.no}`)).body
    for (const figure of ['1,030.00', '955.50', '200.20']) expect(page).toContain(figure)
    expect(page).toContain(`/assets/changes?from=2026-03-05&amp;to=2026-03-10&amp;track=collective&amp;unit=`)
    await step('tian', id, 'file')
    const ledger = async (who: string) => (await storedClaims(test)).filter((one) => one.counterparty === who).at(-1)
    expect(await ledger('甲')).toMatchObject({ amount: '850.00', endedOn: null })
    expect(await ledger('乙')).toMatchObject({ amount: '200.20', version: 1 })
    expect(await ledger('丙')).toMatchObject({ endedOn: '2026-03-10', endedReason: '清查核实：当事人去世，决议核销' })
    expect(await ledger('丁')).toMatchObject({ amount: '55.50', occurredPrecision: 'month', endedOn: null })
    const told = await test.db((tx) =>
      tx
        .select()
        .from(events)
        .where(sql`${events.action} in ('claim.count', 'claim.end', 'claim.found')
        and ${events.detail} -> 'document' ->> 'no' = ${count.no}`)
        .orderBy(events.id),
    )
    expect(told.map(({ action, detail }) => [action, detail.changes?.amount])).toEqual([
      ['claim.count', { old: '950.00', new: '850.00' }],
      ['claim.end', { old: '30.00', new: '0.00' }],
      ['claim.found', { old: null, new: '55.50' }],
    ])
    expect((await line('丁')).claimId).toBe((await ledger('丁'))?.id)
    await expect(
      test.db((tx) => tx.execute(sql`update claim_lines set remark = '改' where count_id = ${count.id}`)),
    ).rejects.toThrow()
  })

  it('waits for a difference that what is left today cannot bear', async () => {
    await countCards()
    await check('甲', '100', '少了 900')
    await check('乙', '0', '已还清')
    await check('丙', '')
    // Paid before the unit looked at them again.
    await test.db((tx) => tx.execute(sql`update claims set amount = 899.99 where no = ${numbers[0]}`))
    await test.db((tx) =>
      tx.execute(sql`update claims set ended_on = '2026-03-09', ended_reason = '还清' where no = ${numbers[1]}`),
    )
    await submit()
    const id = await compile()
    const refused = await step('tian', id, 'file').catch((error: Error) => error.message)
    expect(refused).toContain('甲 现在的余额已少于要调减的数')
    expect(refused).toContain('乙 已经了结，不能再按差额更正')
  })

  it('waits for a claim that changed after it was handed in', async () => {
    await countCards()
    for (const who of ['甲', '乙', '丙']) await check(who, '')
    await submit()
    const id = await compile()
    const { id: claim, version } = await storedClaim(test, numbers[0] ?? '')
    await acted(test, 'zhang', (tx, acting) =>
      endClaim(tx, acting, claim, version, { endedOn: '2026-03-08', endedReason: '已收回' }),
    )
    await expect(step('tian', id, 'file')).rejects.toThrow(`债权债务 ${numbers[0]} 甲 提交后又有变动`)
    expect((await storedCount(test, count.id)).state).toBe('confirmed')
  })
})
