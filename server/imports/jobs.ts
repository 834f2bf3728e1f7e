import { eq } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { importBatches } from '../../db/schema/imports.ts'
import type { CommitMode, MatchCounts } from '../../imports/target.ts'
import { RuleBroken, Stale } from '../kernel/errors.ts'
import type { JobKind, JobRun } from '../kernel/jobs.ts'
import { FileMissing, StoreDown } from '../records/files.ts'
import { type BatchRow, batchOf, commitReviewed } from './actions.ts'
import { beginReading, giveUpReading, type ReadArgs, refuseForeign } from './job-actions.ts'
import { recallOf } from './mappings.ts'
import { type ImportOptions, targetOf } from './options.ts'
import { paced } from './pace.ts'
import { readBatch } from './read.ts'
import { type Undo, undoBatch, undoSentence } from './undo.ts'
import { asProblem } from './upload.ts'

/** The long work of imports: each calls the verb of its name and ends with its effect. */
export function importJobs(options: Pick<ImportOptions, 'store' | 'targets'>): Record<string, JobKind> {
  return {
    'import.read': {
      run: (run) => read(options, run).catch(asSentence),
      gaveUp: (tx, acting, { batchId }, end) => giveUpReading(tx, acting, batchId ?? '', end),
    },
    'import.commit': {
      run: (run) => commit(options, run).catch(asSentence),
      // The batch is as it was reviewed; why it was not committed stands with the job.
      gaveUp: async () => undefined,
    },
    'import.undo': {
      run: (run) => undo(options, run).catch(asSentence),
      // The batch stays committed.
      gaveUp: async () => undefined,
    },
  }
}

async function read({ store, targets }: Pick<ImportOptions, 'store' | 'targets'>, run: JobRun): Promise<void> {
  const row = await run.transaction((tx) => beginReading(tx, run.acting, run.batchId ?? ''))
  const target = targetOf({ targets }, row.target, run.acting)
  await store.withLocalFile(row.sha256, (path) =>
    run.transaction(async (tx) => {
      const { decided } = run.args as ReadArgs
      // Whoever wrote the table themselves need not remember how to read it.
      const options = decided || row.origin === 'edit' ? {} : { recall: recallOf(tx, run.acting, row.target) }
      const state = await readBatch(tx, batchOf(row), path, target, options, paced(run))
      await run.finish(tx, readSentence(row, state))
    }),
  )
}

async function commit({ targets }: Pick<ImportOptions, 'targets'>, run: JobRun): Promise<void> {
  const moved = await run.transaction(async (tx) => {
    const row = await found(tx, run)
    refuseForeign(run.acting.actor, row)
    const input = run.args as { version: number; mode: CommitMode }
    const target = targetOf({ targets }, row.target, run.acting)
    const came = await commitReviewed(tx, run.acting, target, row.id, input, paced(run))
    if ('moved' in came) return came.moved
    await run.finish(tx, committedSentence(row, came))
    return 0
  })
  if (moved > 0) {
    throw new RuleBroken(`您核对之后台账有变动，有 ${moved} 行的结果和您看到的不同，没有导入。请核对新的结果后再导入。`)
  }
}

async function undo({ targets }: Pick<ImportOptions, 'targets'>, run: JobRun): Promise<void> {
  await run.transaction(async (tx) => {
    const row = await found(tx, run)
    refuseForeign(run.acting.actor, row)
    const target = targetOf({ targets }, row.target, run.acting)
    const counts = await undoBatch(tx, run.acting, target, row.id, run.args as Undo, paced(run))
    await run.finish(tx, `已撤销：${undoSentence(counts, target.key)}。`)
  })
}

function readSentence({ origin }: BatchRow, state: 'mapping' | 'checked'): string {
  if (origin === 'edit') return '请逐项核对，确认后才写入台账。'
  return state === 'mapping' ? '文件已读取，还有几处要您定。' : '文件已读取，请核对后导入。'
}

function committedSentence({ origin }: BatchRow, came: MatchCounts): string {
  return origin === 'edit' ? `已修改 ${came.changed} 项。` : `已导入：新增 ${came.new} 项，变更 ${came.changed} 项。`
}

async function found(tx: Tx, { batchId }: JobRun): Promise<BatchRow> {
  const [row] = await tx
    .select()
    .from(importBatches)
    .where(eq(importBatches.id, batchId ?? ''))
  if (!row) throw new Error(`there is no batch ${batchId}`)
  return row
}

/** What whoever waits on the page can do something about is told in a sentence. */
function asSentence(error: unknown): never {
  if (error instanceof Stale) throw new RuleBroken('这批数据刚被别人改过，没有办理。请核对后再办。')
  if (error instanceof StoreDown) throw new RuleBroken('文件存储暂时连不上，没有读取。请过一两分钟重新读取。')
  if (error instanceof FileMissing) throw new RuleBroken('这份文件的内容已经不在了，请重新上传。')
  return asProblem(error)
}
