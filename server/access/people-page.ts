import { sql } from 'drizzle-orm'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { has } from '../kernel/actor.ts'
import { NotFound, type Problem } from '../kernel/errors.ts'
import type { Answers } from '../kernel/forms.ts'
import type { Code } from './activation.ts'
import { openCodeOf } from './codes.ts'
import { locksOf } from './lockout.ts'
import { heldBy } from './people-actions.ts'
import { roleChoices, trackChoices } from './people-forms.ts'
import { lastSignInOf, makerOf, membershipsOf, personByAccount } from './people-queries.ts'
import { isOpenedByOperator, operatorSentence } from './people-rules.ts'
import { timelineOf } from './timeline.ts'
import { unitsOn, unitText } from './units.ts'

export type ByAccount = { Params: { account: string } }
export type Person = NonNullable<Awaited<ReturnType<typeof personByAccount>>>
export const Params = Type.Object({ account: Type.String({ maxLength: 100 }) }, { additionalProperties: false })

type Shown = { problems?: readonly Problem[]; answers?: Answers; given?: Code & { address: string } }

/** The page of one account; with `given` it shows a code that was just made, this once. */
export async function show(
  request: FastifyRequest<ByAccount>,
  reply: FastifyReply,
  { problems = [], answers, given }: Shown = {},
) {
  const { clock } = request.server
  const today = clock.today()
  const data = await request.as(async (tx) => {
    const person = await personOr404(tx, request.params.account)
    return {
      self: person.id === request.actor.personId,
      one: {
        account: person.account,
        name: person.name,
        phone: person.phone,
        version: String(person.version),
        disabled: person.disabledAt !== null,
        hasPassword: person.passwordHash !== null,
        mustChange: person.mustChangePassword,
        passwordChangedAt: person.passwordHash === null ? null : person.passwordChangedAt,
        ...(await makerOf(tx, person.id)),
        lastSignIn: await lastSignInOf(tx, person.id),
      },
      byOperator: isOpenedByOperator(await heldBy(tx, person.id), today) ? operatorSentence(person.account) : null,
      codeUntil: await openCodeOf(tx, person.id, clock.now()),
      lockedUntil: (await locksOf(tx, person.account, clock.now()))[0] ?? null,
      memberships: await membershipsOf(tx, person.id, today),
      events: await timelineOf(tx, { kind: 'person', id: person.id }),
      unitNames: (await unitsOn(tx, today, sql`u.state <> 'closed'`)).map(unitText),
    }
  })
  return reply.page(
    'access/person.njk',
    {
      ...data,
      given: given ?? null,
      tends: has(request.actor, 'system_administrator') && !data.self,
      grants: has(request.actor, 'security_administrator') && !data.self,
      roleChoices,
      trackChoices,
    },
    {
      problems,
      // What another form of the page sent says nothing about this one.
      answers: { track: 'both', validFrom: today, name: data.one.name, phone: data.one.phone ?? '', ...answers },
      status: problems.length > 0 ? 422 : 200,
    },
  )
}

export async function personOr404(tx: Tx, account: string): Promise<Person> {
  const person = await personByAccount(tx, account)
  if (!person) throw new NotFound()
  return person
}
