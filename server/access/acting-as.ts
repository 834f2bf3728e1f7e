import type { Tx } from '../../db/client.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Acting } from '../kernel/events.ts'
import { actorFor } from './actor-for.ts'

/** A command's act: by the named account with its own scope, else by the operator 系统 over the whole county. */
export async function actingAs(tx: Tx, clock: Clock, account: string | undefined): Promise<Acting> {
  return { actor: await actorFor(tx, account, clock.today()), clock, requestId: null }
}
