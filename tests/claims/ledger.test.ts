import { eq } from 'drizzle-orm'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { events } from '../../db/schema/kernel.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { village } from '../support/cards.ts'
import { enterClaims, storedClaim } from '../support/claims.ts'

let test: TestApp
let zhang: Visitor
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
})
afterAll(() => test.close())

const unit = () => test.fixture.codes[village] ?? ''
const form = (more: Record<string, string> = {}) => ({
  ...{ unit: unit(), category: 'receivable', counterparty: '李某', amount: '1,200.50', occurredOn: '2019-5' },
  ...{ purpose: '承包费', token: crypto.randomUUID(), ...more },
})
const entered = async (more: Record<string, string> = {}): Promise<string> => {
  const reply = await zhang.post('/claims', form(more))
  expect(reply.statusCode, reply.body).toBe(303)
  return String(reply.headers.location).split('/')[2] ?? ''
}
const happened = async (no: string) => {
  const { id } = await storedClaim(test, no)
  const rows = await test.db((tx) => tx.select().from(events).where(eq(events.claimId, id)).orderBy(events.id))
  return rows.map(({ action, detail }) => ({ action, changes: detail.changes ?? null }))
}

describe('a claim or a debt', () => {
  it('is entered, corrected and settled, each with its event', async () => {
    const no = await entered()
    const version = async () => String((await storedClaim(test, no)).version)
    expect(await storedClaim(test, no)).toMatchObject({
      ...{ kind: 'claim', category: 'receivable', amount: '1200.50', occurredOn: '2019-05-01' },
      ...{ occurredPrecision: 'month', purpose: '承包费' },
    })
    const edit = { ...form({ amount: '800' }), version: await version() }
    expect((await zhang.post(`/claims/${no}`, edit)).statusCode).toBe(303)
    const end = { endedOn: '2026-03-09', endedReason: '已收回', action: 'end', version: await version(), token: '' }
    expect((await zhang.post(`/claims/${no}/end`, { ...end, token: crypto.randomUUID() })).statusCode).toBe(303)
    expect(await storedClaim(test, no)).toMatchObject({ amount: '800.00', endedOn: '2026-03-09', version: 3 })
    expect((await happened(no)).map(({ action }) => action)).toEqual(['claim.enter', 'claim.edit', 'claim.end'])
    expect((await happened(no))[1]?.changes).toEqual({ amount: { old: '1200.50', new: '800.00' } })
    const page = (await zhang.get(`/claims/${no}`)).body
    expect(page).toContain('已收回')
    expect(page).toContain('登记了债权债务')
    const back = { reason: '记错了', action: 'reopen', version: await version(), token: crypto.randomUUID() }
    expect((await zhang.post(`/claims/${no}/end`, back)).statusCode).toBe(303)
    expect((await storedClaim(test, no)).endedOn).toBe(null)
  })

  it('is refused with the field that is wrong', async () => {
    const said = async (more: Record<string, string>) => (await zhang.post('/claims', form(more))).body
    expect(await said({ amount: '0' })).toContain('金额是 0，没有欠款的不用登记')
    expect(await said({ amount: '-5' })).toContain('金额不能小于 0')
    expect(await said({ occurredOn: '2027' })).toContain('形成时间不能晚于今天')
    expect(await said({ dueOn: '2018-01-01' })).toContain('到期日不能早于形成时间')
    expect(await said({ counterparty: '' })).toContain('请填写对方单位(个人)')
    expect(await said({ unit: test.fixture.codes.红林村股份经济合作联合社 ?? '' })).toContain('请从列表中选择您经办的')
  })

  it('shows what somebody else has saved meanwhile', async () => {
    const no = await entered({ counterparty: '赵某' })
    await zhang.post(`/claims/${no}`, { ...form({ counterparty: '赵某', amount: '10' }), version: '1' })
    const reply = await zhang.post(`/claims/${no}`, { ...form({ counterparty: '赵某', amount: '20' }), version: '1' })
    expect(reply.statusCode).toBe(409)
    expect(reply.body).toContain('10.00')
    expect((await storedClaim(test, no)).amount).toBe('10.00')
  })

  it('is changed no more once it is settled', async () => {
    const no = await entered({ counterparty: '钱某' })
    const end = { endedReason: '已还清', action: 'end', version: '1' }
    const tried = async (endedOn: string) =>
      (await zhang.post(`/claims/${no}/end`, { ...end, endedOn, token: crypto.randomUUID() })).body
    expect(await tried('2026-03-11')).toContain('了结日期不能晚于今天')
    expect(await tried('2019-04-30')).toContain('了结日期不能早于形成时间')
    await tried('2026-03-01')
    const reply = await zhang.post(`/claims/${no}`, { ...form(), version: '2' })
    expect(reply.body).toContain('已经了结，不能再改')
  })

  it('is seen by those who read for its unit and changed by those who keep it', async () => {
    const no = await entered({ counterparty: '孙某' })
    expect((await (await test.as('tian')).get(`/claims/${no}`)).statusCode).toBe(200)
    expect((await (await test.as('tian')).get(`/claims/${no}/edit`)).statusCode).toBe(403)
    // The finance office leads the other track.
    expect((await (await test.as('cai')).get(`/claims/${no}`)).statusCode).toBe(404)
    const lead = await test.as('nong')
    const edit = { ...form({ counterparty: '孙某某' }), version: '1' }
    expect((await lead.post(`/claims/${no}`, edit)).statusCode).toBe(303)
  })
})

describe('the ledger', () => {
  it('is narrowed by what is asked, with its sums, and printed the same', async () => {
    await enterClaims(test, [
      { counterparty: '甲公司', amount: '5000', category: 'receivable' },
      { counterparty: '甲公司', amount: '300.25', category: 'payable', purpose: '工程款' },
    ])
    const list = (await zhang.get('/claims?q=甲公司')).body
    expect(list).toContain('5,000.00')
    expect(list).toContain('300.25')
    const debts = (await zhang.get('/claims?q=甲公司&kind=debt')).body
    expect(debts).toContain('工程款')
    expect(debts).not.toContain('5,000.00')
    expect((await zhang.get('/claims?q=甲_司')).body).toContain('没有符合条件的债权债务')
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.load((await zhang.get('/claims.xlsx?q=甲公司')).rawPayload as never)
    const rows: unknown[][] = []
    workbook.worksheets[0]?.eachRow((row) => rows.push((row.values as unknown[]).slice(1)))
    const found = rows.filter((row) => row.includes('甲公司'))
    expect(found.map((row) => [row[5] ?? null, row[6] ?? null])).toEqual([
      [5000, null],
      [null, 300.25],
    ])
  })
})
