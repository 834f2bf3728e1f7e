import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { cardTypes } from '../../imports/sheets/card-choices.ts'
import { enterableUnits } from '../access/enterable.ts'
import { setFlash } from '../access/sessions.ts'
import { unitText } from '../access/units.ts'
import { businessRoles } from '../kernel/actor.ts'
import { NotFound, type Problem, RuleBroken } from '../kernel/errors.ts'
import type { Answers } from '../kernel/forms.ts'
import { dayProblems } from '../kernel/past-day.ts'
import { createCards, editCard, mayKeep } from './actions.ts'
import { valuesOf } from './card.ts'
import { cardOnDay } from './card-on.ts'
import { cardPage } from './card-page.ts'
import { cardFormOf, lockedOn } from './fields.ts'
import { answersOf, effectFields, entryProblem, firstAnswers, readCardForm } from './form.ts'
import { findCard, pastDay } from './list.ts'
import { livingCode } from './merged.ts'
import type { CardPanel, PaperPanel } from './ports.ts'
import { checkCard, isWrong } from './rules.ts'

export type AssetsOptions = {
  county: string
  sentences: Readonly<Record<string, string>>
  panels: readonly CardPanel[]
  paperPanel: PaperPanel
}

const Code = Type.Object({ code: Type.String({ pattern: '^[0-9]{14}$' }) })
const NewType = Type.Object({ type: Type.Optional(Type.String({ maxLength: 30 })) })
const CardBody = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 5000 }), { maxProperties: 80 })
const AsOf = Type.Object({ asOf: Type.Optional(Type.String({ maxLength: 20 })) })
type AsOf = { Querystring: { asOf?: string } }
type CodeParams = { Params: { code: string } }
type CardBody = { Body: Answers }

const access = { roles: businessRoles }
const writes = { roles: ['keeper', 'lead'] as const }

export async function assets(
  app: FastifyInstance,
  { county, sentences, panels, paperPanel }: AssetsOptions,
): Promise<void> {
  app.get<{ Querystring: { type?: string } }>(
    '/assets/new',
    { schema: { querystring: NewType }, config: { access: writes } },
    async (request, reply) => newPage(request, reply),
  )

  app.post<CardBody>('/assets', { schema: { body: CardBody }, config: { access: writes } }, async (request, reply) =>
    reply.submit(
      async (tx, acting) => {
        const { values, effectiveOn, problems, notes } = await readCardForm(tx, request.body, app.clock.today())
        const own = entryProblem(acting.actor, values)
        if (problems.length === 0 && !own) problems.push(...checkCard(values, app.clock.today()).filter(isWrong))
        if (own) problems.push(own)
        if (problems.length > 0) throw new RuleBroken(problems)
        const [card] = await createCards(tx, acting, county, [{ values }], { action: 'card.create', effectiveOn })
        return { location: `/assets/${card?.code}`, flash: `资产卡片已建立。${notes}` }
      },
      (problems) => newPage(request, reply, { answers: request.body, problems }),
    ),
  )

  app.get<CodeParams & AsOf>(
    '/assets/:code',
    { schema: { params: Code, querystring: AsOf }, config: { access } },
    async (request, reply) => {
      const problems = dayProblems(request.query.asOf, app.clock.today(), 'asOf', '时点')
      if (problems.length > 0) throw new RuleBroken(problems)
      const day = pastDay(request.query, app.clock.today())
      if (day) {
        const past = await request.as((tx) => cardOnDay(tx, request.actor, request.params.code, day))
        return reply.page('assets/card-on.njk', past)
      }
      const data = await request.as(async (tx) => {
        const { code } = request.params
        const card = await findCard(tx, request.actor, code)
        // A spent code finds the living card also for who never read the spent one.
        const moved = card?.mergedIntoId === null ? undefined : await livingCode(tx, code)
        if (moved && (await findCard(tx, request.actor, moved))) return { moved }
        if (!card) throw new NotFound()
        const shown = await Promise.all(panels.map((panel) => panel(tx, request.actor, card)))
        return {
          ...(await cardPage(tx, request.actor, card, app.clock.today(), sentences)),
          panels: shown.filter((panel) => panel !== null),
          papers: await paperPanel(tx, request.actor, 'card', card.code),
        }
      })
      if ('moved' in data) {
        const { session } = request
        const text = `编号 ${request.params.code} 的资产与本卡片重复，已并入本卡片。`
        if (session) await request.county.transaction({}, (tx) => setFlash(tx, session.idHash, text))
        return reply.redirect(`/assets/${data.moved}`, 303)
      }
      return reply.page('assets/card.njk', data)
    },
  )

  app.get<CodeParams>(
    '/assets/:code/edit',
    { schema: { params: Code }, config: { access: writes } },
    async (request, reply) => editPage(request, reply),
  )

  app.post<CodeParams & CardBody>(
    '/assets/:code',
    { schema: { params: Code, body: CardBody }, config: { access: writes } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const { code } = request.params
          const stored = await findCard(tx, acting.actor, code)
          if (!stored) throw new NotFound()
          const today = app.clock.today()
          const { values, effectiveOn, comment, problems, notes } = await readCardForm(
            tx,
            request.body,
            today,
            valuesOf(stored),
          )
          if (problems.length > 0) throw new RuleBroken(problems)
          const version = Number(request.body.version)
          const card = await editCard(tx, acting, code, { version, values, effectiveOn, comment })
          const flash = card.version === version ? '没有改动，卡片保持原样。' : `修改已保存。${notes}`
          return { location: `/assets/${code}`, flash }
        },
        (problems) => editPage(request, reply, { answers: request.body, problems }),
      ),
  )

  async function newPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const today = app.clock.today()
    const units = await request.as((tx) => enterableUnits(tx, request.actor, today))
    const { type } = request.query as { type?: string }
    const answers = sent?.answers ?? {
      ...firstAnswers(request.actor, units, today),
      ...(type ? { cardType: type } : {}),
    }
    return reply.page(
      'assets/form.njk',
      {
        card: null,
        version: null,
        types: cardTypes.map(({ value, label }) => ({
          label,
          href: `/assets/new?type=${value}`,
          current: value === answers.cardType,
        })),
        groups: cardFormOf(answers.cardType),
        effectFields,
        unitNames: units.map(unitText),
        locked: {},
      },
      sent ? { status: 422, ...sent } : { answers },
    )
  }

  async function editPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const today = app.clock.today()
    const { code } = request.params as CodeParams['Params']
    const data = await request.as(async (tx) => {
      const card = await findCard(tx, request.actor, code)
      if (!card || card.voided || !mayKeep(request.actor, card)) throw new NotFound()
      const units = await enterableUnits(tx, request.actor, today)
      return { card, unitNames: units.map(unitText), stored: await answersOf(tx, card, today) }
    })
    return reply.page(
      'assets/form.njk',
      {
        card: data.card,
        version: sent?.answers.version ?? data.card.version,
        types: [],
        groups: cardFormOf(sent?.answers.cardType ?? data.card.cardType),
        effectFields,
        unitNames: data.unitNames,
        locked: lockedOn(data.card),
      },
      sent ? { status: 422, ...sent } : { answers: data.stored },
    )
  }
}

type Sent = { answers: Answers; problems: readonly Problem[] }
