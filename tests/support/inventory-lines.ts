import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { loadActor } from '../../server/access/actor.ts'
import { callMachine, draftCall } from '../../server/inventory/calls/actions.ts'
import { addFoundClaim, saveClaimLine } from '../../server/inventory/claims/actions.ts'
import { addSurplus } from '../../server/inventory/lines/surplus-actions.ts'
import { act } from '../../server/kernel/act.ts'
import type { Clock } from '../../server/kernel/clock.ts'
import { documentNumber } from '../../server/kernel/numbers.ts'
import type { TestApp } from './app.ts'
import { enterCards, village } from './cards.ts'
import { claimLinesOf, enterClaims } from './claims.ts'
import type { Fixture } from './county.ts'
import { acted, counted, type IssuedCall, issueCall, linesOf } from './inventory.ts'

export const town = '蓬莱镇人民政府'
export const otherTown = '隆盛镇人民政府'
export const police = '蓬莱镇派出所'

export type Arranged = { call: IssuedCall; codes: Record<string, string> }

/**
 * A call of the county over two townships and a stationed unit. The first has every outcome: agrees, part missing and part
 * to scrap, missing, to scrap, undetermined, otherwise used, not counted, values unknown, and a surplus; the second and the
 * stationed unit agree.
 */
export async function arrangeCount(test: TestApp): Promise<Arranged> {
  const { units } = test.fixture
  const own = (unit: string, division: string) => ({ track: 'state', ownerUnit: units[unit] ?? '', division })
  const here = own(town, '510923100000')
  const entries = [
    { ...here, name: '会议桌', quantity: '10', cost: '1000.01', depreciation: '100.00', unitOfMeasure: '张' },
    { ...here, name: '电脑', cardType: 'equipment', quantity: '1', cost: '5000.00', depreciation: '4000.50' },
    { ...here, name: '旧复印机', cardType: 'equipment', quantity: '1', cost: '8000.00', depreciation: '8000.00' },
    { ...here, name: '原粮站', cardType: 'house', floorArea: '320.00', cost: '90000.00', depreciation: '30000.07' },
    { ...here, name: '文件柜', quantity: '2.5', cost: '600.00', depreciation: '0.00' },
    { ...here, name: '=HYPERLINK("http://x.test")', quantity: '3' },
    { ...here, name: '未盘的椅子', quantity: '20', cost: '2000.00', depreciation: '500.00' },
    { ...here, name: '只有原值的书柜', quantity: '1', cost: '333.33' },
    { ...own(otherTown, '510923101000'), name: '办公楼', cardType: 'house', cost: '700.07', depreciation: '0.07' },
    { ...own(police, '510923100000'), name: '警车', cardType: 'vehicle', cost: '80000.00', depreciation: '10000.00' },
  ]
  const made = await enterCards(test, entries)
  const codes = Object.fromEntries(entries.map(({ name }, index) => [name, made[index] ?? '']))
  const call = await issueCall(test, {
    ...{ by: 'ju', issuer: '大英县财政局', track: 'state' },
    units: [town, otherTown, police],
  })
  const countId = call.counts[town]?.id ?? ''
  const lines = await linesOf(test, countId)
  const at = (name: string) => ({ countId, no: lines.find((line) => line.name === name)?.no ?? 0 })
  await counted(test, 'zhen', at('会议桌'), {
    ...{ counted: '8', missingReason: '搬迁时丢失', scrap: '1', scrapReason: '桌腿断裂' },
  })
  await counted(test, 'zhen', at('电脑'), { counted: '0', missingReason: '被盗' })
  await counted(test, 'zhen', at('旧复印机'), { scrap: '1', scrapReason: '不能修复' })
  await counted(test, 'zhen', at('文件柜'), { undetermined: '2.5', undeterminedReason: '村里说是他们的' })
  await counted(test, 'zhen', at('=HYPERLINK("http://x.test")'), { counted: '2', missingReason: '早已拆除' })
  await counted(test, 'zhen', at('只有原值的书柜'), {})
  await counted(test, 'zhen', at('原粮站'), {
    changes: { usage: { old: 'in_use', new: 'idle' }, location: { old: null, new: '老街 8 号' } },
    remark: '大门上锁',
  })
  await acted(test, 'zhen', (tx, acting) => addSurplus(tx, acting, countId, generator, 'screen'))
  await agree(
    test,
    [otherTown, police].map((unit) => call.counts[unit]?.id ?? ''),
  )
  return { call, codes }
}

