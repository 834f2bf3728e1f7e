import { asc, eq } from 'drizzle-orm'
import { expect } from 'vitest'
import { cards } from '../../db/schema/assets.ts'
import { importBatches, importRows } from '../../db/schema/imports.ts'
import type { Reply, TestApp, Visitor } from './app.ts'

type App = Pick<TestApp, 'db' | 'fixture'>
type Form = { unit?: string; effectiveOn?: string; name?: string } & Record<string, string>

/**
 * The way of a file through the pages as one visitor goes it. `app` and `visitor` are asked for when they are needed: a
 * test opens them later. `unit` is a unit's name.
 */
export function importing(app: () => App, visitor: () => Visitor, unit: string) {
  const batchOf = async (no: string) => {
    const [batch] = await app().db((tx) => tx.select().from(importBatches).where(eq(importBatches.no, no)))
    if (!batch) throw new Error(`no batch ${no}`)
    return batch
  }

  const fields = (more: Form = {}): Record<string, string> => ({
    ...{ unit: app().fixture.codes[unit] ?? '', track: 'collective', effectiveOn: '2026-03-01' },
    ...{ token: crypto.randomUUID(), ...more },
  })

  /** Returns the number of the batch. */
  const upload = async (
    bytes: Uint8Array,
    more: Form = {},
    name = '古井村台账.xlsx',
    by = visitor(),
  ): Promise<string> => numberOf(await by.upload('/imports', fields(more), { name, bytes }))

  const commit = async (no: string, action = 'all'): Promise<Reply> =>
    visitor().post(`/imports/${no}/commit`, { action, version: String((await batchOf(no)).version) })

  /** The staged rows in the order of the file. */
  const rowsOf = async (no: string) => {
    const { id } = await batchOf(no)
    return app().db((tx) =>
      tx.select().from(importRows).where(eq(importRows.batchId, id)).orderBy(importRows.row, importRows.block),
    )
  }

  const cardsOf = (originalCode: string) =>
    app().db((tx) => tx.select().from(cards).where(eq(cards.originalCode, originalCode)).orderBy(asc(cards.id)))

  return { batchOf, fields, upload, commit, rowsOf, cardsOf }
}

/** The number of the batch that an upload leads to. */
export function numberOf(reply: Reply): string {
  expect(reply.statusCode, reply.body.slice(0, 3000)).toBe(303)
  return String(reply.headers.location).split('/')[2] ?? ''
}
