import { sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { importBatches } from '../../db/schema/imports.ts'
import type { Actor } from '../kernel/actor.ts'
import { keyset, type Place, paged, pageSize } from '../kernel/paging.ts'
import type { BatchRow } from './actions.ts'
import { seenBy } from './offers.ts'

/** A batch by its number, where the actor sees it. */
export async function findBatch(tx: Tx, actor: Actor, no: string): Promise<BatchRow | undefined> {
  const [row] = await tx
    .select()
    .from(importBatches)
    .where(sql`${importBatches.no} = ${no} and ${seenBy(actor, sql`import_batches`)}`)
  return row
}

export type BatchListRow = {
  id: string
  no: string
  state: string
  origin: string
  file_name: string
  unit_name: string
  track: string | null
  target: string
  effective_on: string
  counts: Record<string, number>
  person: string | null
  created_at: string
  /** What is under way with it. */
  job: { state: 'queued' | 'running'; share: number | null; before: number } | null
}

export async function listBatches(tx: Tx, actor: Actor, filter: Place, today: string) {
  const order = { by: sql`b.created_at`, type: 'timestamptz', id: sql`b.id`, descending: true } as const
  const { where, orderBy } = keyset(order, filter)
  const rows = await tx.execute<BatchListRow>(sql`
    select b.id, b.no, b.state, b.origin, b.file_name, p.name as unit_name, b.track, b.target, b.effective_on, b.counts, who.name as person,
      b.created_at::text as created_at,
      (select jsonb_build_object('state', j.state, 'share', (j.progress ->> 'share')::float8, 'before',
          (select count(*) from jobs q where q.state in ('queued', 'running') and (q.created_at, q.id) < (j.created_at, j.id)))
        from jobs j where j.batch_id = b.id and j.state in ('queued', 'running')) as job
    from import_batches b
    join unit_periods p on p.unit_id = b.unit_id and p.valid_from <= ${today} and (p.valid_to is null or p.valid_to > ${today})
    left join people who on who.id = b.uploaded_by
    where ${seenBy(actor, sql`b`)} and ${where ?? sql`true`}
    order by ${orderBy} limit ${pageSize + 1}`)
  return paged([...rows], filter, (row) => ({ value: row.created_at, id: row.id }))
}
