import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import type { Actor } from '../kernel/actor.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { loadActor } from './actor.ts'
import { systemActor } from './system.ts'

/** Who a command acts as: an account with its own scope, or the operator 系统, who sees everything. */
export async function actorFor(tx: Tx, account: string | undefined, today: string): Promise<Actor> {
  if (account === undefined) return systemActor(await allKeys(tx))
  const [person] = await tx.execute<{ id: string }>(
    sql`select id::text as id from people where account = ${account.trim().toLowerCase()}`,
  )
  if (!person) throw new RuleBroken(`没有账号 ${account}，请核对写法。`)
  const actor = await loadActor(tx, person.id, today)
  if (!actor) throw new RuleBroken(`账号 ${account} 已停用，请换一个。`)
  return actor
}

/** Every unit on both tracks. */
export async function allKeys(tx: Tx): Promise<string[]> {
  const rows = await tx.execute<{ key: string }>(
    sql`select (u.id * 2 + track)::text as key from units u cross join (values (0), (1)) t (track) order by u.id, track`,
  )
  return rows.map(({ key }) => key)
}
