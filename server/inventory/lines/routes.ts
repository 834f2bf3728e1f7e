import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../../db/client.ts'
import { businessRoles } from '../../kernel/actor.ts'
import { NotFound, type Problem, RuleBroken, Stale } from '../../kernel/errors.ts'
import type { Acting } from '../../kernel/events.ts'
import type { Answers } from '../../kernel/forms.ts'
import { countId } from '../counts/queries.ts'
import { confirmSeen, saveOpened } from './actions.ts'
import { bookedOf, figure, readEntry, readSurplus } from './entry.ts'
import { openLine } from './open.ts'
import { linePage, rowPage, surplusPage } from './pages.ts'
import { findLine, nextUncounted } from './queries.ts'
import { addSurplus, dropSurplus, editSurplus } from './surplus-actions.ts'

const CountNo = Type.Object({ no: Type.String({ pattern: '^PD[0-9]{4}-[0-9]{4,}$' }) })
const LineNo = Type.Object({
  no: Type.String({ pattern: '^PD[0-9]{4}-[0-9]{4,}$' }),
  line: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }),
})
const Body = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 2000 }), { maxProperties: 60 })
export type OneLine = { Params: { no: string; line: string } }
type OneCount = { Params: { no: string } }

const access = { roles: businessRoles }
const writes = { roles: ['keeper', 'lead'] as const }

/** Counting: a row of the table, the page of a single line for phones, and what is found that no card stands for. */
export async function countLines(
  app: FastifyInstance,
  { sentences }: { sentences: Readonly<Record<string, string>> },
): Promise<void> {
  app.get<OneLine>(
    '/inventory/counts/:no/lines/:line',
    { schema: { params: LineNo }, config: { access } },
    async (request, reply) => linePage(request, reply, sentences),
  )

  /** The row alone, for the table that is on the screen already. */
  app.get<OneLine>(
    '/inventory/counts/:no/lines/:line/row',
    { schema: { params: LineNo }, config: { access } },
    async (request, reply) => rowPage(request, reply),
  )

  app.post<OneLine & { Body: Answers }>(
    '/inventory/counts/:no/lines/:line',
    { schema: { params: LineNo, body: Body }, config: { access: writes } },
    async (request, reply) => {
      const { no, line } = request.params
      const row = request.body.from === 'row'
      return reply.submit(
        async (tx, acting) => {
          const saved = await save(tx, acting, request).catch((error) =>
            row ? told(tx, acting, request, error) : rethrow(error),
          )
          if (row) return { location: rowPlace(request), flash: '' }
          const next = request.body.action === 'next' ? await nextUncounted(tx, saved.countId, saved.no) : null
          const location = `/inventory/counts/${no}${next === null ? '' : `/lines/${next}`}`
          return { location, flash: `第 ${line} 项“${saved.name}”已保存。` }
        },
        (problems) => again(request, reply, problems),
      )
    },
  )

  app.post<OneLine & { Body: Answers }>(
    '/inventory/counts/:no/lines/:line/seen',
    { schema: { params: LineNo, body: Body }, config: { access: writes } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const { no, line } = request.params
          const found = await findLine(tx, acting, no, Number(line))
          await confirmSeen(tx, acting, { countId: found.count.id, no: Number(line) }, Number(request.body.version))
          return { location: `/inventory/counts/${no}/lines/${line}`, flash: '已复核：以上盘点结果仍然成立。' }
        },
        (problems) => linePage(request, reply, sentences, { answers: {}, problems }),
      ),
  )

  app.get<OneCount>(
    '/inventory/counts/:no/surplus',
    { schema: { params: CountNo }, config: { access: writes } },
    async (request, reply) => surplusPage(request, reply),
  )

  app.post<OneCount & { Body: Answers }>(
    '/inventory/counts/:no/surplus',
    { schema: { params: CountNo, body: Body }, config: { access: writes } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const { no } = request.params
          const line = await addSurplus(tx, acting, await openId(tx, acting, no), readSurplus(request.body), 'screen')
          const more = request.body.action === 'next'
          return {
            location: more ? `/inventory/counts/${no}/surplus` : `/inventory/counts/${no}/lines/${line.no}`,
            flash: `盘盈“${line.name}”已登记为第 ${line.no} 项${more ? '，请继续登记' : '，可以再拍照片'}。`,
          }
        },
        (problems) => surplusPage(request, reply, { answers: request.body, problems }),
      ),
  )

  app.post<OneLine & { Body: Answers }>(
    '/inventory/counts/:no/lines/:line/drop',
    { schema: { params: LineNo, body: Body }, config: { access: writes } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const { no, line } = request.params
          const { count } = await findLine(tx, acting, no, Number(line))
          await dropSurplus(tx, acting, { countId: count.id, no: Number(line) }, Number(request.body.version))
          return { location: `/inventory/counts/${no}`, flash: '这一项盘盈已删去。' }
        },
        (problems) => linePage(request, reply, sentences, { answers: {}, problems }),
      ),
  )

  async function save(tx: Tx, acting: Acting, request: FastifyRequest) {
    const { no, line } = request.params as OneLine['Params']
    const body = request.body as Answers
    const opened = await openLine(tx, acting.actor, { countNo: no, no: Number(line) })
    const version = Number(body.version)
    if (opened.line.origin === 'surplus') return editSurplus(tx, acting, opened, version, readSurplus(body), 'screen')
    if (!opened.card) throw new NotFound()
    const booked = await bookedOf(tx, opened, body)
    const entry = { ...readEntry(body, opened.line, booked), version, via: viaOf(request) }
    return saveOpened(tx, acting, opened, entry)
  }

  function again(request: FastifyRequest, reply: FastifyReply, problems: readonly Problem[]) {
    const sent = { answers: request.body as Answers, problems }
    const partial = request.headers['hx-request'] === 'true'
    return sent.answers.from === 'row' && partial
      ? rowPage(request, reply, sent)
      : linePage(request, reply, sentences, sent)
  }

  async function openId(tx: Tx, acting: Acting, no: string): Promise<string> {
    const id = await countId(tx, acting, no)
    if (id === undefined) throw new NotFound()
    return id
  }
}

