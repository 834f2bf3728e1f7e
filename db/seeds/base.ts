import { readFileSync } from 'node:fs'
import type { Tx } from '../client.ts'
import { divisions } from '../schema/access.ts'

export type Division = { code: string; name: string; level: number; parentCode: string | null }

/** The county whose divisions come with the program. */
export const seededCounty = '510923'

/** 大英县 with its towns, villages and communities by their statistical codes of 2022. */
export function divisionsOf(): Division[] {
  const [, ...lines] = readFileSync(new URL(`divisions-${seededCounty}.csv`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
  return lines.map((line) => {
    const [code = '', name = '', level, parent] = line.split(',')
    return { code, name, level: Number(level), parentCode: parent || null }
  })
}

/** Enters the divisions that are not there yet and says how many those were. */
export async function seedDivisions(tx: Tx): Promise<number> {
  const entered = await tx
    .insert(divisions)
    .values(divisionsOf())
    .onConflictDoNothing()
    .returning({ code: divisions.code })
  return entered.length
}
