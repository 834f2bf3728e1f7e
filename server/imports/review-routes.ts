import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { limits } from '../../imports/reading/limits.ts'
import { NotFound, type Problem, RuleBroken } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import type { Answers } from '../kernel/forms.ts'
import type { BatchRow, Reading } from './actions.ts'
import { writers } from './offers.ts'
import { type ImportOptions, targetOf } from './options.ts'
import { findRow, type ReviewFilter, type Spot } from './review-queries.ts'
import { notesOf } from './review-view.ts'
import { editRow, handleRows, type RowAct, type Typed } from './row-acts.ts'
import { readTyped, rowForm } from './row-form.ts'
import { listUrl, nameOfRow, placeText, readBack, readPlace } from './row-places.ts'
import { rowStates } from './sentences.ts'

const no = Type.String({ pattern: '^DR[0-9]{4}-[0-9]{4,}$' })
const OneBatch = Type.Object({ no })
const OneRow = Type.Object({ no, row: Type.String({ pattern: '^[0-9]{1,7}(-[0-9]{1,2})?$' }) })
const Back = Type.Object({ back: Type.Optional(Type.String({ maxLength: 2000 })) })
/** A row's form has a field for each column of a table, and a cell holds what a spreadsheet's does. */
const Body = Type.Record(Type.String({ maxLength: 80 }), Type.String({ maxLength: limits.cellChars }), {
  maxProperties: limits.tableColumns + 10,
})
const place = Type.String({ maxLength: 12 })
const Chosen = Type.Object({
  rows: Type.Optional(Type.Union([place, Type.Array(place, { maxItems: 200 })])),
  act: Type.Optional(Type.Union([Type.Literal('skip'), Type.Literal('apart'), Type.Literal('restore')])),
  version: Type.Optional(Type.String({ maxLength: 20 })),
  back: Type.Optional(Type.String({ maxLength: 2000 })),
  token: Type.Optional(Type.String({ maxLength: 64 })),
})
type Chosen = { rows?: string | string[]; act?: RowAct; version?: string; back?: string }
type RowParams = { Params: { no: string; row: string } }
type Shown = { back: ReviewFilter; problems?: readonly Problem[]; answers?: Answers }

/** What the batch's own pages lend: the batch as its keeper may change it, and its page with what is wrong. */
export type Batches = {
  ownBatch(tx: Tx, acting: Acting, no: string): Promise<BatchRow>
  batchPage(
    request: FastifyRequest,
    reply: FastifyReply,
    problems: readonly Problem[],
    filter: ReviewFilter,
  ): Promise<unknown>
}

