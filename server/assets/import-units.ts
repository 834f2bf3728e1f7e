import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import type { Batch } from '../../imports/target.ts'
import { unitsBelow, unitsByName } from '../access/reach.ts'
import { type UnitOn, unitsOn } from '../access/units.ts'

/** What an owner text of a file means: a unit, one of several, nothing known, or one beyond the batch's unit. */
export type ReadUnit = { unit: UnitOn } | { several: readonly UnitOn[] } | { outside: readonly UnitOn[] } | 'unknown'

/** A place of the batch's unit: its code and its name, with what it lies in. */
export type Place = { code: string; name: string }

/** The units and places a batch may speak of. */
export type Surroundings = {
  chosen: UnitOn
  /** The chosen unit and all managed under it. */
  below: ReadonlyMap<string, UnitOn>
  /** Resolves within `below` first: a name that other places have too means ours. */
  read(text: string): ReadUnit
  /** The unit within `below` that has this code. */
  coded(code: string): UnitOn | undefined
  /** Who uses an asset may be any unit of the county. */
  readUser(text: string): UnitOn | undefined
  /** Places that a text may mean; of several those within the unit that the row names, when there are any. */
  places(text: string, within?: UnitOn): readonly Place[]
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
    places: await placesBelow(tx, chosen.divisionCode),
    coded: (code) => {
      const unit = byCode.get(code)
      return unit && below.get(unit.id)
    },
    read: (text) => {
      const found = meant(text)
      const inside = found.filter((unit) => below.has(unit.id))
      if (inside.length === 1 && inside[0]) return { unit: inside[0] }
      if (inside.length > 1) return { several: inside }
      return found.length > 0 ? { outside: found } : 'unknown'
    },
    readUser: (text) => {
      const found = meant(text)
      const inside = found.filter((unit) => below.has(unit.id))
      return inside.length === 1 ? inside[0] : found.length === 1 ? found[0] : undefined
    },
  }
}

/** Village names as people shorten them: 古井村委会, 古井村, 古井. */
async function placesBelow(tx: Tx, divisionCode: string): Promise<Surroundings['places']> {
  const rows = await tx.execute<{ code: string; name: string; above: string | null }>(sql`
    select d.code, d.name, p.name as above from divisions d left join divisions p on p.code = d.parent_code
    where starts_with(d.code, ${reachOf(divisionCode)})`)
  const known = new Map<string, Place[]>()
  for (const { code, name, above } of rows) {
    const short = name.replace(/(?:村委会|社区居委会|居委会|委会)$/, '')
    for (const word of new Set([code, name, short, `${short}村`, `${short}社区`])) {
      known.set(word, [...(known.get(word) ?? []), { code, name: above === null ? name : `${name}（${above}）` }])
    }
  }
  return (text, within) => {
    const found = known.get(text.normalize('NFKC').trim()) ?? []
    const own = within === undefined ? [] : found.filter(({ code }) => code.startsWith(reachOf(within.divisionCode)))
    return own.length > 0 ? own : found
  }
}

/** How the codes of all places begin that lie in one. */
function reachOf(divisionCode: string): string {
  return divisionCode.replace(/(?:000000|000)$/, '')
}
