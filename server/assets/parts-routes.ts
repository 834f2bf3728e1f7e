import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { NotFound, type Problem, RuleBroken } from '../kernel/errors.ts'
import type { Answers } from '../kernel/forms.ts'
import { mayKeep } from './actions.ts'
import { effectFields } from './form.ts'
import { holdsOn } from './holds.ts'
import { findCard } from './list.ts'
import { mayHaveParts, measuredField } from './parts.ts'
import { arrangeParts } from './parts-actions.ts'
import { answersOfParts, mostRows, readParts, rowsShown, tooMany, withRows } from './parts-form.ts'
import { holdOn, totalsOf } from './parts-page.ts'

const Code = Type.Object({ code: Type.String({ pattern: '^[0-9]{14}$' }) })
const Body = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 1000 }), {
  maxProperties: mostRows * 6 + 100,
})
type CodeParams = { Params: { code: string } }
type Sent = { answers: Answers; problems: readonly Problem[]; status: 200 | 422 }

const access = { roles: ['keeper', 'lead'] as const }

/** 划分部位: one row per part, rows for more, and the day it takes effect. */
export async function cardParts(app: FastifyInstance): Promise<void> {
  app.get<CodeParams>('/assets/:code/parts', { schema: { params: Code }, config: { access } }, (request, reply) =>
    partsForm(request, reply),
  )

  app.post<CodeParams & { Body: Answers }>(
    '/assets/:code/parts',
    { schema: { params: Code, body: Body }, config: { access } },
    async (request, reply) => {
      const { code } = request.params
      if (request.body.more) {
        const answers = withRows(request.body, 1)
        const full = rowsShown(answers).length === rowsShown(request.body).length
        return partsForm(request, reply, { answers, problems: full ? [tooMany] : [], status: full ? 422 : 200 })
      }
      return reply.submit(
        async (tx, acting) => {
          const card = await findCard(tx, acting.actor, code)
          if (!card) throw new NotFound()
          const { entries, effectiveOn, comment, problems } = readParts(request.body, app.clock.today())
          if (problems.length > 0) throw new RuleBroken(problems)
          const version = Number(request.body.version)
          const saved = await arrangeParts(tx, acting, code, { version, entries, effectiveOn, comment })
          const flash = saved.version === version ? '没有改动，部位保持原样。' : '部位已保存。'
          return { location: `/assets/${code}`, flash }
        },
        (problems) => partsForm(request, reply, { answers: request.body, problems, status: 422 }),
      )
    },
  )

  async function partsForm(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const { code } = request.params as CodeParams['Params']
    const { card, holds } = await request.as(async (tx) => {
      const card = await findCard(tx, request.actor, code)
      if (!card || card.voided || !mayKeep(request.actor, card) || !mayHaveParts(card.cardType)) throw new NotFound()
      return { card, holds: await holdsOn(tx, [card.id]) }
    })
    const answers = sent?.answers ?? answersOfParts(card.parts, app.clock.today())
    return reply.page(
      'assets/parts.njk',
      {
        card,
        version: sent?.answers.version ?? card.version,
        mostRows,
        totals: totalsOf(card),
        measuredLabel: measuredField(card.cardType) === 'landArea' ? '占地面积' : '建筑面积',
        rows: rowsShown(answers).map((line) => ({ ...line, hold: line.no ? holdOn(holds, Number(line.no)) : null })),
        effectFields,
      },
      { answers, problems: sent?.problems ?? [], status: sent?.status ?? 200 },
    )
  }
}
