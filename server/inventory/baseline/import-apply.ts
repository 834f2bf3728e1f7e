import { sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { resolvedState } from '../../../imports/resolved.ts'
import type { Batch } from '../../../imports/target.ts'
import type { Watch } from '../../../imports/watch.ts'
import { type Acting, record } from '../../kernel/events.ts'
import { openCount } from '../lines/open.ts'
import { matchBaseline } from './match.ts'

/** Enters the new rows of an earlier census into the counts of their units, and finds the lines that are the same things. */
export async function applyBaseline(tx: Tx, acting: Acting, batch: Batch, watch: Watch): Promise<void> {
  const among = sql`r.batch_id = ${batch.id} and r.status = 'new'`
  const named = await tx.execute<{ id: string; rows: number }>(sql`
    select ${resolvedState} ->> 'countId' as id, count(*)::int as rows from import_rows r where ${among}
    group by 1 order by 1`)
  for (const { id } of named) await openCount(tx, acting.actor, id, 'no key update')
  watch.signal.throwIfAborted()
  watch.progress({ phase: '正在登记基准清单', rows: 0, of: null })
  await tx.execute(sql`
    insert into baseline_lines (id, count_id, no, name, original_code, certificate, location, acquired_on, acquired_precision,
      quantity, unit_of_measure, area, cost, remark, batch_id)
    overriding system value
    select r.entry_id, c.id, coalesce((select max(b.no) from baseline_lines b where b.count_id = c.id), 0)
        + row_number() over (partition by c.id order by r.block, r.row),
      s ->> 'name', s ->> 'originalCode', s ->> 'certificate', s ->> 'location', (s ->> 'acquiredOn')::date,
      s ->> 'acquiredPrecision', (s ->> 'quantity')::numeric, s ->> 'unitOfMeasure', (s ->> 'area')::numeric,
      (s ->> 'cost')::numeric, s ->> 'remark', r.batch_id
    from import_rows r cross join lateral (select ${resolvedState} as s) t
    cross join lateral (select (s ->> 'countId')::bigint as id) c
    where ${among} order by r.block, r.row`)
  watch.progress({ phase: '正在与清查的资产对应', rows: 0, of: null })
  for (const { id, rows } of named) {
    const matched = await matchBaseline(tx, id)
    const document = { kind: 'import', no: batch.no, path: `/imports/${batch.no}` }
    await record(tx, acting, { kind: 'count', id }, { action: 'count.match', detail: { document, rows, matched } })
  }
}
