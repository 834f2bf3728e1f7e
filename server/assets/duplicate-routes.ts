import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { tracks, usages } from '../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { businessRoles } from '../kernel/actor.ts'
import { type Problem, RuleBroken } from '../kernel/errors.ts'
import { type Filter, filterUrl } from '../kernel/filter.ts'
import { type Answers, type FormField, readForm } from '../kernel/forms.ts'
import { comparePage, findPair } from './compare.ts'
import { keepApart, withdrawApart } from './distinctions.ts'
import { duplicateRules, listDuplicates } from './duplicates.ts'
import { effectFields } from './form.ts'
import { choicesOf } from './merge.ts'
import { lockPair, mergeCards, unmergeCards } from './merge-actions.ts'
import { unmergePage } from './unmerge-page.ts'
import { usageTones } from './usage-tones.ts'

const code = Type.String({ pattern: '^[0-9]{14}$' })
const Pair = Type.Object({ code, other: code })
const Code = Type.Object({ code })
const Body = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 1000 }), { maxProperties: 140 })
const Listed = Type.Object({
  rule: Type.Optional(Type.String({ maxLength: 20 })),
  unit: Type.Optional(Type.String({ maxLength: 20 })),
  track: Type.Optional(Type.Union([Type.Literal(''), ...tracks.map(({ value }) => Type.Literal(value))])),
  batch: Type.Optional(Type.String({ pattern: '^(DR[0-9]{4}-[0-9]{4,12})?$' })),
  after: Type.Optional(Type.String({ maxLength: 300 })),
  before: Type.Optional(Type.String({ maxLength: 300 })),
})
const Kept = Type.Object({ keep: Type.Optional(code) })
type PairParams = { Params: { code: string; other: string } }
type PairForm = PairParams & { Body: Answers }
type Sent = { answers: Answers; problems: readonly Problem[] }

const access = { roles: businessRoles }
const writes = { roles: ['keeper', 'lead'] as const }
const reasonField: FormField = { key: 'reason', label: '理由', kind: 'text', max: 200, required: true }

/** Suspected duplicates, two cards side by side, and what can be done about them. */
export async function duplicates(app: FastifyInstance): Promise<void> {
  app.get<{ Querystring: Filter }>(
    '/assets/duplicates',
    { schema: { querystring: Listed }, config: { access } },
    async (request, reply) => {
      const filter = request.query
      const page = await request.as((tx) => listDuplicates(tx, request.actor, filter, app.clock.today()))
      return reply.page('assets/duplicates.njk', {
        filter: { rule: filter.rule, unit: filter.unit, track: filter.track, batch: filter.batch },
        active: filter.batch
          ? [
              {
                label: '导入批次',
                value: filter.batch,
                href: filterUrl('/assets/duplicates', { ...filter, batch: undefined }, {}),
              },
            ]
          : [],
        choices: { tracks, rules: Object.entries(duplicateRules).map(([value, label]) => ({ value, label })) },
        groups: page.rows.map((group) => ({
          ...group,
          cards: group.cards.map((card) => ({
            ...card,
            code: { text: card.code, href: `/assets/${card.code}` },
            usage: card.usage && { badge: choiceLabel(usages, card.usage), tone: usageTones[card.usage] ?? 'neutral' },
          })),
        })),
        count: page.groups,
        cards: page.cards,
        previous: page.previous && filterUrl('/assets/duplicates', filter, { before: page.previous }),
        next: page.next && filterUrl('/assets/duplicates', filter, { after: page.next }),
      })
    },
  )

  app.get<PairParams & { Querystring: { keep?: string } }>(
    '/assets/duplicates/:code/:other',
    { schema: { params: Pair, querystring: Kept }, config: { access } },
    async (request, reply) => pairPage(request, reply),
  )

  app.post<PairForm>(
    '/assets/duplicates/:code/:other/merge',
    { schema: { params: Pair, body: Body }, config: { access: writes } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const { body, params } = request
          await findPair(tx, acting.actor, params.code, params.other)
          const [kept, other] = body.keep === params.other ? [params.other, params.code] : [params.code, params.other]
          const { values, problems } = readForm(effectFields, body)
          if (problems.length > 0) throw new RuleBroken(problems)
          await mergeCards(tx, acting, {
            kept,
            other,
            versions: { [params.code]: Number(body.version), [params.other]: Number(body.otherVersion) },
            choices: (one, two) => choicesOf(one, two, body),
            effectiveOn: values.effectiveOn ?? app.clock.today(),
            comment: values.comment ?? null,
          })
          return { location: `/assets/${kept}`, flash: `已合并，编号 ${other} 不再使用，按它查找会打开本卡片。` }
        },
        (problems) => pairPage(request, reply, { answers: request.body, problems }),
      ),
  )

  for (const [verb, work, flash] of [
    ['apart', keepApart, '已确认是两项资产，不再列为疑似重复。'],
    ['together', withdrawApart, '已撤回，两张卡片会重新列为疑似重复。'],
  ] as const) {
    app.post<PairForm>(
      `/assets/duplicates/:code/:other/${verb}`,
      { schema: { params: Pair, body: Body }, config: { access: writes } },
      async (request, reply) =>
        reply.submit(
          async (tx, acting) => {
            const { kept, other } = await lockPair(tx, acting, request.params.code, request.params.other)
            const { values, problems } = readForm([reasonField], request.body)
            if (problems.length > 0) throw new RuleBroken(problems)
            await work(tx, acting, kept, other, values.reason ?? '')
            return { location: `/assets/duplicates/${kept.code}/${other.code}`, flash }
          },
          (problems) => pairPage(request, reply, { answers: request.body, problems }),
        ),
    )
  }

  app.get<{ Params: { code: string } }>(
    '/assets/:code/unmerge',
    { schema: { params: Code }, config: { access: writes } },
    async (request, reply) => unmergePage(request, reply),
  )

  app.post<{ Params: { code: string }; Body: Answers }>(
    '/assets/:code/unmerge',
    { schema: { params: Code, body: Body }, config: { access: writes } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const { values, problems } = readForm(effectFields, request.body)
          if (problems.length > 0) throw new RuleBroken(problems)
          const restored = await unmergeCards(tx, acting, request.params.code, {
            version: Number(request.body.version),
            effectiveOn: values.effectiveOn ?? app.clock.today(),
            comment: values.comment ?? null,
          })
          return {
            location: `/assets/${request.params.code}`,
            flash: `合并已撤销，${restored.code} 恢复为单独的卡片。`,
          }
        },
        (problems) => unmergePage(request, reply, { answers: request.body, problems }),
      ),
  )

  async function pairPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const { code: one, other: two } = request.params as PairParams['Params']
    const { keep } = request.query as { keep?: string }
    const answers = sent?.answers ?? { effectiveOn: app.clock.today() }
    const data = await request.as((tx) =>
      comparePage(tx, request.actor, [one, two], { ...answers, keep: answers.keep ?? keep }, app.clock.today()),
    )
    if (data === null) return reply.redirect(`/assets/${one}`, 303)
    return reply.page(
      'assets/compare.njk',
      { ...data, effectFields, reasonField },
      { answers, problems: sent?.problems ?? [], status: sent ? 422 : 200 },
    )
  }
}
