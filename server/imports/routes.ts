import { sql } from 'drizzle-orm'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { limits } from '../../imports/reading/limits.ts'
import { tracks } from '../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { unitsOn } from '../access/units.ts'
import { businessRoles, mayEnter, type Track } from '../kernel/actor.ts'
import { NotFound, type Problem, RuleBroken } from '../kernel/errors.ts'
import { type Acting, eventsOf } from '../kernel/events.ts'
import { filterUrl } from '../kernel/filter.ts'
import type { Answers } from '../kernel/forms.ts'
import { timeline } from '../kernel/timeline.ts'
import { type BatchRow, batchOf, cancelBatch, commitBatch, lockBatch, type Reading, sameFile } from './actions.ts'
import { batchView } from './batch-page.ts'
import { type ImportOptions, takeTurn, targetOf } from './options.ts'
import { findBatch, listBatches } from './queries.ts'
import { readBatch } from './read.ts'
import type { ReviewFilter } from './review-queries.ts'
import { reviewedRows } from './review-routes.ts'
import { reviewView } from './review-view.ts'
import { batchStates } from './sentences.ts'
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
type OneBatch = { Params: { no: string } }

const access = { roles: businessRoles }
const writes = { roles: ['keeper', 'lead'] as const }

/** The history of imports, and one batch: reviewed, mapped, committed or cancelled. */
export async function batches(app: FastifyInstance, options: ImportOptions): Promise<void> {
  const { store, sentences } = options
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
          track: choiceLabel(tracks, row.track),
          effective: row.effective_on,
          new: String(row.counts.new ?? 0),
          changed: String(row.counts.changed ?? 0),
          wrong: String(row.counts.wrong ?? 0),
          person: row.person ?? '系统',
          state: {
            badge: batchStates[row.state as keyof typeof batchStates].label,
            tone: batchStates[row.state as keyof typeof batchStates].tone,
          },
        })),
        previous: page.previous && filterUrl('/imports', {}, { before: page.previous }),
        next: page.next && filterUrl('/imports', {}, { after: page.next }),
        mayImport: request.actor.grants.some(({ role }) => role === 'keeper' || role === 'lead'),
      })
    },
  )

  app.get<OneBatch & { Querystring: ReviewFilter }>(
    '/imports/:no',
    { schema: { params: No, querystring: BatchFilter }, config: { access } },
    async (request, reply) => batchPage(request, reply),
  )

  app.post<OneBatch & { Body: Answers }>(
    '/imports/:no/mapping',
    { schema: { params: No, body: Body }, config: { access: writes } },
    async (request, reply) => {
      const again = (problems: readonly Problem[]) => batchPage(request, reply, problems)
      const work = async (tx: Tx, acting: Acting) => {
        const row = await ownBatch(tx, acting, request.params.no)
        const locked = await lockBatch(tx, row.id, Number(request.body.version))
        if (locked.state !== 'checked') throw new RuleBroken('这批数据已经处理过，不能再改栏目。')
        const columns = overridesOf(request.body, row.reading as Reading)
        const worksheet = row.worksheet ?? ''
        await store.withLocalFile(row.sha256, (path) =>
          readBatch(tx, batchOf(row), path, targetOf(options, row.target, acting), { columns, worksheet }),
        )
        return { location: `/imports/${row.no}`, flash: '已按新的栏目重新读取，请再核对。' }
      }
      return takeTurn(options, reply, () => reply.submit(work, again), again)
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
          const counts = await commitBatch(tx, acting, targetOf(options, row.target, acting), row.id, {
            version: Number(request.body.version),
            mode,
          })
          return { location: `/imports/${row.no}`, flash: `已导入：新增 ${counts.new} 项，变更 ${counts.changed} 项。` }
        },
        (problems) => batchPage(request, reply, problems),
      ),
  )

  app.post<OneBatch & { Body: Answers }>(
    '/imports/:no/cancel',
    { schema: { params: No, body: Body }, config: { access: writes } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const row = await ownBatch(tx, acting, request.params.no)
          await cancelBatch(tx, acting, row.id, Number(request.body.version))
          return { location: '/imports', flash: '已取消，台账没有改动。' }
        },
        (problems) => batchPage(request, reply, problems),
      ),
  )

  await reviewedRows(app, options, { ownBatch, batchPage })
  await wrongRows(app, options)

  async function ownBatch(tx: Tx, acting: Acting, no: string): Promise<BatchRow> {
    const row = await findBatch(tx, acting.actor, no)
    if (!row || !mayEnter(acting.actor, row.unitId, row.track as Track)) throw new NotFound()
    return row
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
      const [unit] = await unitsOn(tx, app.clock.today(), sql`u.id = ${batch.unitId}`)
      return {
        batch,
        unitName: unit?.name ?? '',
        mayDecide: mayEnter(request.actor, batch.unitId, batch.track as Track) && batch.state === 'checked',
        same: await sameFile(tx, batch),
        events: timeline(await eventsOf(tx, { kind: 'batch', id: batch.id }), sentences),
        ...batchView(batch, target.fields),
        ...(await reviewView(tx, batch, target, filter, app.clock.today())),
      }
    })
    return reply.page(
      'imports/show.njk',
      { ...data, trackLabel: choiceLabel(tracks, data.batch.track) },
      problems.length > 0 ? { status: 422, problems } : {},
    )
  }
}

/** Answers of the mapping form: `column-G` = field key, `-` = keep beside the card. */
function overridesOf(answers: Answers, reading: Reading): Record<string, string | null> {
  return Object.fromEntries(
    reading.columns.flatMap(({ column }) => {
      const chosen = answers[`column-${column}`]
      return chosen === undefined ? [] : [[column, chosen === '' ? null : chosen]]
    }),
  )
}
