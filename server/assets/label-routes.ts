import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { businessRoles } from '../kernel/actor.ts'
import { exportRate } from '../kernel/download.ts'
import { type Filter, filterUrl } from '../kernel/filter.ts'
import { labelsView } from './label-view.ts'
import { labelOf, labelsOf } from './labels.ts'
import { CardFilter } from './list.ts'

const OfSize = Type.Object({ size: Type.Optional(Type.Union([Type.Literal('a4'), Type.Literal('single')])) })
const LabelFilter = Type.Object({ ...CardFilter.properties, ...OfSize.properties })
const Code = Type.Object({ code: Type.String({ pattern: '^[0-9]{14}$' }) })

/** 资产标签: pages to print, of a whole list or of one card, with codes that open the cards. */
export async function labels(app: FastifyInstance, { origin }: { origin: string | null }): Promise<void> {
  const access = { roles: businessRoles }

  app.get<{ Querystring: Static<typeof LabelFilter> }>(
    '/assets/labels',
    { schema: { querystring: LabelFilter }, config: { access, rateLimit: exportRate } },
    async (request, reply) => {
      const { size = 'a4', ...filter } = request.query
      const found = await request.as((tx) => labelsOf(tx, request.actor, filter, app.clock.today()))
      const asked = { size, origin: originOf(request), path: '/assets/labels', filter: filter as Filter }
      return reply.page('assets/labels.njk', {
        ...(await labelsView(found, asked)),
        trail: [{ text: '资产台账', href: filterUrl('/assets', filter as Filter) }],
      })
    },
  )

  app.get<{ Params: { code: string }; Querystring: Static<typeof OfSize> }>(
    '/assets/:code/label',
    { schema: { params: Code, querystring: OfSize }, config: { access } },
    async (request, reply) => {
      const { code } = request.params
      const { size = 'a4' } = request.query
      const label = await request.as((tx) => labelOf(tx, request.actor, code, app.clock.today()))
      const asked = { size, origin: originOf(request), path: `/assets/${code}/label`, filter: {} }
      return reply.page('assets/labels.njk', {
        ...(await labelsView([label], asked)),
        trail: [
          { text: '资产台账', href: '/assets' },
          { text: label.name, href: `/assets/${code}` },
        ],
      })
    },
  )

  /** The address that people type; where none is set, the one this page was asked for at. */
  function originOf({ protocol, host }: FastifyRequest): string {
    return origin ?? `${protocol}://${host}`
  }
}
