/** What may not be found of jobs and the batches they work on. */
export const jobViolations: readonly (readonly [name: string, shown: string, ...statements: string[]])[] = [
  [
    '办完的导入任务与批次一致，各只办成一次',
    'DR2026-0001：checked，import.commit 办成 1 次',
    `update import_batches set state = 'checked'`,
    job('import.commit', 'done', { finished: 'now()' }),
  ],
  [
    '办完的导入任务与批次一致，各只办成一次',
    'DR2026-0001：committed，import.commit 办成 2 次',
    job('import.commit', 'done', { finished: 'now()' }),
    job('import.commit', 'done', { finished: 'now()' }),
  ],
  [
    '办完的导入任务与批次一致，各只办成一次',
    'import.undo 办成 1 次',
    job('import.undo', 'done', { finished: 'now()' }),
  ],
  ['已经了结的批次没有未完的任务', 'DR2026-0001：committed，import.read', job('import.read', 'queued')],
  [
    '已经了结的批次没有未完的任务',
    'DR2026-0001：cancelled，import.read',
    `update import_batches set state = 'cancelled'`,
    job('import.read', 'queued'),
  ],
  ['读取中的批次都有任务在读', 'DR2026-0001', `update import_batches set state = 'reading'`],
  ['没有读成的批次写明原因', 'DR2026-0001：failed', `update import_batches set state = 'failed'`],
  ['没有读成的批次写明原因', 'DR2026-0001：committed', `update import_batches set failure = '文件已损坏。'`],
  ['待对应栏目的批次都有没答的问题', 'DR2026-0001', `update import_batches set state = 'mapping'`],
  ['办理中的任务有人按期在办，办完的不再占用', 'import.undo', job('import.undo', 'running')],
  [
    '办理中的任务有人按期在办，办完的不再占用',
    'import.commit',
    job('import.commit', 'done', { finished: 'now()', lease: 'now()' }),
  ],
  ['办理中的任务有人按期在办，办完的不再占用', 'import.read', job('import.read', 'failed', { finished: 'now()' })],
  ['办理中的任务有人按期在办，办完的不再占用', 'import.undo', job('import.undo', 'queued', { finished: 'now()' })],
]

function job(kind: string, state: string, { finished = 'null', lease = 'null' } = {}): string {
  return `insert into jobs (kind, batch_id, state, created_at, finished_at, lease_until)
    select '${kind}', id, '${state}', now(), ${finished}, ${lease} from import_batches`
}
