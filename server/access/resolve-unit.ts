import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import type { Track } from '../kernel/actor.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { findUnits, type UnitKind, type UnitOn, unitsOn, unitText } from './units.ts'

/** Who acts for a place: its collective on the collective track where there is one, else its government or committee. */
const acting: Record<Track, readonly (readonly UnitKind[])[]> = {
  state: [['town_government', 'village_committee']],
  collective: [
    ['village_collective', 'town_collective'],
    ['town_government', 'village_committee'],
  ],
}

/**
 * The one unit a person means: by the unit's own code, by a bare 12-digit division code, or by a name that only one
 * unit bears. Throws RuleBroken with what to write instead.
 */
export async function resolveUnit(tx: Tx, text: string, track: Track | null, today: string): Promise<UnitOn> {
  const plain = text.normalize('NFKC').trim().toUpperCase()
  if (plain === '') throw new RuleBroken('请写明单位：写单位编码或 12 位区划代码。')
  if (/^\d{12}$/.test(plain)) return atDivision(tx, plain, track, today)
  const [unit, ...others] = await findUnits(tx, plain, today)
  if (!unit) throw new RuleBroken(`没有找到单位“${text.trim()}”，请写单位编码或 12 位区划代码。`)
  if (others.length > 0) {
    throw new RuleBroken(`叫“${text.trim()}”的单位不止一个，请写单位编码：${listed([unit, ...others])}。`)
  }
  return unit
}

async function atDivision(tx: Tx, code: string, track: Track | null, today: string): Promise<UnitOn> {
  const there = await unitsOn(tx, today, sql`p.division_code = ${code} and u.state <> 'closed'`)
  for (const kinds of acting[track ?? 'state']) {
    const [unit, ...others] = there.filter(({ kind }) => kinds.includes(kind))
    if (unit && others.length === 0) return unit
    if (unit) throw new RuleBroken(`区划 ${code} 有多个单位，请写单位编码：${listed([unit, ...others])}。`)
  }
  if (there.length > 0) {
    throw new RuleBroken(`区划 ${code} 没有镇政府或村（居）委会，请写单位编码，例如 ${listed(there)}。`)
  }
  throw new RuleBroken(`区划 ${code} 还没有单位，请核对代码，或先建立单位。`)
}

/** The first few, so that the sentence stays one. */
function listed(units: readonly UnitOn[]): string {
  return `${units.slice(0, 3).map(unitText).join('、')}${units.length > 3 ? '等' : ''}`
}
