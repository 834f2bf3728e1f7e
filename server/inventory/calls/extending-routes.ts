import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { Forbidden, type Problem } from '../../kernel/errors.ts'
import type { Answers } from '../../kernel/forms.ts'
import { findCount } from '../counts/queries.ts'
import { CountNo, type OneCount } from '../counts/routes.ts'
import type { Count } from '../counts/workflow.ts'
import { extendCount, extendedOf, extendFields, mayExtend, nothingToExtend, termOf } from './extending.ts'
import { writes } from './routes.ts'

/** Where the form was opened from, and where it leads back to. */
const From = Type.Optional(Type.Union([Type.Literal('progress'), Type.Literal('press'), Type.Literal('count')]))
const Opened = Type.Object({ from: From })
const text = Type.Optional(Type.String({ maxLength: 2000 }))
const Body = Type.Object({ dueOn: text, reason: text, from: From, token: text }, { additionalProperties: false })

/** 延长时限 of one unit of a call. */
export async function countExtending(app: FastifyInstance): Promise<void> {
  app.get<OneCount & { Querystring: Static<typeof Opened> }>(
    '/inventory/counts/:no/deadline',
    { schema: { params: CountNo, querystring: Opened }, config: { access: writes } },
    async (request, reply) => formPage(request, reply, { answers: request.query, problems: [] }),
  )

  app.post<OneCount & { Body: Static<typeof Body> }>(
    '/inventory/counts/:no/deadline',
    { schema: { params: CountNo, body: Body }, config: { access: writes } },
    async (request, reply) => {
      const count = await find(request)
      return reply.submit(
        async (tx, acting) => {
          const { dueOn } = await extendCount(tx, acting, count, request.body)
          return { location: homeOf(count, request.body.from), flash: `${count.unitName}的时限已延长到 ${dueOn}。` }
        },
        (problems) => formPage(request, reply, { answers: request.body, problems }),
      )
    },
  )

  async function find(request: FastifyRequest): Promise<Count> {
    const { no } = request.params as OneCount['Params']
    const count = await request.as((tx) => findCount(tx, request.acting, no))
    if (!mayExtend(request.actor, { ...count, state: 'counting' })) throw new Forbidden()
    return count
  }

  async function formPage(
    request: FastifyRequest,
    reply: FastifyReply,
    { answers, problems }: { answers: Answers; problems: readonly Problem[] },
  ) {
    const count = await find(request)
    const term = count.state === 'counting' ? await request.as((tx) => termOf(tx, count.id)) : null
    const said = term ? problems : [{ field: null, text: nothingToExtend }]
    return reply.page(
      'inventory/counts/deadline.njk',
      {
        ...{ count, term, fields: extendFields, home: homeOf(count, answers.from), from: answers.from ?? 'progress' },
        extended: term ? extendedOf(term) : '',
        today: app.clock.today(),
      },
      { answers, problems: said, status: said.length > 0 ? 422 : 200 },
    )
  }
}

function homeOf({ no, callNo }: Count, from: string | undefined): string {
  return from === 'count' ? `/inventory/counts/${no}` : `/inventory/calls/${callNo}?tab=${from ?? 'progress'}`
}
