import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { act, type Subscriber } from '../../kernel/act.ts'
import { businessRoles, has, trackLabels } from '../../kernel/actor.ts'
import type { Problem } from '../../kernel/errors.ts'
import { eventsOf } from '../../kernel/events.ts'
import { filterUrl } from '../../kernel/filter.ts'
import type { Answers } from '../../kernel/forms.ts'
import { timeline } from '../../kernel/timeline.ts'
import { buttons, stepsBar } from '../../kernel/workflow.ts'
import { compilersOf } from '../compilations/actions.ts'
import { compilationsOf } from '../compilations/queries.ts'
import { compilationWorkflow } from '../compilations/workflow.ts'
import { remind } from '../counts/actions.ts'
import { sheetLinks } from '../sheets/links.ts'
import type { OtherSheets } from '../sheets/workbook.ts'
import { callMachine } from './actions.ts'
import { keepsCall } from './adding-routes.ts'
import { type ChartGroup, chartOf, sorts } from './chart.ts'
import { stepColumns } from './chart-steps.ts'
import { toPress } from './press.ts'
import { findCall } from './queries.ts'
import { CallNo, writes } from './routes.ts'
import { type Call, callWorkflow } from './workflow.ts'

export type CallOptions = {
  sentences: Readonly<Record<string, string>>
  subscribers: readonly Subscriber[]
  others: OtherSheets
}

const tabs = { progress: '进度', press: '要催的', compile: '汇总', notice: '通知' } as const
type Tab = keyof typeof tabs
const text = (maxLength: number) => Type.Optional(Type.String({ maxLength }))
const Shown = Type.Object({ tab: text(20), sort: text(20) })
const StepBody = Type.Object(
  { action: text(20), version: text(12), comment: text(2000), token: text(64) },
  { additionalProperties: false },
)
const RemindBody = Type.Object(
  {
    codes: Type.Optional(Type.Array(Type.String({ pattern: '^PD[0-9]{4}-[0-9]{4,}$' }), { maxItems: 5000 })),
    ...{ comment: text(2000), token: text(64) },
  },
  { additionalProperties: false },
)
type NoParams = { Params: { no: string } }
type Sent = { tab: Tab; answers: Answers; problems: readonly Problem[] }

