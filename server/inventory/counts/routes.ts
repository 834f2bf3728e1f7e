import { sql } from 'drizzle-orm'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../../db/client.ts'
import { act, type Subscriber } from '../../kernel/act.ts'
import { businessRoles, holds, trackLabels } from '../../kernel/actor.ts'
import { type Problem, RuleBroken } from '../../kernel/errors.ts'
import { newestEvents } from '../../kernel/events.ts'
import { filterUrl } from '../../kernel/filter.ts'
import type { Answers } from '../../kernel/forms.ts'
import { timeline } from '../../kernel/timeline.ts'
import { buttons, stepsBar } from '../../kernel/workflow.ts'
import { mayExtend, termShown } from '../calls/extending.ts'
import { clockOf } from '../clock.ts'
import { countAsBooked } from '../lines/actions.ts'
import { lineOfCode, listLines, type Show, shows } from '../lines/queries.ts'
import { rowView, usageChoices } from '../lines/view.ts'
import { laterHref, sheetLinks } from '../sheets/links.ts'
import type { OtherSheets } from '../sheets/workbook.ts'
import { countMachine, declareNothing } from './actions.ts'
import { findCount } from './queries.ts'
import { type Count, countWorkflow, pathOf } from './workflow.ts'

export type CountOptions = {
  sentences: Readonly<Record<string, string>>
  subscribers: readonly Subscriber[]
  others: OtherSheets
}

export const CountNo = Type.Object({ no: Type.String({ pattern: '^PD[0-9]{4}-[0-9]{4,}$' }) })
const word = Type.Optional(Type.String({ maxLength: 100 }))
const Filter = Type.Object({
  show: word,
  q: word,
  after: Type.Optional(Type.String({ maxLength: 300 })),
  before: Type.Optional(Type.String({ maxLength: 300 })),
})
const Code = Type.Object({ code: Type.Optional(Type.String({ maxLength: 200 })) })
const Step = Type.Object(
  { action: word, version: word, token: word, comment: Type.Optional(Type.String({ maxLength: 2000 })) },
  { additionalProperties: false },
)
const lineNo = Type.String({ pattern: '^[1-9][0-9]{0,8}$' })
const Chosen = Type.Object(
  { token: word, lines: Type.Optional(Type.Union([lineNo, Type.Array(lineNo, { maxItems: 100 })])) },
  { additionalProperties: false },
)
const Nothing = Type.Object({ version: word, token: word, nothing: word }, { additionalProperties: false })

export type OneCount = { Params: { no: string } }
type Listed = OneCount & { Querystring: { show?: string; q?: string; after?: string; before?: string } }

const access = { roles: businessRoles }
/** The newest of a count's events are enough beside its lines, whose own stand on the page of each. */
const recent = 30
const notOfLines = sql`action not in ('count.line', 'count.seen', 'count.claim')`

