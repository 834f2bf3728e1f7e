import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { village } from '../support/cards.ts'
import { enterClaims, storedClaim, storedClaims } from '../support/claims.ts'
import { importing } from '../support/imports.ts'

let test: TestApp
let zhang: Visitor
const { batchOf, upload, commit, rowsOf } = importing(
  () => test,
  () => zhang,
  village,
)
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
})
afterAll(() => test.close())

const csv = (header: readonly string[], rows: readonly (readonly string[])[]) =>
  new TextEncoder().encode(`古井村往来款明细\r\n${[header, ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`)
const header = ['科目名称', '往来单位', '借方余额', '贷方余额', '发生时间', '摘要', '单位', '编号']
const read = async (rows: readonly (readonly string[])[], columns = header) => {
  const no = await upload(csv(columns, rows), { target: 'claims' }, `往来${crypto.randomUUID()}.csv`)
  const batch = await batchOf(no)
  expect([batch.state, batch.failure]).toEqual(['checked', null])
  return no
}
const imported = async (rows: readonly (readonly string[])[], columns = header) => {
  const no = await read(rows, columns)
  expect((await commit(no)).statusCode).toBe(303)
  expect((await batchOf(no)).state).toBe('committed')
  return no
}
const states = async (no: string) => (await rowsOf(no)).map(({ status }) => status)
const findings = async (no: string) => (await rowsOf(no)).map(({ findings }) => findings.map(({ message }) => message))
const of = async (who: string) =>
  (await storedClaims(test)).filter(({ counterparty, voided }) => counterparty === who && !voided)

describe('a ledger of receivables and payables', () => {
  it('is read by its two columns of balances', async () => {
    await imported([
      ['应收款', '刘一', '1200', '', '2019年', '承包费', '', ''],
      ['应付账款', '陈二', '0', '350.5', '2020-03', '工程尾款', '', ''],
    ])
    expect(await of('刘一')).toMatchObject([
      { kind: 'claim', category: 'receivable', amount: '1200.00', occurredPrecision: 'year', purpose: '承包费' },
    ])
    expect(await of('陈二')).toMatchObject([{ kind: 'debt', category: 'payable', amount: '350.50' }])
  })

  it('is read by one amount and what it is', async () => {
    await imported(
      [
        ['张三', '债权', '80'],
        ['李四', '债务', '90'],
      ],
      ['债务人', '性质', '金额'],
    )
    expect(await of('张三')).toMatchObject([{ category: 'other_claim', amount: '80.00' }])
    expect(await of('李四')).toMatchObject([{ category: 'other_debt', amount: '90.00' }])
  })

  it('names every row that cannot be, and enters none of them', async () => {
    const no = await read([
      ['应收款', '甲', '5', '6', '', '', '', ''],
      ['应收款', '乙', '', '7', '', '', '', ''],
      ['应收款', '丙', '-8', '', '', '', '', ''],
      ['应收款', '丁', '', '', '', '', '', ''],
      ['应收款', '戊', '9', '', '2030-01-01', '', '', ''],
      ['应收款', '己', '9', '', '', '', '石桥村股份经济合作联合社', ''],
      ['应收款', '庚', '9', '', '', '', '', 'ZQ2026-9999'],
      ['应收款', '', '9', '', '', '', '', ''],
    ])
    expect((await findings(no)).map((told) => told.join(''))).toEqual([
      expect.stringContaining('请把债权、债务分成两行'),
      expect.stringContaining('应收款项不是债务'),
      expect.stringContaining('金额是负数'),
      expect.stringContaining('没有金额'),
      expect.stringContaining('形成时间晚于今天'),
      expect.stringContaining('不是您经办的集体经济组织'),
      expect.stringContaining('台账里没有编号 ZQ2026-9999'),
      expect.anything(),
    ])
    expect(new Set(await states(no))).toEqual(new Set(['wrong']))
    await commit(no, 'good')
    expect(await of('甲')).toEqual([])
  })

  it('means the collective of a village that it names', async () => {
    const no = await read([['应收款', '村名', '5', '', '', '', '古井村村民委员会', '']])
    expect(await findings(no)).toEqual([['“古井村村民委员会”按古井村股份经济合作联合社登记。']])
    expect(await states(no)).toEqual(['new'])
  })

  it('twice is once; new balances of the same debts change them', async () => {
    const rows = [
      ['应收款', '周五', '100', '', '2018', '', '', ''],
      ['应收款', '周五', '100', '', '2018', '', '', ''],
    ]
    await imported(rows)
    expect(await states(await read(rows))).toEqual(['unchanged', 'unchanged'])
    const no = await imported([
      ['应收款', '周五', '60', '', '2018', '', '', ''],
      ['应收款', '周五', '100', '', '2018', '', '', ''],
    ])
    expect(await states(no)).toEqual(['changed', 'unchanged'])
    expect((await of('周五')).map(({ amount, version }) => [amount, version])).toEqual([
      ['60.00', 2],
      ['100.00', 1],
    ])
  })

  it('is entered anew where the same was settled before', async () => {
    const rows = [['应收款', '沈六', '100', '', '2018', '', '', '']]
    await imported(rows)
    const [settled] = await of('沈六')
    const end = { endedOn: '2026-03-09', endedReason: '已收回', action: 'end', version: '1' }
    await zhang.post(`/claims/${settled?.no}/end`, { ...end, token: crypto.randomUUID() })
    expect(await states(await read(rows))).toEqual(['new'])
  })

  it('prints what imports again without a change', async () => {
    await enterClaims(test, [
      { counterparty: '吴六', category: 'long_loan', amount: '123456.78', purpose: '修路借款', dueOn: '2027-01-31' },
    ])
    const bytes = new Uint8Array((await zhang.get('/claims.xlsx')).rawPayload)
    const no = await upload(bytes, { target: 'claims' }, '债权债务台账.xlsx')
    expect((await batchOf(no)).reading).toMatchObject({ questions: [] })
    expect(new Set(await states(no))).toEqual(new Set(['unchanged']))
  })

  it('by its number may be about an amount alone, and not about something else', async () => {
    const [claim = '', debt = ''] = await enterClaims(test, [
      { counterparty: '郑七' },
      { counterparty: '郑七', category: 'payable' },
    ])
    const no = await read([
      ['', '郑七', '55', '', '', '', '', claim],
      ['应收款', '郑七', '55', '', '', '', '', debt],
    ])
    expect(await states(no)).toEqual(['changed', 'wrong'])
    expect((await findings(no))[1]?.join('')).toContain('登记的是债务')
    await commit(no, 'good')
    expect(await storedClaim(test, claim)).toMatchObject({ amount: '55.00', category: 'receivable' })
  })
})

