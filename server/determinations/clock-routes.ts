import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { holds } from '../kernel/actor.ts'
import { Forbidden, NotFound, type Problem, RuleBroken } from '../kernel/errors.ts'
import { type Answers, type FormField, readForm } from '../kernel/forms.ts'
import { extendDeadline } from '../records/deadlines.ts'
import { clocksView } from './clocks.ts'
import { findDetermination } from './queries.ts'
import type { Determination } from './workflow.ts'

const No = Type.Object({ no: Type.String({ pattern: '^QD[0-9]{4}-[0-9]{4,}$' }) })
const text = Type.Optional(Type.String({ maxLength: 1000 }))
const Body = Type.Object({ amount: text, reason: text, key: text, token: text }, { additionalProperties: false })
type NoParams = { Params: { no: string } }

const most = 120
const fields: readonly FormField[] = [
  { key: 'amount', label: '延长几个工作日', kind: 'integer', required: true },
  { key: 'reason', label: '理由', kind: 'longText', max: 300, required: true, hint: '办理记录里大家都能看到' },
]
const access = { roles: ['approver'] as const }
const over = '这一步已经办完，不用再延长时限。'

/** The county gives more time for a step, with a reason. */
export async function determinationClocks(app: FastifyInstance): Promise<void> {
  app.get<NoParams>(
    '/determinations/:no/deadline',
    { schema: { params: No }, config: { access } },
    async (request, reply) => formPage(request, reply, { answers: {}, problems: [] }),
  )

  app.post<NoParams & { Body: Answers }>(
    '/determinations/:no/deadline',
    { schema: { params: No, body: Body }, config: { access } },
    async (request, reply) => {
      const document = await find(request)
      return reply.submit(
        async (tx, acting) => {
          const { values, problems } = readForm(fields, request.body)
          const amount = Number(values.amount ?? 1)
          if (amount < 1 || amount > most) {
            problems.push({ field: 'amount', text: `延长的天数要在 1 到 ${most} 之间。` })
          }
          if (problems.length > 0) throw new RuleBroken(problems)
          const subject = { kind: 'determination', id: document.id } as const
          const by = { amount, reason: values.reason ?? '' }
          const { dueOn } = await extendDeadline(tx, acting, subject, request.body.key ?? '', by).catch((error) => {
            throw error instanceof NotFound ? new RuleBroken(over) : error
          })
          return { location: `/determinations/${document.no}`, flash: `时限已延长到 ${dueOn}。` }
        },
        (problems) => formPage(request, reply, { answers: request.body, problems }),
      )
    },
  )

  async function find(request: FastifyRequest): Promise<Determination> {
    const { no } = request.params as NoParams['Params']
    const document = await request.as((tx) => findDetermination(tx, request.acting, no))
    if (!document.parties.applicant?.some((key) => holds(request.actor, ['approver'], key))) throw new Forbidden()
    return document
  }

  async function formPage(
    request: FastifyRequest,
    reply: FastifyReply,
    { answers, problems }: { answers: Answers; problems: readonly Problem[] },
  ) {
    const document = await find(request)
    const { open } = await request.as((tx) => clocksView(tx, document, app.clock.today()))
    const said = open ? problems : [{ field: null, text: over }]
    return reply.page(
      'determinations/deadline.njk',
      { document, open: open ?? null, fields },
      { answers, problems: said, status: said.length > 0 ? 422 : 200 },
    )
  }
}
