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
  if (!actor) return leadTo(request, reply, signInFrom(request))
  if (access === 'own-account') return
  if (actor.mustChangePassword) return leadTo(request, reply, '/password')
  if (typeof access === 'object' && !has(actor, ...access.roles)) throw new Forbidden()
}

/** A redirect that htmx follows would put the other page inside this one: tell it to open the page instead. */
function leadTo(request: FastifyRequest, reply: FastifyReply, place: string) {
  if (request.headers['hx-request'] !== 'true') return reply.redirect(place, 303)
  return reply.code(401).header('hx-redirect', place).send('')
}

/** Sign-in, and back to the page the person sees; what was in a form is lost, and the page says so. */
function signInFrom(request: FastifyRequest): string {
  const part = request.headers['hx-request'] === 'true'
  const seen = request.headers['hx-current-url']
  const next = part && typeof seen === 'string' ? URL.parse(seen) : null
  const place = next ? `${next.pathname}${next.search}` : request.method === 'GET' ? request.url : ''
  const ended = part || request.method !== 'GET'
  const query = new URLSearchParams({ ...(place && { next: place }), ...(ended && { ended: '1' }) })
  return query.size > 0 ? `/sign-in?${query}` : '/sign-in'
}
