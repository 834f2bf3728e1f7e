import { statSync } from 'node:fs'
import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { importBatches } from '../../db/schema/imports.ts'
import { asSystem } from '../../server/access/system.ts'
import { cardTarget } from '../../server/assets/import-target.ts'
import { openBatch, type Reading } from '../../server/imports/actions.ts'
import { readBatch } from '../../server/imports/read.ts'
import type { Acting } from '../../server/kernel/events.ts'
import type { TestApp } from './app.ts'

export type StagedRow = {
  name: string
  plate: string | null
  booked: string | null
  status: string
  problems: unknown
  findings: unknown
  changes: unknown
}

type Asked = { unitId: string; track: 'state' | 'collective'; effectiveOn: string }

/** What an import of a file by somebody would come to, with all it asks and all its rows. */
export async function readAgain(tx: Tx, acting: Acting, path: string, asked: Asked) {
  const file = { sha256: crypto.randomUUID().replaceAll('-', '').repeat(2), size: statSync(path).size }
  const batch = await openBatch(tx, acting, 'cards', { file, fileName: 'exported.xlsx', ...asked })
  await readBatch(tx, batch, path, cardTarget('510923', acting))
  const [row] = await tx.select().from(importBatches).where(eq(importBatches.id, batch.id))
  const rows = await tx.execute<StagedRow>(sql`
    select "values" ->> 'name' as name, "values" ->> 'plate' as plate, "values" ->> 'booked' as booked,
      status, problems, findings, changes
    from import_rows where batch_id = ${batch.id} order by 1`)
  if (!row) throw new Error('the batch is gone')
  return { counts: row.counts, questions: (row.reading as Reading).questions, rows: [...rows] }
}

/** The rows of an exported file as an import of it would stage them; nothing is kept. */
export async function stagedAgain(
  test: TestApp,
  path: string,
  { unit, track }: { unit: string; track: 'state' | 'collective' },
): Promise<StagedRow[]> {
  const undo = new Error('undo')
  let staged: StagedRow[] = []
  await test
    .db(async (tx) => {
      const asked = { unitId: test.fixture.units[unit] ?? '', track, effectiveOn: '2026-03-10' }
      staged = (await readAgain(tx, asSystem(test.clock, []), path, asked)).rows
      throw undo
    })
    .catch((error) => {
      if (error !== undo) throw error
    })
  return staged
}
