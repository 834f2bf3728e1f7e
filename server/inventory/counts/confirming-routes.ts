import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../../db/client.ts'
import { act, type Subscriber } from '../../kernel/act.ts'
import { type Problem, RuleBroken } from '../../kernel/errors.ts'
import type { Acting } from '../../kernel/events.ts'
import { type Answers, readForm } from '../../kernel/forms.ts'
import { countMachine } from './actions.ts'
import { confirmationFields, confirmCount, readConfirmation } from './confirming.ts'
import { noticeFields } from './posting.ts'
import { findCount } from './queries.ts'
import { CountNo, type OneCount } from './routes.ts'
import { refusalsOf } from './steps.ts'
import type { Count } from './workflow.ts'

const Body = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 4000 }), { maxProperties: 30 })
type Sent = { answers: Answers; problems: readonly Problem[] }

const access = { roles: ['keeper', 'lead'] as const }

/** 公示 and 成员确认 of a collective's count. */
export async function countConfirming(
  app: FastifyInstance,
  { subscribers }: { subscribers: readonly Subscriber[] },
): Promise<void> {
  app.get<OneCount>(
    '/inventory/counts/:no/post',
    { schema: { params: CountNo }, config: { access } },
    async (request, reply) => postPage(request, reply),
  )

  app.post<OneCount & { Body: Answers }>(
    '/inventory/counts/:no/post',
    { schema: { params: CountNo, body: Body }, config: { access } },
    async (request, reply) => {
      const count = await find(request)
      return reply.submit(
        async (tx, acting) => {
          const { values, problems } = readForm(noticeFields, request.body)
          if (problems.length > 0) throw new RuleBroken(problems)
          const input = { action: 'post', version: Number(request.body.version), comment: null, values }
          const { message } = await act(tx, acting, countMachine, count.id, input, subscribers)
          return { location: await noticeOf(tx, acting, count.no), flash: message }
        },
        (problems) => postPage(request, reply, { answers: request.body, problems }),
      )
    },
  )

  app.get<OneCount>(
    '/inventory/counts/:no/confirm',
    { schema: { params: CountNo }, config: { access } },
    async (request, reply) => confirmPage(request, reply),
  )

  app.post<OneCount & { Body: Answers }>(
    '/inventory/counts/:no/confirm',
    { schema: { params: CountNo, body: Body }, config: { access } },
    async (request, reply) => {
      const count = await find(request)
      return reply.submit(
        async (tx, acting) => {
          const values = readConfirmation(count, request.body, app.clock.today())
          const version = Number(request.body.version)
          return confirmCount(tx, acting, count, version, values, subscribers)
        },
        (problems) => confirmPage(request, reply, { answers: request.body, problems }),
      )
    },
  )

  function find(request: FastifyRequest): Promise<Count> {
    const { no } = request.params as OneCount['Params']
    return request.as((tx) => findCount(tx, request.acting, no))
  }

  async function noticeOf(tx: Tx, acting: Acting, no: string): Promise<string> {
    const { notice } = await findCount(tx, acting, no)
    return notice ? `/notices/${notice.no}` : `/inventory/counts/${no}`
  }

  async function postPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const count = await find(request)
    const body = `根据《${count.callTitle}》通知，本单位对基准日 ${count.baseOn} 的资产逐项进行了清查，现将结果公示，接受群众监督。`
    return formPage(
      request,
      reply,
      { count, step: 'post', title: '公示清查结果', button: '张榜公示', fields: noticeFields, first: { body } },
      sent,
    )
  }

  async function confirmPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const count = await find(request)
    const form = {
      count,
      step: 'confirm',
      title: '登记成员确认',
      button: '登记决议',
      fields: confirmationFields,
      first: {},
    }
    return formPage(request, reply, form, sent)
  }

  async function formPage(
    request: FastifyRequest,
    reply: FastifyReply,
    {
      count,
      step,
      first,
      ...form
    }: { count: Count; step: string; title: string; button: string; fields: typeof noticeFields; first: Answers },
    sent?: Sent,
  ) {
    const refused = refusalsOf(count, step, request.actor)
    const problems = refused.length > 0 ? refused : (sent?.problems ?? [])
    return reply.page(
      'inventory/counts/step.njk',
      {
        ...form,
        step,
        count,
        place: `/inventory/counts/${count.no}`,
        open: refused.length === 0,
        version: sent?.answers.version ?? count.version,
      },
      { answers: sent?.answers ?? first, problems, status: problems.length > 0 ? 422 : 200 },
    )
  }
}
