import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { has, type Role } from '../kernel/actor.ts'
import { Forbidden } from '../kernel/errors.ts'

/** Who may call a route at all; what they may see or do there is decided by scope and workflow. */
export type Access = 'public' | 'signed-in' | 'own-account' | { roles: readonly Role[] }

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
}

/** A route that does not say who may call it keeps the whole application from starting. */
export default fp(
  async (app) => {
    const routes: RouteOptions[] = []
    app.addHook('onRoute', (route) => {
      routes.push(route)
    })
    app.addHook('onReady', async () => {
      const silent = routes.filter((route) => route.config?.access === undefined)
      if (silent.length > 0) {
        throw new Error(
          `routes without declared access: ${silent.map((route) => `${route.method} ${route.url}`).join(', ')}`,
        )
      }
    })
    app.addHook('preValidation', check)
  },
  { name: 'declared-access', dependencies: ['session'] },
)

async function check(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const access = request.routeOptions.config.access
  if (access === 'public' || request.is404) return
  const actor = request.signedIn
  if (!actor) {
    const next = request.method === 'GET' ? `?next=${encodeURIComponent(request.url)}` : ''
    return reply.redirect(`/sign-in${next}`, 303)
  }
  if (access === 'own-account') return
  if (actor.mustChangePassword) return reply.redirect('/password', 303)
  if (typeof access === 'object' && !has(actor, ...access.roles)) throw new Forbidden()
}
