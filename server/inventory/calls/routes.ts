import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { businessRoles, has, trackLabels } from '../../kernel/actor.ts'
import { type Problem, RuleBroken } from '../../kernel/errors.ts'
import { filterUrl } from '../../kernel/filter.ts'
import type { Answers } from '../../kernel/forms.ts'
import { buttons } from '../../kernel/workflow.ts'
import { inventoryWaiting, waitingPath } from '../waiting.ts'
import { draftCall, redraftCall } from './actions.ts'
import { callableUnits, issuersOf } from './callable.ts'
import { answersOf, callFields, issuerKey, issuerText, noIssuer, readCall, unitGroups, usuallyCalled } from './forms.ts'
import { openCountsOf } from './open-counts.ts'
import { calledUnits, findCall, listCalls } from './queries.ts'
import { type Call, callWorkflow } from './workflow.ts'

export const CallNo = Type.Object({ no: Type.String({ pattern: '^QC[0-9]{4}-[0-9]{4,}$' }) })
const text = (maxLength: number) => Type.Optional(Type.String({ maxLength }))
const Filter = Type.Object({ state: text(20), track: text(20), after: text(300), before: text(300) })
const By = Type.Object({ by: text(40) })
/** A county has more than four hundred units. */
export const UnitIds = Type.Optional(Type.Array(Type.String({ pattern: '^[0-9]{1,18}$' }), { maxItems: 5000 }))
const Body = Type.Object(
  {
    ...{ title: text(400), baseOn: text(40), dueOn: text(40), compileOn: text(40), baseline: text(20) },
    ...{ baselineName: text(400), baselineOn: text(40), note: text(8000), by: text(40) },
    ...{ units: UnitIds, token: text(64), version: text(12) },
  },
  { additionalProperties: false },
)
type Sent = Answers & { units?: string[] }
type NoParams = { Params: { no: string } }

const access = { roles: businessRoles }
export const writes = { roles: ['lead', 'approver'] as const }
const { states } = callWorkflow

/** 清查: the calls somebody reads, what they count themselves, and the draft of a call. */
export async function calls(app: FastifyInstance): Promise<void> {
  app.get<{ Querystring: { state?: string; track?: string; after?: string; before?: string } }>(
    '/inventory',
    { schema: { querystring: Filter }, config: { access } },
    async (request, reply) => {
      const filter = request.query
      const today = app.clock.today()
      const page = await request.as((tx) => listCalls(tx, request.actor, filter, today))
      const own = await request.as((tx) => openCountsOf(tx, request.actor, today))
      const waiting = await request.as((tx) => inventoryWaiting(tx, request.actor, today))
      return reply.page('inventory/list.njk', {
        filter,
        own,
        waiting: waiting.filter(({ href, count }) => href.startsWith(waitingPath) && count > 0),
        states: Object.entries(states).map(([value, { label }]) => ({ value, label })),
        tracks: Object.entries(trackLabels).map(([value, label]) => ({ value, label })),
        rows: page.rows.map((row) => ({
          no: { text: row.no, href: `/inventory/calls/${row.no}` },
          title: row.title,
          track: trackLabels[row.track],
          issuer: row.issuer,
          baseOn: row.baseOn,
          dueOn: row.dueOn,
          handedIn: row.counts > 0 ? `${row.handedIn}/${row.counts}` : null,
          filed: row.counts > 0 ? `${row.filed}/${row.counts}` : null,
          state: {
            badge: states[row.state as keyof typeof states].label,
            tone: states[row.state as keyof typeof states].tone,
          },
        })),
        previous: page.previous && filterUrl('/inventory', filter, { before: page.previous }),
        next: page.next && filterUrl('/inventory', filter, { after: page.next }),
        mayDraft: has(request.actor, 'lead', 'approver'),
      })
    },
  )

  app.get<{ Querystring: { by?: string } }>(
    '/inventory/calls/new',
    { schema: { querystring: By }, config: { access: writes } },
    async (request, reply) => formPage(request, reply, { answers: { baseline: 'register', ...request.query } }),
  )

  app.post<{ Body: Sent }>(
    '/inventory/calls',
    { schema: { body: Body }, config: { access: writes } },
    async (request, reply) => {
      const { units = [], ...answers } = request.body
      return reply.submit(
        async (tx, acting) => {
          const issuer = issuersOf(acting.actor).find((one) => issuerKey(one) === answers.by)
          if (!issuer) throw new RuleBroken([noIssuer])
          const { no } = await draftCall(tx, acting, readCall(answers, units, issuer))
          return { location: `/inventory/calls/${no}`, flash: '草稿已保存，核对后请发出通知。' }
        },
        (problems) => formPage(request, reply, { answers, units, problems }),
      )
    },
  )

  app.get<NoParams>(
    '/inventory/calls/:no/edit',
    { schema: { params: CallNo }, config: { access: writes } },
    async (request, reply) => {
      const call = await request.as((tx) => findCall(tx, request.acting, request.params.no))
      const units = await request.as((tx) => calledUnits(tx, call.id))
      return formPage(request, reply, { answers: answersOf(call), units, call })
    },
  )

  app.post<NoParams & { Body: Sent }>(
    '/inventory/calls/:no',
    { schema: { params: CallNo, body: Body }, config: { access: writes } },
    async (request, reply) => {
      const call = await request.as((tx) => findCall(tx, request.acting, request.params.no))
      const { units = [], ...answers } = request.body
      return reply.submit(
        async (tx, acting) => {
          const issuer = { unitId: call.issuerId, unitName: call.issuerName, track: call.track }
          const draft = readCall(answers, units, issuer)
          await redraftCall(tx, acting, call.id, Number(answers.version), draft)
          return { location: `/inventory/calls/${call.no}`, flash: '草稿已保存，核对后请发出通知。' }
        },
        (problems) => formPage(request, reply, { answers, units, problems, call }),
      )
    },
  )

  async function formPage(
    request: FastifyRequest,
    reply: FastifyReply,
    sent: { answers: Answers; units?: readonly string[]; problems?: readonly Problem[]; call?: Call },
  ) {
    const { answers, call } = sent
    const drafted = call && { unitId: call.issuerId, unitName: call.issuerName, track: call.track }
    const issuers = drafted ? [drafted] : issuersOf(request.actor)
    const issuer = issuers.find((one) => issuerKey(one) === answers.by) ?? issuers[0]
    const units = issuer
      ? await request.as((tx) =>
          callableUnits(tx, request.actor, { issuerId: issuer.unitId, track: issuer.track }, app.clock.today()),
        )
      : []
    const over = call && !buttons(callWorkflow, call, request.actor).some(({ key }) => key === 'issue')
    const closed: Problem[] = over ? [{ field: null, text: '通知已经发出，或不归您发出，不能再改。' }] : []
    const problems = sent.problems ?? closed
    return reply.page(
      'inventory/call-form.njk',
      {
        call: call ?? null,
        fields: callFields,
        issuer: issuer ? { key: issuerKey(issuer), text: issuerText(issuer) } : null,
        issuers: issuers.map((one) => ({
          label: issuerText(one),
          href: `/inventory/calls/new?by=${issuerKey(one)}`,
          current: one === issuer,
        })),
        groups: unitGroups(units),
        chosen: sent.units ?? units.filter(usuallyCalled).map(({ id }) => id),
        version: sent.problems ? (answers.version ?? null) : (call?.version ?? null),
      },
      { answers, problems, status: problems.length > 0 ? 422 : 200 },
    )
  }
}
