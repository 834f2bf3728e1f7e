import { sql } from 'drizzle-orm'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { tracks } from '../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { unitsOn, unitText } from '../access/units.ts'
import { act, type Subscriber } from '../kernel/act.ts'
import { businessRoles, holds } from '../kernel/actor.ts'
import { type Problem, problemOf, type Reason } from '../kernel/errors.ts'
import { eventsOf } from '../kernel/events.ts'
import { filterUrl } from '../kernel/filter.ts'
import type { Answers } from '../kernel/forms.ts'
import { timeline } from '../kernel/timeline.ts'
import { allowed, stepsBar } from '../kernel/workflow.ts'
import { determinationMachine, draftDetermination, redraftDetermination } from './actions.ts'
import { clocksView, noted } from './clocks.ts'
import {
  answersOf,
  claimantFields,
  claimantRows,
  decisionFields,
  draftFields,
  readDecision,
  readDraft,
} from './forms.ts'
import { dueFilters, findDetermination, listDeterminations, papersOfDetermination, recordedOn } from './queries.ts'
import { type Determination, determinationWorkflow } from './workflow.ts'

export type DeterminationOptions = { sentences: Readonly<Record<string, string>>; subscribers: readonly Subscriber[] }

const No = Type.Object({ no: Type.String({ pattern: '^QD[0-9]{4}-[0-9]{4,}$' }) })
const Body = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 4000 }), { maxProperties: 60 })
const Filter = Type.Object({
  state: Type.Optional(Type.String({ maxLength: 20 })),
  due: Type.Optional(Type.String({ maxLength: 10 })),
  after: Type.Optional(Type.String({ maxLength: 300 })),
  before: Type.Optional(Type.String({ maxLength: 300 })),
})
type NoParams = { Params: { no: string } }
type Sent = { answers: Answers; problems: readonly Problem[] }

const access = { roles: businessRoles }
const writes = { roles: ['keeper', 'lead'] as const }

