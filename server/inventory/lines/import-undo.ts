import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { list, names } from '../../../db/sql.ts'
import type { Batch, KeptRow, Stretch, UndoCounts, UndoVerbs } from '../../../imports/target.ts'
import type { Watch } from '../../../imports/watch.ts'
import { RuleBroken } from '../../kernel/errors.ts'
import { type Acting, eventColumns } from '../../kernel/events.ts'
import { setWritten } from './import-lines.ts'
import { openCount } from './open.ts'

/**
 * Takes a 盘点单 back: lines are again what they were before it, surplus that it brought goes. What was counted again, handed
 * in or used since is kept.
 */
export function undoOfLines(acting: Acting): UndoVerbs<Tx> {
  return {
    survey: async (tx, batch, { skip, most }) => ({
      counts: await countsOf(tx, batch),
      kept: await keptRows(tx, sql`(${judged(batch)})`, { skip, most }),
    }),
    revert: (tx, batch, reason, watch) => revert(tx, acting, batch, reason, watch),
    kept: (tx, batch, stretch) => keptRows(tx, keptOf(batch), stretch),
  }
}

const touched = ({ id }: Batch) => sql`r.batch_id = ${id} and r.status in ('new', 'changed')`

/** Every row that did something, with why what it did stays. */
function judged(batch: Batch): SQL {
  return sql`
    select r.id as row_id, r.block, r.row, r.status, r.entry_id, coalesce(l.name, r."values" ->> 'name') as name, t.no, l.no as line,
      case
        when t.state <> 'counting' then '清查结果已经提交'
        when l.id is null then '后来已经删去'
        when l.version <> coalesce(r.entry_version, 0) + 1 then '导入之后又盘点过'
        when r.status = 'new' and exists (select from paper_links p where p.count_line_id = l.id) then '后来附了材料'
        when r.status = 'new' and exists (select from baseline_lines b where b.line_id = l.id) then '已对应到基准清单'
      end as reason
    from import_rows r
    join import_batches b on b.id = r.batch_id
    join counts t on t.call_id = b.call_id and t.unit_id = b.unit_id
    left join count_lines l on l.id = r.entry_id and l.count_id = t.id
    where ${touched(batch)}`
}

function keptOf(batch: Batch): SQL {
  return sql`(
    select r.block, r.row, r."values" ->> 'name' as name, t.no, l.no as line, r.kept as reason
    from import_rows r
    join import_batches b on b.id = r.batch_id
    join counts t on t.call_id = b.call_id and t.unit_id = b.unit_id
    left join count_lines l on l.id = r.entry_id where ${touched(batch)})`
}

async function countsOf(tx: Tx, batch: Batch): Promise<UndoCounts> {
  const [counts] = await tx.execute<UndoCounts>(sql`
    select count(*) filter (where reason is null and status = 'new')::int as voided,
      count(*) filter (where reason is null and status = 'changed')::int as restored,
      count(*) filter (where reason is not null)::int as kept
    from (${judged(batch)}) j`)
  return counts ?? { voided: 0, restored: 0, kept: 0 }
}

async function keptRows(tx: Tx, rows: SQL, { skip, most }: Stretch): Promise<KeptRow[]> {
  return tx.execute<KeptRow>(sql`
    select k.row, concat_ws(' ', '第 ' || k.line || ' 行', k.name) as name, '/inventory/counts/' || k.no as href, k.reason,
      null as "reasonHref"
    from ${rows} k where k.reason is not null order by k.block, k.row offset ${skip}::int limit ${most}::int`)
}

async function revert(tx: Tx, acting: Acting, batch: Batch, reason: string, watch: Watch): Promise<UndoCounts> {
  const [count] = await tx.execute<{ id: string }>(
    sql`select id::text from counts where call_id = ${batch.callId} and unit_id = ${batch.unitId}`,
  )
  await openCount(tx, acting.actor, count?.id ?? '', 'no key update')
  const counts = await countsOf(tx, batch)
  if (counts.voided + counts.restored === 0) {
    throw new RuleBroken('这份盘点单里的资产后来都又盘点过，不能撤销，请在清查单页面逐项更正。')
  }
  await tx.execute(sql`
    update import_rows r set kept = j.reason from (${judged(batch)}) j where r.id = j.row_id and j.reason is not null`)
  watch.progress({ phase: '正在恢复盘点结果', rows: 0, of: counts.restored + counts.voided })
  await tell(tx, acting, batch, reason)
  await tx.execute(sql`
    update count_lines l set ${setWritten}, version = l.version + 1
    from import_rows r
    join events e on e.count_id = ${count?.id ?? ''}::bigint and e.action = 'count.line'
      and e.detail -> 'document' ->> 'no' = ${batch.no} and (e.detail -> 'before' ->> 'id')::bigint = r.entry_id
    cross join lateral jsonb_populate_record(null::count_lines, e.detail -> 'before') v
    where l.id = r.entry_id and ${touched(batch)} and r.status = 'changed' and r.kept is null`)
  await tx.execute(sql`
    delete from count_lines where id in (
      select r.entry_id from import_rows r where ${touched(batch)} and r.status = 'new' and r.kept is null)`)
  return counts
}

/** What goes is told the other way round than it came. */
async function tell(tx: Tx, acting: Acting, batch: Batch, reason: string): Promise<void> {
  const events = eventColumns(acting, { action: '', comment: reason })
  const { action: _action, ...shared } = events
  const back = sql`(select coalesce(jsonb_object_agg(k, jsonb_build_object('old', v -> 'new', 'new', v -> 'old')), '{}')
    from jsonb_each(e.detail -> 'changes') c (k, v))`
  await tx.execute(sql`
    insert into events (${names([...Object.keys(shared), 'action', 'count_id', 'detail'])})
    select ${list(Object.values(shared))}, case r.status when 'new' then 'count.drop-surplus' else 'count.line' end,
      l.count_id, (e.detail - 'before') || jsonb_build_object('changes', ${back})
    from import_rows r
    join count_lines l on l.id = r.entry_id
    join events e on e.count_id = l.count_id and e.detail -> 'document' ->> 'no' = ${batch.no}
      and (e.detail ->> 'line')::int = l.no and e.action in ('count.line', 'count.surplus')
    where ${touched(batch)} and r.kept is null order by r.block, r.row`)
}
