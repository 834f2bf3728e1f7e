import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { people } from './access.ts'
import { at, id, reference } from './columns.ts'
import { importBatches } from './imports.ts'

/** Long work that outlives the request that asked for it. Whoever holds the lease does it; the effect and `done` commit together. */
export const jobs = pgTable(
  'jobs',
  {
    id: id(),
    /** Dotted like events: `import.read`. */
    kind: text('kind').notNull(),
    /** What it works on; at most one unfinished job each. */
    batchId: reference('batch_id').references(() => importBatches.id),
    args: jsonb('args').$type<Record<string, unknown>>().notNull().default({}),
    /** Who asked; null: the operator 系统. The job acts with the roles they hold when it runs. */
    personId: reference('person_id').references(() => people.id),
    state: text('state').notNull().default('queued'),
    attempt: integer('attempt').notNull().default(0),
    /** Which process works on it, until when unless it says so again. */
    worker: text('worker'),
    leaseUntil: at('lease_until'),
    cancelAsked: boolean('cancel_asked').notNull().default(false),
    progress: jsonb('progress').$type<JobProgress>(),
    /** One Chinese sentence: what is wrong and what to do. */
    failure: text('failure'),
    /** One Chinese sentence for whoever waits on the page. */
    message: text('message'),
    createdAt: at('created_at').notNull(),
    startedAt: at('started_at'),
    finishedAt: at('finished_at'),
  },
  (table) => [
    uniqueIndex('jobs_open_batch').on(table.batchId).where(sql`${table.state} in ('queued','running')`),
    index('jobs_queue').on(table.createdAt, table.id).where(sql`${table.state} in ('queued','running')`),
    index('jobs_batch').on(table.batchId, table.createdAt),
    check('jobs_state', sql`${table.state} in ('queued','running','done','failed','cancelled')`),
  ],
)

/** How far a job is. */
export type JobProgress = {
  /** Chinese, as in 正在读取. */
  phase: string
  /** Rows done in this phase, and of how many where that is known. */
  rows: number
  of: number | null
  /** Of the whole job, 0 to 1. */
  share: number
}
