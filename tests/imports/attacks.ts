import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Attack } from './attacks/attack.ts'
import { legacy, markup } from './attacks/legacy.ts'
import { masses, places, references } from './attacks/sheets.ts'
import { entities, traps, worksheets } from './attacks/structure.ts'
import { texts } from './attacks/texts.ts'
import { bombs, directories } from './attacks/zips.ts'

export type { Attack } from './attacks/attack.ts'

/** Every file that has been thought of to make the reader stall, swell or reach out. */
export const attacks: Readonly<Record<string, readonly Attack[]>> = {
  places,
  masses,
  references,
  entities,
  traps,
  worksheets,
  bombs,
  directories,
  texts,
  legacy,
  markup,
}

/** Writes one of them, lends it and takes it away again. */
export async function withAttack<T>(attack: Attack, work: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'panhuo-attack-'))
  try {
    const path = join(folder, attack.file)
    writeFileSync(path, await attack.make())
    return await work(path)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
