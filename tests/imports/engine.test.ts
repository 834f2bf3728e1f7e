import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tx } from '../../db/client.ts'
import { loadActor } from '../../server/access/actor.ts'
import { commitBatch, commitReviewed } from '../../server/imports/actions.ts'
import type { Acting } from '../../server/kernel/events.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import { village } from '../support/cards.ts'
import { cardsTarget, type SheetRow, stagedBatch } from '../support/staged.ts'
import { type Cell, ledger } from '../support/workbook.ts'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
})
afterAll(() => test.close())

describe('a certificate', () => {
  it.for(['川A  12345', '川　A12345', '川\u00a0A12345', '川A12345', 'SsS 不动产权第 0000001 号'])(
    'names its card again however its blanks are written: %j',
    async (certificate) => {
      await inside(async (tx, acting) => {
        await brought(tx, acting, [{ values: { name: '校车', certificate } }])
        const [row] = await staged(tx, acting, [
          { values: { name: '校车（换了名称）', certificate: certificate.replaceAll(/\s/g, '') } },
        ])
        expect(row?.status).toBe('changed')
      })
    },
  )
})

describe('a unit that ends after the review', () => {
  it('makes the new rows of its own wrong instead of holding up the batch', async () => {
    await inside(async (tx, acting) => {
      const batch = await staging(tx, acting, [{ values: { name: '水塔', originalCode: 'ST-1' } }])
      await end(tx, village)
      const target = cardsTarget(acting)
      expect(await commitReviewed(tx, acting, target, batch.id, { version: 1, mode: 'all' })).toEqual({ moved: 1 })
      const [row] = await rowsOf(tx, batch.id)
      expect(row).toMatchObject({ status: 'wrong' })
      expect(JSON.stringify(row)).toContain('请把权属单位改为承继它的单位')
    })
  })

  it('is no longer the using unit of a new row, and that is told first', async () => {
    const user = '红林村股份经济合作联合社'
    await inside(async (tx, acting) => {
      const batch = await staging(tx, acting, [{ values: { name: '水塔', originalCode: 'ST-1', usingUnit: user } }])
      await end(tx, user)
      const target = cardsTarget(acting)
      expect(await commitReviewed(tx, acting, target, batch.id, { version: 1, mode: 'all' })).toEqual({ moved: 1 })
      expect(await commitReviewed(tx, acting, target, batch.id, { version: 2, mode: 'all' })).toMatchObject({ new: 1 })
      const found = await tx.execute(sql`select user_unit_id, extra from cards where original_code = 'ST-1'`)
      expect([...found]).toEqual([{ user_unit_id: null, extra: { 使用单位: user } }])
    })
  })
})

it('an event tells a further column with what stood there before, nothing too', async () => {
  await inside(async (tx, acting) => {
    const values = { name: '石碾', originalCode: 'SN-1' }
    await brought(tx, acting, [{ values }])
    await brought(tx, acting, [{ values, extras: { 备查: '甲' } }])
    const [told] = await tx.execute<{ extras: object }>(
      sql`select detail -> 'extras' as extras from events where action = 'card.reimport' order by id desc limit 1`,
    )
    expect(told?.extras).toEqual({ 'extra.备查': { old: null, new: '甲' } })
  })
})

it('a new row whose using unit nobody knows is entered without one', async () => {
  await inside(async (tx, acting) => {
    await brought(tx, acting, [{ values: { name: '水泵', originalCode: 'SB-1', usingUnit: '没有这家公司' } }])
    const found = await tx.execute(sql`select user_unit_id, extra from cards where original_code = 'SB-1'`)
    expect([...found]).toEqual([{ user_unit_id: null, extra: { 使用单位: '没有这家公司' } }])
  })
})

describe('a text', () => {
  it('comes through whole, but for what no database holds', async () => {
    const odd = '\\N \\. \\x41 a\tb\nc\u2028 "引号" {} 😀 \\u0000 \\'
    const long = '长'.repeat(30_000)
    const cells: Cell[] = [1, odd, 'N_x0000_-1', '前_x0000_中_xD800_后_xDC00_', '2010', 2, null, long]
    const reply = await (await test.as('zhang')).upload(
      '/imports',
      { unit: village, track: 'collective', effectiveOn: '2026-03-01' },
      { name: '台账.xlsx', bytes: await ledger([cells]) },
    )
    expect(reply.statusCode, reply.body.slice(0, 3000)).toBe(303)
    const [row] = await test.db((tx) => tx.execute<Row>(sql`select status, values, extra from import_rows`))
    expect(row?.values).toMatchObject({
      name: odd.replace(/\s*\n\s*/g, ' '),
      originalCode: 'N-1',
      location: '前中\ufffd后\ufffd',
    })
    expect(JSON.stringify(row)).toContain(long)
  })
})

type Row = { status: string; values: Record<string, string>; extra: Record<string, string>; findings: object[] }

function staging(tx: Tx, acting: Acting, rows: readonly SheetRow[]) {
  return stagedBatch(tx, acting, { unitId: test.fixture.units[village] ?? '', rows, effectiveOn: '2026-03-05' })
}

function rowsOf(tx: Tx, batchId: string) {
  return tx.execute<Row>(
    sql`select status, values, extra, findings from import_rows where batch_id = ${batchId} order by row`,
  )
}

async function staged(tx: Tx, acting: Acting, rows: readonly SheetRow[]): Promise<Row[]> {
  return rowsOf(tx, (await staging(tx, acting, rows)).id)
}

async function end(tx: Tx, unit: string): Promise<void> {
  await tx.execute(sql`
    update units set state = 'closed', dissolved_on = '2026-03-08', closed_on = '2026-03-09'
    where id = ${test.fixture.units[unit] ?? ''}`)
}

async function brought(tx: Tx, acting: Acting, rows: readonly SheetRow[]): Promise<void> {
  const { id } = await staging(tx, acting, rows)
  await commitBatch(tx, acting, cardsTarget(acting), id, { version: 1, mode: 'all' })
}

/** Nothing of it stays. */
async function inside(work: (tx: Tx, acting: Acting) => Promise<void>): Promise<void> {
  const stop = new Error('stop')
  await test
    .db(async (tx) => {
      const actor = await loadActor(tx, test.fixture.people.zhang ?? '', test.clock.today())
      if (!actor) throw new Error('no zhang')
      await work(tx, { actor, clock: test.clock, requestId: null })
      throw stop
    })
    .catch((error) => {
      if (error !== stop) throw error
    })
}
