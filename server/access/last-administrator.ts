import { and, eq, isNotNull, isNull, lte, ne } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { memberships, people } from '../../db/schema/access.ts'
import { administratorRoles, type Role, roles } from '../kernel/actor.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { takeNumbers } from '../kernel/numbers.ts'

/** Two administrators who end each other at once would each still see the other. */
export async function oneAtATime(tx: Tx): Promise<void> {
  await takeNumbers(tx, 'person end')
}

/** The county must keep one administrator of each kind, without an end in sight; `lastDay` is when this one's ends. */
export async function refuseLast(
  tx: Tx,
  role: Role,
  person: { id: string; name: string },
  lastDay: string,
): Promise<void> {
  if (!administratorRoles.includes(role)) return
  if (!(await stays(tx, role, person.id, shifted(lastDay, 1)))) {
    throw new RuleBroken(`${person.name}是最后一位${roles[role]}，请先让另一人担任${roles[role]}。`)
  }
}

/** The first administrator of a kind does not end by a date: nobody would be there to grant the next one. */
export async function refuseFirstWithEnd(tx: Tx, role: Role, personId: string, from: string, to: string | null) {
  if (to === null || !administratorRoles.includes(role)) return
  if (!(await stays(tx, role, personId, from))) {
    const text = `还没有长期任职的${roles[role]}，第一位请不填最后一天。`
    throw new RuleBroken([{ field: 'validTo', text }])
  }
}

export function dayBefore(day: string): string {
  return shifted(day, -1)
}

/** Does somebody else hold the role by a day, able to sign in and without an end? */
async function stays(tx: Tx, role: Role, without: string, day: string): Promise<boolean> {
  const able = and(eq(people.id, memberships.personId), isNotNull(people.passwordHash), isNull(people.disabledAt))
  const [other] = await tx
    .select({ id: memberships.id })
    .from(memberships)
    .innerJoin(people, able)
    .where(
      and(
        eq(memberships.role, role),
        isNull(memberships.validTo),
        lte(memberships.validFrom, day),
        ne(memberships.personId, without),
      ),
    )
    .limit(1)
  return other !== undefined
}

function shifted(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
}
