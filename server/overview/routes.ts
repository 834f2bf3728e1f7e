import type { FastifyInstance } from 'fastify'
import type { Tx } from '../../db/client.ts'
import { type Actor, businessRoles, has } from '../kernel/actor.ts'
import { openDeadlines } from '../records/deadline-queries.ts'
import { accountTiles, cardCounts, type Tile } from './queries.ts'

/** Something that waits for the person: a pile of documents with the place to open it. */
export type Waiting = { title: string; href: string; count: number; note: string }
export type WaitingProvider = (tx: Tx, actor: Actor, today: string) => Promise<readonly Waiting[]>

/** The first page after signing in; what waits comes from the stages. */
export async function workbench(app: FastifyInstance, { waiting }: { waiting: readonly WaitingProvider[] }) {
  app.get('/', { config: { access: 'signed-in' } }, async (request, reply) => {
    const { actor } = request
    const business = has(actor, ...businessRoles)
    const enters = has(actor, 'keeper', 'lead')
    const data = await request.as(async (tx) => {
      const found: Waiting[] = []
      for (const provider of waiting) found.push(...(await provider(tx, actor, app.clock.today())))
      const cards = business ? await cardCounts(tx, actor) : null
      const accounts = has(actor, 'system_administrator', 'security_administrator')
      const tiles = [...(cards ? cardTiles(cards) : []), ...(accounts ? await accountTiles(tx, app.clock.today()) : [])]
      const clocks = business ? await openDeadlines(tx, actor, app.clock.today()) : null
      return {
        clocks,
        tiles,
        empty: cards !== null && cards.cards === 0,
        waiting: found.filter(({ count }) => count > 0),
      }
    })
    return reply.page('overview/workbench.njk', {
      ...data,
      business,
      enters,
      held: actor.grants.length > 0,
      audits: has(actor, 'audit_administrator'),
    })
  })
}

function cardTiles({ cards, idle, undetermined }: { cards: number; idle: number; undetermined: number }): Tile[] {
  return [
    { label: '资产卡片', value: cards, unit: '张', href: '/assets', note: '看台账' },
    { label: '闲置', value: idle, unit: '张', href: '/assets?usage=idle', note: '看闲置资产' },
    { label: '权属待界定', value: undetermined, unit: '张', href: '/determinations', note: '去界定' },
  ]
}
