import type { Tx } from '../../db/client.ts'
import { memberships, people } from '../../db/schema/access.ts'
import type { Role, Track } from '../kernel/actor.ts'
import { type Acting, record } from '../kernel/events.ts'
import { hashPassword } from './passwords.ts'

export type NewPerson = {
  account: string
  name: string
  phone?: string | null
  password: string | null
  mustChange?: boolean
}

/** Makes an account without any right; someone else grants its roles. */
export async function addPerson(tx: Tx, acting: Acting, person: NewPerson): Promise<string> {
  const now = acting.clock.now()
  const [row] = await tx
    .insert(people)
    .values({
      account: person.account.trim().toLowerCase(),
      name: person.name,
      phone: person.phone ?? null,
      passwordHash: person.password === null ? null : await hashPassword(person.password),
      passwordChangedAt: now,
      mustChangePassword: person.mustChange ?? true,
      createdAt: now,
    })
    .returning({ id: people.id })
  if (!row) throw new Error('the account was not written')
  await record(
    tx,
    acting,
    { kind: 'person', id: row.id },
    {
      action: 'person.add',
      detail: { account: person.account, name: person.name },
    },
  )
  return row.id
}

export type NewMembership = {
  personId: string
  unitId: string
  role: Role
  track: Track | 'both'
  validFrom: string
  validTo?: string | null
}

export async function grantRole(tx: Tx, acting: Acting, membership: NewMembership): Promise<string> {
  const [row] = await tx
    .insert(memberships)
    .values({ ...membership, grantedBy: acting.actor.personId, createdAt: acting.clock.now() })
    .returning({ id: memberships.id })
  if (!row) throw new Error('the membership was not written')
  await record(
    tx,
    acting,
    { kind: 'person', id: membership.personId },
    {
      action: 'person.grant',
      effectiveOn: membership.validFrom,
      detail: { role: membership.role, track: membership.track, unitId: membership.unitId },
    },
  )
  return row.id
}
