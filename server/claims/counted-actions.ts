import { inArray, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { claims } from '../../db/schema/claims.ts'
import { type EventDetail, events } from '../../db/schema/kernel.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { type Acting, changed, eventRow } from '../kernel/events.ts'
import { compare, minus, plus } from '../kernel/money.ts'

/** What a count found otherwise than booked; `gone` where nothing of it is left. */
export type Found = { claimId: string; booked: string; counted: string; reason: string; detail: EventDetail }

const portion = 1000

/**
 * Corrects claims by what a count found of them as of its base day: the difference is applied to what the ledger has now,
 * so that what was paid since stays paid. One of which nothing is left is settled with the reason of the count.
 */
export async function correctClaims(
  tx: Tx,
  acting: Acting,
  found: readonly Found[],
  effectiveOn: string,
): Promise<void> {
  for (let from = 0; from < found.length; from += portion) {
    await correct(tx, acting, found.slice(from, from + portion), effectiveOn)
  }
}

async function correct(tx: Tx, acting: Acting, found: readonly Found[], effectiveOn: string): Promise<void> {
  const ids = found.map(({ claimId }) => claimId)
  const stored = await tx.select().from(claims).where(inArray(claims.id, ids)).orderBy(claims.id).for('update')
  const byId = new Map(stored.map((claim) => [claim.id, claim]))
  const next = found.map((one) => {
    const claim = byId.get(one.claimId)
    if (!claim || claim.endedOn !== null || claim.voided) {
      throw new RuleBroken(`${claim?.no ?? '一笔债权债务'}后来已经了结，请退回该单位重新核对。`)
    }
    const amount = plus(claim.amount, minus(one.counted, one.booked))
    if (compare(amount, '0') < 0) {
      throw new RuleBroken(`${claim.no} ${claim.counterparty} 现在只剩 ${claim.amount} 元，请退回该单位重新核对。`)
    }
    const ended = Number(amount) === 0
    return { one, claim, amount: ended ? claim.amount : amount, ended }
  })
  const rows = next.map(({ one, claim, amount, ended }) => ({
    ...{ id: claim.id, amount, on: ended ? effectiveOn : null, why: ended ? `清查核实：${one.reason}` : null },
  }))
  await tx.execute(sql`
    update claims k set amount = n.amount, ended_on = n."on", ended_reason = n.why, version = k.version + 1,
      updated_at = ${acting.clock.now().toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n (id bigint, amount numeric, "on" date, why text)
    where k.id = n.id`)
  await tx.insert(events).values(
    next.map(({ one, claim, amount, ended }) => {
      const left = ended ? '0.00' : amount
      const changes = changed({ amount: claim.amount }, { amount: left }) ?? {}
      const detail = { ...one.detail, changes }
      const happening = { action: ended ? 'claim.end' : 'claim.count', effectiveOn, comment: one.reason, detail }
      return eventRow(acting, { kind: 'claim', id: claim.id }, happening)
    }),
  )
}
