import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { sources } from '../../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../../imports/sheets/fields.ts'
import { businessRoles } from '../../kernel/actor.ts'
import { NotFound, type Problem, RuleBroken } from '../../kernel/errors.ts'
import { filterUrl } from '../../kernel/filter.ts'
import { type Answers, type FormField, readForm } from '../../kernel/forms.ts'
import { findCount } from '../counts/queries.ts'
import type { Count } from '../counts/workflow.ts'
import { mayCount, notOpen } from '../lines/open.ts'
import { matchEntry, reopenEntry, settleEntry } from './actions.ts'
import { baselineName } from './name.ts'
import {
  additionsOf,
  type EntryRow,
  entryCounts,
  findEntry,
  lineChoices,
  listEntries,
  type Show,
  shows,
} from './queries.ts'

const access = { roles: businessRoles }
const writes = { roles: ['keeper', 'lead'] as const }
const no = Type.String({ pattern: '^PD[0-9]{4}-[0-9]{4,}$' })
const CountNo = Type.Object({ no })
const EntryNo = Type.Object({ no, entry: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) })
const Place = Type.Optional(Type.String({ maxLength: 300 }))
const Filter = Type.Object({ show: Type.Optional(Type.String({ maxLength: 20 })), after: Place, before: Place })
const Search = Type.Object({ q: Type.Optional(Type.String({ maxLength: 100 })) })
const Body = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 2000 }), { maxProperties: 10 })
type CountParams = { Params: { no: string } }
type EntryParams = { Params: { no: string; entry: string } }
type Sent = { answers: Answers; problems: readonly Problem[] }

const how = { exact: '编号相同', alike: '名称、坐落、面积相同', hand: '人工对应' } as const
const reasonField: FormField = { key: 'reason', label: '去向', kind: 'text', max: 300, required: true }

/** 基准清单: what the earlier census had, which line each of it is, and where the rest went. */
export async function baselinePages(app: FastifyInstance): Promise<void> {
  app.get<CountParams & { Querystring: { show?: string; after?: string; before?: string } }>(
    '/inventory/counts/:no/baseline',
    { schema: { params: CountNo, querystring: Filter }, config: { access } },
    async (request, reply) => {
      const count = await request.as((tx) => findCount(tx, request.acting, request.params.no))
      const { show: asked = 'open', ...place } = request.query
      const show: Show = asked in shows ? (asked as Show) : 'open'
      const address = `/inventory/counts/${count.no}/baseline`
      const [page, totals, additions, census] = await request.as(async (tx) => [
        await listEntries(tx, count.id, show, place),
        await entryCounts(tx, count.id),
        await additionsOf(tx, count.id),
        await baselineName(tx, count.callId),
      ])
      const open = mayDecide(request, count)
      return reply.page('inventory/baseline/list.njk', {
        ...{ count, census, totals, open, address },
        tabs: Object.entries(shows).map(([value, label]) => ({
          ...{ label, href: `${address}?show=${value}`, current: value === show, count: totals[value as Show] },
        })),
        rows: page.rows.map((row) => ({
          ...row,
          name: open ? { text: row.name, href: `${address}/${row.no}` } : row.name,
          standing: standingOf(row),
        })),
        previous: page.previous && filterUrl(address, { show }, { before: page.previous }),
        next: page.next && filterUrl(address, { show }, { after: page.next }),
        additions: additions.map((row) => ({ ...row, source: choiceLabel(sources, row.source) || '来源未填' })),
      })
    },
  )

  app.get<EntryParams & { Querystring: { q?: string } }>(
    '/inventory/counts/:no/baseline/:entry',
    { schema: { params: EntryNo, querystring: Search }, config: { access: writes } },
    async (request, reply) => entryPage(request, reply, request.query.q ?? ''),
  )

  app.post<EntryParams & { Body: Answers }>(
    '/inventory/counts/:no/baseline/:entry',
    { schema: { params: EntryNo, body: Body }, config: { access: writes } },
    async (request, reply) => {
      const { count, entry } = await find(request)
      const { action, version, line, q = '' } = request.body
      return reply.submit(
        async (tx, acting) => {
          const at = { countId: count.id, no: entry.no, version: Number(version) }
          if (action === 'match') {
            if (!/^\d{1,9}$/.test(line ?? '')) throw new RuleBroken([{ field: 'line', text: '请选择对应的资产。' }])
            await matchEntry(tx, acting, at, Number(line))
          } else if (action === 'settle') {
            const { values, problems } = readForm([reasonField], request.body)
            if (problems.length > 0 || !values.reason) throw new RuleBroken(problems)
            await settleEntry(tx, acting, at, values.reason)
          } else if (action === 'reopen') await reopenEntry(tx, acting, at)
          else throw new RuleBroken('请选择要办的事。')
          return { location: `/inventory/counts/${count.no}/baseline`, flash: flashes[action] }
        },
        (problems) => entryPage(request, reply, q, { answers: request.body, problems }),
      )
    },
  )

  async function find(request: FastifyRequest): Promise<{ count: Count; entry: EntryRow }> {
    const { no, entry } = request.params as EntryParams['Params']
    return request.as(async (tx) => {
      const count = await findCount(tx, request.acting, no)
      const found = mayCount(request.actor, { ...count, userKey: null })
        ? await findEntry(tx, count.id, Number(entry))
        : undefined
      if (!found) throw new NotFound()
      return { count, entry: found }
    })
  }

  async function entryPage(request: FastifyRequest, reply: FastifyReply, q: string, sent?: Sent) {
    const { count, entry } = await find(request)
    const choices = await request.as((tx) => lineChoices(tx, count.id, entry, q))
    const address = `/inventory/counts/${count.no}/baseline`
    const closed = count.state === 'counting' ? [] : [{ field: null, text: notOpen }]
    return reply.page(
      'inventory/baseline/entry.njk',
      {
        ...{ count, entry, q, address, open: closed.length === 0, standing: standingOf(entry) },
        version: sent?.answers.version ?? entry.version,
        lines: choices.map(choiceOf),
      },
      sent ? { status: 422, ...sent } : { answers: {} },
    )
  }
}

const flashes = {
  match: '已对应。',
  settle: '去向已写明。',
  reopen: '已撤销，请重新对应或写明去向。',
} as const

function mayDecide({ actor }: FastifyRequest, { state, scopeKey }: Count): boolean {
  return state === 'counting' && mayCount(actor, { scopeKey, userKey: null })
}

function standingOf({ lineNo, lineName, matchedBy, settledReason }: EntryRow) {
  if (lineNo !== null) return { text: `第 ${lineNo} 行${lineName ?? ''}`, hint: matchedBy ? how[matchedBy] : null }
  return settledReason === null ? { badge: '没有对上', tone: 'warning' } : { text: settledReason }
}

function choiceOf({ no, code, name, location, cost, area }: Awaited<ReturnType<typeof lineChoices>>[number]) {
  return {
    value: String(no),
    label: `第 ${no} 行 ${name}`,
    hint: [code, location].filter(Boolean).join(' · '),
    area,
    cost,
  }
}
