import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type TProperties, Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import type { Role } from '../kernel/actor.ts'
import { RuleBroken } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import type { Answers } from '../kernel/forms.ts'
import { type Code, issueCode } from './activation.ts'
import { grantRole } from './people-actions.ts'
import { disablePerson, editPerson, enablePerson, revokeRole, unlockPerson } from './people-endings.ts'
import { readContact, readMembership, readRevocation } from './people-forms.ts'
import { type ByAccount, Params, type Person, personOr404, show } from './people-page.ts'
import { policyOn } from './policy.ts'

/** One form of a person's page: whose it is, what it sends, and what it does; the answer is what the page then says. */
type Change = {
  verb: string
  role: Role
  fields: TProperties
  work: (tx: Tx, acting: Acting, person: Person, answers: Answers) => Promise<string>
}

const text = Type.Optional(Type.String({ maxLength: 200 }))

const changes: readonly Change[] = [
  {
    verb: 'grant',
    role: 'security_administrator',
    fields: { unit: text, role: text, track: text, validFrom: text, validTo: text },
    work: async (tx, acting, person, answers) => {
      const { unitName, notes, ...membership } = await readMembership(tx, answers, acting.clock.today())
      await grantRole(tx, acting, { ...membership, personId: person.id })
      return `已授予${person.name}在${unitName}的岗位。${notes}`
    },
  },
  {
    verb: 'revoke',
    role: 'security_administrator',
    fields: { membership: text, lastDay: text },
    work: async (tx, acting, person, answers) => {
      const { membershipId, lastDay } = readRevocation(answers)
      const ended = await revokeRole(tx, acting, person.id, membershipId, lastDay)
      return lastDay ? `${ended.text}到 ${lastDay} 结束。` : `已收回${ended.text}，立即生效。`
    },
  },
  {
    verb: 'unlock',
    role: 'security_administrator',
    fields: {},
    work: async (tx, acting, person) => {
      await unlockPerson(tx, acting, person.id)
      return `${person.name}可以重新登录。`
    },
  },
  {
    verb: 'edit',
    role: 'system_administrator',
    fields: { name: text, phone: text, version: text },
    work: async (tx, acting, person, answers) => {
      const { version, ...contact } = readContact(answers)
      await editPerson(tx, acting, person.id, contact, version)
      return `已保存${contact.name}的姓名和联系电话。`
    },
  },
  {
    verb: 'disable',
    role: 'system_administrator',
    fields: {},
    work: async (tx, acting, person) => {
      await disablePerson(tx, acting, person.id)
      return `${person.name}的账号已停用，已登录的已退出。`
    },
  },
  {
    verb: 'enable',
    role: 'system_administrator',
    fields: {},
    work: async (tx, acting, person) => {
      await enablePerson(tx, acting, person.id)
      return `${person.name}的账号已恢复。`
    },
  },
]

type Sent = ByAccount & { Body: Answers }

/** Everything that changes one account, each verb the system or the security administrator's, never both's. */
export async function peopleChanges(app: FastifyInstance, { origin }: { origin: string | null }): Promise<void> {
  for (const { verb, role, fields, work } of changes) {
    const body = Type.Object({ ...fields, token: text }, { additionalProperties: false })
    app.post<Sent>(
      `/people/:account/${verb}`,
      { schema: { params: Params, body }, config: { access: { roles: [role] } } },
      async (request, reply) =>
        reply.submit(
          async (tx, acting) => {
            const person = await personOr404(tx, request.params.account)
            return { location: placeOf(request), flash: await work(tx, acting, person, request.body) }
          },
          (problems) => show(request, reply, { problems, answers: request.body }),
        ),
    )
  }

  // The code stands in this answer alone: it is not kept, so the outcome cannot be stored and led to.
  app.post<Sent>(
    '/people/:account/code',
    {
      schema: { params: Params, body: Type.Object({ token: text }, { additionalProperties: false }) },
      config: { access: { roles: ['system_administrator'] } },
    },
    async (request, reply) => giveCode(request, reply, origin ?? `${request.protocol}://${request.host}`),
  )
  app.get<ByAccount>(
    '/people/:account/code',
    { schema: { params: Params }, config: { access: { roles: ['system_administrator'] } } },
    async (request, reply) => reply.redirect(placeOf(request), 303),
  )
}

async function giveCode(request: FastifyRequest<Sent>, reply: FastifyReply, origin: string) {
  let made: Code
  try {
    made = await request.as(async (tx) => {
      const { clock, sessionLimits } = request.server
      const { activationHours } = await policyOn(tx, clock.today(), sessionLimits)
      return issueCode(tx, request.acting, (await personOr404(tx, request.params.account)).id, activationHours)
    })
  } catch (error) {
    if (error instanceof RuleBroken) return show(request, reply, { problems: error.problems })
    throw error
  }
  reply.header('hx-push-url', placeOf(request))
  return show(request, reply, { given: { ...made, address: `${origin}/activate` } })
}

function placeOf(request: FastifyRequest<ByAccount>): string {
  return `/people/${encodeURIComponent(request.params.account)}`
}
