import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'

/**
 * Gives counts of collectives a line for each claim and debt of the ledger that has none yet: what existed on the base
 * day and was not settled by then. `which` speaks of the counts as t; returns how many lines that made.
 */
export async function openClaimLines(tx: Tx, which: SQL): Promise<number> {
  const made = await tx.execute(sql`
    insert into claim_lines (count_id, no, claim_id, claim_version, kind, category, counterparty, occurred_on,
      occurred_precision, purpose, book_amount)
    select t.id, coalesce((select max(l.no) from claim_lines l where l.count_id = t.id), 0)
        + row_number() over (partition by t.id order by k.kind, k.category, k.occurred_on nulls last, k.id),
      k.id, k.version, k.kind, k.category, k.counterparty, k.occurred_on, k.occurred_precision, k.purpose, k.amount
    from counts t
    join calls c on c.id = t.call_id
    join claims k on k.scope_key = t.scope_key and not k.voided and (k.ended_on is null or k.ended_on > c.base_on)
      and (k.occurred_on is null or k.occurred_on <= c.base_on)
    where ${which} and t.track = 'collective'
      and not exists (select from claim_lines l where l.count_id = t.id and l.claim_id = k.id)
    returning 1`)
  return made.length
}
