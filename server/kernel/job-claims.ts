import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import type { JobProgress } from '../../db/schema/jobs.ts'
import type { Job } from './jobs.ts'
import { takeNumbers } from './numbers.ts'

/** A job that somebody works on: ours as long as worker and attempt are. */
export type Claim = Job & { personId: string | null; worker: string; attempt: number; cancelAsked: boolean }

/** How often a job is begun before it is given up: what kills its worker each time will do so again. */
export const mostAttempts = 3

// The database's clock alone decides: workers may stand on different machines.
const lease = sql`clock_timestamp() + interval '15 seconds'`
const runs = sql`r.state = 'running' and r.lease_until >= clock_timestamp()`
/** Queued, and not put off for a moment, or left behind by a worker that is gone; and neither person nor county has enough. */
const free = (most: number) => sql`(j.state = 'queued' and (j.lease_until is null or j.lease_until < clock_timestamp())
    or j.state = 'running' and j.lease_until < clock_timestamp())
  and (select count(*) from jobs r where ${runs}) < ${most}
  and not exists (select from jobs r where ${runs} and r.person_id is not distinct from j.person_id)`

/** Is there anything to claim? Asked often, and takes no lock. */
export async function anyFree(tx: Tx, most: number): Promise<boolean> {
  const [row] = await tx.execute<{ any: boolean }>(sql`select exists (select from jobs j where ${free(most)}) as any`)
  return row?.any ?? false
}

/** Takes the longest waiting job whose person has none running; claims are made one after the other, so that they count right. */
export async function claim(tx: Tx, worker: string, most: number): Promise<Claim | undefined> {
  await takeNumbers(tx, 'job claims')
  const [row] = await tx.execute<Claim>(sql`
    with next as (
      select id from jobs j where ${free(most)} order by created_at, id limit 1 for update skip locked)
    update jobs set state = 'running', attempt = attempt + 1, worker = ${worker}, lease_until = ${lease}, progress = null,
      started_at = coalesce(started_at, clock_timestamp())
    where id = (select id from next)
    returning id::text as id, kind, batch_id::text as "batchId", args, person_id::text as "personId", worker, attempt,
      cancel_asked as "cancelAsked"`)
  return row
}

const mine = ({ id, worker, attempt }: Claim): SQL =>
  sql`id = ${id} and worker = ${worker} and attempt = ${attempt} and state = 'running'`

/** Holds on to the job and tells how far it is; undefined when it is no longer ours. */
export async function renew(
  tx: Tx,
  held: Claim,
  progress: JobProgress | null,
): Promise<{ cancelAsked: boolean } | undefined> {
  const [row] = await tx.execute<{ cancelAsked: boolean }>(sql`
    update jobs set lease_until = ${lease}, progress = coalesce(${progress && JSON.stringify(progress)}::jsonb, progress)
    where ${mine(held)} returning cancel_asked as "cancelAsked"`)
  return row
}

/** Marks the job done, unless somebody asked for its end or it is no longer ours: then false. */
export async function finish(tx: Tx, held: Claim, message: string): Promise<boolean> {
  const rows = await tx.execute(sql`
    update jobs set state = 'done', message = ${message}, finished_at = clock_timestamp(), lease_until = null, progress = null
    where ${mine(held)} and not cancel_asked returning id`)
  return rows.length > 0
}

/** Ends the job without an effect; false when it is no longer ours. */
export async function endUndone(
  tx: Tx,
  held: Claim,
  end: { state: 'failed' | 'cancelled'; sentence: string | null },
): Promise<boolean> {
  const rows = await tx.execute(sql`
    update jobs set state = ${end.state}, failure = ${end.sentence}, finished_at = clock_timestamp(), lease_until = null,
      progress = null
    where ${mine(held)} returning id`)
  return rows.length > 0
}

/** Back to its place in the queue: the attempt does not count when the worker itself gave it up. */
export async function putBack(tx: Tx, held: Claim, how: { counts: boolean; seconds: number }): Promise<void> {
  await tx.execute(sql`
    update jobs set state = 'queued', worker = null, progress = null, attempt = attempt - ${how.counts ? 0 : 1}::int,
      lease_until = clock_timestamp() + make_interval(secs => ${how.seconds})
    where ${mine(held)}`)
}
