import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { baselineLines } from '../../db/schema/compilations.ts'
import { matchEntry, reopenEntry, settleEntry } from '../../server/inventory/baseline/actions.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards, village } from '../support/cards.ts'
import { importing } from '../support/imports.ts'
import { acted, issueCall, linesOf } from '../support/inventory.ts'

const next = '红林村股份经济合作联合社'
const census = { name: '2017年清产核资', on: '2017-12-31' }

let test: TestApp
let zhang: Visitor
let nong: Visitor
const { batchOf, commit, rowsOf } = importing(
  () => test,
  () => zhang,
  village,
)
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
  nong = await test.as('nong')
  await enterCards(test, [
    { name: '村委会办公楼', cardType: 'house', originalCode: 'GJ-001', location: '古井村一组', floorArea: '320.00' },
    { name: '蓄水池', cardType: 'structure', location: '古井村二组', landArea: '50.00' },
    { name: '蓄水池', cardType: 'structure', location: '古井村二组', landArea: '50.00' },
    { name: '面包车', cardType: 'vehicle', plate: '川J12345', acquiredOn: '2021-05-01' },
    { name: '机井', cardType: 'structure', location: '古井村三组' },
  ])
  await enterCards(test, [
    { name: '水泵', originalCode: 'HL-9', ownerUnit: test.fixture.units[next] ?? '', division: '510923100215' },
  ])
})
afterAll(() => test.close())

type Count = { id: string; no: string }
const none = { id: '', no: '' }
const call = async (units: readonly string[] = [village]) => (await issueCall(test, { units, census })).counts
const one = async (): Promise<Count> => (await call())[village] ?? none
const header = [
  '资产名称',
  '单位',
  '原资产编号',
  '权证名称及编号',
  '坐落位置',
  '取得时间',
  '数量',
  '面积',
  '账面原值',
  '备注',
]
type Row = Partial<Record<'name' | 'unit' | 'code' | 'paper' | 'place' | 'on' | 'quantity' | 'area' | 'cost', string>>
const sheet = (rows: readonly Row[]) => {
  const lines = rows.map(({ name, unit, code, paper, place, on, quantity, area, cost }) =>
    [name, unit, code, paper, place, on, quantity, area, cost, ''].map((cell) => cell ?? '').join(','),
  )
  return new TextEncoder().encode(
    `2017年清产核资固定资产明细,,,,,,,,,\r\n${header.join(',')}\r\n${lines.join('\r\n')}\r\n`,
  )
}
const brought = (count: Count, rows: readonly Row[], by = zhang) =>
  by.upload(
    '/imports',
    { target: 'baseline', count: count.no, token: crypto.randomUUID() },
    { name: '2017清单.csv', bytes: sheet(rows) },
  )

async function read(count: Count, rows: readonly Row[], by = zhang): Promise<string> {
  const reply = await brought(count, rows, by)
  expect(reply.statusCode, reply.body).toBe(303)
  const no = String(reply.headers.location).split('/')[2] ?? ''
  const { state, failure, reading } = await batchOf(no)
  expect([state, failure, (reading as { questions: object[] }).questions]).toEqual(['checked', null, []])
  return no
}
async function imported(count: Count, rows: readonly Row[]): Promise<string> {
  const no = await read(count, rows)
  expect((await commit(no)).statusCode).toBe(303)
  expect((await batchOf(no)).state).toBe('committed')
  return no
}
const entriesOf = ({ id }: Count) =>
  test.db((tx) =>
    tx.select().from(baselineLines).where(sql`${baselineLines.countId} = ${id}`).orderBy(baselineLines.no),
  )
const matches = async (count: Count) => {
  const lines = await linesOf(test, count.id)
  const noOf = (id: string | null) => lines.find((line) => line.id === id)?.no ?? null
  return (await entriesOf(count)).map(({ name, lineId, matchedBy }) => [name, noOf(lineId), matchedBy])
}
const lineNo = async ({ id }: Count, name: string) =>
  (await linesOf(test, id)).find((line) => line.name === name)?.no ?? 0
const statuses = async (no: string) => (await rowsOf(no)).map(({ status }) => status)
const said = async (no: string) =>
  (await rowsOf(no))
    .flatMap(({ findings, problems }) => [...problems, ...findings].map(({ message }) => message))
    .join('\n')

const office: Row = { name: '村办公楼', code: 'gj-001', place: '一组', on: '1998', area: '320', cost: '60000' }
const pool: Row = { name: '蓄水池', place: '古井村 二组', area: '50.00' }
const mill: Row = { name: '碾米房', place: '古井村四组', cost: '800' }