/** One call: how far everybody is, whom to press, what it says and its steps. */
export async function callPages(app: FastifyInstance, { sentences, subscribers, others }: CallOptions): Promise<void> {
  app.get<NoParams & { Querystring: Static<typeof Shown> }>(
    '/inventory/calls/:no',
    { schema: { params: CallNo, querystring: Shown }, config: { access: { roles: businessRoles } } },
    async (request, reply) => showPage(request, reply),
  )

  app.post<NoParams & { Body: Answers }>(
    '/inventory/calls/:no/steps',
    { schema: { params: CallNo, body: StepBody }, config: { access: writes } },
    async (request, reply) => {
      const call = await find(request)
      const { action = '', version, comment } = request.body
      return reply.submit(
        async (tx, acting) => {
          const input = { action, version: Number(version), comment: comment?.trim() || null }
          const { message } = await act(tx, acting, callMachine, call.id, input, subscribers)
          return { location: `/inventory/calls/${call.no}`, flash: message }
        },
        (problems) => showPage(request, reply, { tab: 'notice', answers: request.body, problems }),
      )
    },
  )

  app.post<NoParams & { Body: Static<typeof RemindBody> }>(
    '/inventory/calls/:no/remind',
    { schema: { params: CallNo, body: RemindBody }, config: { access: writes } },
    async (request, reply) => {
      const call = await find(request)
      const { codes = [], comment } = request.body
      return reply.submit(
        async (tx, acting) => {
          const count = await remind(tx, acting, call.id, call.track, codes, comment?.trim() || null)
          return { location: `/inventory/calls/${call.no}?tab=press`, flash: `已催办 ${count} 个单位。` }
        },
        (problems) => showPage(request, reply, { tab: 'press', answers: { comment }, problems }),
      )
    },
  )

  async function find(request: FastifyRequest): Promise<Call> {
    const { no } = request.params as NoParams['Params']
    return request.as((tx) => findCall(tx, request.acting, no))
  }

  async function showPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const call = await find(request)
    const today = app.clock.today()
    const { tab: asked = sent?.tab, sort } = request.query as Static<typeof Shown>
    const keeps = keepsCall(request.actor, call)
    const { groups, events, called, compiled } = await request.as(async (tx) => ({
      groups: await chartOf(tx, request.actor, call, { today, sort, keeps }),
      events: await eventsOf(tx, { kind: 'call', id: call.id }),
      called: call.unitCount,
      compiled: await compilationsOf(tx, request.actor, call.id, today),
    }))
    const presses = has(request.actor, 'lead', 'approver') && call.state === 'open'
    const shown = (Object.keys(tabs) as Tab[]).filter((key) => key !== 'press' || presses)
    const begin: Tab = groups.length > 0 ? 'progress' : 'notice'
    const tab = shown.find((key) => key === asked) ?? begin
    const steps = buttons(callWorkflow, call, request.actor)
    const press = toPress(presses ? groups : [], today)
    return reply.page(
      'inventory/call.njk',
      {
        call,
        tab,
        tabs: shown.map((key) => ({
          ...{ label: tabs[key], href: `/inventory/calls/${call.no}?tab=${key}`, current: key === tab },
          count: key === 'press' ? press.counting.length + press.checking.length + press.confirming.length : null,
        })),
        state: callWorkflow.states[call.state as keyof typeof callWorkflow.states],
        trackLabel: trackLabels[call.track],
        bar: stepsBar(callWorkflow, call.state),
        steps,
        called,
        mayAdd: keeps,
        columns: stepColumns(call.track),
        sorted: sortLinks(`/inventory/calls/${call.no}`, sort),
        mayRedraft: call.state === 'draft' && steps.length > 0,
        groups,
        compiled: compiled.map((row) => ({
          no: { text: row.no, href: `/inventory/compilations/${row.no}` },
          unit: row.unit,
          counts: String(row.counts),
          state: badgeOf(row.state),
          filed: row.filedOn,
        })),
        mayCompile: call.state === 'open' && compilersOf(request.actor, call.track).length > 0,
        sheets: call.state === 'draft' ? [] : sheetLinks({ kind: 'call', no: call.no, track: call.track }, others),
        sum: sumOf(groups),
        press,
        // The county reads on the count's page how far it is; it confirms nothing.
        confirmWay: has(request.actor, 'lead')
          ? { text: '登记成员确认', path: '/confirm' }
          : { text: '查看', path: '' },
        events: timeline(events, sentences),
      },
      sent ? { status: 422, answers: sent.answers, problems: sent.problems } : {},
    )
  }
}

function sumOf(groups: readonly ChartGroup[]) {
  const total = (pick: (group: ChartGroup) => number) => groups.reduce((sum, group) => sum + pick(group), 0)
  return {
    units: total(({ rows }) => rows.length),
    lines: total(({ lines }) => lines),
    counted: total(({ counted }) => counted),
    handedIn: total(({ handedIn }) => handedIn),
    filed: total(({ filed }) => filed),
    silent: total(({ rows }) => rows.filter(({ begun }) => !begun).length),
  }
}

/** What the heads of the chart's columns lead to, as those of lists do. */
function sortLinks(place: string, sort: string | undefined) {
  return Object.fromEntries(
    sorts.map((key) => {
      const href = filterUrl(place, { tab: 'progress' }, { sort: sort === key ? `-${key}` : key })
      return [key, { href, way: sort === key ? 'asc' : sort === `-${key}` ? 'desc' : null }]
    }),
  )
}

function badgeOf(state: string) {
  const { label, tone } = compilationWorkflow.states[state as keyof typeof compilationWorkflow.states]
  return { badge: label, tone }
}