/** One unit's count: its lines to be counted, how far it is, and its steps. */
export async function counts(app: FastifyInstance, { sentences, subscribers, others }: CountOptions): Promise<void> {
  app.get<Listed>(
    '/inventory/counts/:no',
    { schema: { params: CountNo, querystring: Filter }, config: { access } },
    async (request, reply) => showPage(request, reply),
  )

  app.get<OneCount & { Querystring: { code?: string } }>(
    '/inventory/counts/:no/find',
    { schema: { params: CountNo, querystring: Code }, config: { access } },
    async (request, reply) => {
      const { no } = request.params
      const code = codeIn(request.query.code ?? '')
      const line = await request.as(async (tx) => {
        const count = await findCount(tx, request.acting, no)
        return code === '' ? null : lineOfCode(tx, count.id, code)
      })
      if (line !== null) return reply.redirect(`/inventory/counts/${no}/lines/${line}`, 303)
      const text =
        code === ''
          ? '请输入资产编号，或用手机扫资产标签。'
          : `本单位清单里没有编号 ${code} 的资产，请核对编号；账上没有的请登记盘盈。`
      return showPage(request, reply, { answers: { code }, problems: [{ field: 'code', text }] })
    },
  )

  app.post<OneCount & { Body: Answers }>(
    '/inventory/counts/:no/steps',
    { schema: { params: CountNo, body: Step }, config: { access } },
    async (request, reply) => {
      const { no } = request.params
      const { action = '', version, comment } = request.body
      const count = await request.as((tx) => findCount(tx, request.acting, no))
      const form = countWorkflow.steps[action as keyof typeof countWorkflow.steps]
      if (form && 'asks' in form && form.asks) return reply.redirect(`/inventory/counts/${no}/${action}`, 303)
      return reply.submit(
        async (tx, acting) => {
          const input = { action, version: Number(version), comment: comment?.trim() || null }
          const { message } = await act(tx, acting, countMachine, count.id, input, subscribers)
          return { location: `/inventory/counts/${no}`, flash: message }
        },
        (problems) => showPage(request, reply, { answers: request.body, problems }),
      )
    },
  )

  app.post<OneCount & { Body: Answers }>(
    '/inventory/counts/:no/nothing',
    { schema: { params: CountNo, body: Nothing }, config: { access: { roles: ['keeper', 'lead'] } } },
    async (request, reply) => {
      const { no } = request.params
      const count = await request.as((tx) => findCount(tx, request.acting, no))
      const nothing = request.body.nothing === 'yes'
      return reply.submit(
        async (tx, acting) => {
          await declareNothing(tx, acting, count.id, Number(request.body.version), nothing)
          const flash = nothing ? '已写明本单位没有要盘点的资产，可以提交。' : '已收回“无资产”。'
          return { location: `/inventory/counts/${no}`, flash }
        },
        (problems) => showPage(request, reply, { answers: request.body, problems }),
      )
    },
  )

  app.post<OneCount & { Body: { lines?: string | string[] } }>(
    '/inventory/counts/:no/booked',
    { schema: { params: CountNo, body: Chosen }, config: { access: { roles: ['keeper', 'lead'] } } },
    async (request, reply) => {
      const { no } = request.params
      const count = await request.as((tx) => findCount(tx, request.acting, no))
      const chosen = [request.body.lines ?? []].flat().map(Number).filter(Number.isSafeInteger)
      return reply.submit(
        async (tx, acting) => {
          if (chosen.length === 0) throw new RuleBroken('请先勾选与账面相符的资产。')
          const saved = await countAsBooked(tx, acting, count.id, chosen, 'screen')
          const flash = saved === 0 ? '选中的都已盘点过，没有改动。' : `已写明 ${saved} 项与账面相符。`
          return { location: `/inventory/counts/${no}`, flash }
        },
        (problems) => showPage(request, reply, { answers: {}, problems }),
      )
    },
  )

  async function showPage(
    request: FastifyRequest,
    reply: FastifyReply,
    sent?: { answers: Answers; problems: readonly Problem[] },
  ) {
    const { no } = request.params as OneCount['Params']
    const filter = request.method === 'GET' ? (request.query as Listed['Querystring']) : {}
    const data = await request.as(async (tx) => pageOf(tx, request, await findCount(tx, request.acting, no), filter))
    return reply.page('inventory/counts/show.njk', data, sent ? { status: 422, ...sent } : {})
  }

  async function pageOf(tx: Tx, request: FastifyRequest, count: Count, filter: Listed['Querystring']) {
    const { acting, actor } = request
    const lines = await listLines(tx, count.id, filter)
    const events = await newestEvents(tx, { kind: 'count', id: count.id }, recent, notOfLines)
    const place = `/inventory/counts/${count.no}`
    const steps = buttons(countWorkflow, count, actor)
    const mayCount = count.state === 'counting' && holds(actor, ['keeper', 'lead'], count.scopeKey)
    return {
      count,
      place,
      state: countWorkflow.states[count.state as keyof typeof countWorkflow.states],
      trackLabel: trackLabels[count.track],
      bar: stepsBar(countWorkflow, count.state, pathOf(count)),
      steps,
      term: await termShown(tx, count),
      mayExtend: mayExtend(actor, count),
      clock: await clockOf(tx, { kind: 'count', id: count.id }, acting.clock.today()),
      mayCount,
      mayReturn: steps.some(({ key, disabled }) => key === 'return' && !disabled),
      baselined: count.baseline === 'census',
      mayDeclare: mayCount && count.tally.lines + count.tally.surplus === 0,
      tabs: tabsOf(count, filter, place),
      filter,
      sheets: sheetLinks({ kind: 'count', no: count.no, track: count.track }, others),
      later: laterHref(count, count.today),
      rows: lines.rows.map(rowView),
      usages: usageChoices,
      previous: lines.previous && filterUrl(place, filter, { before: lines.previous }),
      next: lines.next && filterUrl(place, filter, { after: lines.next }),
      events: timeline(events, sentences),
    }
  }
}

/** A tab for each kind of line that there is. */
function tabsOf({ tally, round }: Count, filter: Listed['Querystring'], place: string) {
  const numbers: Record<Show, number | null> = {
    uncounted: tally.lines - tally.counted,
    returned: tally.returned,
    moved: tally.moved,
    missing: tally.missing,
    surplus: tally.surplus,
    scrap: tally.scrap,
    undetermined: tally.undetermined,
    changed: tally.changed,
    again: round > 1 ? null : 0,
  }
  const all = {
    label: '全部',
    href: filterUrl(place, { q: filter.q }),
    current: !filter.show,
    count: tally.lines + tally.surplus,
  }
  const kinds = Object.entries(shows).flatMap(([show, { label }]) => {
    const count = numbers[show as Show]
    const current = filter.show === show
    if (count === 0 && !current) return []
    return [{ label, href: filterUrl(place, { q: filter.q, show }), current, ...(count === null ? {} : { count }) }]
  })
  return [all, ...kinds]
}

/** The code that a label's address leads to, or the code as it was typed. */
function codeIn(text: string): string {
  const plain = text.normalize('NFKC').trim()
  return /\/assets\/(\d{14})/.exec(plain)?.[1] ?? plain
}
