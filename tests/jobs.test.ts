import { setTimeout as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Tx } from '../db/client.ts'
import { asSystem } from '../server/access/system.ts'
import { RuleBroken } from '../server/kernel/errors.ts'
import type { Acting } from '../server/kernel/events.ts'
import { type JobLoop, type JobLoopOptions, openJobLoop } from '../server/kernel/job-loop.ts'
import { askToStop, enqueue, type JobKind, type JobRun, lastJob, openJob } from '../server/kernel/jobs.ts'
import { openTestApp, type TestApp } from './support/app.ts'
import type { Account } from './support/county.ts'

let test: TestApp
const loops: JobLoop[] = []
beforeAll(async () => {
  test = await openTestApp(undefined, {}, { jobs: 'none' })
})
afterEach(async () => {
  for (const loop of loops.splice(0)) await loop.close()
  await test.db((tx) => tx.execute(sql`delete from jobs`))
})
afterAll(() => test.close())

const troubles: string[] = []
const gaveUp: string[] = []

/** A worker for one kind of job. */
function work(run: JobKind['run'], more: Partial<JobLoopOptions> = {}): JobLoop {
  const loop = openJobLoop({
    county: test.county,
    most: 2,
    kinds: {
      'test.work': {
        run,
        gaveUp: async (tx, _acting, { batchId }, end) => {
          await mark(tx, batchId, end.state)
          gaveUp.push(end.state)
        },
      },
    },
    actingFor: async () => asSystem(test.clock),
    system: asSystem(test.clock),
    trouble: (error) => troubles.push(String(error)),
    poll: 50,
    ...more,
  })
  loops.push(loop)
  return loop
}

const by = (account: Account): Acting => {
  const acting = asSystem(test.clock)
  return { ...acting, actor: { ...acting.actor, personId: test.fixture.people[account] ?? '' } }
}

let made = 100
/** A batch to work on. */
async function batch(): Promise<string> {
  const no = `DR2026-9${++made}`
  const unit = test.fixture.units.古井村股份经济合作联合社
  return test.db(async (tx) => {
    await tx.execute(
      sql`insert into files (sha256, size, created_at) values (repeat('a', 64), 1, now()) on conflict do nothing`,
    )
    const [row] = await tx.execute<{ id: string }>(sql`
      insert into import_batches (no, state, target, unit_id, track, sha256, file_name, effective_on, created_at)
      values (${no}, 'checked', 'cards', ${unit}, 'collective', repeat('a', 64), 'a', '2026-03-01', now())
      returning id::text as id`)
    return row?.id ?? ''
  })
}

async function put(account: Account = 'zhang', id?: string): Promise<string> {
  const batchId = id ?? (await batch())
  await test.db((tx) => enqueue(tx, by(account), { kind: 'test.work', batchId }))
  return batchId
}

/** The effect of the work: one more mark on the batch. */
const mark = (tx: Tx, batchId: string | null, text = 'x') =>
  tx.execute(sql`update import_batches set file_name = file_name || ${text} where id = ${batchId}`)

async function marks(batchId: string): Promise<string> {
  const [row] = await test.db((tx) =>
    tx.execute<{ name: string }>(sql`select file_name as name from import_batches where id = ${batchId}`),
  )
  return row?.name.slice(1) ?? ''
}

const stateOf = async (batchId: string) => (await test.db((tx) => lastJob(tx, batchId)))?.state

const once = (run: JobRun) =>
  run.transaction(async (tx) => {
    await mark(tx, run.batchId)
    await run.finish(tx, '办好了')
  })

