import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { businessRoles } from '../kernel/actor.ts'
import { filterUrl } from '../kernel/filter.ts'
import { inventoryWaiting, listWaiting, waitingPath } from './waiting.ts'

const place = Type.Optional(Type.String({ maxLength: 300 }))
const Asked = Type.Object({ for: Type.Optional(Type.String({ maxLength: 20 })), after: place, before: place })
const tabs = { check: '待审核', file: '待备案' } as const

/** 等我办理的清查: the counts this person is to check, the compilations it is to file. */
export async function waitingPages(app: FastifyInstance): Promise<void> {
  app.get<{ Querystring: Static<typeof Asked> }>(
    waitingPath,
    { schema: { querystring: Asked }, config: { access: { roles: businessRoles } } },
    async (request, reply) => {
      const { query, actor } = request
      const what = query.for === 'file' ? 'file' : 'check'
      const today = app.clock.today()
      const { page, waiting } = await request.as(async (tx) => ({
        page: await listWaiting(tx, actor, what, query, today),
        waiting: await inventoryWaiting(tx, actor, today),
      }))
      const filter = { for: what }
      return reply.page('inventory/waiting.njk', {
        what,
        tabs: Object.entries(tabs).map(([key, label]) => {
          const href = filterUrl(waitingPath, { for: key })
          return { label, href, current: key === what, count: waiting.find((one) => one.href === href)?.count ?? 0 }
        }),
        rows: page.rows.map((row) => ({
          unit: what === 'check' ? { text: row.unit, href: `/inventory/counts/${row.no}` } : row.unit,
          no: what === 'file' ? { text: row.no, href: `/inventory/compilations/${row.no}` } : row.no,
          ...{ call: row.call, counts: String(row.counts), handedInOn: row.handedInOn, dueOn: row.dueOn },
          clock: row.clock ? { badge: row.clock.text, tone: row.clock.tone } : null,
          tone: row.clock?.late ? 'danger' : undefined,
        })),
        previous: page.previous && filterUrl(waitingPath, filter, { before: page.previous }),
        next: page.next && filterUrl(waitingPath, filter, { after: page.next }),
      })
    },
  )
}