/** Two people at one row: the second sees what the first has saved, and what was typed stays beside it. */
async function told(tx: Tx, acting: Acting, request: FastifyRequest, error: unknown): Promise<never> {
  if (!(error instanceof Stale)) throw error
  const { no, line } = request.params as OneLine['Params']
  const { line: stored } = await findLine(tx, acting, no, Number(line))
  const said = stored.countedQuantity === null ? '' : `清查数 ${figure(stored.countedQuantity)}`
  const text = `${stored.countedName ?? '有人'}刚保存了这一行${said ? `：${said}` : ''}。您写的还没有保存，核对后再按回车。`
  throw new RuleBroken([{ field: null, text }])
}

function rethrow(error: unknown): never {
  throw error
}

/** Where a saved row is shown: alone where the table stays on the screen, else in its place on the page. */
function rowPlace(request: FastifyRequest): string {
  const { no, line } = request.params as OneLine['Params']
  const back = (request.body as Answers).back ?? ''
  const alone = request.headers['hx-request'] === 'true'
  if (alone) return `/inventory/counts/${no}/lines/${line}/row`
  return /^[\w=&%.-]{1,300}$/.test(back)
    ? `/inventory/counts/${no}?${back}#line-${line}`
    : `/inventory/counts/${no}#line-${line}`
}

/** Whoever sends the page of a single line from a phone counts on the spot. */
function viaOf(request: FastifyRequest): 'screen' | 'phone' {
  return /Mobi|Android|iPhone/.test(request.headers['user-agent'] ?? '') ? 'phone' : 'screen'
}
