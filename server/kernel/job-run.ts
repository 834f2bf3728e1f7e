import { sql } from 'drizzle-orm'
import type { County, Tx } from '../../db/client.ts'
import type { JobProgress } from '../../db/schema/jobs.ts'
import { isPassing, RuleBroken } from './errors.ts'
import type { Acting } from './events.ts'
import { type Claim, endUndone, finish, mostAttempts, putBack, renew } from './job-claims.ts'
import type { GivenUp, JobKind } from './jobs.ts'

export type RunOptions = {
  county: County
  kinds: Readonly<Record<string, JobKind>>
  /** Who asked, with the roles they hold now; a RuleBroken says why they may no longer. */
  actingFor(tx: Tx, personId: string | null): Promise<Acting>
  /** Who ends a job that came to nothing. */
  system: Acting
  /** What is wrong with the program or the database, for the log. */
  trouble(error: unknown): void
  /** Ends what runs outside of this thread for its jobs; called until they have ended. */
  endHelpers?(): void
}

export type Run = {
  /** Resolves when nothing of it is left to do; never rejects. */
  ended: Promise<void>
  /** The worker goes: the job is put back. */
  giveUp(): void
}

/** Why a run's work is stopped. */
class Stopped extends Error {
  readonly why: 'asked' | 'lost' | 'closing'
  constructor(why: Stopped['why']) {
    super(`the job was stopped: ${why}`)
    this.why = why
  }
}

/** Often enough for whoever watches the bar; the lease is renewed with it. */
const beat = 1000
/** Longest silence of a transaction: a job may wait for another one's, and for a large statement. */
const patience = 30 * 60_000

/** Works on a claimed job until it is done, given up or no longer ours. */
export function beginRun(held: Claim, options: RunOptions): Run {
  const { county, trouble } = options
  const stop = new AbortController()
  const backends = new Set<number>()
  let progress: JobProgress | null = null
  let beating: Promise<void> = Promise.resolve()
  let finished = false

  const stopFor = (why: Stopped['why']) => {
    if (!stop.signal.aborted) stop.abort(new Stopped(why))
  }

  const isClosing = () => {
    const { reason } = stop.signal
    return reason instanceof Stopped && reason.why === 'closing'
  }

  async function tick(): Promise<void> {
    if (stop.signal.aborted) return interrupt()
    const told = progress
    progress = null
    const kept = await county.transaction({}, (tx) => renew(tx, held, told))
    if (!kept) stopFor('lost')
    else if (kept.cancelAsked) stopFor('asked')
    if (stop.signal.aborted) await interrupt()
  }

  /** A statement under way knows nothing of signals: the database is asked to end it, again while there may be a next. */
  async function interrupt(): Promise<void> {
    if (isClosing()) options.endHelpers?.()
    if (backends.size === 0) return
    await county.transaction({}, (tx) =>
      tx.execute(sql`select pg_cancel_backend(pid::int) from unnest(${`{${[...backends].join(',')}}`}::int[]) as pid`),
    )
  }

  async function transaction<T>(acting: Acting, work: (tx: Tx) => Promise<T>): Promise<T> {
    stop.signal.throwIfAborted()
    let backend: number | undefined
    try {
      return await county.transaction({ keys: acting.actor.keys, timeout: patience, sets: true }, async (tx) => {
        // Waits for others as long as it must, and ends with its worker even in the middle of a statement.
        await tx.execute(sql`set local lock_timeout = 0; set local client_connection_check_interval = 1000`)
        const [own] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)
        backend = own?.pid
        if (backend !== undefined) backends.add(backend)
        stop.signal.throwIfAborted()
        const result = await work(tx)
        stop.signal.throwIfAborted()
        if (backend !== undefined) backends.delete(backend)
        return result
      })
    } finally {
      if (backend !== undefined) backends.delete(backend)
    }
  }

  async function work(): Promise<void> {
    if (held.cancelAsked) throw new Stopped('asked')
    if (held.attempt > mostAttempts) throw new RuleBroken(`连续 ${mostAttempts} 次没有办完就中断了，请告诉系统管理员。`)
    const kind = options.kinds[held.kind]
    if (!kind) throw new Error(`no job is called ${held.kind}`)
    const acting = await county.transaction({ readOnly: true }, (tx) => options.actingFor(tx, held.personId))
    await kind.run({
      id: held.id,
      kind: held.kind,
      batchId: held.batchId,
      args: held.args,
      acting,
      watch: {
        progress: (state) => {
          progress = state
        },
        signal: stop.signal,
      },
      transaction: (work) => transaction(acting, work),
      async finish(tx, message) {
        finished = await finish(tx, held, message)
        if (finished) return
        const kept = await renew(tx, held, null)
        throw new Stopped(kept?.cancelAsked ? 'asked' : 'lost')
      },
    })
    if (!finished) throw new Error(`${held.kind} came to an end without finishing its job`)
  }

  async function end(error: unknown): Promise<void> {
    const why = stop.signal.aborted ? stop.signal.reason : error
    if (why instanceof Stopped && why.why === 'lost') return
    if (why instanceof Stopped && why.why === 'closing') {
      return county.transaction({}, (tx) => putBack(tx, held, { counts: false, seconds: 0 }))
    }
    if (why instanceof Stopped) return giveUp({ state: 'cancelled' })
    if (why instanceof RuleBroken) return giveUp({ state: 'failed', sentence: why.message })
    trouble(error)
    if (isPassing(error) && held.attempt < mostAttempts) {
      return county.transaction({}, (tx) => putBack(tx, held, { counts: true, seconds: 2 * held.attempt }))
    }
    return giveUp({
      state: 'failed',
      sentence: `处理时出错，台账没有改动。请再试一次；还不行请告诉系统管理员（任务 ${held.id}）。`,
    })
  }

  async function giveUp(end: GivenUp): Promise<void> {
    const sentence = end.state === 'failed' ? end.sentence : null
    await county.transaction({}, async (tx) => {
      if (!(await endUndone(tx, held, { state: end.state, sentence }))) return
      await options.kinds[held.kind]?.gaveUp(tx, options.system, held, end)
    })
  }

  let beats = setInterval(() => {
    beating = beating.then(tick).catch(trouble)
  }, beat)
  const ended = work()
    .catch(end)
    // What cannot even be written down is taken up again when the lease is over.
    .catch(trouble)
    .finally(async () => {
      clearInterval(beats)
      await beating
    })
  return {
    ended,
    giveUp() {
      stopFor('closing')
      clearInterval(beats)
      const insist = () => {
        beating = beating.then(interrupt).catch(() => undefined)
      }
      insist()
      beats = setInterval(insist, 50)
    },
  }
}