export async function determinations(
  app: FastifyInstance,
  { sentences, subscribers }: DeterminationOptions,
): Promise<void> {
  app.get<{ Querystring: { state?: string; due?: string; after?: string; before?: string } }>(
    '/determinations',
    { schema: { querystring: Filter }, config: { access } },
    async (request, reply) => {
      const filter = request.query
      const page = await request.as((tx) => listDeterminations(tx, request.actor, filter, app.clock.today()))
      const states = determinationWorkflow.states
      return reply.page('determinations/list.njk', {
        filter,
        dues: dueFilters,
        states: Object.entries(states).map(([value, { label }]) => ({ value, label })),
        rows: page.rows.map((row) => {
          const state = states[row.state as keyof typeof states]
          return {
            no: { text: row.no, href: `/determinations/${row.no}` },
            applicant: row.applicant,
            track: choiceLabel(tracks, row.track),
            reason: row.reason,
            cards: row.cards,
            created: row.created_at.slice(0, 10),
            state: { badge: row.recorded ? `${state.label}（代录）` : state.label, tone: state.tone },
            due: row.due,
          }
        }),
        previous: page.previous && filterUrl('/determinations', filter, { before: page.previous }),
        next: page.next && filterUrl('/determinations', filter, { after: page.next }),
        mayDraft: request.actor.grants.some(({ role }) => role === 'keeper' || role === 'lead'),
      })
    },
  )

  app.get<{ Querystring: { card?: string } }>(
    '/determinations/new',
    {
      schema: { querystring: Type.Object({ card: Type.Optional(Type.String({ maxLength: 20 })) }) },
      config: { access: writes },
    },
    async (request, reply) => draftPage(request, reply, { answers: { cards: request.query.card ?? '' } }),
  )

  app.post<{ Body: Answers }>(
    '/determinations',
    { schema: { body: Body }, config: { access: writes } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const draft = await readDraft(tx, acting.actor, request.body, app.clock.today())
          const { no } = await draftDetermination(tx, acting, draft)
          return {
            location: `/determinations/${no}`,
            flash: `草稿已保存，请添加权属依据，核对后提交审核。${draft.notes}`,
          }
        },
        (problems) => draftPage(request, reply, { answers: request.body, problems }),
      ),
  )

  app.get<NoParams>('/determinations/:no', { schema: { params: No }, config: { access } }, async (request, reply) =>
    showPage(request, reply),
  )

  app.get<NoParams>(
    '/determinations/:no/edit',
    { schema: { params: No }, config: { access: writes } },
    async (request, reply) => {
      const document = await find(request)
      return draftPage(request, reply, { answers: answersOf(document), document })
    },
  )

  app.post<NoParams & { Body: Answers }>(
    '/determinations/:no',
    { schema: { params: No, body: Body }, config: { access: writes } },
    async (request, reply) => {
      const document = await find(request)
      return reply.submit(
        async (tx, acting) => {
          const draft = await readDraft(tx, acting.actor, request.body, app.clock.today())
          await redraftDetermination(tx, acting, document.id, Number(request.body.version), draft)
          return { location: `/determinations/${document.no}`, flash: `草稿已保存，核对后请提交审核。${draft.notes}` }
        },
        (problems) => draftPage(request, reply, { answers: request.body, problems, document }),
      )
    },
  )

  app.post<NoParams & { Body: Answers }>(
    '/determinations/:no/steps',
    { schema: { params: No, body: Body }, config: { access } },
    async (request, reply) => {
      const document = await find(request)
      const { action = '', version, comment } = request.body
      if (action === 'decide' && request.body.decidedOwner === undefined) {
        return reply.redirect(`/determinations/${document.no}/decision`, 303)
      }
      if (action === 'record') return reply.redirect(`/determinations/${document.no}/recorded`, 303)
      return reply.submit(
        async (tx, acting) => {
          const values = action === 'decide' ? await readDecision(tx, request.body, app.clock.today()) : {}
          const input = { action, version: Number(version), comment: comment?.trim() || null, values }
          const { message } = await act(tx, acting, determinationMachine, document.id, input, subscribers)
          return { location: `/determinations/${document.no}`, flash: message }
        },
        (problems) => {
          const sent = { answers: request.body, problems }
          return action === 'decide' ? decisionPage(request, reply, sent) : showPage(request, reply, sent)
        },
      )
    },
  )

  app.get<NoParams>(
    '/determinations/:no/decision',
    { schema: { params: No }, config: { access: { roles: ['approver'] } } },
    async (request, reply) => decisionPage(request, reply),
  )

  async function find(request: FastifyRequest): Promise<Determination> {
    const { no } = request.params as NoParams['Params']
    return request.as((tx) => findDetermination(tx, request.acting, no))
  }

  async function showPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const document = await find(request)
    const { events, clock, papers, recorded } = await request.as(async (tx) => ({
      events: await eventsOf(tx, { kind: 'determination', id: document.id }),
      clock: await clocksView(tx, document, app.clock.today()),
      papers: await papersOfDetermination(tx, request.actor, document.no),
      recorded: await recordedOn(tx, document),
    }))
    const states = determinationWorkflow.states
    const steps = allowed(determinationWorkflow, document, request.actor)
    return reply.page(
      'determinations/show.njk',
      {
        document,
        papers,
        state: states[document.state as keyof typeof states],
        bar: noted(stepsBar(determinationWorkflow, document.state), clock.note),
        clock,
        recorded,
        mayExtend: document.parties.applicant?.some((key) => holds(request.actor, ['approver'], key)) ?? false,
        steps,
        mayRedraft: document.state === 'draft' && steps.some(({ key }) => key === 'submit'),
        trackLabel: choiceLabel(tracks, document.track),
        proposedTrackLabel: choiceLabel(tracks, document.proposedTrack),
        decidedTrackLabel: choiceLabel(tracks, document.decidedTrack),
        cards: document.cards.map((card) => ({
          ...card,
          code: { text: card.code, href: `/assets/${card.code}` },
          track: choiceLabel(tracks, card.track),
        })),
        events: timeline(events, sentences),
      },
      sent ? { status: 422, ...sent } : {},
    )
  }

  async function decisionPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const document = await find(request)
    const step = allowed(determinationWorkflow, document, request.actor).find(({ key }) => key === 'decide')
    if (!step || step.disabled) return showPage(request, reply, { answers: {}, problems: refusals(step?.reasons) })
    const units = await request.as((tx) => unitsOn(tx, app.clock.today(), sql`u.state <> 'closed'`))
    const owner = units.find((unit) => unit.id === document.proposedOwnerId)
    return reply.page(
      'determinations/decision.njk',
      {
        document,
        fields: decisionFields,
        unitNames: units.map(unitText),
        version: sent?.answers.version ?? document.version,
      },
      sent
        ? { status: 422, ...sent }
        : { answers: { decidedOwner: owner ? unitText(owner) : '', decidedTrack: document.proposedTrack } },
    )
  }

  async function draftPage(
    request: FastifyRequest,
    reply: FastifyReply,
    { answers, problems, document }: { answers: Answers; problems?: readonly Problem[]; document?: Determination },
  ) {
    const units = await request.as((tx) => unitsOn(tx, app.clock.today(), sql`u.state <> 'closed'`))
    return reply.page(
      'determinations/form.njk',
      {
        document: document ?? null,
        version: problems ? (answers.version ?? null) : (document?.version ?? null),
        fields: draftFields,
        claimants: Array.from({ length: claimantRows }, (_, index) => claimantFields(index + 1)),
        unitNames: units.map(unitText),
      },
      { answers, problems: problems ?? [], status: problems ? 422 : 200 },
    )
  }
}

function refusals(reasons: readonly Reason[] | undefined): Problem[] {
  return (reasons ?? ['现在还不能作出界定，请看下面的办理进度。']).map(problemOf)
}
