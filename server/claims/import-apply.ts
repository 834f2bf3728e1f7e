import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { events } from '../../db/schema/kernel.ts'
import { assignments, columnsOf as columnsFrom } from '../../db/sql.ts'
import { resolvedOf } from '../../imports/resolved.ts'
import { type StagedRow, stagedRows } from '../../imports/staging.ts'
import type { Batch } from '../../imports/target.ts'
import type { Watch } from '../../imports/watch.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { type Acting, eventRow } from '../kernel/events.ts'
import { type ClaimValues, claimOf, columnsOf } from './claim.ts'
import { insertClaims } from './entering.ts'

/** Enters the new rows under numbers of their own and changes those that are known, each with its event. */
export async function applyClaims(tx: Tx, acting: Acting, batch: Batch, watch: Watch): Promise<void> {
  let done = 0
  for await (const rows of stagedRows(tx, batch.id, sql`status in ('new', 'changed')`)) {
    watch.signal.throwIfAborted()
    await enter(
      tx,
      acting,
      batch,
      rows.filter(({ status }) => status === 'new'),
    )
    await change(
      tx,
      acting,
      batch,
      rows.filter(({ status }) => status === 'changed'),
    )
    done += rows.length
    watch.progress({ phase: '正在登记债权债务', rows: done, of: null })
  }
}

async function enter(tx: Tx, acting: Acting, batch: Batch, rows: readonly StagedRow[]): Promise<void> {
  const entries = rows.map((row) => {
    const resolved = resolvedOf(row)
    const detail = sourceOf(batch, row)
    return { id: row.entryId ?? '', unitId: resolved.unitId ?? '', values: claimOf(resolved), detail }
  })
  await insertClaims(tx, acting, entries, { action: 'claim.enter' })
}

async function change(tx: Tx, acting: Acting, batch: Batch, rows: readonly StagedRow[]): Promise<void> {
  if (rows.length === 0) return
  const next = rows.map((row) => recordOf(claimOf(resolvedOf(row)), row.entryId, row.entryVersion))
  const written = await tx.execute<{ id: string }>(sql`
    update claims k set ${setToRecord}, version = k.version + 1, updated_at = ${acting.clock.now().toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(next)}::jsonb) as n (${claimRecord})
    where k.id = n.id and k.version = n.version and k.ended_on is null and not k.voided
    returning k.id::text as id`)
  const saved = new Set(written.map(({ id }) => id))
  const lost = rows.find(({ entryId }) => !saved.has(entryId ?? ''))
  if (lost) throw new RuleBroken(`第 ${lost.row} 行的这一笔刚被别人改过，请重新核对。`)
  await tx.insert(events).values(
    rows.map((row) => {
      const detail = { ...sourceOf(batch, row), changes: row.changes ?? {} }
      return eventRow(acting, { kind: 'claim', id: row.entryId ?? '' }, { action: 'claim.edit', detail })
    }),
  )
}

function sourceOf({ no }: Batch, { row }: StagedRow) {
  return { document: { kind: 'import', no, path: `/imports/${no}` }, row }
}

/** A record of claims' columns, as statements over many of them read it. */
export const claimRecord = sql`category text, kind text, counterparty text, amount numeric, purpose text, due_on date,
  voucher_no text, remark text, occurred_on date, occurred_precision text, id bigint, version int`
const columns = [
  ...['category', 'kind', 'counterparty', 'amount', 'purpose', 'due_on', 'voucher_no', 'remark', 'occurred_on'],
  'occurred_precision',
]
/** What is entered of a claim as that record, n, has it. */
export const setToRecord = assignments(columnsFrom(sql`n`, columns))

/** A claim's values as a line of the record. */
export function recordOf(values: ClaimValues, id: string | null, version: number | null) {
  const { dueOn, voucherNo, occurredOn, occurredPrecision, ...rest } = columnsOf(values)
  return {
    ...{ ...rest, id, version, due_on: dueOn, voucher_no: voucherNo },
    ...{ occurred_on: occurredOn, occurred_precision: occurredPrecision },
  }
}
