import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { shanghaiDay } from '../kernel/clock.ts'
import { record } from '../kernel/events.ts'
import { knownDevice } from './devices.ts'
import { carry, type Entered, enter } from './enter.ts'
import { bucketOf, clearAttempts, lockedUntil, takeAttempt } from './lockout.ts'
import { accountOf, verifyPassword } from './passwords.ts'
import { policyOn } from './policy.ts'
import { samePlace } from './same-place.ts'
import { closeSession, digest } from './sessions.ts'

const SignIn = Type.Object({
  account: Type.String({ maxLength: 100 }),
  password: Type.String({ maxLength: 200 }),
  next: Type.Optional(Type.String({ maxLength: 500 })),
})
type Body = { account: string; password: string; next?: string }
type Query = { next?: string; ended?: string }

export async function signIn(app: FastifyInstance): Promise<void> {
  const query = Type.Object({
    next: Type.Optional(Type.String({ maxLength: 500 })),
    ended: Type.Optional(Type.String({ maxLength: 1 })),
  })
  app.get<{ Querystring: Query }>(
    '/sign-in',
    { schema: { querystring: query }, config: { access: 'public' } },
    async (request, reply) => {
      const next = samePlace(request.query.next)
      if (request.signedIn) return reply.redirect(next, 303)
      return reply.page('access/sign-in.njk', { next, ended: request.query.ended === '1' })
    },
  )

  const rateLimit = { max: 100, timeWindow: '10 minutes', keyGenerator: budgetOf }
  app.post<{ Body: Body }>(
    '/sign-in',
    { schema: { body: SignIn }, config: { access: 'public', rateLimit } },
    async (request, reply) => {
      const { account, password } = request.body
      const next = samePlace(request.body.next)
      const outcome = await begin(request, accountOf(account), password)
      if ('problem' in outcome) {
        const problems = [{ field: 'account', text: outcome.problem }]
        return reply.page('access/sign-in.njk', { next, ended: false }, { status: 422, problems, answers: { account } })
      }
      carry(request, reply, outcome)
      return reply.redirect(next, 303)
    },
  )

  app.post('/sign-out', { config: { access: 'own-account' } }, async (request, reply) => {
    const { session } = request
    if (session) {
      await request.as(async (tx) => {
        await closeSession(tx, session.idHash)
        await record(tx, request.acting, { kind: 'person', id: session.personId }, { action: 'person.sign-out' })
      })
    }
    app.sessionCookie(reply, null)
    reply.header('clear-site-data', '"cache", "storage"')
    return reply.redirect('/sign-in', 303)
  })
}

/** Longer than a failure takes, so that its time does not tell whether the account exists. */
export const evenMilliseconds = 150
const wrong = '账号或密码不对，请重新输入。'

async function begin(
  request: FastifyRequest,
  account: string,
  password: string,
): Promise<{ problem: string } | Entered> {
  const { clock, deviceCookie, sessionLimits } = request.server
  const now = clock.now()
  const { person, bucket, attempt } = await request.as(async (tx) => {
    const [person] = await tx.execute<{ id: string; name: string; hash: string | null }>(
      sql`select id, name, case when disabled_at is null then password_hash end as hash from people where account = ${account}`,
    )
    const device = await knownDevice(tx, request.cookies[deviceCookie.name], person?.id ?? '0', now)
    const bucket = bucketOf(account, device)
    const { tries } = await policyOn(tx, clock.today(), sessionLimits)
    return { person, bucket, attempt: await takeAttempt(tx, bucket, now, tries) }
  })
  if (attempt.until) return { problem: lockedSentence(attempt.until, clock.today()) }
  const evenly = pause(evenMilliseconds)
  const right = await verifyPassword(password, person?.hash ?? null)
  const entered =
    right && person
      ? await request.as(async (tx) => {
          // Meanwhile the password may have been changed or the account stopped; whoever does so next waits for this.
          const [same] = await tx.execute(
            sql`select 1 from people where id = ${person.id} and password_hash = ${person.hash} for share`,
          )
          if (!same) return null
          await clearAttempts(tx, bucket)
          return enter(tx, request, person.id)
        })
      : null
  if (entered) return entered
  if (person) await recordFailure(request, person, attempt.locks)
  await evenly
  const until = attempt.locks ? await request.as((tx) => lockedUntil(tx, bucket, now)) : null
  return { problem: until ? lockedSentence(until, clock.today()) : wrong }
}

/** Nobody is known to be the one who tried, so the event names no actor but the address. */
async function recordFailure(request: FastifyRequest, person: { id: string }, locks: boolean): Promise<void> {
  const { clock } = request.server
  const actor = {
    personId: null,
    name: '未登录',
    unitId: null,
    unitName: '',
    grants: [],
    keys: [],
    mustChangePassword: false,
  }
  const acting = { actor, clock, requestId: request.id }
  const subject = { kind: 'person', id: person.id } as const
  await request.as(async (tx) => {
    await record(tx, acting, subject, { action: 'person.sign-in-failed', detail: { address: request.ip } })
    if (locks) await record(tx, acting, subject, { action: 'person.locked', detail: { address: request.ip } })
  })
}

/** A township leaves by one address: the budget is wide, and a device someone has signed in from has its own. */
export async function budgetOf(request: FastifyRequest): Promise<string> {
  const { clock, deviceCookie } = request.server
  const cookie = request.cookies[deviceCookie.name]
  const device = await request.as((tx) => knownDevice(tx, cookie, null, clock.now()))
  return device ? `device ${digest(device)}` : `address ${request.ip}`
}

function lockedSentence(until: Date, today: string): string {
  // Rounded up to the minute, so that the minute named is never too early.
  const end = new Date(Math.ceil(until.getTime() / 60_000) * 60_000)
  const time = new Date(end.getTime() + 8 * 3_600_000).toISOString().slice(11, 16)
  const day = shanghaiDay(end)
  return `密码连续输错多次，已暂停登录到 ${day === today ? '' : `${day} `}${time}。请到时再试，或请安全管理员解锁。`
}
