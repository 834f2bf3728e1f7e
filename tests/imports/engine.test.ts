import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tx } from '../../db/client.ts'
import { loadActor } from '../../server/access/actor.ts'
import { commitBatch } from '../../server/imports/actions.ts'
import type { Acting } from '../../server/kernel/events.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import { village } from '../support/cards.ts'
import { cardsTarget, type SheetRow, stagedBatch } from '../support/staged.ts'

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
