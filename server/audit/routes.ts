import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { writeSheet } from '../../imports/writing/write.ts'
import { exportRate, sendWorkbook } from '../kernel/download.ts'
import { NotFound, RuleBroken } from '../kernel/errors.ts'
import { filterUrl } from '../kernel/filter.ts'
import { auditWorksheet } from './export.ts'
import { kinds } from './kinds.ts'
import { AuditFilter, auditEvent, auditPage, filterProblems, logBegins, namesOf } from './queries.ts'
import { addressOf, changesOf, furtherOf, sentenceOf, type Words } from './telling.ts'

const access = { roles: ['audit_administrator'] } as const
const Params = Type.Object({ id: Type.String({ pattern: '^[0-9]{1,18}$' }) }, { additionalProperties: false })
const none = { rows: [], previous: null, next: null }

/** The log of everything that was done in the county, for the audit administrator alone. */
export async function audit(app: FastifyInstance, words: Words): Promise<void> {
  app.get<{ Querystring: AuditFilter }>(
    '/audit',
    { schema: { querystring: AuditFilter }, config: { access } },
    async (request, reply) => {
      const { after, before, ...filter } = request.query
      const problems = filterProblems(filter)
      const { page, begins } = await request.as(async (tx) => ({
        page: problems.length > 0 ? none : await auditPage(tx, filter, { after, before }),
        begins: await logBegins(tx),
      }))
      const link = (change: AuditFilter) => filterUrl('/audit', filter, change)
      return reply.page(
        'audit/list.njk',
        {
          rows: page.rows.map((row) => ({
            ...row,
            sentence: sentenceOf(row, words),
            address: addressOf(row),
            href: `/audit/${row.id}`,
          })),
          filter,
          kinds: kinds.map(({ value, label }) => ({ value, label })),
          begins,
          exportHref: filterUrl('/audit.xlsx', filter),
          filtered: Object.values(filter).some((value) => value),
          previous: page.previous && link({ before: page.previous }),
          next: page.next && link({ after: page.next }),
        },
        { problems, status: problems.length > 0 ? 422 : 200 },
      )
    },
  )

  app.get<{ Params: { id: string } }>(
    '/audit/:id',
    { schema: { params: Params }, config: { access } },
    async (request, reply) => {
      const { event, names } = await request.as(async (tx) => ({
        event: await auditEvent(tx, request.params.id),
        names: await namesOf(tx),
      }))
      if (!event) throw new NotFound()
      return reply.page('audit/event.njk', {
        event: { ...event, sentence: sentenceOf(event, words), address: addressOf(event) },
        changes: changesOf(event, words, names),
        further: furtherOf(event),
      })
    },
  )

  app.get<{ Querystring: AuditFilter }>(
    '/audit.xlsx',
    { schema: { querystring: AuditFilter }, config: { access, rateLimit: exportRate } },
    async (request, reply) => {
      const problems = filterProblems(request.query)
      if (problems.length > 0) throw new RuleBroken(problems)
      const prepare = async (tx: Parameters<typeof auditWorksheet>[0]) => {
        const day = app.clock.today()
        const worksheet = await auditWorksheet(tx, request.query, words, { preparer: request.actor.name, day })
        return {
          fileName: `审计记录_${day}.xlsx`,
          write: (out: Parameters<typeof writeSheet>[1]) => writeSheet(worksheet, out),
        }
      }
      return sendWorkbook(request, reply, prepare, { topic: 'audit', action: 'audit.export' })
    },
  )
}
