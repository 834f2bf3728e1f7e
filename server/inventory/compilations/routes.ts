import { sql } from 'drizzle-orm'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { cardTypes } from '../../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../../imports/sheets/fields.ts'
import { within } from '../../access/scope.ts'
import { act, type Subscriber } from '../../kernel/act.ts'
import { businessRoles, holds, scopeKey, trackLabels } from '../../kernel/actor.ts'
import { Forbidden, type Problem, RuleBroken } from '../../kernel/errors.ts'
import { type EventRow, eventsOf } from '../../kernel/events.ts'
import type { Answers } from '../../kernel/forms.ts'
import { timeline } from '../../kernel/timeline.ts'
import { buttons, stepsBar } from '../../kernel/workflow.ts'
import { findCall } from '../calls/queries.ts'
import { CallNo } from '../calls/routes.ts'
import { claimSumsOf } from '../claims/queries.ts'
import { clockOf } from '../clock.ts'
import { laterHref, sheetLinks } from '../sheets/links.ts'
import type { OtherSheets } from '../sheets/workbook.ts'
import { chooseCounts, compilationMachine, compilersOf, draftCompilation } from './actions.ts'
import { countsToCompile, figuresOf, findCompilation, isReady } from './queries.ts'
import { type Compilation, compilationWorkflow } from './workflow.ts'

export type CompilationOptions = {
  county: string
  sentences: Readonly<Record<string, string>>
  subscribers: readonly Subscriber[]
  others: OtherSheets
}

export const CompilationNo = Type.Object({ no: Type.String({ pattern: '^HZ[0-9]{4}-[0-9]{4,}$' }) })
const id = Type.String({ pattern: '^[0-9]{1,18}$' })
const word = (maxLength: number) => Type.Optional(Type.String({ maxLength }))
const Chosen = Type.Object(
  {
    counts: Type.Optional(Type.Union([id, Type.Array(id, { maxItems: 2000 })])),
    ...{ unit: Type.Optional(id), version: word(12), token: word(100) },
  },
  { additionalProperties: false },
)
const Step = Type.Object(
  { action: word(20), version: word(12), comment: word(2000), token: word(100) },
  { additionalProperties: false },
)

export type OneCompilation = { Params: { no: string } }
type ChosenBody = { Body: { counts?: string | string[]; unit?: string; version?: string } }

const access = { roles: businessRoles }
const writes = { roles: ['keeper', 'lead', 'approver'] as const }

