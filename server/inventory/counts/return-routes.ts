import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { act, type Subscriber } from '../../kernel/act.ts'
import { businessRoles } from '../../kernel/actor.ts'
import { type Problem, RuleBroken } from '../../kernel/errors.ts'
import { type Answers, readForm } from '../../kernel/forms.ts'
import { claimLineRow } from '../claims/queries.ts'
import { claimRowView } from '../claims/view.ts'
import { lineRow } from '../lines/queries.ts'
import { rowView } from '../lines/view.ts'
import { countMachine } from './actions.ts'
import { findCount } from './queries.ts'
import { CountNo, type OneCount } from './routes.ts'
import { refusalsOf } from './steps.ts'

const lineNo = Type.String({ pattern: '^[1-9][0-9]{0,8}$' })
const numbers = Type.Optional(Type.Union([lineNo, Type.Array(lineNo, { maxItems: 100 })]))
const Chosen = Type.Object({ lines: numbers, claims: numbers })
const Body = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 2000 }), { maxProperties: 120 })

const access = { roles: businessRoles }

/** What is sent back: lines of assets, and of claims and debts. */
type Named = { lines: readonly number[]; claims: readonly number[] }

/** 退回: to single lines, each with its reason, or as a whole. */
export async function countReturns(
  app: FastifyInstance,
  { subscribers }: { subscribers: readonly Subscriber[] },
): Promise<void> {
  app.get<OneCount & { Querystring: { lines?: string | string[]; claims?: string | string[] } }>(
    '/inventory/counts/:no/return',
    { schema: { params: CountNo, querystring: Chosen }, config: { access } },
    async (request, reply) => {
      const { lines = [], claims = [] } = request.query
      return formPage(request, reply, { lines: [lines].flat().map(Number), claims: [claims].flat().map(Number) })
    },
  )

  app.post<OneCount & { Body: Answers }>(
    '/inventory/counts/:no/return',
    { schema: { params: CountNo, body: Body }, config: { access } },
    async (request, reply) => {
      const { no } = request.params
      const { body } = request
      const named = { lines: numbersIn(body, 'line'), claims: numbersIn(body, 'claim') }
      const count = await request.as((tx) => findCount(tx, request.acting, no))
      return reply.submit(
        async (tx, acting) => {
          const { values, problems } = readForm(reasonFields(named), body)
          if (problems.length > 0) throw new RuleBroken(problems)
          const comment = body.comment?.trim() || null
          const input = { action: 'return', version: Number(body.version), comment, values }
          const { message } = await act(tx, acting, countMachine, count.id, input, subscribers)
          return { location: `/inventory/counts/${no}`, flash: message }
        },
        (problems) => formPage(request, reply, named, { answers: body, problems }),
      )
    },
  )

  async function formPage(
    request: FastifyRequest,
    reply: FastifyReply,
    named: Named,
    sent?: { answers: Answers; problems: readonly Problem[] },
  ) {
    const { no } = request.params as OneCount['Params']
    const { count, rows, claims } = await request.as(async (tx) => {
      const found = await findCount(tx, request.acting, no)
      const lines = await Promise.all([...new Set(named.lines)].map((line) => lineRow(tx, found.id, line)))
      const owed = await Promise.all([...new Set(named.claims)].map((line) => claimLineRow(tx, found.id, line)))
      return {
        count: found,
        rows: lines.flatMap((line) => (line ? [rowView(line)] : [])),
        claims: owed.flatMap((line) => (line ? [claimRowView(line)] : [])),
      }
    })
    const refused = refusalsOf(count, 'return', request.actor)
    const problems = refused.length > 0 ? refused : (sent?.problems ?? [])
    return reply.page(
      'inventory/counts/return.njk',
      {
        count,
        place: `/inventory/counts/${no}`,
        open: refused.length === 0,
        version: sent?.answers.version ?? count.version,
        rows: rows.map((row) => ({ ...row, field: reasonField('line', row.no) })),
        claims: claims.map((row) => ({ ...row, field: reasonField('claim', row.no) })),
      },
      { answers: sent?.answers ?? {}, problems, status: problems.length > 0 ? 422 : 200 },
    )
  }
}

function numbersIn(body: Answers, what: 'line' | 'claim'): number[] {
  return Object.keys(body).flatMap((key) => {
    const [kind, no = ''] = key.split('.')
    return kind === what && /^[1-9]\d{0,8}$/.test(no) ? Number(no) : []
  })
}

function reasonFields({ lines, claims }: Named) {
  return [...lines.map((no) => reasonField('line', no)), ...claims.map((no) => reasonField('claim', no))]
}

function reasonField(what: 'line' | 'claim', no: number) {
  const label = what === 'line' ? `第 ${no} 项的理由` : `债权债务第 ${no} 笔的理由`
  return { key: `${what}.${no}`, label, kind: 'text', max: 200, required: true } as const
}
