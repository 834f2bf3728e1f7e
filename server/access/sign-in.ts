import { sql } from 'drizzle-orm'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { record } from '../kernel/events.ts'
import { loadActor } from './actor.ts'
import { verifyPassword } from './passwords.ts'
import { closeSession, openSession } from './sessions.ts'

const SignIn = Type.Object({
  account: Type.String({ maxLength: 100 }),
  password: Type.String({ maxLength: 200 }),
  next: Type.Optional(Type.String({ maxLength: 500 })),
})

export async function signIn(app: FastifyInstance): Promise<void> {
  app.get<{ Querystring: { next?: string } }>('/sign-in', { config: { access: 'public' } }, async (request, reply) =>
    reply.page('access/sign-in.njk', { next: samePlace(request.query.next) }),
  )

  app.post<{ Body: { account: string; password: string; next?: string } }>(
    '/sign-in',
    { schema: { body: SignIn }, config: { access: 'public' } },
    async (request, reply) => {
      const { account, password, next } = request.body
      const session = await begin(request, account, password)
      if (!session) {
        const problems = [{ field: 'account', text: '账号或密码不对，请重新输入。' }]
        return reply.page(
          'access/sign-in.njk',
          { next: samePlace(next) },
          { status: 422, problems, answers: { account } },
        )
      }
      app.sessionCookie(reply, session)
      return reply.redirect(samePlace(next), 303)
    },
  )

  app.post('/sign-out', { config: { access: 'own-account' } }, async (request, reply) => {
    const { session } = request
    if (session) await request.as((tx) => closeSession(tx, session.idHash))
    app.sessionCookie(reply, null)
    reply.header('clear-site-data', '"cache", "storage"')
    return reply.redirect('/sign-in', 303)
  })
}

async function begin(request: FastifyRequest, account: string, password: string): Promise<string | null> {
  const { clock, sessionLimits } = request.server
  const [person] = await request.as((tx) =>
    tx.execute<{ id: string; hash: string | null }>(
      sql`select id, password_hash as hash from people where account = ${account.trim().toLowerCase()} and disabled_at is null`,
    ),
  )
  if (!(await verifyPassword(password, person?.hash ?? null)) || !person) return null
  return request.as(async (tx) => {
    const actor = await loadActor(tx, person.id, clock.today())
    if (!actor) return null
    const acting = { actor, clock, requestId: request.id }
    await record(tx, acting, { kind: 'person', id: person.id }, { action: 'person.sign-in' })
    return openSession(tx, person.id, clock.now(), sessionLimits, {
      address: request.ip,
      browser: request.headers['user-agent'] ?? '',
    })
  })
}

/** Only places of ours, so that nobody is led away after signing in. */
export function samePlace(next: string | undefined): string {
  return next && /^\/(?![/\\])[^\s\\]*$/.test(next) ? next : '/'
}