/** Rows of a batch under review: typed over, skipped, told apart. */
export async function reviewedRows(
  app: FastifyInstance,
  options: ImportOptions,
  { ownBatch, batchPage }: Batches,
): Promise<void> {
  app.get<RowParams & { Querystring: { back?: string } }>(
    '/imports/:no/rows/:row',
    { schema: { params: OneRow, querystring: Back }, config: { access: writers } },
    async (request, reply) => rowPage(request, reply, { back: readBack(request.query.back) }),
  )

  for (const [verb, typedIn] of [
    ['', (request: FastifyRequest) => request.body as Answers],
    ['/revert', () => null],
  ] as const) {
    app.post<RowParams & { Body: Answers }>(
      `/imports/:no/rows/:row${verb}`,
      { schema: { params: OneRow, body: Body }, config: { access: writers } },
      async (request, reply) => {
        const back = readBack(request.body.back)
        return reply.submit(
          async (tx, acting) => {
            const { batch, row, target } = await rowOf(tx, acting, request)
            const now = await editRow(tx, acting, target, batch.id, {
              version: Number(request.body.version),
              place: row,
              typed: typedOf(typedIn(request)),
            })
            const state = rowStates[now.status as keyof typeof rowStates].label
            if (verb === '' && now.status === 'wrong') {
              const query = new URLSearchParams({ back: request.body.back ?? '' })
              return {
                location: `/imports/${batch.no}/rows/${placeText(row)}?${query}`,
                flash: `${nameOfRow(row)}已保存，但还有错，请看下面的说明。`,
              }
            }
            return {
              location: `${listUrl(`/imports/${batch.no}`, back)}#row-${placeText(row)}`,
              flash: `${nameOfRow(row)}${verb === '' ? '已改好' : '已取回原表内容'}，现在是“${state}”。`,
            }

            function typedOf(answers: Answers | null): Typed {
              if (answers === null) return Object.fromEntries(Object.keys(row.edits).map((key) => [key, null]))
              const typed = readTyped(row, target, batch.reading as Reading, answers)
              if (Object.values(typed).some((text) => text?.includes('\u0000'))) {
                throw new RuleBroken('内容里有无法保存的字符，请重新输入。')
              }
              return typed
            }
          },
          (problems) => rowPage(request, reply, { back, problems, answers: request.body }),
        )
      },
    )
  }

  app.post<{ Params: { no: string }; Body: Chosen }>(
    '/imports/:no/rows',
    { schema: { params: OneBatch, body: Chosen }, config: { access: writers } },
    async (request, reply) => {
      const { act, rows = [], version, back } = request.body
      return reply.submit(
        async (tx, acting) => {
          const batch = await ownBatch(tx, acting, request.params.no)
          const places = [rows].flat().flatMap((text) => readPlace(text) ?? [])
          const count = await handleRows(tx, acting, targetOf(options, batch.target, acting), batch.id, {
            version: Number(version),
            places,
            act,
          })
          return { location: listUrl(`/imports/${batch.no}`, readBack(back)), flash: act ? flashes[act](count) : '' }
        },
        (problems) => batchPage(request, reply, problems, readBack(back)),
      )
    },
  )

  async function rowOf(tx: Tx, acting: Acting, request: FastifyRequest) {
    const params = request.params as RowParams['Params']
    const batch = await ownBatch(tx, acting, params.no)
    const row = await findRow(tx, batch.id, readPlace(params.row) as Spot)
    // What a bulk edit does to a card is the same for all, or is done on the card itself.
    if (!row || batch.origin === 'edit') throw new NotFound()
    return { batch, row, target: targetOf(options, batch.target, acting) }
  }

  async function rowPage(request: FastifyRequest, reply: FastifyReply, { back, problems = [], answers }: Shown) {
    const data = await request.as(async (tx) => {
      const { batch, row, target } = await rowOf(tx, request.acting, request)
      const reading = batch.reading as Reading
      const state = rowStates[row.status as keyof typeof rowStates]
      const inputs = rowForm(row, target, reading)
      return {
        batch,
        row: { place: placeText(row), title: nameOfRow(row), edited: Object.keys(row.edits).length > 0 },
        name: row.resolved?.[target.name] ?? row.edits[target.name] ?? row.values[target.name] ?? null,
        state: { text: state.label, tone: state.tone },
        inputs: inputs.map((input) => ({ ...input, value: answers?.[input.name] ?? input.value })),
        // What is about a field stands beside it.
        notes: notesOf(row, { reading, target }).filter(
          ({ wrong, text }) => wrong && !inputs.some(({ error }) => error === text),
        ),
        open: batch.state === 'checked',
        back: new URLSearchParams(listUrl('', back).replace(/^\?/, '')).toString(),
        backHref: listUrl(`/imports/${batch.no}`, back),
      }
    })
    return reply.page('imports/row.njk', data, problems.length > 0 ? { status: 422, problems } : {})
  }
}

const flashes: Record<RowAct, (count: number) => string> = {
  skip: (count) => `已跳过 ${count} 行，导入时不录入。`,
  apart: (count) => `${count} 行将各自作为新的一项录入；编号或权证与别的资产相同的，导入后会列在“疑似重复”里。`,
  restore: (count) => `已恢复 ${count} 行，重新与台账比对。`,
}
