import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import type { Actor } from '../kernel/actor.ts'
import { NotFound, type Problem, RuleBroken } from '../kernel/errors.ts'
import { type Answers, readForm } from '../kernel/forms.ts'
import { mayKeep } from './actions.ts'
import { effectFields } from './form.ts'
import { blocking, holdSentence, holdsOn } from './holds.ts'
import { findCard } from './list.ts'
import { unsplittable } from './split.ts'
import { openSplit, splitCard, unsplitCard } from './split-actions.ts'
import { pieceFields, readSplit, shownRows, splitPreview } from './split-form.ts'

const Code = Type.Object({ code: Type.String({ pattern: '^[0-9]{14}$' }) })
const Body = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 1000 }), { maxProperties: 140 })
type Params = { Params: { code: string } }
type Form = Params & { Body: Answers }
type Sent = { answers: Answers; problems?: readonly Problem[]; status?: number }

const access = { roles: ['keeper', 'lead'] as const }

/** Splitting a card of a quantity, with a look at the figures before, and taking a split back. */
export async function splits(app: FastifyInstance, { county }: { county: string }): Promise<void> {
  app.get<Params>('/assets/:code/split', { schema: { params: Code }, config: { access } }, async (request, reply) =>
    splitPage(request, reply),
  )

  app.post<Form>(
    '/assets/:code/split',
    { schema: { params: Code, body: Body }, config: { access } },
    async (request, reply) => {
      const { action } = request.body
      if (action === 'preview' || action === 'more') return splitPage(request, reply, { answers: request.body })
      return reply.submit(
        async (tx, acting) => {
          const { code } = request.params
          const card = await keptCard(tx, acting.actor, code)
          const { pieces, effectiveOn, comment, problems } = readSplit(request.body, card, app.clock.today())
          // What forbids any split is told before what is wrong with this one.
          const barred = await barredBy(tx, card)
          if (barred) throw new RuleBroken(barred.text)
          if (problems.length > 0) throw new RuleBroken(problems)
          const version = Number(request.body.version)
          const made = await splitCard(tx, acting, county, code, { version, pieces, effectiveOn, comment })
          return { location: `/assets/${code}`, flash: `已拆出 ${made.length} 张卡片，编号 ${spanOf(made)}。` }
        },
        (problems) => splitPage(request, reply, { answers: request.body, problems, status: 422 }),
      )
    },
  )

  app.get<Params>('/assets/:code/unsplit', { schema: { params: Code }, config: { access } }, async (request, reply) =>
    unsplitPage(request, reply),
  )

  app.post<Form>(
    '/assets/:code/unsplit',
    { schema: { params: Code, body: Body }, config: { access } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const { code } = request.params
          await keptCard(tx, acting.actor, code)
          const { values, problems } = readForm(effectFields, request.body)
          if (problems.length > 0) throw new RuleBroken(problems)
          await unsplitCard(tx, acting, code, {
            version: Number(request.body.version),
            effectiveOn: values.effectiveOn ?? app.clock.today(),
            comment: values.comment ?? null,
          })
          return { location: `/assets/${code}`, flash: '拆分已撤销，拆出的数量和价值已收回本卡片。' }
        },
        (problems) => unsplitPage(request, reply, { answers: request.body, problems, status: 422 }),
      ),
  )

  async function splitPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const { code } = request.params as Params['Params']
    const today = app.clock.today()
    const data = await request.as(async (tx) => {
      const card = await keptCard(tx, request.actor, code)
      return { card, barred: await barredBy(tx, card) }
    })
    const answers = sent?.answers ?? { effectiveOn: today }
    const form = readSplit(answers, data.card, today)
    const asked = answers.action === 'preview'
    const problems = sent?.problems ?? (asked ? form.problems : [])
    const rows = shownRows(answers)
    return reply.page(
      'assets/split.njk',
      {
        ...data,
        version: sent?.answers.version ?? data.card.version,
        rows,
        // The row's number stands above its fields already; in a message it is needed.
        pieces: Array.from({ length: rows }, (_, index) =>
          pieceFields(index + 1).map((field) => ({ ...field, label: field.label.replace(/^第 \d+ 行/, '') })),
        ),
        effectFields,
        preview: splitPreview(data.card, form),
        findings: asked ? form.problems.map(({ text }) => text) : [],
      },
      { answers, problems, status: sent?.status ?? 200 },
    )
  }

  async function unsplitPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const { code } = request.params as Params['Params']
    const data = await request.as(async (tx) => {
      const card = await keptCard(tx, request.actor, code)
      return { card, split: await openSplit(tx, card) }
    })
    if (!data.split && !sent) throw new NotFound()
    return reply.page(
      'assets/unsplit.njk',
      {
        card: data.card,
        version: sent?.answers.version ?? data.card.version,
        codes: data.split?.codes ?? [],
        effectFields,
      },
      {
        answers: sent?.answers ?? { effectiveOn: app.clock.today() },
        problems: sent?.problems ?? [],
        status: sent?.status ?? 200,
      },
    )
  }
}

async function keptCard(tx: Tx, actor: Actor, code: string) {
  const card = await findCard(tx, actor, code)
  if (!card || !mayKeep(actor, card)) throw new NotFound()
  return card
}

/** Why the card as it stands cannot be split, with the document that holds it. */
async function barredBy(tx: Tx, card: Awaited<ReturnType<typeof keptCard>>) {
  const [block] = blocking('split', await holdsOn(tx, [card.id]))
  if (block) return { text: holdSentence('split', block), link: { text: block.documentNo, href: block.documentPath } }
  const text = unsplittable(card)
  return text ? { text, link: null } : null
}

function spanOf(made: readonly { code: string }[]): string {
  const [first, last] = [made[0]?.code, made.at(-1)?.code]
  return first === last ? `${first}` : `${first} 至 ${last}`
}
