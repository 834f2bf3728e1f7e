import { eq } from 'drizzle-orm'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { people } from '../../db/schema/access.ts'
import { NotFound, type Problem, RuleBroken } from '../kernel/errors.ts'
import { type Acting, record } from '../kernel/events.ts'
import { newPasswordProblems, setPassword } from './own-password.ts'
import { passwordHint } from './password-rules.ts'
import { verifyPassword } from './passwords.ts'
import { lockPerson } from './people-endings.ts'
import { policyOn } from './policy.ts'
import { closeSessionsOf, type Limits, rotateSession } from './sessions.ts'

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
          await changePassword(tx, acting, request.body, app.sessionLimits)
          await renewSession(tx, request, reply)
          return { location: '/', flash: '新密码已保存，下次请用新密码登录。' }
        },
        (problems) => show(request, reply, problems),
        // A hash of the form would be a quick way to try passwords against.
        { fingerprint: 'password' },
      ),
  )
}

/** Sets a new password over the old one, as the policy of the day asks for. */
async function changePassword(tx: Tx, acting: Acting, given: Body, limits: Limits): Promise<void> {
  const id = acting.actor.personId ?? '0'
  const person = await lockPerson(tx, id)
  const policy = await policyOn(tx, acting.clock.today(), limits)
  const problems: Problem[] = []
  if (!(await verifyPassword(given.old, person.passwordHash))) {
    problems.push({ field: 'old', text: '现在的密码不对，请重新输入。' })
  }
  problems.push(...(await newPasswordProblems(tx, person, given, policy.password)))
  if (problems.length > 0) throw new RuleBroken(problems)
  await setPassword(tx, person, given.password, acting.clock.now())
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
  const { clock, sessionLimits } = request.server
  const { person, policy } = await request.as(async (tx) => ({
    person: await personById(tx, request.actor.personId ?? '0'),
    policy: await policyOn(tx, clock.today(), sessionLimits),
  }))
  return reply.page(
    'access/password.njk',
    {
      first: request.actor.mustChangePassword,
      // An initial password is somebody else's; an outworn one is the person's own.
      outworn: !person.mustChangePassword,
      days: policy.passwordDays,
      hint: passwordHint(policy.password),
      account: person.account,
    },
    { problems, status: problems.length > 0 ? 422 : 200 },
  )
}

async function personById(tx: Tx, id: string) {
  const [person] = await tx.select().from(people).where(eq(people.id, id))
  if (!person) throw new NotFound()
  return person
}

function owner(request: FastifyRequest): string {
  return `password ${request.session?.personId ?? request.ip}`
}
