import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import type { Batch } from '../../imports/target.ts'
import { type Actor, has } from '../kernel/actor.ts'
import type { Held } from './people-rules.ts'
import { unitsBelow, unitsByName } from './reach.ts'
import { type UnitOn, unitsOn } from './units.ts'

/** What an import of people comes to: whoever makes accounts grants no rights, and the other way round. */
export type Duty = { makes: boolean; grants: boolean }

/** The operator 系统 sets a county up and does both. */
export function dutyOf(actor: Actor): Duty {
  if (actor.personId === null) return { makes: true, grants: true }
  return { makes: has(actor, 'system_administrator'), grants: has(actor, 'security_administrator') }
}

export type KnownPerson = {
  id: string
  account: string
  name: string
  phone: string | null
  version: number
  disabled: boolean
  madeBy: string | null
  held: Held[]
}

/** The accounts of the county and the units that a list may speak of, read once. */
export type Known = {
  chosen: UnitOn
  people: { byAccount(account: string): KnownPerson | undefined; named(name: string, unitId: string): KnownPerson[] }
  units: {
    coded(code: string): UnitOn | undefined
    /** Those within the chosen unit that a text may mean; `outside` when it means others only. */
    meant(text: string): readonly UnitOn[] | 'outside'
  }
}

export async function knownTo(tx: Tx, { unitId }: Pick<Batch, 'unitId'>, today: string): Promise<Known> {
  const all = await unitsOn(tx, today)
  const chosen = all.find(({ id }) => id === unitId)
  if (!chosen) throw new Error('the batch’s unit does not exist today')
  // Nothing manages the towns: a list of the county's people is one of a unit that lies in none of them.
  const countywide = chosen.divisionCode.endsWith('000000')
  const inside = countywide ? all : await unitsBelow(tx, unitId, today)
  return { chosen, people: await knownPeople(tx, today), units: await knownUnits(tx, all, inside) }
}

async function knownPeople(tx: Tx, today: string): Promise<Known['people']> {
  const rows = await tx.execute<KnownPerson>(sql`
    select p.id::text as id, p.account, p.name, p.phone, p.version, p.disabled_at is not null as disabled,
      (select e.actor_id::text from events e where e.person_id = p.id and e.action = 'person.add' limit 1) as "madeBy",
      coalesce((
        select jsonb_agg(jsonb_build_object('unitId', m.unit_id::text, 'role', m.role, 'track', m.track,
          'validFrom', m.valid_from, 'validTo', m.valid_to) order by m.valid_from, m.id)
        from memberships m where m.person_id = p.id and (m.valid_to is null or m.valid_to >= ${today})), '[]') as held
    from people p`)
  const accounts = new Map(rows.map((person) => [person.account, person]))
  const names = Map.groupBy(rows, ({ name }) => name)
  return {
    byAccount: (account) => accounts.get(account),
    named: (name, unitId) => (names.get(name) ?? []).filter(({ held }) => held.some((post) => post.unitId === unitId)),
  }
}

async function knownUnits(tx: Tx, all: readonly UnitOn[], inside: readonly UnitOn[]): Promise<Known['units']> {
  const below = new Set(inside.map(({ id }) => id))
  const byCode = new Map(all.map((unit) => [unit.code, unit]))
  const byId = new Map(all.map((unit) => [unit.id, unit]))
  const byName = await unitsByName(tx)
  const found = (text: string): readonly UnitOn[] => {
    const plain = text.normalize('NFKC').trim()
    const coded = byCode.get(/\(([0-9A-Z]{12,20})\)$/.exec(plain)?.[1] ?? plain)
    if (coded) return [coded]
    const named = [...(byName.get(plain) ?? [])].flatMap((id) => byId.get(id) ?? [])
    const living = named.filter(({ state }) => state !== 'closed')
    return living.length > 0 ? living : named
  }
  return {
    coded: (code) => {
      const unit = byCode.get(code)
      return unit && below.has(unit.id) ? unit : undefined
    },
    meant: (text) => {
      const units = found(text)
      const near = units.filter(({ id }) => below.has(id))
      return units.length > 0 && near.length === 0 ? 'outside' : near
    },
  }
}
