import { sql } from 'drizzle-orm'
import type { Invariant } from './invariant.ts'

export const jobInvariants: readonly Invariant[] = [
  {
    name: '办完的导入任务与批次一致，各只办成一次',
    broken: () => sql`
      select b.no || '：' || b.state || '，' || j.kind || ' 办成 ' || count(*) || ' 次' as what
      from jobs j join import_batches b on b.id = j.batch_id
      where j.state = 'done' and j.kind in ('import.commit', 'import.undo')
      group by b.id, b.no, b.state, j.kind
      having count(*) > 1 or b.state <> 'undone' and (j.kind = 'import.undo' or b.state <> 'committed')`,
  },
  {
    name: '已经了结的批次没有未完的任务',
    broken: () => sql`
      select b.no || '：' || b.state || '，' || j.kind as what
      from jobs j join import_batches b on b.id = j.batch_id
      where j.state in ('queued', 'running')
        and (b.state in ('failed', 'cancelled', 'undone') or (b.state = 'committed') <> (j.kind = 'import.undo'))`,
  },
  {
    name: '读取中的批次都有任务在读',
    broken: () => sql`
      select b.no as what from import_batches b
      where b.state = 'reading' and not exists (
        select from jobs j where j.batch_id = b.id and j.kind = 'import.read' and j.state in ('queued', 'running'))`,
  },
  {
    name: '没有读成的批次写明原因',
    broken: () => sql`
      select b.no || '：' || b.state as what from import_batches b where (b.state = 'failed') <> (b.failure is not null)`,
  },
  {
    name: '待对应栏目的批次都有没答的问题',
    broken: () => sql`
      select b.no as what from import_batches b
      where b.state = 'mapping' and not exists (
        select from jsonb_array_elements(b.reading -> 'questions') q where q -> 'answered' is null)`,
  },
  {
    name: '办理中的任务有人按期在办，办完的不再占用',
    broken: () => sql`
      select j.kind || ' ' || j.id || '：' || j.state as what from jobs j
      where (j.state = 'running' and (j.worker is null or j.lease_until is null or j.started_at is null))
        or (j.state in ('done', 'failed', 'cancelled') and (j.lease_until is not null or j.finished_at is null))
        or (j.state in ('queued', 'running') and j.finished_at is not null)
        or (j.state = 'failed') <> (j.failure is not null)`,
  },
]
