import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { act } from '../kernel/act.ts'
import { businessRoles, trackLabels } from '../kernel/actor.ts'
import { type Problem, RuleBroken } from '../kernel/errors.ts'
import { eventsOf } from '../kernel/events.ts'
import { filterUrl } from '../kernel/filter.ts'
import { type Answers, readForm } from '../kernel/forms.ts'
import { timeline } from '../kernel/timeline.ts'
import { buttons, stepsBar } from '../kernel/workflow.ts'
import { loadCalendar } from './calendar-queries.ts'
import { countdown } from './countdown.ts'
import { answerObjection, noticeMachine, object } from './notice-actions.ts'
import { answerFields, objectionFields, readObjection } from './notice-forms.ts'
import { allNoticeRows, findNotice, listNotices, mayAnswer, noticeRows, objectionsOf } from './notice-queries.ts'
import { noticeWorkflow } from './notice-workflow.ts'
import { paperPanel } from './paper-queries.ts'

export const NoticeNo = Type.Object({ no: Type.String({ pattern: '^GS[0-9]{4}-[0-9]{4,}$' }) })
const OneObjection = Type.Object({
  no: Type.String({ pattern: '^GS[0-9]{4}-[0-9]{4,}$' }),
  id: Type.String({ pattern: '^[0-9]{1,18}$' }),
})
const cursor = Type.Optional(Type.String({ maxLength: 300 }))
const Filter = Type.Object({ state: Type.Optional(Type.String({ maxLength: 20 })), after: cursor, before: cursor })
const Place = Type.Object({ after: cursor, before: cursor })
const Body = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 4000 }), { maxProperties: 20 })

export type OneNotice = { Params: { no: string } }
type Paged = { Querystring: { after?: string; before?: string } }

const access = { roles: businessRoles }
const writes = { roles: ['keeper', 'lead'] as const }

