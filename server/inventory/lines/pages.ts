import { sql } from 'drizzle-orm'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { cardTypes, usages } from '../../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../../imports/sheets/fields.ts'
import { type Card, valuesOf } from '../../assets/card.ts'
import { NotFound, type Problem } from '../../kernel/errors.ts'
import { newestEvents } from '../../kernel/events.ts'
import type { Answers } from '../../kernel/forms.ts'
import { timeline } from '../../kernel/timeline.ts'
import { findCount, talliesOf } from '../counts/queries.ts'
import { countWorkflow } from '../counts/workflow.ts'
import { answersOfLine, answersOfSurplus, changeFieldsOf, figure, onSingleForm } from './entry.ts'
import { isAtOnce, noteFields, quantityFields, singleFields, surplusFields } from './fields.ts'
import { mayCount } from './open.ts'
import { findLine, type LineAtHand, lineRow, photosOfLine } from './queries.ts'
import type { OneLine } from './routes.ts'
import { outcomeOf, outcomes } from './rules.ts'
import { rowView, usageChoices } from './view.ts'

const recent = 30

type Sent = { answers: Answers; problems: readonly Problem[] }

/** One line on a page of its own: what the books say, what was found, its history. Made for a phone held in one hand. */
export async function linePage(
  request: FastifyRequest,
  reply: FastifyReply,
  sentences: Readonly<Record<string, string>>,
  sent?: Sent,
) {
  const { no, line: lineNo } = request.params as OneLine['Params']
  const data = await request.as(async (tx) => {
    const found = await findLine(tx, request.acting, no, Number(lineNo))
    const ofLine = sql`(detail ->> 'line')::int = ${found.line.no}`
    const events = await newestEvents(tx, { kind: 'count', id: found.count.id }, recent, ofLine)
    return {
      ...viewOf(request, found),
      papers: await photosOfLine(tx, request.actor, found),
      events: timeline(events, sentences),
    }
  })
  const answers = { ...data.answers, ...sent?.answers }
  return reply.page(
    'inventory/lines/show.njk',
    data,
    sent ? { status: 422, problems: onSingleForm(sent.answers, sent.problems), answers } : { answers },
  )
}

/** The row of a line alone; with what was sent where it could not be saved. */
export async function rowPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
  const { no, line: lineNo } = request.params as OneLine['Params']
  const data = await request.as(async (tx) => {
    const { line, count, card } = await findLine(tx, request.acting, no, Number(lineNo))
    const row = await lineRow(tx, count.id, line.no)
    if (!row) throw new NotFound()
    const tally = (await talliesOf(tx, sql`t.id = ${count.id}`)).get(count.id)
    return {
      count: tally ? { tally } : null,
      row: rowView(row),
      place: `/inventory/counts/${no}`,
      usages: usageChoices,
      mayCount: counts(request, { line, count, card }),
    }
  })
  return reply.page('inventory/counts/row.njk', data, sent ? { status: 422, ...sent } : {})
}

export async function surplusPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
  const { no } = request.params as { no: string }
  const count = await request.as((tx) => findCount(tx, request.acting, no))
  const open = count.state === 'counting'
  const problems = open ? (sent?.problems ?? []) : [{ field: null, text: '清查结果已经提交，不能再登记盘盈。' }]
  return reply.page(
    'inventory/lines/surplus.njk',
    { count, place: `/inventory/counts/${no}`, fields: surplusFields, open },
    {
      answers: sent?.answers ?? { quantity: '1', foundOn: request.server.clock.today() },
      problems,
      status: problems.length > 0 ? 422 : 200,
    },
  )
}

function viewOf(request: FastifyRequest, found: LineAtHand) {
  const { line, count, card } = found
  const outcome = outcomes[outcomeOf(line)]
  const surplus = line.origin === 'surplus'
  const several = Number(line.bookQuantity) !== 1
  const fields = card && !surplus ? changeFieldsOf(card) : []
  return {
    line: { ...line, booked: figure(line.bookQuantity) },
    count: { no: count.no, unitName: count.unitName, state: count.state },
    place: `/inventory/counts/${count.no}`,
    state: countWorkflow.states[count.state as keyof typeof countWorkflow.states],
    surplus,
    outcome: { text: outcome.label, tone: outcome.tone },
    typeLabel: choiceLabel(cardTypes, line.cardType),
    usageLabel: line.usage ? choiceLabel(usages, line.usage) : null,
    several,
    mayCount: counts(request, found),
    moved: card !== null && !surplus && card.version !== line.cardVersion ? movement(card, line) : null,
    quantityFields: several ? quantityFields : singleFields,
    changeFields: fields.filter(isAtOnce),
    moreFields: fields.filter((field) => !isAtOnce(field)),
    noteFields,
    surplusFields,
    answers: card && !surplus ? answersOfLine(line, card) : answersOfSurplus(line),
  }
}

function counts({ actor }: FastifyRequest, { count, card }: LineAtHand): boolean {
  return count.state === 'counting' && mayCount(actor, { scopeKey: count.scopeKey, userKey: card?.userKey ?? null })
}

/** What became of a card after the unit looked at it, as far as it matters here. */
function movement(card: Card, line: LineAtHand['line']): string {
  if (card.voided) return '这张卡片已作废（多半并入了重复的另一张）。'
  const now = valuesOf(card)
  const parts = [
    now.quantity !== null && Number(now.quantity) !== Number(line.bookQuantity)
      ? `数量现为 ${figure(now.quantity)}`
      : '',
    now.cost !== line.bookCost ? `原值现为 ${now.cost ?? '空'}` : '',
    now.usage !== line.usage && now.usage ? `使用状况现为${choiceLabel(usages, now.usage)}` : '',
    now.location !== line.location ? `位置现为 ${now.location ?? '空'}` : '',
  ].filter(Boolean)
  return parts.length > 0 ? `${parts.join('，')}。` : '卡片的其他内容有改动。'
}
