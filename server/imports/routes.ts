import { sql } from 'drizzle-orm'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { limits } from '../../imports/reading/limits.ts'
import { tracks } from '../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { unitsOn } from '../access/units.ts'
import { has } from '../kernel/actor.ts'
import { NotFound, type Problem } from '../kernel/errors.ts'
import { type Acting, eventsOf } from '../kernel/events.ts'
import { filterUrl } from '../kernel/filter.ts'
import type { Answers } from '../kernel/forms.ts'
import { lastJob } from '../kernel/jobs.ts'
import { timeline } from '../kernel/timeline.ts'
import { type BatchRow, batchOf, sameFile } from './actions.ts'
import { awaitJob } from './awaited.ts'
import { batchView } from './batch-page.ts'
import { askToCommit, readAgain, stopBatch } from './job-actions.ts'
import { mayDecide, type OfferKey, offeredTo, offers, readers, writers } from './offers.ts'
import { type ImportOptions, targetOf } from './options.ts'
import { stateBadge, waitingView } from './progress.ts'
import { findBatch, listBatches } from './queries.ts'
import type { ReviewFilter } from './review-queries.ts'
import { reviewedRows } from './review-routes.ts'
import { reviewView } from './review-view.ts'
import { stateOf, wordingOf } from './wording.ts'
import { wrongRows } from './wrong-routes.ts'

const Place = {
  after: Type.Optional(Type.String({ maxLength: 300 })),
  before: Type.Optional(Type.String({ maxLength: 300 })),
}
const word = Type.Optional(Type.String({ maxLength: 100 }))
const BatchFilter = Type.Object({ ...Place, status: word, q: word, field: word, about: word, unit: word })
const No = Type.Object({ no: Type.String({ pattern: '^DR[0-9]{4}-[0-9]{4,}$' }) })
const Body = Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 300 }), {
  maxProperties: limits.tableColumns + 10,
})
/** What is told of a batch that was to be stopped. */
const stopped = {
  cancelled: '已取消，台账没有改动。',
  stopping: '正在停止，请稍等。',
  checked: '已停止，台账没有改动。',
}
type OneBatch = { Params: { no: string } }

const access = readers
const writes = writers