describe('an import of claims that is undone', () => {
  const undo = async (no: string) =>
    zhang.post(`/imports/${no}/undo`, {
      ...{ version: String((await batchOf(no)).version), reason: '传错了', token: crypto.randomUUID() },
    })

  it('voids what it entered and restores what it changed, but for what was settled since', async () => {
    const [before = ''] = await enterClaims(test, [
      { counterparty: '冯八', amount: '70', occurredOn: '2018-07', purpose: '押金' },
    ])
    const no = await imported([
      ['应收款', '冯八', '75', '', '2018-07', '押金', '', ''],
      ['应收款', '褚九', '1', '', '', '', '', ''],
      ['应收款', '卫十', '2', '', '', '', '', ''],
    ])
    expect(await storedClaim(test, before)).toMatchObject({ amount: '75.00', version: 2 })
    const [settled] = await of('卫十')
    const end = { endedOn: '2026-03-10', endedReason: '已收回', action: 'end', version: '1' }
    await zhang.post(`/claims/${settled?.no}/end`, { ...end, token: crypto.randomUUID() })
    expect((await zhang.get(`/imports/${no}/undo`)).body).toContain('后来已经了结')
    expect((await undo(no)).statusCode).toBe(303)
    expect(await storedClaim(test, before)).toMatchObject({
      ...{ amount: '70.00', version: 3, occurredOn: '2018-07-01', occurredPrecision: 'month', purpose: '押金' },
    })
    expect(await of('褚九')).toEqual([])
    expect(await of('卫十')).toMatchObject([{ endedOn: '2026-03-10' }])
    expect((await zhang.get('/claims?q=褚九')).body).toContain('没有符合条件的债权债务')
  })
})
