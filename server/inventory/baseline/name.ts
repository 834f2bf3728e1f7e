import { eq } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { calls } from '../../../db/schema/inventory.ts'

/** The earlier census that a call starts from; null where it starts from the register. */
export async function baselineName(tx: Tx, callId: string): Promise<{ name: string; on: string } | null> {
  const [call] = await tx
    .select({ name: calls.baselineName, on: calls.baselineOn })
    .from(calls)
    .where(eq(calls.id, callId))
  return call?.name && call.on ? { name: call.name, on: call.on } : null
}
