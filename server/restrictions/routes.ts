import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { act, type Subscriber } from '../kernel/act.ts'
import { businessRoles } from '../kernel/actor.ts'
import { NotFound, type Problem, problemOf } from '../kernel/errors.ts'
import { eventsOf } from '../kernel/events.ts'
import { filterUrl } from '../kernel/filter.ts'
import type { Answers } from '../kernel/forms.ts'
import { timeline } from '../kernel/timeline.ts'
import { allowed, stepsBar } from '../kernel/workflow.ts'
import { recordRestriction, restrictionMachine } from './actions.ts'
import { kindChoices, liftFields, readLift, readRestriction, restrictable, restrictionFields } from './forms.ts'
import { listRestrictions, loadRestriction, papersOfRestriction, restrictionId } from './queries.ts'
import { type Restriction, restrictionKinds, restrictionWorkflow } from './workflow.ts'

export type RestrictionOptions = { sentences: Readonly<Record<string, string>>; subscribers: readonly Subscriber[] }

const No = Type.Object({ no: Type.String({ pattern: '^XZ[0-9]{4}-[0-9]{4,}$' }) })
/** Room for a tick per part. */
const Body = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 4000 }), { maxProperties: 220 })
const Place = Type.Optional(Type.String({ maxLength: 300 }))
const Filter = Type.Object({
  state: Type.Optional(Type.String({ maxLength: 20 })),
  kind: Type.Optional(Type.String({ maxLength: 20 })),
  after: Place,
  before: Place,
})
const NewOn = Type.Object({ card: Type.Optional(Type.String({ maxLength: 20 })) })
type NoParams = { Params: { no: string } }
type Sent = { answers: Answers; problems: readonly Problem[] }

const access = { roles: businessRoles }
const writes = { roles: ['keeper', 'lead'] as const }
const { states } = restrictionWorkflow

export async function restrictions(
  app: FastifyInstance,
  { sentences, subscribers }: RestrictionOptions,
): Promise<void> {
  app.get<{ Querystring: { state?: string; kind?: string; after?: string; before?: string } }>(
    '/restrictions',
    { schema: { querystring: Filter }, config: { access } },
    async (request, reply) => {
      const filter = request.query
      const page = await request.as((tx) => listRestrictions(tx, request.actor, filter))
      return reply.page('restrictions/list.njk', {
        filter,
        states: Object.entries(states).map(([value, { label }]) => ({ value, label })),
        kinds: kindChoices,
        rows: page.rows.map((row) => ({
          no: { text: row.no, href: `/restrictions/${row.no}` },
          kind: restrictionKinds[row.kind],
          asset: { text: row.name, href: `/assets/${row.code}`, hint: row.parts ? `部位 ${row.parts}` : null },
          body: row.body,
          since: row.since,
          lifted: row.lifted_on,
          state: { badge: stateOf(row).label, tone: stateOf(row).tone },
        })),
        previous: page.previous && filterUrl('/restrictions', filter, { before: page.previous }),
        next: page.next && filterUrl('/restrictions', filter, { after: page.next }),
      })
    },
  )

  app.get<{ Querystring: { card?: string } }>(
    '/restrictions/new',
    { schema: { querystring: NewOn }, config: { access: writes } },
    async (request, reply) => {
      const answers = { card: request.query.card ?? '', since: app.clock.today() }
      return newPage(request, reply, { answers, problems: [] })
    },
  )

  app.post<{ Body: Answers }>(
    '/restrictions',
    { schema: { body: Body }, config: { access: writes } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const given = readRestriction(request.body, app.clock.today())
          const { no } = await recordRestriction(tx, acting, given)
          return { location: `/restrictions/${no}`, flash: '限制已登记，从现在起占用这项资产。' }
        },
        (problems) => newPage(request, reply, { answers: request.body, problems }),
      ),
  )

  app.get<NoParams>('/restrictions/:no', { schema: { params: No }, config: { access } }, async (request, reply) =>
    showPage(request, reply),
  )

  app.get<NoParams>(
    '/restrictions/:no/lift',
    { schema: { params: No }, config: { access: writes } },
    async (request, reply) => liftPage(request, reply),
  )

  app.post<NoParams & { Body: Answers }>(
    '/restrictions/:no/steps',
    { schema: { params: No, body: Body }, config: { access: writes } },
    async (request, reply) => {
      const document = await find(request)
      const { action = '', version, comment } = request.body
      if (action === 'lift' && request.body.liftedBy === undefined) {
        return reply.redirect(`/restrictions/${document.no}/lift`, 303)
      }
      return reply.submit(
        async (tx, acting) => {
          const values = action === 'lift' ? readLift(request.body, app.clock.today()) : {}
          const input = { action, version: Number(version), comment: comment?.trim() || null, values }
          const { message } = await act(tx, acting, restrictionMachine, document.id, input, subscribers)
          return { location: `/restrictions/${document.no}`, flash: message }
        },
        (problems) => liftPage(request, reply, { answers: request.body, problems }),
      )
    },
  )

  async function find(request: FastifyRequest): Promise<Restriction> {
    const { no } = request.params as NoParams['Params']
    const found = await request.as(async (tx) => {
      const id = await restrictionId(tx, request.actor, no)
      return id === undefined ? undefined : loadRestriction(tx, request.acting, id)
    })
    if (!found) throw new NotFound()
    return found
  }

  async function newPage(request: FastifyRequest, reply: FastifyReply, { answers, problems }: Sent) {
    const card = await request.as((tx) => restrictable(tx, request.actor, answers.card?.trim()))
    return reply.page(
      'restrictions/form.njk',
      { card, fields: restrictionFields },
      { answers, problems, status: problems.length > 0 ? 422 : 200 },
    )
  }

  async function showPage(request: FastifyRequest, reply: FastifyReply, problems: readonly Problem[] = []) {
    const document = await find(request)
    const events = await request.as((tx) => eventsOf(tx, { kind: 'restriction', id: document.id }))
    const papers = await request.as((tx) => papersOfRestriction(tx, request.actor, document.no))
    return reply.page(
      'restrictions/show.njk',
      {
        document,
        papers,
        kindLabel: restrictionKinds[document.kind],
        state: stateOf(document),
        bar: stepsBar(restrictionWorkflow, document.state),
        // The step's own page asks for the comment.
        steps: allowed(restrictionWorkflow, document, request.actor).map((step) => ({ ...step, comment: 'none' })),
        events: timeline(events, sentences),
      },
      { problems, status: problems.length > 0 ? 422 : 200 },
    )
  }

  async function liftPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const document = await find(request)
    const step = allowed(restrictionWorkflow, document, request.actor).find(({ key }) => key === 'lift')
    if (!step || step.disabled) {
      return showPage(request, reply, (step?.reasons ?? ['这份限制登记已经解除，不用再办。']).map(problemOf))
    }
    return reply.page(
      'restrictions/lift.njk',
      { document, fields: liftFields, version: sent?.answers.version ?? document.version },
      sent ? { status: 422, ...sent } : { answers: { liftedOn: app.clock.today() } },
    )
  }
}

function stateOf({ state }: { state: string }) {
  return states[state as keyof typeof states]
}