describe('an earlier census', () => {
  it('finds its lines by number, plate, then name with place and area, the n-th equal one the n-th', async () => {
    const count = await one()
    const no = await imported(count, [office, pool, pool, pool, { name: '金杯车', paper: '川J12345' }, mill])
    expect((await batchOf(no)).effectiveOn).toBe('2017-12-31')
    expect((await zhang.get(`/imports/${no}`)).body).toContain('2 项没有对上')
    const pools = (await linesOf(test, count.id)).filter(({ name }) => name === '蓄水池').map(({ no }) => no)
    expect(await matches(count)).toEqual([
      ['村办公楼', await lineNo(count, '村委会办公楼'), 'exact'],
      ['蓄水池', pools[0], 'alike'],
      ['蓄水池', pools[1], 'alike'],
      ['蓄水池', null, null],
      ['金杯车', await lineNo(count, '面包车'), 'exact'],
      ['碾米房', null, null],
    ])
    expect((await entriesOf(count))[0]).toMatchObject({
      ...{ acquiredOn: '1998-01-01', acquiredPrecision: 'year', area: '320.000', cost: '60000.00' },
    })
  })

  it('is entered once, however often its file comes', async () => {
    const count = await one()
    await imported(count, [office, pool, pool])
    expect(await statuses(await read(count, [office, pool, pool, pool]))).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
      'new',
    ])
  })

  it('goes to the count of the unit that a row names, where a lead brings it for several', async () => {
    const counts = await call([village, next])
    const [own, theirs] = [counts[village] ?? none, counts[next] ?? none]
    const no = await read(own, [mill, { name: '水泵', unit: next, code: 'HL-9' }], nong)
    await nong.post(`/imports/${no}/commit`, { action: 'all', version: String((await batchOf(no)).version) })
    expect((await matches(own)).map(([name]) => name)).toEqual(['碾米房'])
    expect(await matches(theirs)).toEqual([['水泵', 1, 'exact']])
  })

  it('with a unit that its bearer does not enter for has a wrong row that says so', async () => {
    const counts = await call([village, next])
    const no = await read(counts[village] ?? none, [
      { name: '水泵', unit: next },
      { name: '电站', unit: '某某公司' },
    ])
    expect(await statuses(no)).toEqual(['wrong', 'wrong'])
    expect(await said(no)).toContain('“某某公司”不在这次清查里，或不由您经办。')
  })

  it('with negative figures or a day to come has a wrong row that says so', async () => {
    const no = await read(await one(), [
      { name: '甲', quantity: '-2' },
      { name: '乙', on: '2027-01-01' },
    ])
    expect(await statuses(no)).toEqual(['wrong', 'wrong'])
    expect(await said(no)).toContain('数量是负数')
    expect(await said(no)).toContain('建成/取得时间晚于今天 2026-03-10')
  })

  it('is no business of a call that starts from the register', async () => {
    const count = (await issueCall(test, { units: [village] })).counts[village] ?? none
    expect((await brought(count, [mill])).body).toContain('以资产台账为基准，不用导入以前的清单')
  })

  it('keeps what people have decided when more of it comes', async () => {
    const count = await one()
    await imported(count, [office, pool, mill])
    const well = await lineNo(count, '机井')
    const [first, second, third] = await entriesOf(count)
    const at = (entry?: { no: number; version: number }) => ({
      ...{ countId: count.id, no: entry?.no ?? 0, version: entry?.version ?? 0 },
    })
    await acted(test, 'zhang', async (tx, acting) => {
      await reopenEntry(tx, acting, at(first))
      await matchEntry(tx, acting, at(second), well)
      await settleEntry(tx, acting, at(third), '2019年已拆除')
    })
    await imported(count, [pool, pool])
    const pools = (await linesOf(test, count.id)).filter(({ name }) => name === '蓄水池').map(({ no }) => no)
    expect(await matches(count)).toEqual([
      ['村办公楼', null, null],
      ['蓄水池', well, 'hand'],
      ['碾米房', null, null],
      ['蓄水池', pools[0], 'alike'],
    ])
  })

  it('changes no more once the count is handed in', async () => {
    const count = await one()
    const late = await read(count, [mill])
    await imported(count, [office])
    await test.db((tx) => tx.execute(sql`update counts set state = 'submitted' where id = ${count.id}`))
    expect((await brought(count, [mill])).body).toContain('清查结果已经提交，不能再改')
    expect((await commit(late)).body).toContain('清查结果已经提交，不能再改')
    expect((await entriesOf(count)).length).toBe(1)
  })
})

describe('a baseline that is undone', () => {
  const undo = async (no: string) => {
    const { version } = await batchOf(no)
    return zhang.post(`/imports/${no}/undo`, { version: String(version), reason: '传错了', token: crypto.randomUUID() })
  }

  it('takes its entries away but for those that people have decided', async () => {
    const count = await one()
    const no = await imported(count, [office, pool, mill, { name: '老磨坊' }])
    const [, second, third] = await entriesOf(count)
    await acted(test, 'zhang', async (tx, acting) => {
      await matchEntry(tx, acting, { countId: count.id, no: second?.no ?? 0, version: 1 }, await lineNo(count, '机井'))
      await settleEntry(tx, acting, { countId: count.id, no: third?.no ?? 0, version: 1 }, '2019年已拆除')
    })
    expect((await zhang.get(`/imports/${no}/undo`)).body).toContain('已写明去向')
    expect((await undo(no)).statusCode).toBe(303)
    expect((await entriesOf(count)).map(({ name }) => name)).toEqual(['蓄水池', '碾米房'])
    expect((await rowsOf(no)).map(({ kept }) => kept)).toEqual([null, '已由人对应', '已写明去向', null])
  })

  it('is refused where nothing of it can go', async () => {
    const count = await one()
    const no = await imported(count, [mill])
    await acted(test, 'zhang', (tx, acting) =>
      settleEntry(tx, acting, { countId: count.id, no: 1, version: 1 }, '已拆除'),
    )
    expect((await undo(no)).body).toContain('都已由人办理或已经提交，不能撤销')
  })
})
