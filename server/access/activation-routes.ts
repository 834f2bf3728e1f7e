import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type Problem, RuleBroken } from '../kernel/errors.ts'
import { record } from '../kernel/events.ts'
import { activate } from './activation.ts'
import { loadActor } from './actor.ts'
import { carry, enter } from './enter.ts'
import { passwordHint } from './password-rules.ts'
import { policyOn } from './policy.ts'
import { digest, setFlash } from './sessions.ts'
import { budgetOf, evenMilliseconds } from './sign-in.ts'

const text = Type.String({ maxLength: 200 })
const Body = Type.Object({ code: text, password: text, again: text }, { additionalProperties: false })
type Body = { code: string; password: string; again: string }

/** Where a new colleague, or one who forgot the password, turns the one-time code into a password of their own. */
export async function activation(app: FastifyInstance): Promise<void> {
  app.get('/activate', { config: { access: 'public' } }, async (request, reply) => show(request, reply))

  const rateLimit = { max: 60, timeWindow: '10 minutes', keyGenerator: budgetOf }
  app.post<{ Body: Body }>(
    '/activate',
    { schema: { body: Body }, config: { access: 'public', rateLimit } },
    async (request, reply) => {
      const evenly = pause(evenMilliseconds)
      try {
        const entered = await request.as(async (tx) => {
          const { clock, sessionLimits } = app
          const policy = await policyOn(tx, clock.today(), sessionLimits)
          const { personId, account } = await activate(tx, request.body, policy, clock.now())
          const actor = await loadActor(tx, personId, clock.today())
          if (!actor) throw new Error('the account is gone')
          const acting = { actor, clock, requestId: request.id }
          const detail = { address: request.ip }
          await record(tx, acting, { kind: 'person', id: personId }, { action: 'person.activate', detail })
          const entered = await enter(tx, request, personId)
          if (entered)
            await setFlash(tx, digest(entered.session), `密码已设置。以后请用账号 ${account} 和这个密码登录。`)
          return entered
        })
        if (entered) carry(request, reply, entered)
        return reply.redirect('/', 303)
      } catch (error) {
        if (!(error instanceof RuleBroken)) throw error
        await evenly
        return show(request, reply, { code: request.body.code, problems: error.problems })
      }
    },
  )
}

type Shown = { code?: string; problems?: readonly Problem[] }

async function show(request: FastifyRequest, reply: FastifyReply, { code, problems = [] }: Shown = {}) {
  const { clock, sessionLimits } = request.server
  const policy = await request.as((tx) => policyOn(tx, clock.today(), sessionLimits))
  return reply.page(
    'access/activate.njk',
    { hint: passwordHint(policy.password), other: request.signedIn?.name ?? null },
    {
      problems,
      // The code stays so that only the password is typed anew; it is worth nothing to whoever has it not.
      answers: { code },
      status: problems.length > 0 ? 422 : 200,
    },
  )
}
