import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { businessRoles } from '../kernel/actor.ts'
import { NotFound } from '../kernel/errors.ts'
import { eventsOf } from '../kernel/events.ts'
import { filterUrl } from '../kernel/filter.ts'
import { timeline } from '../kernel/timeline.ts'
import { paperPanel } from './paper-queries.ts'
import { type Matter, matters, quorumRules, shortcomings, type VotingBody, votingBodies } from './quorum-rules.ts'
import { listResolutions, loadResolution } from './resolution-queries.ts'

const No = Type.Object({ no: Type.String({ pattern: '^JY[0-9]{4}-[0-9]{4,}$' }) })
const cursor = Type.Optional(Type.String({ maxLength: 300 }))
const Place = Type.Object({ after: cursor, before: cursor })
const access = { roles: businessRoles }

/** 决议: read only; each is recorded where the document it is about stands. */
export async function resolutionPages(
  app: FastifyInstance,
  { sentences }: { sentences: Readonly<Record<string, string>> },
): Promise<void> {
  app.get<{ Querystring: { after?: string; before?: string } }>(
    '/resolutions',
    { schema: { querystring: Place }, config: { access } },
    async (request, reply) => {
      const page = await request.as((tx) => listResolutions(tx, request.actor, request.query, app.clock.today()))
      return reply.page('records/resolutions.njk', {
        rows: page.rows.map((row) => ({
          no: { text: row.no, href: `/resolutions/${row.no}` },
          unit: row.unit,
          body: votingBodies[row.bodyKind as VotingBody],
          matter: matters[row.matter as Matter].label,
          held: row.heldOn,
          passed: outcome(row.passed),
        })),
        previous: page.previous && filterUrl('/resolutions', {}, { before: page.previous }),
        next: page.next && filterUrl('/resolutions', {}, { after: page.next }),
      })
    },
  )

  app.get<{ Params: { no: string } }>(
    '/resolutions/:no',
    { schema: { params: No }, config: { access } },
    async (request, reply) => {
      const data = await request.as(async (tx) => {
        const resolution = await loadResolution(tx, request.actor, request.params.no)
        if (!resolution) throw new NotFound()
        const rule = quorumRules.find(({ key }) => key === resolution.rule)
        return {
          resolution,
          body: votingBodies[resolution.bodyKind as VotingBody],
          matter: matters[resolution.matter as Matter].label,
          outcome: outcome(resolution.passed),
          basis: rule?.basis ?? '当时没有法律规定，按到会人数过半数计',
          whom: rule?.members ?? null,
          reasons: rule ? shortcomings(rule, resolution, resolution) : [],
          papers: await paperPanel(tx, request.actor, 'resolution', resolution.no),
          events: timeline(await eventsOf(tx, { kind: 'resolution', id: resolution.id }), sentences),
        }
      })
      return reply.page('records/resolution.njk', data)
    },
  )
}

function outcome(passed: boolean) {
  return passed ? { badge: '通过', tone: 'success' } : { badge: '未通过', tone: 'danger' }
}
