import { sql } from 'drizzle-orm'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { has } from '../kernel/actor.ts'
import { NotFound, type Problem, RuleBroken } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import { filterUrl } from '../kernel/filter.ts'
import type { Answers } from '../kernel/forms.ts'
import { locksOf } from './lockout.ts'
import { addPerson, grantRole } from './people-actions.ts'
import { disablePerson, enablePerson, resetPassword, revokeRole, unlockPerson } from './people-endings.ts'
import { readMembership, readPerson, readRevocation, roleChoices, trackChoices } from './people-forms.ts'
import { listPeople, membershipsOf, personByAccount } from './people-queries.ts'
import { timelineOf } from './timeline.ts'
import { unitsOn, unitText } from './units.ts'

const strict = { additionalProperties: false }
const text = Type.Optional(Type.String({ maxLength: 200 }))
const Search = Type.Object({ q: text, after: text, before: text }, strict)
const Params = Type.Object({ account: Type.String({ maxLength: 100 }) }, strict)
const Bare = Type.Object({ token: text }, strict)
const NewBody = Type.Object({ account: text, name: text, phone: text, token: text }, strict)
const GrantBody = Type.Object(
  { unit: text, role: text, track: text, validFrom: text, validTo: text, token: text },
  strict,
)
const RevokeBody = Type.Object({ membership: text, lastDay: text, token: text }, strict)

type ByAccount = { Params: { account: string } }
type Search = { q?: string; after?: string; before?: string }
type Person = NonNullable<Awaited<ReturnType<typeof personByAccount>>>

const system = { roles: ['system_administrator'] } as const
const security = { roles: ['security_administrator'] } as const
const both = { roles: ['system_administrator', 'security_administrator'] } as const

export async function peoplePages(app: FastifyInstance): Promise<void> {
  app.get<{ Querystring: Search }>(
    '/people',
    { schema: { querystring: Search }, config: { access: both } },
    async (request, reply) => {
      const { q = '', ...place } = request.query
      const page = await request.as((tx) => listPeople(tx, q, place, app.clock.today()))
      const link = (change: { after?: string; before?: string }) => filterUrl('/people', { q }, change)
      return reply.page('access/people.njk', {
        rows: page.rows,
        search: q,
        previous: page.previous && link({ before: page.previous }),
        next: page.next && link({ after: page.next }),
        mayAdd: has(request.actor, ...system.roles),
      })
    },
  )

  app.get('/people/new', { config: { access: system } }, async (_request, reply) =>
    reply.page('access/person-new.njk', { answers: {} }),
  )

  app.post<{ Body: Answers }>(
    '/people',
    { schema: { body: NewBody }, config: { access: system } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const person = readPerson(request.body)
          await addPerson(tx, acting, person)
          const flash = '账号已建立。请生成初始密码交给本人，再由安全管理员授予岗位。'
          return { location: `/people/${person.account}`, flash }
        },
        (problems) =>
          reply.page(
            'access/person-new.njk',
            { answers: request.body },
            { problems, answers: request.body, status: 422 },
          ),
      ),
  )

  app.get<ByAccount>(
    '/people/:account',
    { schema: { params: Params }, config: { access: both } },
    async (request, reply) => show(request, reply),
  )

  app.post<ByAccount & { Body: Answers }>(
    '/people/:account/grant',
    { schema: { params: Params, body: GrantBody }, config: { access: security } },
    async (request, reply) =>
      change(request, reply, async (tx, acting, person) => {
        const { unitName, ...membership } = await readMembership(tx, request.body, acting.clock.today())
        await grantRole(tx, acting, { ...membership, personId: person.id })
        return `已授予${person.name}在${unitName}的岗位。`
      }),
  )

  app.post<ByAccount & { Body: Answers }>(
    '/people/:account/revoke',
    { schema: { params: Params, body: RevokeBody }, config: { access: security } },
    async (request, reply) =>
      change(request, reply, async (tx, acting, person) => {
        const { membershipId, lastDay } = readRevocation(request.body)
        const ended = await revokeRole(tx, acting, person.id, membershipId, lastDay)
        return lastDay ? `${ended.text}到 ${lastDay} 结束。` : `已收回${ended.text}，立即生效。`
      }),
  )

  app.post<ByAccount & { Body: Answers }>(
    '/people/:account/unlock',
    { schema: { params: Params, body: Bare }, config: { access: security } },
    async (request, reply) =>
      change(request, reply, async (tx, acting, person) => {
        await unlockPerson(tx, acting, person.id)
        return `${person.name}可以重新登录。`
      }),
  )

  app.post<ByAccount & { Body: Answers }>(
    '/people/:account/disable',
    { schema: { params: Params, body: Bare }, config: { access: system } },
    async (request, reply) =>
      change(request, reply, async (tx, acting, person) => {
        await disablePerson(tx, acting, person.id)
        return `${person.name}的账号已停用，已登录的已退出。`
      }),
  )

  app.post<ByAccount & { Body: Answers }>(
    '/people/:account/enable',
    { schema: { params: Params, body: Bare }, config: { access: system } },
    async (request, reply) =>
      change(request, reply, async (tx, acting, person) => {
        await enablePerson(tx, acting, person.id)
        return `${person.name}的账号已恢复。`
      }),
  )

  // The password stands in this answer alone: it is not kept, so the outcome cannot be stored and led to.
  app.post<ByAccount & { Body: Answers }>(
    '/people/:account/password',
    { schema: { params: Params, body: Bare }, config: { access: system } },
    async (request, reply) => {
      try {
        const secret = await request.as(async (tx) =>
          resetPassword(tx, request.acting, (await personOr404(tx, request)).id),
        )
        reply.header('hx-push-url', `/people/${encodeURIComponent(request.params.account)}`)
        return show(request, reply, { secret })
      } catch (error) {
        if (error instanceof RuleBroken) return show(request, reply, { problems: error.problems })
        throw error
      }
    },
  )
  app.get<ByAccount>(
    '/people/:account/password',
    { schema: { params: Params }, config: { access: both } },
    async (request, reply) => reply.redirect(`/people/${encodeURIComponent(request.params.account)}`, 303),
  )
}

