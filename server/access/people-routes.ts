import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { has } from '../kernel/actor.ts'
import { filterUrl } from '../kernel/filter.ts'
import type { Answers } from '../kernel/forms.ts'
import { addPerson } from './people-actions.ts'
import { readPerson } from './people-forms.ts'
import { type ByAccount, Params, show } from './people-page.ts'
import { listPeople, peopleStates } from './people-queries.ts'

const strict = { additionalProperties: false }
const text = Type.Optional(Type.String({ maxLength: 200 }))
const Search = Type.Object({ q: text, state: text, after: text, before: text }, strict)
const NewBody = Type.Object({ account: text, name: text, phone: text, token: text }, strict)

type Search = { q?: string; state?: string; after?: string; before?: string }

const system = { roles: ['system_administrator'] } as const
const both = { roles: ['system_administrator', 'security_administrator'] } as const

/** Accounts: the list, a new one, and the page of each. */
export async function peoplePages(app: FastifyInstance): Promise<void> {
  app.get<{ Querystring: Search }>(
    '/people',
    { schema: { querystring: Search }, config: { access: both } },
    async (request, reply) => {
      const { q = '', state = '', ...place } = request.query
      const page = await request.as((tx) => listPeople(tx, { q, state }, place, app.clock))
      const link = (change: { after?: string; before?: string }) => filterUrl('/people', { q, state }, change)
      return reply.page('access/people.njk', {
        rows: page.rows,
        search: q,
        state,
        states: peopleStates,
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
          const flash = '账号已建立。请生成开通码交给本人，再由安全管理员授予岗位。'
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
}
