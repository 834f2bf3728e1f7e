import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type Problem, RuleBroken } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import { filterUrl } from '../kernel/filter.ts'
import type { Answers } from '../kernel/forms.ts'
import { object } from './notice-actions.ts'
import { objectionFields, readObjection } from './notice-forms.ts'
import { findPublicNotice, listPublicNotices, noticeRows, objectionsOf } from './notice-queries.ts'
import { NoticeNo, type OneNotice } from './notice-routes.ts'
import { noticeWorkflow } from './notice-workflow.ts'

const cursor = Type.Optional(Type.String({ maxLength: 300 }))
const Place = Type.Object({ after: cursor, before: cursor, said: Type.Optional(Type.String({ maxLength: 10 })) })
const text = (max: number) => Type.Optional(Type.String({ maxLength: max }))
const Body = Type.Object(
  { name: text(200), phone: text(200), rowNo: text(20), text: text(4000), token: text(100) },
  { additionalProperties: false },
)
type Paged = { Querystring: { after?: string; before?: string; said?: string } }

const access = 'public'
/** A village shares an address; nobody has so many objections in a quarter of an hour. */
const rateLimit = { max: 20, timeWindow: '15 minutes' }

/** What everybody may read and object to, without signing in. */
export async function publicNotices(app: FastifyInstance): Promise<void> {
  app.get<Paged>('/notices/public', { schema: { querystring: Place }, config: { access } }, async (request, reply) => {
    const today = app.clock.today()
    const page = await request.as((tx) => listPublicNotices(tx, request.query, today))
    return reply.page('records/public-notices.njk', {
      rows: page.rows.map((row) => ({
        ...row,
        href: `/notices/public/${row.no}`,
        up: row.state === 'posted' && today <= row.endsOn,
      })),
      previous: page.previous && filterUrl('/notices/public', {}, { before: page.previous }),
      next: page.next && filterUrl('/notices/public', {}, { after: page.next }),
    })
  })

  app.get<OneNotice & Paged>(
    '/notices/public/:no',
    { schema: { params: NoticeNo, querystring: Place }, config: { access } },
    async (request, reply) => showPage(request, reply),
  )

  app.post<OneNotice & { Body: Answers }>(
    '/notices/public/:no/objections',
    { schema: { params: NoticeNo, body: Body }, config: { access, rateLimit } },
    async (request, reply) => {
      const { no } = request.params
      try {
        const said = await request.as(async (tx) => {
          const acting = asPublic(request)
          const notice = await findPublicNotice(tx, no, app.clock.today())
          return object(tx, acting, notice.id, readObjection(request.body), 'page')
        })
        return reply.redirect(`/notices/public/${no}?said=${said}`, 303)
      } catch (error) {
        if (!(error instanceof RuleBroken)) throw error
        return showPage(request, reply, { answers: request.body, problems: error.problems })
      }
    },
  )

  async function showPage(
    request: FastifyRequest,
    reply: FastifyReply,
    sent?: { answers: Answers; problems: readonly Problem[] },
  ) {
    const { no } = request.params as OneNotice['Params']
    const query = request.method === 'GET' ? (request.query as Paged['Querystring']) : {}
    const today = app.clock.today()
    const data = await request.as(async (tx) => {
      const notice = await findPublicNotice(tx, no, today)
      const rows = await noticeRows(tx, notice.id, query)
      const objections = await objectionsOf(tx, notice.id)
      const place = `/notices/public/${no}`
      return {
        // Parties and doers stay inside.
        notice: {
          no: notice.no,
          title: notice.title,
          body: notice.body,
          unitName: notice.unitName,
          startsOn: notice.startsOn,
          endsOn: notice.endsOn,
          place: notice.place,
          contact: notice.contact,
          rowCount: notice.rowCount,
        },
        up: notice.state === 'posted' && today <= notice.endsOn,
        state: noticeWorkflow.states[notice.state as keyof typeof noticeWorkflow.states],
        columns: [
          { key: 'no', label: '序号' },
          ...notice.columns.map(({ key, header, right }) => ({
            key,
            label: header,
            ...(right ? { align: 'right' } : {}),
          })),
        ],
        stack: Object.fromEntries([
          ['no', 'line'],
          ...notice.columns.map(({ key }, at) => [key, at === 0 ? 'title' : 'field']),
        ]),
        rows: rows.rows.map(({ no: number, cells }) => ({ no: String(number), ...cells })),
        previous: rows.previous && filterUrl(place, {}, { before: rows.previous }),
        next: rows.next && filterUrl(place, {}, { after: rows.next }),
        answered: objections
          .filter(({ answer }) => answer !== null)
          .map(({ name, rowNo, text: said, answer, upheld, answeredAt }) => ({
            name: surnameOnly(name),
            rowNo,
            text: said,
            answer,
            upheld,
            answeredAt,
          })),
        waiting: objections.filter(({ answer }) => answer === null).length,
        fields: objectionFields,
        said: query.said === 'taken' || query.said === 'same' ? query.said : null,
      }
    })
    return reply.page('records/public-notice.njk', data, sent ? { status: 422, ...sent } : {})
  }

  function asPublic(request: FastifyRequest): Acting {
    const actor = {
      personId: null,
      name: '公众',
      unitId: null,
      unitName: '',
      grants: [],
      keys: [],
      mustChangePassword: false,
    }
    return { actor, clock: app.clock, requestId: request.id }
  }
}

/** 张建国 → 张某某 */
function surnameOnly(name: string): string {
  return `${[...name][0] ?? ''}某某`
}
