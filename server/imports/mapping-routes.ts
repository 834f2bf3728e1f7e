import { eq, sql } from 'drizzle-orm'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { importBatches } from '../../db/schema/imports.ts'
import { type Answers, answersOf, noAnswers, withAnswers } from '../../imports/answers.ts'
import { limits } from '../../imports/reading/limits.ts'
import { NotFound, type Problem, RuleBroken } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import type { Answers as Sent } from '../kernel/forms.ts'
import { refuseWhileOpen } from '../kernel/jobs.ts'
import { type BatchRow, lockBatch, type Reading } from './actions.ts'
import { awaitJob } from './awaited.ts'
import { askToRead } from './job-actions.ts'
import { knownTo, nobody } from './mapping-choices.ts'
import { readMapping } from './mapping-form.ts'
import { mappingView } from './mapping-view.ts'
import { remember } from './mappings.ts'
import { mayDecide, readers, writers } from './offers.ts'
import { type ImportOptions, targetOf } from './options.ts'
import { findBatch } from './queries.ts'
import { touchedRows } from './review-queries.ts'
import { stateOf } from './wording.ts'

const No = Type.Object({ no: Type.String({ pattern: '^DR[0-9]{4}-[0-9]{4,}$' }) })
/** Every column with its unit, and as many words as are asked about. */
const Body = Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 300 }), {
  maxProperties: 2 * limits.tableColumns + 1000,
})
type One = { Params: { no: string } }

/** Where people say how the columns, units and words of a file are meant. */
export async function mapping(app: FastifyInstance, options: ImportOptions): Promise<void> {
  app.get<One>(
    '/imports/:no/mapping',
    { schema: { params: No }, config: { access: readers } },
    async (request, reply) => page(request, reply),
  )

  app.post<One & { Body: Sent }>(
    '/imports/:no/mapping',
    { schema: { params: No, body: Body }, config: { access: writers } },
    async (request, reply) => {
      const { no } = request.params
      const again = (problems: readonly Problem[]) => page(request, reply, { answers: request.body, problems })
      const work = async (tx: Tx, acting: Acting) => {
        const asked = await confirm(tx, acting, no, request.body)
        return { location: `/imports/${no}`, flash: asked ? '' : '栏目已确认，请核对后导入。' }
      }
      const settled = async ({ flash }: { flash: string }) =>
        flash === '' ? awaitJob(app, request, reply, no, 'import.read') : { flash }
      return reply.submit(work, again, { settled })
    },
  )

  /** Takes the answers; tells whether the file is to be read again for them. */
  async function confirm(tx: Tx, acting: Acting, no: string, sent: Sent): Promise<boolean> {
    const row = await findBatch(tx, acting.actor, no)
    if (!row || !mayDecide(acting.actor, row)) throw new NotFound()
    await refuseWhileOpen(tx, row.id)
    const locked = await lockBatch(tx, row.id, Number(sent.version))
    if (!isOpen(locked)) throw new RuleBroken('这批数据已经处理过，不能再改栏目。')
    const target = targetOf(options, row.target, acting)
    const known = await knownTo(tx, row.unitId, acting.clock.today(), row.track === null)
    const { answers, problems, moved, differs } = readMapping(sent, locked, target, known)
    if (problems.length > 0) throw new RuleBroken(problems)
    const decided = withAnswers({ ...noAnswers, values: answersOf(locked.answers).values }, answers)
    if (!moved && locked.origin === 'file') await remember(tx, acting, locked, decided)
    if (!differs) {
      await settle(tx, locked, decided)
      return false
    }
    await tx
      .update(importBatches)
      .set({ state: 'uploaded', answers: decided, version: sql`${importBatches.version} + 1` })
      .where(eq(importBatches.id, row.id))
    // Of another table nothing was decided yet, but perhaps for an earlier file.
    await askToRead(tx, acting, row.id, { decided: !moved })
    return true
  }

  async function page(
    request: FastifyRequest,
    reply: FastifyReply,
    sent?: { answers: Sent; problems: readonly Problem[] },
  ) {
    const { no } = request.params as One['Params']
    const data = await request.as(async (tx) => {
      const batch = await findBatch(tx, request.actor, no)
      if (!batch || (batch.reading as Partial<Reading>).columns === undefined) throw new NotFound()
      const decides = mayDecide(request.actor, batch) && isOpen(batch)
      const known = decides ? await knownTo(tx, batch.unitId, app.clock.today(), batch.track === null) : nobody
      const target = targetOf(options, batch.target, request.acting)
      const touched = decides && batch.state === 'checked' ? await touchedRows(tx, batch.id) : 0
      return { batch, mayDecide: decides, touched, ...mappingView(batch, target, known, sent?.answers) }
    })
    return reply.page(
      'imports/mapping.njk',
      { ...data, state: stateOf(data.batch) },
      sent ? { status: 422, ...sent } : {},
    )
  }
}

function isOpen({ state }: BatchRow): boolean {
  return state === 'mapping' || state === 'checked'
}

/** What was read is what was decided: nothing needs to be read again. */
async function settle(tx: Tx, row: BatchRow, answers: Answers): Promise<void> {
  const reading = row.reading as Reading
  const columns = reading.columns.map((column) =>
    column.serial
      ? column
      : {
          ...column,
          sure: true,
          how: 'certain' as const,
          unitFrom: answers.units[column.column] === undefined ? column.unitFrom : ('answer' as const),
        },
  )
  const questions = reading.questions
    .filter(({ kind }) => kind !== 'column' && kind !== 'unit')
    .map((question) => ({ ...question, answered: true as const }))
  await tx
    .update(importBatches)
    .set({
      state: 'checked',
      answers,
      reading: { ...reading, columns, questions },
      version: sql`${importBatches.version} + 1`,
    })
    .where(eq(importBatches.id, row.id))
}