/** The history of imports, and one batch: reviewed, mapped, committed or cancelled. */
export async function batches(app: FastifyInstance, options: ImportOptions): Promise<void> {
  const { sentences } = options
  app.get<{ Querystring: { after?: string; before?: string } }>(
    '/imports',
    { schema: { querystring: Type.Object(Place) }, config: { access } },
    async (request, reply) => {
      const page = await request.as((tx) => listBatches(tx, request.actor, request.query, app.clock.today()))
      return reply.page('imports/list.njk', {
        rows: page.rows.map((row) => ({
          no: { text: row.no, href: `/imports/${row.no}` },
          file: row.file_name,
          unit: row.unit_name,
          track: row.track === null ? offers[row.target as OfferKey].label : choiceLabel(tracks, row.track),
          effective: row.effective_on,
          new: String(row.counts.new ?? 0),
          changed: String(row.counts.changed ?? 0),
          wrong: String(row.counts.wrong ?? 0),
          person: row.person ?? '系统',
          state: stateBadge(row),
        })),
        previous: page.previous && filterUrl('/imports', {}, { before: page.previous }),
        next: page.next && filterUrl('/imports', {}, { after: page.next }),
        offered: offeredTo(request.actor),
      })
    },
  )

  app.get<OneBatch & { Querystring: ReviewFilter }>(
    '/imports/:no',
    { schema: { params: No, querystring: BatchFilter }, config: { access } },
    async (request, reply) => {
      const row = await request.as((tx) => findBatch(tx, request.actor, request.params.no))
      const mayMap = row?.state === 'mapping' && mayDecide(request.actor, row)
      return mayMap ? reply.redirect(`/imports/${row.no}/mapping`, 303) : batchPage(request, reply)
    },
  )

  app.post<OneBatch & { Body: Answers }>(
    '/imports/:no/commit',
    { schema: { params: No, body: Body }, config: { access: writes } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const row = await ownBatch(tx, acting, request.params.no)
          const mode = request.body.action === 'good' ? 'good' : 'all'
          await askToCommit(tx, acting, row.id, { version: Number(request.body.version), mode })
          return { location: `/imports/${row.no}`, flash: '' }
        },
        (problems) => batchPage(request, reply, problems),
        { settled: () => settled(request, reply, 'import.commit') },
      ),
  )

  app.post<OneBatch & { Body: Answers }>(
    '/imports/:no/read',
    { schema: { params: No, body: Body }, config: { access: writes } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const row = await ownBatch(tx, acting, request.params.no)
          await readAgain(tx, acting, row.id, Number(request.body.version))
          return { location: `/imports/${row.no}`, flash: '' }
        },
        (problems) => batchPage(request, reply, problems),
        { settled: () => settled(request, reply, 'import.read') },
      ),
  )

  app.post<OneBatch & { Body: Answers }>(
    '/imports/:no/cancel',
    { schema: { params: No, body: Body }, config: { access: writes } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const row = await ownBatch(tx, acting, request.params.no)
          const became = await stopBatch(tx, acting, row.id, Number(request.body.version))
          return { location: became === 'cancelled' ? '/imports' : `/imports/${row.no}`, flash: stopped[became] }
        },
        (problems) => batchPage(request, reply, problems),
      ),
  )

  await reviewedRows(app, options, { ownBatch, batchPage })
  await wrongRows(app, options)
  app.get<OneBatch>('/imports/:no/progress', { schema: { params: No }, config: { access } }, async (request, reply) => {
    const data = await request.as(async (tx) => {
      const batch = await findBatch(tx, request.actor, request.params.no)
      if (!batch) throw new NotFound()
      const last = await lastJob(tx, batch.id)
      const waiting = waitingView(batch, last)
      return waiting?.bar ? { ...(await headOf(tx, request, batch)), waiting } : null
    })
    if (data) return reply.page('imports/waiting.njk', data)
    // Nothing is under way any more: the page shows what came of it.
    const place = `/imports/${request.params.no}`
    if (request.headers['hx-request'] !== 'true') return reply.redirect(place, 303)
    return reply.header('hx-refresh', 'true').send('')
  })

  function settled(request: FastifyRequest, reply: FastifyReply, kind: string) {
    return awaitJob(app, request, reply, (request.params as OneBatch['Params']).no, kind)
  }

  async function ownBatch(tx: Tx, acting: Acting, no: string): Promise<BatchRow> {
    const row = await findBatch(tx, acting.actor, no)
    if (!row || !mayDecide(acting.actor, row)) throw new NotFound()
    return row
  }

  async function headOf(tx: Tx, request: FastifyRequest, batch: BatchRow) {
    const [unit] = await unitsOn(tx, app.clock.today(), sql`u.id = ${batch.unitId}`)
    const wording = wordingOf(batch)
    return {
      batch,
      wording,
      own: mayDecide(request.actor, batch),
      unitName: unit?.name ?? '',
      trackLabel: batch.track === null ? offers[batch.target as OfferKey].label : choiceLabel(tracks, batch.track),
      state: stateOf(batch),
      events: timeline(await eventsOf(tx, { kind: 'batch', id: batch.id }), { ...sentences, ...wording.sentences }),
    }
  }

  async function batchPage(
    request: FastifyRequest,
    reply: FastifyReply,
    problems: readonly Problem[] = [],
    filter: ReviewFilter = request.query as ReviewFilter,
  ) {
    const { no } = request.params as OneBatch['Params']
    const data = await request.as(async (tx) => {
      const batch = await findBatch(tx, request.actor, no)
      if (!batch) throw new NotFound()
      const target = targetOf(options, batch.target, request.acting)
      const last = await lastJob(tx, batch.id)
      const head = await headOf(tx, request, batch)
      const { own } = head
      const waiting = waitingView(batch, last)
      if (waiting) return { ...head, waiting }
      return {
        ...head,
        mayDecide: own && batch.state === 'checked',
        mayUndo: own && batch.state === 'committed' && target.verbs?.undo !== undefined,
        makes: has(request.actor, 'system_administrator'),
        aftermath: batch.state === 'committed' ? ((await target.verbs?.aftermath?.(tx, batchOf(batch))) ?? null) : null,
        same: await sameFile(tx, batch),
        refusal: last?.state === 'failed' && refusable[last.kind] === batch.state ? last.failure : null,
        ...batchView(batch, target.fields),
        ...(await reviewView(tx, batch, target, filter, app.clock.today())),
      }
    })
    const template = 'waiting' in data ? 'imports/waiting.njk' : 'imports/show.njk'
    return reply.page(template, data, problems.length > 0 ? { status: 422, problems } : {})
  }
}

/** What a batch is still, where a job of this kind came to nothing. */
const refusable: Readonly<Record<string, string>> = { 'import.commit': 'checked', 'import.undo': 'committed' }
