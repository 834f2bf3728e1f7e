import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../../db/client.ts'
import { businessRoles } from '../../kernel/actor.ts'
import { NotFound, type Problem, RuleBroken } from '../../kernel/errors.ts'
import { filterUrl } from '../../kernel/filter.ts'
import type { Answers } from '../../kernel/forms.ts'
import { buttons } from '../../kernel/workflow.ts'
import { findCount } from '../counts/queries.ts'
import { CountNo, type OneCount } from '../counts/routes.ts'
import { type Count, countWorkflow } from '../counts/workflow.ts'
import { mayCount } from '../lines/open.ts'
import {
  addFoundClaim,
  checkAsBooked,
  dropFoundClaim,
  editFoundClaim,
  saveClaimLine,
  takeFromLedger,
} from './actions.ts'
import { readChecked, readFound } from './entry.ts'
import { foundFields } from './fields.ts'
import { claimRowPage } from './pages.ts'
import { type ClaimLineRow, type ClaimShow, claimFigures, claimLineRow, claimShows, listClaimLines } from './queries.ts'
import { claimRowView } from './view.ts'

const word = Type.Optional(Type.String({ maxLength: 100 }))
const place = Type.Optional(Type.String({ maxLength: 300 }))
const Filter = Type.Object({ show: word, after: place, before: place })
const lineNo = Type.String({ pattern: '^[1-9][0-9]{0,8}$' })
const LineNo = Type.Object({ ...CountNo.properties, line: lineNo })
const Body = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 2000 }), { maxProperties: 20 })
const Chosen = Type.Object(
  { token: word, lines: Type.Optional(Type.Union([lineNo, Type.Array(lineNo, { maxItems: 100 })])) },
  { additionalProperties: false },
)
const Token = Type.Object({ token: word }, { additionalProperties: false })
type Listed = OneCount & { Querystring: { show?: string; after?: string; before?: string } }
type OneLine = { Params: { no: string; line: string } }
type Sent = { answers: Answers; problems: readonly Problem[] }

const access = { roles: businessRoles }
const writes = { roles: ['keeper', 'lead'] as const }
const pathTo = (no: string) => `/inventory/counts/${no}/claims`

