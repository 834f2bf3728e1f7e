import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { businessRoles } from '../kernel/actor.ts'
import { Forbidden, NotFound, type Problem } from '../kernel/errors.ts'
import { eventsOf } from '../kernel/events.ts'
import { filterUrl } from '../kernel/filter.ts'
import type { Answers } from '../kernel/forms.ts'
import { timeline } from '../kernel/timeline.ts'
import { clockSentences } from './clock-sentences.ts'
import { type Corrected, correctDecision, mayCorrect } from './decision-actions.ts'
import {
  type BodyKind,
  bodyKinds,
  type Outcome,
  outcomes,
  readCorrection,
  reasonField,
  wordingFields,
} from './decision-form.ts'
import { listDecisions, loadDecision } from './decision-queries.ts'
import { paperPanel } from './paper-queries.ts'
import { paperSentences } from './paper-sentences.ts'

const text = (maxLength: number) => Type.Optional(Type.String({ maxLength }))
const No = Type.Object({ no: Type.String({ pattern: '^DL[0-9]{4}-[0-9]{4,}$' }) })
const Filter = Type.Object({ bodyKind: text(20), after: text(300), before: text(300) })
const Body = Type.Object(
  {
    ...{ bodyKind: text(20), body: text(400), documentNo: text(400), summary: text(2000), reason: text(1000) },
    ...{ token: text(64), version: Type.Integer({ minimum: 1 }) },
  },
  { additionalProperties: false },
)
type NoParams = { Params: { no: string } }

const access = { roles: businessRoles }

/** 代录: what bodies without an account have decided, as recorded from their papers. */
export async function decisionPages(
  app: FastifyInstance,
  { corrected }: { corrected: readonly Corrected[] },
): Promise<void> {
  app.get<{ Querystring: Static<typeof Filter> }>(
    '/decisions',
    { schema: { querystring: Filter }, config: { access } },
    async (request, reply) => {
      const filter = request.query
      const page = await request.as((tx) => listDecisions(tx, request.actor, filter))
      return reply.page('records/decisions.njk', {
        filter,
        kinds: Object.entries(bodyKinds).map(([value, label]) => ({ value, label })),
        rows: page.rows.map((row) => ({
          no: { text: row.no, href: `/decisions/${row.no}` },
          body: row.body,
          documentNo: row.documentNo,
          decidedOn: row.decidedOn,
          outcome: outcomes[row.outcome as Outcome],
          document: row.document && { text: row.document.label, href: row.document.href },
          recorder: row.recorder,
          scan: row.scanned ? '有' : { badge: '未附', tone: 'warning' },
        })),
        previous: page.previous && filterUrl('/decisions', filter, { before: page.previous }),
        next: page.next && filterUrl('/decisions', filter, { after: page.next }),
      })
    },
  )

  app.get<NoParams>('/decisions/:no', { schema: { params: No }, config: { access } }, async (request, reply) => {
    const data = await load(request)
    return reply.page('records/decision.njk', data)
  })

  app.get<NoParams>(
    '/decisions/:no/correct',
    { schema: { params: No }, config: { access: { roles: ['lead', 'approver'] } } },
    async (request, reply) => correctionPage(request, reply),
  )

  app.post<NoParams & { Body: Answers & { version: number } }>(
    '/decisions/:no/correct',
    { schema: { params: No, body: Body }, config: { access: { roles: ['lead', 'approver'] } } },
    async (request, reply) => {
      const { no } = request.params
      const { version, ...answers } = request.body
      return reply.submit(
        async (tx, acting) => {
          await correctDecision(tx, acting, no, version, readCorrection(answers), corrected)
          return { location: `/decisions/${no}`, flash: '已更正，原来的写法留在办理记录里。' }
        },
        (problems) => correctionPage(request, reply, { answers, version, problems }),
      )
    },
  )

  async function load(request: FastifyRequest) {
    const { no } = request.params as NoParams['Params']
    return request.as(async (tx) => {
      const decision = await loadDecision(tx, request.actor, no)
      if (!decision) throw new NotFound()
      const events = await eventsOf(tx, { kind: 'decision', id: decision.id })
      return {
        decision,
        bodyKind: bodyKinds[decision.bodyKind as BodyKind],
        outcome: outcomes[decision.outcome as Outcome],
        papers: await paperPanel(tx, request.actor, 'decision', no),
        events: timeline(events, { ...clockSentences, ...paperSentences }),
        mayCorrect: await mayCorrect(tx, request.actor, decision),
      }
    })
  }

  async function correctionPage(
    request: FastifyRequest,
    reply: FastifyReply,
    sent?: { answers: Answers; version: number; problems: readonly Problem[] },
  ) {
    const { decision, mayCorrect } = await load(request)
    if (!mayCorrect) throw new Forbidden()
    const { bodyKind, body, documentNo, summary } = decision
    return reply.page(
      'records/decision-correct.njk',
      { decision, fields: [...wordingFields, reasonField], version: sent?.version ?? decision.version },
      sent
        ? { status: 422, answers: sent.answers, problems: sent.problems }
        : { answers: { bodyKind, body, documentNo, summary } },
    )
  }
}
