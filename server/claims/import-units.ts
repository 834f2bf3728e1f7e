import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { ImportRefused } from '../../imports/refused.ts'
import type { Batch } from '../../imports/target.ts'
import { unitsBelow, unitsByName } from '../access/reach.ts'
import { type UnitOn, unitsOn } from '../access/units.ts'
import { mayEnter } from '../kernel/actor.ts'
import type { Acting } from '../kernel/events.ts'

/** What a unit text means: a collective, with what is told of it; or why it means none. */
export type ReadCollective = { unit: UnitOn; told?: string } | { wrong: string }

/** The collectives that a file for a unit may speak of, by what people call them. */
export async function collectivesOf(tx: Tx, { actor, clock }: Acting, batch: Pick<Batch, 'unitId' | 'track'>) {
  if (batch.track !== 'collective') {
    throw new ImportRefused('债权债务只登记集体经济组织的，资产属性请选“集体”再上传。')
  }
  const below = await unitsBelow(tx, batch.unitId, clock.today())
  const chosen = below.find(({ id }) => id === batch.unitId)
  const own = below.filter(
    ({ id, regime, state }) => regime === 'collective' && state !== 'closed' && mayEnter(actor, id, 'collective'),
  )
  const byId = new Map(own.map((unit) => [unit.id, unit]))
  const named = new Map<string, UnitOn[]>()
  const add = (text: string, unit: UnitOn) => named.set(text, [...new Set([...(named.get(text) ?? []), unit])])
  for (const unit of own) add(unit.code, unit)
  const beside = new Map<string, UnitOn[]>()
  for (const unit of own) beside.set(unit.divisionCode, [...(beside.get(unit.divisionCode) ?? []), unit])
  const villages = await unitsOn(tx, clock.today(), sql`u.kind = 'village_committee'`)
  const committees = new Map(villages.map((unit) => [unit.id, unit]))
  const places = new Map<string, UnitOn[]>()
  for (const [name, ids] of await unitsByName(tx)) {
    for (const id of ids) {
      const unit = byId.get(id)
      if (unit) add(name, unit)
      const committee = committees.get(id)
      if (committee) places.set(name, beside.get(committee.divisionCode) ?? [])
    }
  }
  for (const unit of own) places.set(unit.divisionName, beside.get(unit.divisionCode) ?? [])
  return (text: string | undefined): ReadCollective => {
    if (text === undefined) {
      const only = chosen && byId.get(chosen.id)
      return only
        ? { unit: only }
        : { wrong: `${chosen?.name ?? '选定的单位'}不是集体经济组织，请在“单位”一栏写明是哪个集体经济组织的。` }
    }
    const plain = text.normalize('NFKC').trim()
    const found = named.get(plain) ?? []
    if (found.length === 1 && found[0]) return { unit: found[0] }
    if (found.length > 1) return { wrong: `有 ${found.length} 个集体经济组织叫“${text}”，请改写单位编码。` }
    // A village committee and its collective are two units at one place; ledgers often name the village.
    const [meant, ...others] = places.get(plain) ?? []
    if (meant && others.length === 0) return { unit: meant, told: `“${text}”按${meant.name}登记。` }
    return { wrong: `“${text}”不是您经办的集体经济组织，请写它的全称或编码，或把这一栏留空。` }
  }
}
