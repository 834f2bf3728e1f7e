import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tx } from '../db/client.ts'
import { importBatches, importRows } from '../db/schema/imports.ts'
import { files } from '../db/schema/records.ts'
import { loadActor } from '../server/access/actor.ts'
import { asSystem } from '../server/access/system.ts'
import { changeCard } from '../server/assets/actions.ts'
import { valuesOf } from '../server/assets/card.ts'
import { arrangeParts } from '../server/assets/parts-actions.ts'
import { report } from '../server/commands/verify.ts'
import { determinationMachine, draftDetermination } from '../server/determinations/actions.ts'
import { act } from '../server/kernel/act.ts'
import type { Acting } from '../server/kernel/events.ts'
import { recordRestriction, restrictionMachine } from '../server/restrictions/actions.ts'
import { verify } from '../server/verify/verify.ts'
import { openTestApp, type TestApp } from './support/app.ts'
import type { Account } from './support/county.ts'
import { splitAndMerge } from './support/identities.ts'
import { basisOf } from './support/papers.ts'
import { cardNamed, fillRegister } from './support/register.ts'
import { undoneImport } from './support/staged.ts'
import { unguarded, violations } from './support/violations.ts'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
  await test.db(async (tx) => {
    await fillRegister(tx, test.clock, test.fixture)
    await change(tx, '原古井小学', { usage: 'leased' }, '2026-02-01')
    await change(tx, '原古井小学', { usage: 'idle' }, '2026-02-01')
    await change(tx, '原古井小学', { remark: '已核实' }, '2026-03-01')
    await determine(tx, '办公桌', ['submit'])
    await determine(tx, '20%_临街商铺', ['submit', 'review', 'decide'])
    await determine(tx, '=HYPERLINK("http://example.test","点我")', ['submit', 'review', 'record'])
    await divide(tx, '20%_临街商铺')
    await splitAndMerge(tx, await acting(tx, 'zhang'), test.fixture.units.古井村股份经济合作联合社 ?? '')
    await tx.insert(files).values({ sha256: 'f'.repeat(64), size: 1, createdAt: test.clock.now() })
    const [batch] = await tx
      .insert(importBatches)
      .values({
        no: 'DR2026-0001',
        state: 'committed',
        target: 'cards',
        unitId: test.fixture.units.古井村股份经济合作联合社 ?? '',
        track: 'collective',
        sha256: 'f'.repeat(64),
        fileName: '台账.xlsx',
        effectiveOn: '2026-03-01',
        counts: { new: 0, changed: 0 },
        createdAt: test.clock.now(),
      })
      .returning()
    const none = { values: {}, extra: {}, written: {}, problems: [] }
    await tx.insert(importRows).values({ batchId: batch?.id ?? '', row: 4, status: 'unchanged', ...none })
    await tx.execute(sql`insert into counters (name, value) values ('DR2026', 1)`)
    await undoneImport(tx, await acting(tx, 'zhang'), test.fixture.units.古井村股份经济合作联合社 ?? '')
  })
})
afterAll(() => test.close())

async function change(tx: Tx, name: string, values: Record<string, string>, effectiveOn: string) {
  const card = await cardNamed(tx, name)
  await changeCard(
    tx,
    asSystem(test.clock),
    card,
    { ...valuesOf(card), ...values },
    { action: 'card.edit', effectiveOn },
  )
}

/** Two parts, one of them idle and mortgaged; an earlier restriction of the other is lifted. */
async function divide(tx: Tx, name: string) {
  const { code, version } = await cardNamed(tx, name)
  const entries = [
    { row: 1, no: null, name: '底楼', area: '30.00', usage: 'leased', idleSince: null },
    { row: 2, no: null, name: '二楼', area: '16.00', usage: 'idle', idleSince: '2025' },
  ]
  await arrangeParts(tx, await acting(tx, 'zhang'), code, { version, entries, effectiveOn: '2026-03-06' })
  const given = { code, body: '银行', documentNo: null, since: '2026-03-07', reason: '贷款' }
  const by = await acting(tx, 'zhang')
  await recordRestriction(tx, by, { ...given, kind: 'mortgaged', partNos: [2] })
  const { id } = await recordRestriction(tx, by, { ...given, kind: 'disputed', partNos: [1] })
  const values = { liftedBy: '双方', liftedOn: '2026-03-08' }
  const step = { action: 'lift', version: 1, comment: '已调解', values }
  await act(tx, await acting(tx, 'nong'), restrictionMachine, id, step)
}

