import { eq, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Tx } from '../../db/client.ts'
import { compilations } from '../../db/schema/compilations.ts'
import { countLines, counts } from '../../db/schema/inventory.ts'
import { loadActor } from '../../server/access/actor.ts'
import { asSystem } from '../../server/access/system.ts'
import { createCards } from '../../server/assets/actions.ts'
import { noValues } from '../../server/assets/card.ts'
import { callMachine, draftCall } from '../../server/inventory/calls/actions.ts'
import { compilationMachine, draftCompilation } from '../../server/inventory/compilations/actions.ts'
import { countMachine } from '../../server/inventory/counts/actions.ts'
import { asBooked, saveLine } from '../../server/inventory/lines/actions.ts'
import { findingProblems } from '../../server/inventory/lines/rules.ts'
import { addSurplus } from '../../server/inventory/lines/surplus-actions.ts'
import { act } from '../../server/kernel/act.ts'
import { Forbidden, RuleBroken } from '../../server/kernel/errors.ts'
import type { Acting } from '../../server/kernel/events.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import type { Account } from '../support/county.ts'

const county = '510923'
const town = '蓬莱镇人民政府'
const machine = compilationMachine(county)

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
})
afterAll(() => test.close())

const cents = fc.integer({ min: 0, max: 99_999_999 }).map((amount) => (amount / 100).toFixed(2))
const drawnCard = fc.record({
  cardType: fc.constantFrom('furniture', 'equipment', 'vehicle', 'other'),
  quantity: fc.option(fc.integer({ min: 1, max: 60 }), { nil: null }),
  cost: fc.option(cents, { nil: null, freq: 6 }),
  worn: fc.integer({ min: 0, max: 100 }),
  /** How many of a hundred are missing, to be scrapped and to be settled. */
  missing: fc.constantFrom(0, 0, 30, 30, 100),
  scrap: fc.constantFrom(0, 0, 20, 50),
  undetermined: fc.constantFrom(0, 0, 0, 40, 100),
})
const drawnSurplus = fc.record({
  cardType: fc.constantFrom('furniture', 'equipment'),
  quantity: fc.integer({ min: 1, max: 9 }),
  cost: cents,
  nominal: fc.boolean(),
})
type DrawnCard = typeof drawnCard extends fc.Arbitrary<infer One> ? One : never
type DrawnSurplus = typeof drawnSurplus extends fc.Arbitrary<infer One> ? One : never

it('book and surplus less loss is what was counted, the register has it to the cent, and filing twice is filing once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(drawnCard, { minLength: 1, maxLength: 12 }),
      fc.array(drawnSurplus, { maxLength: 4 }),
      (drawn, found) => undone((tx) => told(tx, drawn, found)),
    ),
    { endOnFailure: true, numRuns: Number(process.env.INVENTORY_RUNS ?? 8) },
  )
}, 3_600_000)

async function told(tx: Tx, drawn: readonly DrawnCard[], found: readonly DrawnSurplus[]): Promise<void> {
  const unitId = test.fixture.units[town] ?? ''
  const office = test.fixture.units.蓬莱镇财政办 ?? ''
  await createCards(
    tx,
    asSystem(test.clock),
    county,
    drawn.map(({ cardType, quantity, cost, worn }, at) => ({
      values: {
        ...noValues,
        ...{
          name: `资产 ${at}`,
          track: 'state',
          cardType,
          usage: 'in_use',
          ownerUnit: unitId,
          division: '510923100000',
        },
        quantity: quantity === null ? null : String(quantity),
        cost,
        depreciation: cost === null ? null : ((Math.floor(Number(cost) * worn) || 0) / 100).toFixed(2),
      },
    })),
    { action: 'card.create', effectiveOn: '2026-03-01' },
  )
  const [keeper, lead, approver] = [await as(tx, 'zhen'), await as(tx, 'cai'), await as(tx, 'ju')]
  const call = await draftCall(tx, lead, {
    ...{
      title: '清查',
      track: 'state',
      issuerId: office,
      baseOn: '2026-03-05',
      dueOn: '2026-03-20',
      compileOn: '2026-03-31',
    },
    ...{ baseline: 'register', baselineName: null, baselineOn: null, note: null, unitIds: [unitId] },
  })
  await act(tx, lead, callMachine, call.id, { action: 'issue', version: 1, comment: null })
  const [count] = await tx.select().from(counts).where(eq(counts.callId, call.id))
  if (!count) throw new Error('no count')
  const lines = await tx.select().from(countLines).where(eq(countLines.countId, count.id)).orderBy(countLines.no)
  const before = await register(tx, unitId)
  for (const line of lines) {
    const card = drawn[Number(line.name.slice(3))]
    if (!card) throw new Error(`no ${line.name}`)
    await saveLine(tx, keeper, { countId: count.id, no: line.no }, entryOf(line, card))
  }
  for (const { quantity, cost, nominal, ...one } of found) {
    await addSurplus(tx, keeper, count.id, surplusOf({ ...one, quantity, cost, nominal }), 'screen')
  }
  await step(tx, keeper, count.id, 'submit')
  await step(tx, lead, count.id, 'check')
  const draft = { callId: call.id, unitId: office, track: 'state' as const, countIds: [count.id] }
  const { id } = await draftCompilation(tx, lead, draft)
  await act(tx, lead, machine, id, { action: 'submit', version: await versionOf(tx, id), comment: null })
  const filed = { action: 'file', version: await versionOf(tx, id), comment: null, values: { filedOn: '2026-03-10' } }
  await act(tx, approver, machine, id, filed)

  const [sums] = await tx.execute<Record<string, string>>(sql`
    select count(*) filter (where book_quantity + surplus_quantity - missing_quantity <> counted_quantity)::text as broken,
      coalesce(sum(book_cost), 0)::text as book, coalesce(sum(surplus_cost), 0)::text as surplus,
      coalesce(sum(missing_cost), 0)::text as missing, coalesce(sum(scrap_cost), 0)::text as scrap,
      coalesce(sum(undetermined_cost), 0)::text as undetermined,
      (coalesce(sum(book_depreciation), 0) + coalesce(sum(surplus_depreciation), 0))::text as worn
    from count_lines where count_id = ${count.id}`)
  const after = await register(tx, unitId)
  expect(sums?.broken).toBe('0')
  // What is missing waits in the books for its disposal: nothing has left them.
  expect(after.cost).toBe(added(before.cost, sums?.surplus))
  expect(after.depreciation).toBe(sums?.worn)
  expect(after.missing).toBe(sums?.missing)
  expect(after.scrap).toBe(sums?.scrap)
  expect(after.undetermined).toBe(sums?.undetermined)
  const again = await act(tx, approver, machine, id, { ...filed, version: await versionOf(tx, id) }).catch(
    (error) => error,
  )
  expect(again).toBeInstanceOf(Forbidden)
  expect(await register(tx, unitId)).toEqual(after)
}

