import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import type { KeptRow, UndoCounts } from '../../imports/target.ts'
import { NotFound, type Problem, RuleBroken } from '../kernel/errors.ts'
import { eventsOf } from '../kernel/events.ts'
import { filterUrl } from '../kernel/filter.ts'
import { type Answers, type FormField, readForm } from '../kernel/forms.ts'
import { openJob } from '../kernel/jobs.ts'
import { pageSize } from '../kernel/paging.ts'
import { type BatchRow, batchOf, lockBatch } from './actions.ts'
import { awaitJob } from './awaited.ts'
import { askToUndo } from './job-actions.ts'
import { isPlaced, mayDecide, type OfferKey, offers, readers, writers } from './offers.ts'
import { type ImportOptions, targetOf } from './options.ts'
import { findBatch } from './queries.ts'
import { undoVerbs } from './undo.ts'
import { wordingOf } from './wording.ts'

const No = Type.Object({ no: Type.String({ pattern: '^DR[0-9]{4}-[0-9]{4,}$' }) })
const Listed = Type.Object({ page: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,4}$' })) })
const Body = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 1000 }), { maxProperties: 10 })
type OneBatch = { Params: { no: string } }

const reasonField: FormField = { key: 'reason', label: '撤销原因', kind: 'text', max: 200, required: true }

/** Taking a committed batch back: first what it comes to, then what it came to. */
export async function undos(app: FastifyInstance, options: ImportOptions): Promise<void> {
  app.get<OneBatch & { Querystring: { page?: string } }>(
    '/imports/:no/undo',
    { schema: { params: No, querystring: Listed }, config: { access: readers } },
    async (request, reply) => undoPage(request, reply),
  )

  app.post<OneBatch & { Body: Answers }>(
    '/imports/:no/undo',
    { schema: { params: No, body: Body }, config: { access: writers } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const row = await findBatch(tx, acting.actor, request.params.no)
          if (!row || !mayDecide(acting.actor, row)) throw new NotFound()
          if (!targetOf(options, row.target, acting).verbs?.undo) throw new NotFound()
          const version = Number(request.body.version)
          await lockBatch(tx, row.id, version)
          const { values, problems } = readForm([reasonField], request.body)
          if (problems.length > 0) throw new RuleBroken(problems)
          await askToUndo(tx, acting, row.id, { version, reason: values.reason ?? '' })
          return { location: `/imports/${row.no}/undo`, flash: '' }
        },
        (problems) => undoPage(request, reply, { answers: request.body, problems }),
        { settled: () => awaitJob(app, request, reply, request.params.no, 'import.undo') },
      ),
  )

  async function undoPage(
    request: FastifyRequest,
    reply: FastifyReply,
    sent?: { answers: Answers; problems: readonly Problem[] },
  ) {
    const { no } = request.params as OneBatch['Params']
    const page = Number((request.query as { page?: string }).page ?? 1)
    const data = await request.as(async (tx) => {
      const batch = await findBatch(tx, request.actor, no)
      if (!batch) throw new NotFound()
      if (batch.state !== 'undone' && !(batch.state === 'committed' && mayDecide(request.actor, batch))) return null
      if (!sent && (await openJob(tx, batch.id))) return null
      const { undo } = targetOf(options, batch.target, request.acting).verbs ?? {}
      return undo ? { batch, ...(await told(tx, request, batch, page)) } : null
    })
    if (data === null) return reply.redirect(`/imports/${no}`, 303)
    const { batch, kept, more, ...rest } = data
    const at = (number: number) => filterUrl(`/imports/${no}/undo`, {}, { page: String(number) })
    return reply.page(
      'imports/undo.njk',
      {
        ...rest,
        batch,
        wording: wordingOf(batch),
        undone: batch.state === 'undone',
        becomes: offers[batch.target as OfferKey].undone,
        label: offers[batch.target as OfferKey].label,
        placed: isPlaced(batch.target as OfferKey),
        reasonField,
        rows: kept.map(({ row, name, href, reason, reasonHref }) => ({
          row: String(row),
          name: { text: name, href },
          reason: reasonHref ? { text: reason, href: reasonHref } : reason,
        })),
        previous: page > 1 ? at(page - 1) : null,
        next: more ? at(page + 1) : null,
      },
      { answers: sent?.answers ?? {}, problems: sent?.problems ?? [], status: sent ? 422 : 200 },
    )
  }

  async function told(tx: Tx, request: FastifyRequest, row: BatchRow, page: number) {
    const stretch = { skip: (page - 1) * pageSize, most: pageSize }
    const verbs = undoVerbs(targetOf(options, row.target, request.acting))
    const cut = (kept: KeptRow[], counts: UndoCounts) => ({
      kept,
      counts,
      more: stretch.skip + kept.length < counts.kept,
    })
    if (row.state === 'committed') {
      const { kept, counts } = await verbs.survey(tx, batchOf(row), stretch)
      return { ...cut(kept, counts), event: null }
    }
    const event = (await eventsOf(tx, { kind: 'batch', id: row.id })).find(({ action }) => action === 'import.undo')
    const counts = { voided: 0, restored: 0, kept: 0, ...(event?.detail.counts as Partial<UndoCounts> | undefined) }
    return { ...cut(await verbs.kept(tx, batchOf(row), stretch), counts), event: event ?? null }
  }
}