/** Drafts a determination that confirms the collective, and takes it through these steps. */
async function determine(tx: Tx, name: string, steps: readonly string[]) {
  const by: Record<string, Account> = { submit: 'zhang', review: 'nong', decide: 'tian', record: 'nong' }
  const card = await cardNamed(tx, name)
  const owner = card.ownerUnitId
  const draft = await draftDetermination(tx, await acting(tx, 'zhang'), {
    cards: [{ id: card.id, code: card.code, ownerUnitId: owner, track: 'collective' }],
    reason: '权属不清',
    proposedOwnerId: owner,
    proposedTrack: 'collective',
    claimants: [{ unitId: owner, claim: '村集体出资' }],
  })
  await basisOf(tx, await acting(tx, 'zhang'), draft.id)
  const decision = {
    decidedOwner: owner,
    decidedTrack: 'collective',
    decidingBody: '大英县农业农村局',
    documentNo: '大农〔2026〕1号',
    decidedOn: '2026-03-05',
  }
  const paper = { bodyKind: 'county_government', body: '大英县人民政府', summary: '同意', decidedOn: '2026-03-10' }
  for (const [index, action] of steps.entries()) {
    const values = action === 'decide' ? decision : action === 'record' ? { ...decision, ...paper } : {}
    const step = { action, version: index + 1, comment: null, values }
    await act(tx, await acting(tx, by[action] ?? 'zhang'), determinationMachine, draft.id, step)
  }
}

async function acting(tx: Tx, account: Account): Promise<Acting> {
  const actor = await loadActor(tx, test.fixture.people[account] ?? '', test.clock.today())
  if (!actor) throw new Error(`no ${account}`)
  return { actor, clock: test.clock, requestId: null }
}

const look = { today: '2026-03-10', county: '510923' }

/** What verify finds after something was done to the tables behind the application's back; all of it is undone. */
async function afterPlanting(...planted: readonly string[]) {
  const undo = new Error('undo')
  let found: Awaited<ReturnType<typeof verify>> = []
  await test
    .db(async (tx) => {
      await tx.execute(sql.raw(unguarded))
      for (const statement of planted) await tx.execute(sql.raw(statement))
      found = await verify(tx, look)
      throw undo
    })
    .catch((error) => {
      if (error !== undo) throw error
    })
  return found
}

it('finds nothing wrong with what the application has written', async () => {
  const findings = await test.db((tx) => verify(tx, look))
  expect(findings.filter(({ holds }) => !holds)).toEqual([])
  expect(findings.length).toBeGreaterThan(25)
  expect(new Set(findings.map(({ name }) => name)).size).toBe(findings.length)
  expect(report(findings).at(-1)).toBe(`共 ${findings.length} 项，全部相符。`)
})

describe('what was changed behind the application’s back', () => {
  it.each(violations)('%s: %s', async (name, shown, ...statements) => {
    const findings = await afterPlanting(...statements)
    const finding = findings.find((one) => one.name === name)
    expect(finding?.holds).toBe(false)
    expect(finding?.broken.join('\n')).toContain(shown)
    expect(report(findings).at(-1)).toContain(name)
  })

  it('leaves no invariant untried', async () => {
    const names = (await test.db((tx) => verify(tx, look))).map(({ name }) => name)
    expect([...new Set(violations.map(([name]) => name))].sort()).toEqual(names.sort())
  })
})
