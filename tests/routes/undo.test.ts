import { asc, eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cards } from '../../db/schema/assets.ts'
import { importBatches, importRows } from '../../db/schema/imports.ts'
import { events } from '../../db/schema/kernel.ts'
import type { Batch } from '../../imports/target.ts'
import { loadActor } from '../../server/access/actor.ts'
import { asSystem } from '../../server/access/system.ts'
import { changeCard } from '../../server/assets/actions.ts'
import { type CardValues, valuesOf } from '../../server/assets/card.ts'
import { placeHolds, releaseHolds } from '../../server/assets/holds.ts'
import { commitBatch } from '../../server/imports/actions.ts'
import type { Acting } from '../../server/kernel/events.ts'
import { verify } from '../../server/verify/verify.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import { enterCards, storedCard, village } from '../support/cards.ts'
import type { Account } from '../support/county.ts'
import { cardsTarget, type SheetRow, stagedBatch } from '../support/staged.ts'

let test: TestApp
let zhang: Visitor
beforeAll(async () => {
  test = await openTestApp()
  zhang = await test.as('zhang')
})
afterAll(async () => {
  const findings = await test.db((tx) => verify(tx, { today: test.clock.today(), county: '510923' }))
  await test.close()
  expect(findings.filter(({ holds }) => !holds)).toEqual([])
})

describe('undoing an import', () => {
  it('voids what is new and gives back what was changed, from the day of the batch, with events that lead to it', async () => {
    const [code = ''] = await enterCards(test, [{ name: '老井', originalCode: 'UA-1', cost: '100.00', remark: '原样' }])
    const before = await storedCard(test, code)
    const batch = await imported([
      { originalCode: 'UA-1', name: '老井', cost: '250.00' },
      { name: '新井', cost: '5.00' },
    ])
    expect(await storedCard(test, code)).toMatchObject({ cost: '250.00', version: 2 })
    const page = await zhang.get(`/imports/${batch.no}/undo`)
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('撤销导入（2 项）')
    const reply = await undo(batch)
    expect(reply.statusCode, reply.body.slice(0, 2000)).toBe(303)
    expect(await storedCard(test, code)).toEqual({
      ...before,
      ...{ version: 3, validFrom: '2026-03-05', updatedAt: test.clock.now() },
    })
    const [made] = await test.db((tx) => tx.select().from(cards).where(eq(cards.name, '新井')))
    expect(made).toMatchObject({ voided: true, version: 2, validFrom: '2026-03-05' })
    const told = await test.db((tx) =>
      tx.select().from(events).where(eq(events.cardId, before.id)).orderBy(asc(events.id)),
    )
    expect(told.at(-1)).toMatchObject({
      action: 'card.import-reverted',
      effectiveOn: '2026-03-05',
      comment: '传错了文件',
      detail: { changes: { cost: { old: '250.00', new: '100.00' } }, document: { no: batch.no }, row: 2, restores: 1 },
    })
    const gone = await zhang.get(`/assets/${made?.code}`)
    expect(gone.body).toContain('那批导入已撤销')
    expect(gone.body).toContain(`/imports/${batch.no}`)
    const [stored] = await test.db((tx) => tx.select().from(importBatches).where(eq(importBatches.id, batch.id)))
    expect(stored).toMatchObject({ state: 'undone', undoneAt: test.clock.now() })
    const after = await zhang.get(`/imports/${batch.no}/undo`)
    expect(after.body).toContain('张会计')
    expect(after.body).toContain('传错了文件')
    expect(await keptOf(batch)).toEqual([])
  })

  it('is done once, by who enters for the unit, with a reason', async () => {
    const batch = await imported([{ name: '一次', cost: '5.00' }])
    const without = await undo(batch, { reason: '' })
    expect(without.statusCode).toBe(422)
    expect(without.body).toContain('请填写撤销原因')
    const hong = await test.as('hong')
    expect((await hong.post(`/imports/${batch.no}/undo`, await form(batch))).statusCode).toBe(404)
    const ji = await test.as('ji')
    expect((await ji.post(`/imports/${batch.no}/undo`, await form(batch))).statusCode).toBe(403)
    expect((await ji.get(`/imports/${batch.no}`)).body).not.toContain('撤销导入')
    expect((await ji.get(`/imports/${batch.no}/undo`)).statusCode).toBe(303)
    const sent = await form(batch)
    const nong = await test.as('nong')
    const replies = await Promise.all(
      [zhang, nong, zhang, nong].map((who) => who.post(`/imports/${batch.no}/undo`, sent)),
    )
    expect(replies.filter(({ statusCode }) => statusCode === 303)).toHaveLength(1)
    expect((await undo(batch)).statusCode).toBe(422)
    expect((await ji.get(`/imports/${batch.no}/undo`)).statusCode).toBe(200)
  })
})

async function acting(account: Account = 'zhang'): Promise<Acting> {
  const actor = await test.db((tx) => loadActor(tx, test.fixture.people[account] ?? '', test.clock.today()))
  if (!actor) throw new Error(`no ${account}`)
  return { actor, clock: test.clock, requestId: null }
}

async function imported(
  rows: readonly Partial<CardValues & { code: string }>[],
  effectiveOn = '2026-03-05',
): Promise<Batch> {
  const by = await acting()
  const unitId = test.fixture.units[village] ?? ''
  return test.db(async (tx) => {
    const sheet: SheetRow[] = rows.map((values) => ({ values }))
    const batch = await stagedBatch(tx, by, { unitId, rows: sheet, effectiveOn })
    await commitBatch(tx, by, cardsTarget(by), batch.id, { version: 1, mode: 'all' })
    return batch
  })
}

async function form(batch: Batch) {
  const [row] = await test.db((tx) => tx.select().from(importBatches).where(eq(importBatches.id, batch.id)))
  return { reason: '传错了文件', version: String(row?.version) }
}

async function undo(batch: Batch, more: Record<string, string> = {}) {
  return zhang.post(`/imports/${batch.no}/undo`, { ...(await form(batch)), ...more })
}

async function keptOf(batch: Batch): Promise<[number, string | null][]> {
  const rows = await test.db((tx) =>
    tx
      .select()
      .from(importRows)
      .where(sql`${importRows.batchId} = ${batch.id} and ${importRows.kept} is not null`)
      .orderBy(importRows.row),
  )
  return rows.map(({ row, kept }) => [row, kept])
}
