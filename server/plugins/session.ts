import cookie from '@fastify/cookie'
import type { FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { loadActor } from '../access/actor.ts'
import { isOutworn, policyOn } from '../access/policy.ts'
import { findSession, type Limits, type Session, touchSession } from '../access/sessions.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Clock } from '../kernel/clock.ts'

declare module 'fastify' {
  interface FastifyInstance {
    clock: Clock
    /** The environment's, where the county has set none. */
    sessionLimits: Limits
    /** Sets or, with null, clears the session cookie. */
    sessionCookie(reply: FastifyReply, id: string | null): void
    /** Sets the cookie that tells a device someone has signed in from before. */
    deviceCookie: { name: string; set(reply: FastifyReply, token: string): void }
  }
  interface FastifyRequest {
    session: Session | null
    /** The actor, or null before sign-in. */
    signedIn: Actor | null
  }
}

type Options = { clock: Clock; limits: Limits; secure: boolean }

/** Finds the session and the person behind the cookie, anew for each request. */
export default fp<Options>(
  async (app, { clock, limits, secure }) => {
    const prefix = secure ? '__Host-' : ''
    const name = `${prefix}panhuo`
    const deviceName = `${prefix}panhuo-device`
    const flags = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const
    await app.register(cookie)
    app.decorate('clock', clock)
    app.decorate('sessionLimits', limits)
    app.decorate('sessionCookie', (reply: FastifyReply, id: string | null) => {
      if (id === null) reply.clearCookie(name, flags)
      else reply.setCookie(name, id, flags)
    })
    app.decorate('deviceCookie', {
      name: deviceName,
      set: (reply: FastifyReply, token: string) => {
        reply.setCookie(deviceName, token, { ...flags, maxAge: 180 * 86_400 })
      },
    })
    app.decorateRequest('session', null)
    app.decorateRequest('signedIn', null)
    app.addHook('onRequest', async (request) => {
      const id = request.cookies[name]
      if (!id || request.url.startsWith('/static/')) return
      await request.county.transaction({}, async (tx) => {
        const now = clock.now()
        const policy = await policyOn(tx, clock.today(), limits)
        const session = await findSession(tx, id, now, policy.limits)
        if (!session) return
        const actor = await loadActor(tx, session.personId, clock.today(), (changedAt) =>
          isOutworn(changedAt, policy, now),
        )
        if (!actor) return
        await touchSession(tx, session.idHash, now)
        request.session = session
        request.signedIn = actor
      })
    })
  },
  { name: 'session', dependencies: ['counties'] },
)
