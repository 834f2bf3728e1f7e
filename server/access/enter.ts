import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Tx } from '../../db/client.ts'
import { administratorRoles, has } from '../kernel/actor.ts'
import { record } from '../kernel/events.ts'
import { loadActor } from './actor.ts'
import { rememberDevice } from './devices.ts'
import { sweepAttempts } from './lockout.ts'
import { policyOn } from './policy.ts'
import { closeOldest, closeSession, digest, openSession, setFlash, sweepSessions } from './sessions.ts'

export type Entered = { session: string; device: string | undefined }

/** Opens a session for somebody who has proved who they are; null when the account is not there any more. */
export async function enter(tx: Tx, request: FastifyRequest, personId: string): Promise<Entered | null> {
  const { clock, sessionLimits, deviceCookie } = request.server
  const now = clock.now()
  const actor = await loadActor(tx, personId, clock.today())
  if (!actor) return null
  const { limits, atOnce } = await policyOn(tx, clock.today(), sessionLimits)
  await sweepAttempts(tx, now)
  await sweepSessions(tx, now, limits)
  if (request.session) await closeSession(tx, request.session.idHash)
  const origin = { address: request.ip, browser: request.headers['user-agent'] ?? '' }
  const session = await openSession(tx, personId, now, limits, origin)
  const places = has(actor, ...administratorRoles) ? atOnce.administrators : atOnce.others
  const ended = await closeOldest(tx, personId, digest(session), places)
  if (ended > 0) await setFlash(tx, digest(session), `这个账号最多同时登录 ${places} 处，较早的登录已退出。`)
  await record(
    tx,
    { actor, clock, requestId: request.id },
    { kind: 'person', id: personId },
    { action: 'person.sign-in', detail: { address: request.ip, ...(ended > 0 && { ended }) } },
  )
  return { session, device: await rememberDevice(tx, request.cookies[deviceCookie.name], personId, now) }
}

/** Hands the browser what it needs to stay signed in. */
export function carry(request: FastifyRequest, reply: FastifyReply, entered: Entered): void {
  const { server } = request
  server.sessionCookie(reply, entered.session)
  if (entered.device) server.deviceCookie.set(reply, entered.device)
}
