import { eq, sql } from 'drizzle-orm'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { people } from '../../db/schema/access.ts'
import { NotFound, type Problem, RuleBroken } from '../kernel/errors.ts'
import { type Acting, record } from '../kernel/events.ts'
import { hashPassword, passwordProblem, verifyPassword } from './passwords.ts'
import { closeSessionsOf, rotateSession } from './sessions.ts'

const text = Type.String({ maxLength: 200 })
const Body = Type.Object({ old: text, password: text, again: text })
type Body = { old: string; password: string; again: string }

/** One's own password: asked for at the first sign-in, and open to everyone at any time. */
export async function password(app: FastifyInstance): Promise<void> {
  app.get('/password', { config: { access: 'own-account' } }, async (request, reply) => show(request, reply))

  const rateLimit = { max: 20, timeWindow: '10 minutes', keyGenerator: (request: FastifyRequest) => owner(request) }
  app.post<{ Body: Body }>(
    '/password',
    { schema: { body: Body }, config: { access: 'own-account', rateLimit } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          await changePassword(tx, acting, request.body)
          await renewSession(tx, request, reply)
          return { location: '/', flash: '新密码已保存，下次请用新密码登录。' }
        },
        (problems) => show(request, reply, problems),
      ),
  )
}

/** Sets a new password over the old one; the rules are those of `passwordProblem`. */
async function changePassword(tx: Tx, acting: Acting, given: Body): Promise<void> {
  const id = acting.actor.personId ?? '0'
  const [person] = await tx.select().from(people).where(eq(people.id, id)).for('update')
  if (!person) throw new NotFound()
  const problems: Problem[] = []
  if (!(await verifyPassword(given.old, person.passwordHash))) {
    problems.push({ field: 'old', text: '现在的密码不对，请重新输入。' })
  }
  const problem = passwordProblem(given.password, person.account)
  if (problem) problems.push({ field: 'password', text: problem })
  else if (given.password === given.old)
    problems.push({ field: 'password', text: '新密码不能与现在的相同，请换一个。' })
  if (given.password !== given.again) problems.push({ field: 'again', text: '两次输入的新密码不一样，请重新输入。' })
  if (problems.length > 0) throw new RuleBroken(problems)
  await tx
    .update(people)
    .set({
      passwordHash: await hashPassword(given.password),
      passwordChangedAt: acting.clock.now(),
      mustChangePassword: false,
      version: sql`${people.version} + 1`,
    })
    .where(eq(people.id, id))
  await record(tx, acting, { kind: 'person', id }, { action: 'person.password' })
}

async function renewSession(tx: Tx, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { session } = request
  if (!session) return
  await closeSessionsOf(tx, session.personId, session.idHash)
  const renewed = await rotateSession(tx, session.idHash)
  request.session = { ...session, idHash: renewed.idHash }
  request.server.sessionCookie(reply, renewed.id)
}

async function show(request: FastifyRequest, reply: FastifyReply, problems: readonly Problem[] = []) {
  const [person] = await request.as((tx) =>
    tx
      .select({ account: people.account })
      .from(people)
      .where(eq(people.id, request.actor.personId ?? '0')),
  )
  return reply.page(
    'access/password.njk',
    { first: request.actor.mustChangePassword, account: person?.account ?? '' },
    { problems, status: problems.length > 0 ? 422 : 200 },
  )
}

function owner(request: FastifyRequest): string {
  return `password ${request.session?.personId ?? request.ip}`
}