/** 汇总: which counts go to the county together, what they come to, and its steps. */
export async function compilationPages(app: FastifyInstance, options: CompilationOptions): Promise<void> {
  const { county, sentences, subscribers, others } = options
  app.get<{ Params: { no: string } }>(
    '/inventory/calls/:no/compile',
    { schema: { params: CallNo }, config: { access: writes } },
    async (request, reply) => newPage(request, reply),
  )

  app.post<{ Params: { no: string } } & ChosenBody>(
    '/inventory/calls/:no/compile',
    { schema: { params: CallNo, body: Chosen }, config: { access: writes } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const call = await findCall(tx, acting, request.params.no)
          const [only] = compilersOf(acting.actor, call.track)
          const unitId = request.body.unit ?? only?.unitId
          const countIds = [request.body.counts ?? []].flat()
          if (unitId === undefined) throw new Forbidden()
          if (countIds.length === 0) throw new RuleBroken([{ field: 'counts', text: '请选择要汇总的单位。' }])
          const { no } = await draftCompilation(tx, acting, { callId: call.id, unitId, track: call.track, countIds })
          return { location: `/inventory/compilations/${no}`, flash: '汇总已建立，核对后请上报。' }
        },
        (problems) => newPage(request, reply, problems),
      ),
  )

  app.get<OneCompilation>(
    '/inventory/compilations/:no',
    { schema: { params: CompilationNo }, config: { access } },
    async (request, reply) => showPage(request, reply),
  )

  app.post<OneCompilation & ChosenBody>(
    '/inventory/compilations/:no/counts',
    { schema: { params: CompilationNo, body: Chosen }, config: { access: writes } },
    async (request, reply) => {
      const document = await find(request)
      return reply.submit(
        async (tx, acting) => {
          const countIds = [request.body.counts ?? []].flat()
          await chooseCounts(tx, acting, document.id, Number(request.body.version), countIds)
          return { location: `/inventory/compilations/${document.no}`, flash: '汇总的单位已调整。' }
        },
        (problems) => showPage(request, reply, { answers: {}, problems }),
      )
    },
  )

  app.post<OneCompilation & { Body: Answers }>(
    '/inventory/compilations/:no/steps',
    { schema: { params: CompilationNo, body: Step }, config: { access: writes } },
    async (request, reply) => {
      const document = await find(request)
      const { action = '', version, comment } = request.body
      if (action === 'file' || action === 'record') {
        return reply.redirect(`/inventory/compilations/${document.no}/${action}`, 303)
      }
      return reply.submit(
        async (tx, acting) => {
          const input = { action, version: Number(version), comment: comment?.trim() || null }
          const { message } = await act(tx, acting, compilationMachine(county), document.id, input, subscribers)
          return { location: `/inventory/compilations/${document.no}`, flash: message }
        },
        (problems) => showPage(request, reply, { answers: request.body, problems }),
      )
    },
  )

  function find(request: FastifyRequest): Promise<Compilation> {
    const { no } = request.params as OneCompilation['Params']
    return request.as((tx) => findCompilation(tx, request.acting, no))
  }

  async function newPage(request: FastifyRequest, reply: FastifyReply, problems: readonly Problem[] = []) {
    const { no } = request.params as { no: string }
    const data = await request.as(async (tx) => {
      const call = await findCall(tx, request.acting, no)
      const own = await countsToCompile(tx, request.actor, call.id)
      return {
        call,
        compilers: compilersOf(request.actor, call.track),
        ready: own.filter((count) => isReady(count, call.track)),
        silent: own.filter((count) => count.compilationId === null && !isReady(count, call.track)),
      }
    })
    return reply.page('inventory/compilations/new.njk', data, problems.length > 0 ? { status: 422, problems } : {})
  }

  async function showPage(
    request: FastifyRequest,
    reply: FastifyReply,
    sent?: { answers: Answers; problems: readonly Problem[] },
  ) {
    const document = await find(request)
    const { actor } = request
    const reads = new Set(actor.keys)
    const shown = document.counts.filter(({ scopeKey: key }) => reads.has(key))
    const mayChoose =
      document.state === 'draft' &&
      holds(actor, ['lead', 'keeper', 'approver'], scopeKey(document.unitId, document.track))
    const events = await request.as((tx) => eventsOf(tx, { kind: 'compilation', id: document.id }))
    const data = await request.as(async (tx) => ({
      figures: await figuresOf(tx, sql`t.compilation_id = ${document.id} and ${within(actor, sql`t.scope_key`)}`),
      claims: document.track === 'collective' ? await claimSumsOf(tx, document.id, actor) : [],
      clock: await clockOf(tx, { kind: 'compilation', id: document.id }, app.clock.today()),
      events: timeline(events, sentences),
      ready: mayChoose
        ? (await countsToCompile(tx, actor, document.callId)).filter((count) => isReady(count, document.track))
        : [],
    }))
    return reply.page(
      'inventory/compilations/show.njk',
      {
        ...data,
        document,
        ...leftOutOf(document, events),
        shown: shown.map((count) => ({
          ...count,
          later: laterHref({ ...count, track: document.track, baseOn: document.baseOn }, app.clock.today()),
        })),
        mayChoose,
        state: compilationWorkflow.states[document.state as keyof typeof compilationWorkflow.states],
        trackLabel: trackLabels[document.track],
        bar: stepsBar(compilationWorkflow, document.state),
        steps: buttons(compilationWorkflow, document, actor),
        figures: figureRows(document, data.figures),
        sheets: sheetLinks({ kind: 'compilation', no: document.no, track: document.track }, others),
      },
      sent ? { status: 422, ...sent } : {},
    )
  }
}

/** Who was not among those that were last handed in, and why. */
function leftOutOf({ state }: Compilation, events: readonly EventRow[]) {
  const last = events.findLast(({ action }) => action === 'compilation.submit')
  const handedIn = state === 'submitted' || state === 'filed'
  return { leftOut: handedIn ? ((last?.detail.silent as string[] | undefined) ?? []) : [], leftOutWhy: last?.comment }
}

type Figures = Awaited<ReturnType<typeof figuresOf>>

/** A row for each unit and card type, as the table prints it. */
function figureRows(document: Compilation, figures: Figures) {
  const names = new Map(document.counts.map(({ unitCode, unitName }) => [unitCode, unitName]))
  return figures.map(({ unit, cardType, figures: of }) => ({
    unit: names.get(unit) ?? unit,
    type: choiceLabel(cardTypes, cardType),
    lines: of.lines,
    book: of.book_quantity,
    surplus: of.surplus_quantity,
    missing: of.missing_quantity,
    counted: of.counted_quantity,
    bookCost: of.book_cost,
    surplusCost: of.surplus_cost,
    missingCost: of.missing_cost,
    scrapCost: of.scrap_cost,
  }))
}
