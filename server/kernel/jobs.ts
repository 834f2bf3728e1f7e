import { sql } from 'drizzle-orm'
import type { County, Tx } from '../../db/client.ts'
import { type JobProgress, jobs } from '../../db/schema/jobs.ts'
import { brokenConstraint, RuleBroken } from './errors.ts'
import type { Acting } from './events.ts'

/** Somebody's long work, as it is claimed. */
export type Job = { id: string; kind: string; batchId: string | null; args: Record<string, unknown> }

/** What a kind of job is given for one attempt. */
export type JobRun = Job & {
  /** Who asked, with the roles they hold now. */
  acting: Acting
  /** `progress` may be called for every row; the signal is aborted when the work is to stop. */
  watch: { progress(state: JobProgress): void; signal: AbortSignal }
  /** A transaction that may take its time, and that ends when the work is to stop. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Marks the job done together with its effect; throws, and so undoes both, when the job is no longer ours. */
  finish(tx: Tx, message: string): Promise<void>
}

export type JobKind = {
  /** Does the work. A RuleBroken ends the job with its sentence; what else goes wrong is tried again or told as such. */
  run(run: JobRun): Promise<void>
  /** What becomes of the thing worked on when the job comes to nothing, in the transaction that ends it. */
  gaveUp(tx: Tx, acting: Acting, job: Job, end: GivenUp): Promise<void>
}

export type GivenUp = { state: 'cancelled' } | { state: 'failed'; sentence: string }

/** Puts a job in the queue; whoever does so wakes the workers once the transaction is over. Returns its id. */
export async function enqueue(
  tx: Tx,
  acting: Acting,
  { kind, batchId, args = {} }: { kind: string; batchId: string; args?: Record<string, unknown> },
): Promise<string> {
  const [row] = await tx
    .insert(jobs)
    .values({ kind, batchId, args, personId: acting.actor.personId, createdAt: sql`clock_timestamp()` })
    .returning({ id: jobs.id })
    .catch(unlessOpen)
  if (!row) throw new Error('the job was not written')
  return row.id
}

function unlessOpen(error: unknown): never {
  if (brokenConstraint(error)?.name === 'jobs_open_batch') throw new RuleBroken(busySentence)
  throw error
}

const busySentence = '这批数据正在办理，请等它办完再操作。'

/** Verbs of a thing call this before they change what an open job works on. */
export async function refuseWhileOpen(tx: Tx, batchId: string): Promise<void> {
  if (await openJob(tx, batchId)) throw new RuleBroken(busySentence)
}

export type JobState = {
  id: string
  kind: string
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  cancelAsked: boolean
  progress: JobProgress | null
  failure: string | null
  message: string | null
  /** Since the first attempt began. */
  seconds: number | null
  /** How many jobs come before it; 0 for the next one. */
  before: number
}

const columns = sql`j.id::text as id, j.kind, j.state, j.cancel_asked as "cancelAsked", j.progress, j.failure, j.message,
  extract(epoch from clock_timestamp() - j.started_at)::float8 as seconds,
  case j.state when 'queued' then (select count(*)::int from jobs q where q.state in ('queued', 'running')
    and (q.created_at, q.id) < (j.created_at, j.id)) else 0 end as before`

/** The one job that works on a thing or waits to. */
export async function openJob(tx: Tx, batchId: string): Promise<JobState | undefined> {
  const [row] = await tx.execute<JobState>(
    sql`select ${columns} from jobs j where j.batch_id = ${batchId} and j.state in ('queued', 'running')`,
  )
  return row
}

/** How many jobs somebody has in the queue. */
export async function openJobsOf(tx: Tx, personId: string | null): Promise<number> {
  const [row] = await tx.execute<{ open: number }>(sql`
    select count(*)::int as open from jobs
    where person_id is not distinct from ${personId} and state in ('queued', 'running')`)
  return row?.open ?? 0
}

/** The last job of a thing, however it ended. */
export async function lastJob(tx: Tx, batchId: string): Promise<JobState | undefined> {
  const [row] = await tx.execute<JobState>(
    sql`select ${columns} from jobs j where j.batch_id = ${batchId} order by j.created_at desc, j.id desc limit 1`,
  )
  return row
}

/** Asks for the end of a thing's open job: one that waits ends here, one that runs a moment later. */
export async function askToStop(tx: Tx, batchId: string): Promise<(Job & { ended: boolean }) | undefined> {
  const [row] = await tx.execute<Job & { ended: boolean }>(sql`
    update jobs set cancel_asked = true,
      state = case state when 'queued' then 'cancelled' else state end,
      finished_at = case state when 'queued' then clock_timestamp() end
    where batch_id = ${batchId} and state in ('queued', 'running')
    returning id::text as id, kind, batch_id::text as "batchId", args, state = 'cancelled' as ended`)
  return row
}

/** Waits for a thing's last job, a while; undefined when it is still open then, or nobody waits any more. */
export async function whenEnded(
  county: County,
  batchId: string,
  milliseconds: number,
  signal: AbortSignal,
): Promise<JobState | undefined> {
  const until = performance.now() + milliseconds
  for (let pause = 15; ; pause = Math.min(200, pause * 1.5)) {
    const job = await county.transaction({ readOnly: true }, (tx) => lastJob(tx, batchId))
    if (job && job.state !== 'queued' && job.state !== 'running') return job
    if (signal.aborted || performance.now() + pause > until) return undefined
    await new Promise<void>((go) => {
      const timer = setTimeout(done, pause)
      signal.addEventListener('abort', done, { once: true })
      function done() {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        go()
      }
    })
  }
}