/** 公示: the unit's side of it. Everybody else reads it at its public address. */
export async function notices(
  app: FastifyInstance,
  { sentences }: { sentences: Readonly<Record<string, string>> },
): Promise<void> {
  app.get<{ Querystring: { state?: string; after?: string; before?: string } }>(
    '/notices',
    { schema: { querystring: Filter }, config: { access } },
    async (request, reply) => {
      const filter = request.query
      const page = await request.as((tx) => listNotices(tx, request.actor, filter))
      return reply.page('records/notices.njk', {
        filter,
        states: Object.entries(noticeWorkflow.states).map(([value, { label }]) => ({ value, label })),
        rows: page.rows.map((row) => ({
          ...row,
          no: { text: row.no, href: `/notices/${row.no}` },
          period: `${row.startsOn} 至 ${row.endsOn}`,
          objections: row.open > 0 ? { badge: `${row.open} 条待答复`, tone: 'warning' } : null,
          state: stateOf(row.state),
        })),
        previous: page.previous && filterUrl('/notices', filter, { before: page.previous }),
        next: page.next && filterUrl('/notices', filter, { after: page.next }),
      })
    },
  )

  app.get<OneNotice & Paged>(
    '/notices/:no',
    { schema: { params: NoticeNo, querystring: Place }, config: { access } },
    async (request, reply) => showPage(request, reply),
  )

  /** The sheet that is put up: A4, with room for the seal. */
  app.get<OneNotice>(
    '/notices/:no/print',
    { schema: { params: NoticeNo }, config: { access } },
    async (request, reply) => {
      const data = await request.as(async (tx) => {
        const notice = await findNotice(tx, request.acting, request.params.no)
        return { notice, rows: await allNoticeRows(tx, notice.id) }
      })
      return reply.page('records/notice-print.njk', data)
    },
  )

  app.post<OneNotice & { Body: Answers }>(
    '/notices/:no/steps',
    { schema: { params: NoticeNo, body: Body }, config: { access } },
    async (request, reply) => {
      const { no } = request.params
      const notice = await request.as((tx) => findNotice(tx, request.acting, no))
      const { action = '', version, comment } = request.body
      return reply.submit(
        async (tx, acting) => {
          const input = { action, version: Number(version), comment: comment?.trim() || null }
          const { message } = await act(tx, acting, noticeMachine, notice.id, input)
          return { location: `/notices/${no}`, flash: message }
        },
        (problems) => showPage(request, reply, { answers: request.body, problems }),
      )
    },
  )

  /** Told at the counter and written down. */
  app.post<OneNotice & { Body: Answers }>(
    '/notices/:no/objections',
    { schema: { params: NoticeNo, body: Body }, config: { access: writes } },
    async (request, reply) => {
      const { no } = request.params
      const notice = await request.as((tx) => findNotice(tx, request.acting, no))
      return reply.submit(
        async (tx, acting) => {
          if (!mayAnswer(acting.actor, notice)) throw new RuleBroken('请由公示单位的经办人登记异议。')
          const taken = await object(tx, acting, notice.id, readObjection(request.body), 'counter')
          return {
            location: `/notices/${no}`,
            flash: taken === 'same' ? '这条异议刚才已经登记过。' : '异议已登记，请核查后答复。',
          }
        },
        (problems) => showPage(request, reply, { answers: request.body, problems }),
      )
    },
  )

  app.post<{ Params: { no: string; id: string }; Body: Answers }>(
    '/notices/:no/objections/:id',
    { schema: { params: OneObjection, body: Body }, config: { access: writes } },
    async (request, reply) => {
      const { no, id } = request.params
      return reply.submit(
        async (tx, acting) => {
          const { values, problems } = readForm(answerFields, request.body)
          if (problems.length > 0) throw new RuleBroken(problems.map(({ text }) => ({ field: `answer-${id}`, text })))
          const answer = { upheld: values.upheld === 'yes', answer: values.answer ?? '' }
          await answerObjection(tx, acting, no, id, Number(request.body.version), answer)
          return { location: `/notices/${no}`, flash: '答复已保存，公示页上能看到。' }
        },
        (problems) => showPage(request, reply, { answers: request.body, problems }),
      )
    },
  )

  async function showPage(
    request: FastifyRequest,
    reply: FastifyReply,
    sent?: { answers: Answers; problems: readonly Problem[] },
  ) {
    const { no } = request.params as OneNotice['Params']
    const place = request.method === 'GET' ? (request.query as Paged['Querystring']) : {}
    const data = await request.as(async (tx) => {
      const notice = await findNotice(tx, request.acting, no)
      const rows = await noticeRows(tx, notice.id, place)
      const events = await eventsOf(tx, { kind: 'notice', id: notice.id })
      const up = notice.state === 'posted'
      return {
        notice,
        state: noticeWorkflow.states[notice.state as keyof typeof noticeWorkflow.states],
        trackLabel: trackLabels[notice.track],
        bar: stepsBar(noticeWorkflow, notice.state),
        left: up ? countdown(await loadCalendar(tx), app.clock.today(), { dueOn: notice.endsOn, unit: 'day' }) : null,
        steps: buttons(noticeWorkflow, notice, request.actor),
        mayAnswer: mayAnswer(request.actor, notice),
        mayObject: up && app.clock.today() <= notice.endsOn,
        columns: [
          { key: 'no', label: '序号' },
          ...notice.columns.map(({ key, header, right }) => ({
            key,
            label: header,
            ...(right ? { align: 'right' } : {}),
          })),
        ],
        rows: rows.rows.map(({ no: number, cells }) => ({ no: String(number), ...cells })),
        previous: rows.previous && filterUrl(`/notices/${no}`, {}, { before: rows.previous }),
        next: rows.next && filterUrl(`/notices/${no}`, {}, { after: rows.next }),
        objections: await objectionsOf(tx, notice.id),
        objectionFields,
        answerFields,
        papers: await paperPanel(tx, request.actor, 'notice', no),
        events: timeline(events, sentences),
      }
    })
    return reply.page('records/notice.njk', data, sent ? { status: 422, ...sent } : {})
  }
}

function stateOf(state: string) {
  const { label, tone } = noticeWorkflow.states[state as keyof typeof noticeWorkflow.states]
  return { badge: label, tone }
}
