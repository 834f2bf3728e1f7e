import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tx } from '../../db/client.ts'
import { loadActor } from '../../server/access/actor.ts'
import { commitBatch } from '../../server/imports/actions.ts'
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

type Row = { status: string; values: Record<string, string>; extra: Record<string, string> }

async function staged(tx: Tx, acting: Acting, rows: readonly SheetRow[]): Promise<Row[]> {
  const unitId = test.fixture.units[village] ?? ''
  const { id } = await stagedBatch(tx, acting, { unitId, rows, effectiveOn: '2026-03-05' })
  return tx.execute<Row>(sql`select status, values, extra from import_rows where batch_id = ${id} order by row`)
}

async function brought(tx: Tx, acting: Acting, rows: readonly SheetRow[]): Promise<void> {
  const unitId = test.fixture.units[village] ?? ''
  const { id } = await stagedBatch(tx, acting, { unitId, rows, effectiveOn: '2026-03-05' })
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
