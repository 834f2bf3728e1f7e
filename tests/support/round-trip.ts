import { statSync } from 'node:fs'
import { sql } from 'drizzle-orm'
import { asSystem } from '../../server/access/system.ts'
import { cardTarget } from '../../server/assets/import-target.ts'
import { openBatch } from '../../server/imports/actions.ts'
import { readBatch } from '../../server/imports/read.ts'
import type { TestApp } from './app.ts'

export type StagedRow = {
  name: string
  plate: string | null
  booked: string | null
  status: string
  problems: unknown
  changes: unknown
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
      const acting = asSystem(test.clock, [])
      const batch = await openBatch(tx, acting, 'cards', {
        file: { sha256: '0'.repeat(64), size: statSync(path).size },
        fileName: 'exported.xlsx',
        unitId: test.fixture.units[unit] ?? '',
        track,
        effectiveOn: '2026-03-10',
      })
      await readBatch(tx, batch, path, cardTarget('510923', acting))
      staged = await tx.execute<StagedRow>(sql`
        select "values" ->> 'name' as name, "values" ->> 'plate' as plate, "values" ->> 'booked' as booked,
          status, problems, changes
        from import_rows order by 1`)
      throw undo
    })
    .catch((error) => {
      if (error !== undo) throw error
    })
  return staged
}