/** One form of the person's page: done, it leads back there; refused, the page keeps what was written. */
async function change(
  request: FastifyRequest<ByAccount & { Body: Answers }>,
  reply: FastifyReply,
  work: (tx: Tx, acting: Acting, person: Person) => Promise<string>,
) {
  return reply.submit(
    async (tx, acting) => {
      const person = await personOr404(tx, request)
      return { location: `/people/${encodeURIComponent(person.account)}`, flash: await work(tx, acting, person) }
    },
    (problems) => show(request, reply, { problems, answers: request.body }),
  )
}

async function show(
  request: FastifyRequest<ByAccount>,
  reply: FastifyReply,
  { problems = [], answers, secret = '' }: { problems?: readonly Problem[]; answers?: Answers; secret?: string } = {},
) {
  const { clock } = request.server
  const today = clock.today()
  const data = await request.as(async (tx) => {
    const person = await personOr404(tx, request)
    return {
      self: person.id === request.actor.personId,
      one: {
        account: person.account,
        name: person.name,
        phone: person.phone,
        disabled: person.disabledAt !== null,
        hasPassword: person.passwordHash !== null,
        mustChange: person.mustChangePassword,
        passwordChangedAt: person.passwordHash === null ? null : person.passwordChangedAt,
      },
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
      secret,
      tends: has(request.actor, ...system.roles) && !data.self,
      grants: has(request.actor, ...security.roles) && !data.self,
      roleChoices,
      trackChoices,
    },
    {
      problems,
      answers: answers ?? { track: 'both', validFrom: today },
      status: problems.length > 0 ? 422 : 200,
    },
  )
}

async function personOr404(tx: Tx, request: FastifyRequest<ByAccount>): Promise<Person> {
  const person = await personByAccount(tx, request.params.account)
  if (!person) throw new NotFound()
  return person
}