/** Findings of a card, or as booked where they are none that can be told of it. */
function entryOf(line: typeof countLines.$inferSelect, { missing, scrap, undetermined, quantity }: DrawnCard) {
  const booked = Number(line.bookQuantity)
  const whole = quantity === null || booked === 1
  const part = (percent: number) => (whole ? (percent >= 50 ? booked : 0) : Math.floor((booked * percent) / 100))
  const gone = part(missing)
  const findings = {
    counted: String(booked - gone),
    scrap: String(Math.min(part(scrap), booked - gone)),
    undetermined: '0',
    ...{ missingReason: '遗失', scrapReason: '损坏', undeterminedReason: '不清' },
  }
  const rest = booked - gone - Number(findings.scrap)
  const entry = {
    ...findings,
    undetermined: String(Math.min(whole ? (rest > 0 && undetermined > 0 ? rest : 0) : part(undetermined), rest)),
  }
  const fits = findingProblems(line, entry).length === 0
  const common = { version: line.version, changes: {}, condition: null, remark: null, via: 'screen' as const }
  return { ...common, findings: fits ? entry : asBooked(line) }
}

function surplusOf({ cardType, quantity, cost, nominal }: DrawnSurplus) {
  return {
    ...{ name: '盘盈', cardType, quantity: String(quantity), foundOn: '2026-03-09', remark: '找到' },
    ...(nominal
      ? { valueBasis: 'nominal' as const, valueNote: '无凭据', cost: null }
      : { valueBasis: 'papers' as const, valueNote: null, cost }),
    ...{
      depreciation: null,
      unitOfMeasure: null,
      location: null,
      specification: null,
      structure: null,
      floorArea: null,
    },
    ...{ landArea: null, acquiredOn: null, usage: null, source: null, keeper: null, condition: null },
  }
}

async function register(tx: Tx, unitId: string): Promise<Record<string, string>> {
  const [row] = await tx.execute<Record<string, string>>(sql`
    select coalesce(sum(cost), 0)::text as cost, coalesce(sum(depreciation), 0)::text as depreciation,
      coalesce(sum(cost) filter (where usage = 'awaiting_write_off'), 0)::text as missing,
      coalesce(sum(cost) filter (where usage = 'awaiting_disposal'), 0)::text as scrap,
      coalesce(sum(cost) filter (where undetermined), 0)::text as undetermined
    from cards where owner_unit_id = ${unitId} and not voided`)
  return row ?? {}
}

function added(left: string | undefined, right: string | undefined): string {
  const sum = Math.round(Number(left) * 100) + Math.round(Number(right) * 100)
  return sum === 0 ? '0' : (sum / 100).toFixed(2)
}

async function step(tx: Tx, acting: Acting, id: string, action: string): Promise<void> {
  const [row] = await tx.select({ version: counts.version }).from(counts).where(eq(counts.id, id))
  await act(tx, acting, countMachine, id, { action, version: row?.version ?? 0, comment: null })
}

async function versionOf(tx: Tx, id: string): Promise<number> {
  const [row] = await tx.select({ version: compilations.version }).from(compilations).where(eq(compilations.id, id))
  return row?.version ?? 0
}

async function as(tx: Tx, account: Account): Promise<Acting> {
  const actor = await loadActor(tx, test.fixture.people[account] ?? '', test.clock.today())
  if (!actor) throw new Error(`no ${account}`)
  return { actor, clock: test.clock, requestId: null }
}

/** Each register is drawn into an empty county. */
async function undone(work: (tx: Tx) => Promise<void>): Promise<void> {
  await test
    .db(async (tx) => {
      await work(tx)
      throw new RuleBroken('undo')
    })
    .catch((error: unknown) => {
      if (!(error instanceof RuleBroken) || error.message !== 'undo') throw error
    })
}
