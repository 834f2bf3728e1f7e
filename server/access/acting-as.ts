import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { type Actor, scopeKey } from '../kernel/actor.ts'
import type { Clock } from '../kernel/clock.ts'
import { RuleBroken } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import { loadActor } from './actor.ts'
import { systemActor } from './system.ts'

/** Who a command acts as: the named account with its own scope, else the operator 系统 over the whole county. */
export async function actingAs(tx: Tx, clock: Clock, account: string | undefined): Promise<Acting> {
  return {
    actor: account === undefined ? await operator(tx) : await personCalled(tx, clock, account),
    clock,
    requestId: null,
  }
}

async function operator(tx: Tx): Promise<Actor> {
  const units = await tx.execute<{ id: string }>(sql`select id from units`)
  return systemActor(units.flatMap(({ id }) => [scopeKey(id, 'state'), scopeKey(id, 'collective')]))
}

async function personCalled(tx: Tx, clock: Clock, account: string): Promise<Actor> {
  const [person] = await tx.execute<{ id: string }>(
    sql`select id from people where account = ${account.trim().toLowerCase()}`,
  )
  const actor = person && (await loadActor(tx, person.id, clock.today()))
  if (!actor) throw new RuleBroken(`没有账号 ${account}，或已停用，请核对。`)
  return actor
}