/** 债权债务 of a collective's count: each is held against the papers, and what no book has is added. */
export async function countClaims(app: FastifyInstance): Promise<void> {
  app.get<Listed>(
    '/inventory/counts/:no/claims',
    { schema: { params: CountNo, querystring: Filter }, config: { access } },
    async (request, reply) => listPage(request, reply),
  )

  app.get<OneCount>(
    '/inventory/counts/:no/claims/new',
    { schema: { params: CountNo }, config: { access: writes } },
    async (request, reply) => foundPage(request, reply),
  )

  app.post<OneCount & { Body: Answers }>(
    '/inventory/counts/:no/claims',
    { schema: { params: CountNo, body: Body }, config: { access: writes } },
    async (request, reply) => {
      const count = await find(request)
      return reply.submit(
        async (tx, acting) => {
          const line = await addFoundClaim(tx, acting, count.id, readFound(request.body))
          const more = request.body.action === 'next'
          return {
            location: more ? `${pathTo(count.no)}/new` : pathTo(count.no),
            flash: `账外“${line.counterparty}”已登记为第 ${line.no} 笔${more ? '，请继续登记' : ''}。`,
          }
        },
        (problems) => foundPage(request, reply, { answers: request.body, problems }),
      )
    },
  )

  app.post<OneCount & { Body: { lines?: string | string[] } }>(
    '/inventory/counts/:no/claims/booked',
    { schema: { params: CountNo, body: Chosen }, config: { access: writes } },
    async (request, reply) => {
      const count = await find(request)
      const chosen = [request.body.lines ?? []].flat().map(Number)
      return reply.submit(
        async (tx, acting) => {
          if (chosen.length === 0) throw new RuleBroken('请先勾选与账面相符的债权债务。')
          const saved = await checkAsBooked(tx, acting, count.id, chosen)
          const flash = saved === 0 ? '选中的都已核对过，没有改动。' : `已写明 ${saved} 笔与账面相符。`
          return { location: pathTo(count.no), flash }
        },
        (problems) => listPage(request, reply, { answers: {}, problems }),
      )
    },
  )

  app.post<OneCount>(
    '/inventory/counts/:no/claims/ledger',
    { schema: { params: CountNo, body: Token }, config: { access: writes } },
    async (request, reply) => {
      const count = await find(request)
      return reply.submit(
        async (tx, acting) => {
          const made = await takeFromLedger(tx, acting, count.id)
          const flash = made > 0 ? `从台账补入 ${made} 笔，请逐笔核对。` : '台账里基准日以前的都已列入，没有要补的。'
          return { location: pathTo(count.no), flash }
        },
        (problems) => listPage(request, reply, { answers: {}, problems }),
      )
    },
  )

  app.get<OneLine>(
    '/inventory/counts/:no/claims/:line',
    { schema: { params: LineNo }, config: { access } },
    async (request, reply) => linePage(request, reply),
  )

  /** The row alone, for the table that is on the screen already. */
  app.get<OneLine>(
    '/inventory/counts/:no/claims/:line/row',
    { schema: { params: LineNo }, config: { access } },
    async (request, reply) => rowPage(request, reply),
  )

  app.post<OneLine & { Body: Answers }>(
    '/inventory/counts/:no/claims/:line',
    { schema: { params: LineNo, body: Body }, config: { access: writes } },
    async (request, reply) => {
      const { count, line } = await findLine(request)
      const { body } = request
      const alone = body.from === 'row' && request.headers['hx-request'] === 'true'
      return reply.submit(
        async (tx, acting) => {
          const at = { countId: count.id, no: line.no }
          const version = Number(body.version)
          if (line.claimId === null) await editFoundClaim(tx, acting, at, version, readFound(body))
          else await saveClaimLine(tx, acting, at, version, readChecked(body, line))
          if (alone) return { location: `${pathTo(count.no)}/${line.no}/row`, flash: '' }
          return { location: `${pathTo(count.no)}#claim-${line.no}`, flash: `第 ${line.no} 笔已保存。` }
        },
        (problems) => (alone ? rowPage : linePage)(request, reply, { answers: body, problems }),
      )
    },
  )

  app.post<OneLine & { Body: Answers }>(
    '/inventory/counts/:no/claims/:line/drop',
    { schema: { params: LineNo, body: Body }, config: { access: writes } },
    async (request, reply) => {
      const { count, line } = await findLine(request)
      return reply.submit(
        async (tx, acting) => {
          await dropFoundClaim(tx, acting, { countId: count.id, no: line.no }, Number(request.body.version))
          return { location: pathTo(count.no), flash: '这一笔账外债权债务已删去。' }
        },
        (problems) => linePage(request, reply, { answers: {}, problems }),
      )
    },
  )

  /** Claims are the collectives': a count of the other track has no such page. */
  async function find(request: FastifyRequest): Promise<Count> {
    const { no } = request.params as OneCount['Params']
    const count = await request.as((tx) => findCount(tx, request.acting, no))
    if (count.track !== 'collective') throw new NotFound()
    return count
  }

  async function findLine(request: FastifyRequest): Promise<{ count: Count; line: ClaimLineRow }> {
    const count = await find(request)
    const { line: no } = request.params as OneLine['Params']
    const line = await request.as((tx) => claimLineRow(tx, count.id, Number(no)))
    if (!line) throw new NotFound()
    return { count, line }
  }

  async function listPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const count = await find(request)
    const filter = request.method === 'GET' ? (request.query as Listed['Querystring']) : {}
    const { page, figures } = await request.as(async (tx: Tx) => ({
      page: await listClaimLines(tx, count.id, filter),
      figures: await claimFigures(tx, count.id),
    }))
    const address = pathTo(count.no)
    const shows = Object.entries(claimShows).flatMap(([show, { label }]) => {
      const number = show === 'again' && count.round === 1 ? 0 : figures.tabs[show as ClaimShow]
      const current = filter.show === show
      return number > 0 || current ? [{ label, href: filterUrl(address, { show }), current, count: number }] : []
    })
    const steps = buttons(countWorkflow, count, request.actor)
    return reply.page(
      'inventory/claims/list.njk',
      {
        ...{ count, address, figures: figures.sums, place: `/inventory/counts/${count.no}` },
        tabs: [{ label: '全部', href: address, current: !filter.show, count: figures.tabs.all }, ...shows],
        rows: page.rows.map(claimRowView),
        mayCount: open(request, count),
        mayReturn: steps.some(({ key, disabled }) => key === 'return' && !disabled),
        previous: page.previous && filterUrl(address, filter, { before: page.previous }),
        next: page.next && filterUrl(address, filter, { after: page.next }),
      },
      sent ? { status: 422, ...sent } : {},
    )
  }

  async function linePage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const { count, line } = await findLine(request)
    return claimRowPage(request, reply, { count, line, mayCount: open(request, count) }, sent)
  }

  async function rowPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const { count, line } = await findLine(request)
    const data = { row: claimRowView(line), address: pathTo(count.no), mayCount: open(request, count) }
    return reply.page('inventory/claims/row.njk', data, sent ? { status: 422, ...sent } : {})
  }

  async function foundPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const count = await find(request)
    const refused = open(request, count) ? [] : [{ field: null, text: '清查结果已经提交，不能再登记。' }]
    const problems = refused.length > 0 ? refused : (sent?.problems ?? [])
    return reply.page(
      'inventory/claims/new.njk',
      { count, address: pathTo(count.no), fields: foundFields, open: refused.length === 0 },
      { answers: sent?.answers ?? {}, problems, status: problems.length > 0 ? 422 : 200 },
    )
  }

  function open({ actor }: FastifyRequest, { state, scopeKey }: Count): boolean {
    return state === 'counting' && mayCount(actor, { scopeKey, userKey: null })
  }
}
