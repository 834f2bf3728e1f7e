import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import type { Batch } from '../../imports/target.ts'
import { unitsBelow, unitsByName } from '../access/reach.ts'
import { type UnitOn, unitsOn } from '../access/units.ts'

/** What an owner or user text of a file means: a unit, nothing known, or one beyond the batch's unit. */
export type ReadUnit = { unit: UnitOn } | 'unknown' | 'outside'

/** The units and places a batch may speak of. */
export type Surroundings = {
  chosen: UnitOn
  /** The chosen unit and all managed under it. */
  below: ReadonlyMap<string, UnitOn>
  /** Resolves within `below` first: a name that other places have too means ours. */
  read(text: string): ReadUnit
  /** Who uses an asset may be any unit of the county. */
  readUser(text: string): UnitOn | undefined
  division(text: string): string | undefined
}

export async function surroundingsOf(tx: Tx, batch: Pick<Batch, 'unitId'>, today: string): Promise<Surroundings> {
  const below = new Map((await unitsBelow(tx, batch.unitId, today)).map((unit) => [unit.id, unit]))
  const chosen = below.get(batch.unitId)
  if (!chosen) throw new Error('the batch’s unit does not exist today')
  const all = await unitsOn(tx, today)
  const byCode = new Map(all.map((unit) => [unit.code, unit]))
  const byId = new Map(all.map((unit) => [unit.id, unit]))
  const byName = await unitsByName(tx)
  const meant = (text: string): UnitOn[] => {
    const plain = text.normalize('NFKC').trim()
    const code = /\(([0-9A-Z]{12,20})\)$/.exec(plain)?.[1] ?? plain
    const coded = byCode.get(code)
    if (coded) return [coded]
    const named = [...(byName.get(plain) ?? [])].flatMap((id) => byId.get(id) ?? [])
    const living = named.filter(({ state }) => state !== 'closed')
    return living.length > 0 ? living : named
  }
  return {
    chosen,
    below,
    division: await divisionsBelow(tx, chosen.divisionCode),
    read: (text) => {
      const found = meant(text)
      const inside = found.filter((unit) => below.has(unit.id))
      if (inside.length === 1 && inside[0]) return { unit: inside[0] }
      return found.length > 0 && inside.length === 0 ? 'outside' : 'unknown'
    },
    readUser: (text) => {
      const found = meant(text)
      const inside = found.filter((unit) => below.has(unit.id))
      return inside.length === 1 ? inside[0] : found.length === 1 ? found[0] : undefined
    },
  }
}

/** Village names as people shorten them: 古井村委会, 古井村, 古井. */
async function divisionsBelow(tx: Tx, divisionCode: string): Promise<(text: string) => string | undefined> {
  const prefix = divisionCode.replace(/(?:000000|000)$/, '')
  const rows = await tx.execute<{ code: string; name: string }>(
    sql`select code, name from divisions where starts_with(code, ${prefix})`,
  )
  const known = new Map<string, string | undefined>()
  for (const { code, name } of rows) {
    const short = name.replace(/(?:村委会|社区居委会|居委会|委会)$/, '')
    for (const word of new Set([code, name, short, `${short}村`, `${short}社区`])) {
      known.set(word, known.has(word) && known.get(word) !== code ? undefined : code)
    }
  }
  return (text) => known.get(text.normalize('NFKC').trim())
}