describe('a job', () => {
  it('is done once, with its effect, and says so', async () => {
    const id = await put()
    work(once)
    work(once)
    await until(async () => (await stateOf(id)) === 'done')
    expect(await marks(id)).toBe('x')
    expect(await test.db((tx) => lastJob(tx, id))).toMatchObject({ message: '办好了', failure: null })
  })

  it('is the only open one of its batch', async () => {
    const id = await put()
    await expect(put('nong', id)).rejects.toThrow('这批数据正在办理')
  })

  it('that a rule refuses ends with the rule’s sentence, at once', async () => {
    const id = await put()
    work(async (run) => {
      await run.transaction(async (tx) => {
        await mark(tx, run.batchId)
        throw new RuleBroken('还有 3 行有错。')
      })
    })
    await until(async () => (await stateOf(id)) === 'failed')
    expect(await test.db((tx) => lastJob(tx, id))).toMatchObject({ failure: '还有 3 行有错。' })
    expect(await marks(id)).toBe('failed')
  })

  it('B6 C20 test_row_failure_is_logged_to_logger: that breaks tells the log, and the person what to do', async () => {
    const id = await put()
    work(async () => {
      throw new TypeError('cannot read properties of undefined')
    })
    await until(async () => (await stateOf(id)) === 'failed')
    expect((await test.db((tx) => lastJob(tx, id)))?.failure).toMatch(/^处理时出错，台账没有改动。请再试一次/)
    expect(troubles.at(-1)).toContain('cannot read properties')
  })

  it('that only met somebody else’s lock is tried again, three times in all', { timeout: 60_000 }, async () => {
    const id = await put()
    let attempts = 0
    work(async () => {
      attempts++
      throw Object.assign(new Error('deadlock detected'), { code: '40P01' })
    })
    await until(async () => (await stateOf(id)) === 'failed')
    expect(attempts).toBe(3)
    expect(await marks(id)).toBe('failed')
  })

  it('asked for by somebody who may no longer is not done', async () => {
    const id = await put()
    work(once, {
      actingFor: async () => {
        throw new RuleBroken('账号已停用。')
      },
    })
    await until(async () => (await stateOf(id)) === 'failed')
    expect(await marks(id)).toBe('failed')
  })
})

describe('a worker that is gone', () => {
  const expire = (id: string) =>
    test.db((tx) => tx.execute(sql`update jobs set lease_until = now() - interval '1 second' where batch_id = ${id}`))

  it('leaves its job to the next, and has no effect should it come back', async () => {
    const id = await put()
    const { promise: goOn, resolve: wakeUp } = Promise.withResolvers<void>()
    let late: unknown
    let begun = false
    const sleeper = work(async (run) => {
      await run.transaction(async (tx) => {
        begun = true
        await goOn
        await mark(tx, run.batchId, 'late')
        await run.finish(tx, '迟了').catch((error) => {
          late = error
          throw error
        })
      })
    })
    await until(async () => begun)
    // As if the process had stood still past its lease, and another one had begun meanwhile and been killed.
    await test.db((tx) => tx.execute(sql`update jobs set worker = 'other', attempt = 2 where batch_id = ${id}`))
    wakeUp()
    await until(async () => late !== undefined)
    await sleeper.close()
    await expire(id)
    work(once)
    await until(async () => (await stateOf(id)) === 'done')
    expect(await marks(id)).toBe('x')
    expect(String(late)).toContain('lost')
  })

  it('B16 test_stop_import_without_job_marks_error: three times over has the job given up, not stuck', async () => {
    const id = await put()
    await test.db((tx) =>
      tx.execute(
        sql`update jobs set state = 'running', attempt = 3, worker = 'gone', started_at = now() where batch_id = ${id}`,
      ),
    )
    await expire(id)
    work(once)
    await until(async () => (await stateOf(id)) === 'failed')
    expect((await test.db((tx) => lastJob(tx, id)))?.failure).toContain('连续 3 次没有办完')
    expect(await marks(id)).toBe('failed')
  })
})