/** One claim agrees but for a part, one is gone, one is left open; the debt agrees, and one more is found. */
async function checkClaims(test: TestApp, countId: string): Promise<void> {
  const lines = await claimLinesOf(test, countId)
  const check = async (who: string, amount: string, reason: string | null) => {
    const { no = 0, version = 0 } = lines.find(({ counterparty }) => counterparty === who) ?? {}
    await acted(test, 'zhang', (tx, acting) =>
      saveClaimLine(tx, acting, { countId, no }, version, { counted: amount, reason, remark: null }),
    )
  }
  await check('王某', '900.00', '已收回 100.01 元没有记账')
  await check('砖厂', '0', '砖厂已注销')
  await check('信用社', '50000.00', null)
  const found = { category: 'payable', counterparty: '施工队', counted: '3000.50', occurredOn: '2021', purpose: null }
  await acted(test, 'zhang', (tx, acting) =>
    addFoundClaim(tx, acting, countId, { ...found, reason: '有欠条没入账', remark: null }),
  )
}

/** Two pieces of land, a pond and a shop of a village, counted for the collective track since the census of 2017. */
export async function arrangeVillage(test: TestApp): Promise<IssuedCall> {
  await enterCards(test, [
    {
      ...{ name: '三社水田', cardType: 'resource', nature: 'resource', landArea: '6666.67', quantity: '1' },
      ...{ landUse: '耕地', boundaryEast: '河', operation: '发包', lessee: '李某', annualRent: '1200.00' },
    },
    { name: '堰塘', cardType: 'resource', nature: 'resource', landArea: '3000.00', quantity: '1' },
    { name: '无名地', cardType: 'resource', nature: 'resource', landArea: '10.50', quantity: '1' },
    { name: '商铺', cardType: 'house', cost: '50000.00', source: 'government', acquiredOn: '2019-05' },
    { name: '路灯', cardType: 'public_facility', cost: '300.10', source: 'donation', acquiredOn: '2020' },
    { name: '旧仓库', cardType: 'house', cost: '10.00', source: 'government', acquiredOn: '1998' },
    { name: '不知何时的碾子', cardType: 'equipment', cost: '1.00' },
  ])
  await enterClaims(test, [
    { counterparty: '王某', amount: '1000.01', occurredOn: '2019' },
    { counterparty: '砖厂', amount: '0.10', category: 'other_claim' },
    { counterparty: '未核的', amount: '7.00' },
    { counterparty: '信用社', amount: '50000.00', category: 'long_loan' },
  ])
  const call = await issueCall(test, { census: { name: '2017年清产核资', on: '2017-12-31' } })
  await checkClaims(test, call.counts[village]?.id ?? '')
  await agree(test, [call.counts[village]?.id ?? ''])
  return call
}

/** A compilation of a call whose counts are not ready for it yet, as it stands right after it was begun; the answer is its number. */
export async function compiledFrom(test: TestApp, callId: string): Promise<string> {
  return test.db(async (tx) => {
    const no = await documentNumber(tx, 'HZ', test.clock.today())
    await tx.execute(sql`
      insert into compilations (no, call_id, unit_id, track, party_keys, created_at, updated_at)
      select ${no}, id, issuer_id, track, party_keys, created_at, updated_at from calls where id = ${callId}`)
    return no
  })
}

/** A call of the county over the first township's cards as of 5 March, issued and not yet counted; the answer is its number. */
export async function arrangeCall(tx: Tx, clock: Clock, fixture: Fixture): Promise<string> {
  const actor = await loadActor(tx, fixture.people.ju ?? '', clock.today())
  if (!actor) throw new Error('no ju')
  const acting = { actor, clock, requestId: null }
  const { id, no } = await draftCall(tx, acting, {
    title: '2026年资产清查',
    track: 'state',
    issuerId: fixture.units.大英县财政局 ?? '',
    baseOn: '2026-03-05',
    baseline: 'register',
    baselineName: null,
    baselineOn: null,
    dueOn: '2099-03-20',
    compileOn: '2099-03-31',
    note: null,
    unitIds: [fixture.units[town] ?? ''],
  })
  await act(tx, acting, callMachine, id, { action: 'issue', version: 1, comment: null })
  return no
}

/** Everything is as booked. */
async function agree(test: TestApp, countIds: readonly string[]): Promise<void> {
  await test.db((tx) =>
    tx.execute(
      sql`update count_lines set counted_quantity = book_quantity where count_id = any(${`{${countIds.join(',')}}`}::bigint[])`,
    ),
  )
}

const generator = {
  name: '发电机',
  cardType: 'equipment',
  quantity: '1',
  foundOn: '2026-03-09',
  valueBasis: 'nominal' as const,
  valueNote: '早年捐赠，凭据遗失',
  cost: null,
  depreciation: null,
  unitOfMeasure: '台',
  location: '配电房',
  specification: null,
  structure: null,
  floorArea: null,
  landArea: null,
  acquiredOn: '2008',
  usage: 'in_use',
  source: null,
  keeper: null,
  condition: null,
  remark: '清点配电房时发现',
}
