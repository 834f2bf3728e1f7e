import { createHash } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Tx } from '../../db/client.ts'
import { submissions } from '../../db/schema/kernel.ts'
import { setFlash } from '../access/sessions.ts'
import type { Actor } from '../kernel/actor.ts'
import { Forbidden, type Problem, RuleBroken } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'

/** Where a successful form leads, and the one message shown there. */
export type Outcome = { location: string; flash: string }

export type SubmitOptions = {
  /** What tells two forms of one token apart, instead of the body. */
  fingerprint?: string
  /** Called once the work is committed, also for the same form sent again: how what it set going has come out. */
  settled?: (outcome: Outcome) => Promise<{ flash: string } | { problems: readonly Problem[] }>
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The signed-in person; routes that others may call use `signedIn`. */
    readonly actor: Actor
    readonly acting: Acting
    /** One transaction with the actor's keys, read only for GET: the only way to the database. */
    as<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  }
  interface FastifyReply {
    /**
     * Does a form's work once: the same form sent again answers with the stored outcome.
     * Problems undo everything and go to `again`, which shows the form with all answers kept.
     */
    submit(
      work: (tx: Tx, acting: Acting) => Promise<Outcome>,
      again: (problems: readonly Problem[]) => Promise<unknown>,
      options?: SubmitOptions,
    ): Promise<unknown>
  }
}

export default fp(
  async (app) => {
    app.decorateRequest('actor', { getter: signedIn })
    app.decorateRequest('acting', {
      getter(this: FastifyRequest): Acting {
        return { actor: this.actor, clock: this.server.clock, requestId: this.id }
      },
    })
    app.decorateRequest('as', function as<T>(this: FastifyRequest, work: (tx: Tx) => Promise<T>): Promise<T> {
      const readOnly = this.method === 'GET' || this.method === 'HEAD'
      return this.county.transaction({ keys: this.signedIn?.keys ?? [], readOnly }, work)
    })
    app.decorateReply('submit', submit)
  },
  { name: 'unit-of-work', dependencies: ['session'] },
)

function signedIn(this: FastifyRequest): Actor {
  if (!this.signedIn) throw new Forbidden('not signed in')
  return this.signedIn
}

async function submit(
  this: FastifyReply,
  work: (tx: Tx, acting: Acting) => Promise<Outcome>,
  again: (problems: readonly Problem[]) => Promise<unknown>,
  options: SubmitOptions = {},
): Promise<unknown> {
  const { request } = this
  try {
    const outcome = await request.as(async (tx) => {
      const slot = slotOf(request, options.fingerprint)
      const stored = slot && (await claim(tx, slot, request.server.clock.now()))
      if (stored) return stored
      const made = await work(tx, request.acting)
      if (slot) await tx.update(submissions).set(made).where(isSlot(slot))
      if (request.session) await setFlash(tx, request.session.idHash, made.flash)
      return made
    })
    const end = await options.settled?.(outcome)
    if (end && 'problems' in end) return await again(end.problems)
    const { session } = request
    if (end && session) await request.county.transaction({}, (tx) => setFlash(tx, session.idHash, end.flash))
    return this.redirect(outcome.location, 303)
  } catch (error) {
    if (error instanceof RuleBroken) return again(error.problems)
    throw error
  }
}

type Slot = { owner: string; token: string; hash: string }

function slotOf(request: FastifyRequest, fingerprint: string | undefined): Slot | undefined {
  const body = (request.body ?? {}) as Record<string, unknown>
  const token = typeof body.token === 'string' ? body.token : undefined
  if (!token || !request.session) return undefined
  const hash = createHash('sha256')
    .update(`${request.method} ${request.url}\n${fingerprint ?? JSON.stringify(body)}`)
    .digest('hex')
  return { owner: `p${request.session.personId}`, token: token.slice(0, 64), hash }
}

/** Takes the slot, or waits for the one who has it and returns their outcome. */
async function claim(tx: Tx, slot: Slot, now: Date): Promise<Outcome | undefined> {
  const [mine] = await tx
    .insert(submissions)
    .values({ ...slot, location: '', at: now })
    .onConflictDoNothing()
    .returning({ token: submissions.token })
    .catch(unlessHeld)
  if (mine) return undefined
  const [stored] = await tx.select().from(submissions).where(isSlot(slot))
  return stored && { location: stored.location, flash: stored.flash ?? '' }
}

/** The first of two is still being worked on, longer than the second waits: a large file takes minutes. */
function unlessHeld(error: Error): never {
  const { cause } = error
  if (!(cause instanceof Error && 'code' in cause && cause.code === '55P03')) throw error
  throw new RuleBroken('这张表单已经提交，正在办理，请不要重复提交，过一两分钟到列表里查看。')
}

function isSlot(slot: Slot) {
  return and(eq(submissions.owner, slot.owner), eq(submissions.token, slot.token), eq(submissions.hash, slot.hash))
}
