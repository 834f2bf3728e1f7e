import { describe, expect, test } from 'vitest'
import type { Cells } from '../../imports/reading/events.ts'
import { readWorkbook } from '../../imports/reading/workbook.ts'
import { ImportRefused } from '../../imports/refused.ts'
import { type Attack, attacks, withAttack } from './attacks.ts'
import { measured } from './spent.ts'

/** Of the processor: a busy machine takes longer, and a reader that stalls is ended by its own limit. */
const most = { seconds: 10, megabytes: 600 }

describe.each(Object.entries(attacks))('%s', (_group, list) => {
  test.each(list.map((attack) => [attack.name, attack] as const))('%s', { timeout: 60_000 }, async (_name, attack) => {
    await withAttack(attack, async (path) => {
      const { result, processorSeconds, megabytes } = await measured(() => read(path, attack))
      if (result.sentence !== null) expect(result.sentence).toMatch(/请[^。]*。$/)
      if ('refused' in attack.ends) expect(String(result.sentence)).toMatch(attack.ends.refused)
      else if ('rows' in attack.ends) {
        expect(result).toMatchObject({ sentence: null, rows: attack.ends.rows, cells: attack.ends.cells ?? {} })
      }
      expect(processorSeconds).toBeLessThan(most.seconds)
      expect(megabytes ?? 0).toBeLessThan(most.megabytes)
    })
  })
})

type Told = { sentence: string | null; rows: number; cells: Record<number, Cells> }

/** Reads to the end, holding nothing but the cells that are asked for. */
async function read(path: string, { ends }: Attack): Promise<Told> {
  const asked = 'rows' in ends ? (ends.cells ?? {}) : {}
  const told: Told = { sentence: null, rows: 0, cells: {} }
  try {
    for await (const event of readWorkbook(path)) {
      if (event.kind !== 'row') continue
      told.rows++
      if (event.row in asked) told.cells[event.row] = event.cells
    }
  } catch (error) {
    if (!(error instanceof ImportRefused)) throw error
    told.sentence = error.message
  }
  return told
}