describe('the queue', () => {
  it('runs two jobs at once, one of each person, in the order they came', { timeout: 60_000 }, async () => {
    const ids = [await put('zhang'), await put('zhang'), await put('nong'), await put('hong')]
    const { promise: goOn, resolve: open } = Promise.withResolvers<void>()
    const running: string[] = []
    work(async (run) => {
      running.push(run.batchId ?? '')
      await goOn
      await once(run)
    })
    await until(async () => running.length === 2)
    await pause(200)
    expect(running).toEqual([ids[0], ids[2]])
    expect(await test.db((tx) => openJob(tx, ids[3] ?? ''))).toMatchObject({ state: 'queued', before: 3 })
    open()
    await until(async () => (await Promise.all(ids.map(stateOf))).every((state) => state === 'done'))
    expect(running.length).toBe(4)
  })

  it('keeps to two of the county over all its workers', { timeout: 60_000 }, async () => {
    const ids = await Promise.all((['zhang', 'nong', 'hong', 'cai', 'shi'] as const).map((account) => put(account)))
    let most = 0
    let now = 0
    const run = async (run: JobRun) => {
      most = Math.max(most, ++now)
      await pause(50)
      await once(run)
      now--
    }
    for (let at = 0; at < 3; at++) work(run)
    await until(async () => (await Promise.all(ids.map(stateOf))).every((state) => state === 'done'))
    expect(most).toBe(2)
    expect(await Promise.all(ids.map(marks))).toEqual(['x', 'x', 'x', 'x', 'x'])
  })
})

describe('a job that is to stop', () => {
  it('ends in the middle of a statement, and its effect with it', { timeout: 60_000 }, async () => {
    const id = await put()
    let begun = false
    work((run) =>
      run.transaction(async (tx) => {
        await mark(tx, run.batchId)
        begun = true
        await tx.execute(sql`select pg_sleep(50)`)
        await run.finish(tx, '')
      }),
    )
    await until(async () => begun)
    expect(await test.db((tx) => askToStop(tx, id))).toMatchObject({ ended: false })
    await until(async () => (await stateOf(id)) === 'cancelled')
    expect(await marks(id)).toBe('cancelled')
  })

  it('does not finish once somebody has asked', async () => {
    const id = await put()
    work(async (run) => {
      await test.db((tx) => askToStop(tx, id))
      await once(run)
    })
    await until(async () => (await stateOf(id)) === 'cancelled')
    expect(await marks(id)).toBe('cancelled')
  })

  it('ends at once while it waits', async () => {
    const id = await put()
    expect(await test.db((tx) => askToStop(tx, id))).toMatchObject({ ended: true })
    work(once)
    await pause(200)
    expect(await stateOf(id)).toBe('cancelled')
    expect(await marks(id)).toBe('')
  })

  it('because its worker closes goes back to the queue as if it had not begun', async () => {
    const id = await put()
    let begun = false
    const loop = work((run) =>
      run.transaction(async (tx) => {
        begun = true
        await tx.execute(sql`select pg_sleep(50)`)
        await run.finish(tx, '')
      }),
    )
    await until(async () => begun)
    await loop.close()
    const rows = await test.db((tx) => tx.execute(sql`select state, attempt, worker from jobs where batch_id = ${id}`))
    expect([...rows]).toEqual([{ state: 'queued', attempt: 0, worker: null }])
    work(once)
    await until(async () => (await stateOf(id)) === 'done')
  })
})

it('tells how far it is while it runs', { timeout: 60_000 }, async () => {
  const id = await put()
  let told = false
  work(async (run) => {
    run.watch.progress({ phase: '正在读取', rows: 1200, of: 4000, share: 0.3 })
    await until(async () => told)
    await once(run)
  })
  await until(async () => (await test.db((tx) => openJob(tx, id)))?.progress !== null)
  expect(await test.db((tx) => openJob(tx, id))).toMatchObject({
    state: 'running',
    progress: { rows: 1200, share: 0.3 },
  })
  told = true
  await until(async () => (await stateOf(id)) === 'done')
})

/** Waits until something is so; a hang is told by the test's own time. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(20)
}
