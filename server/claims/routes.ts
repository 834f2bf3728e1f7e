import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { claimCategories, claimKinds } from '../../imports/sheets/claim-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { enterableUnits } from '../access/enterable.ts'
import { businessRoles, mayEnter } from '../kernel/actor.ts'
import { type Problem, RuleBroken } from '../kernel/errors.ts'
import { eventsOf } from '../kernel/events.ts'
import { filterUrl } from '../kernel/filter.ts'
import { type Answers, type FormField, readForm } from '../kernel/forms.ts'
import { fromStored } from '../kernel/partial-date.ts'
import { timeline } from '../kernel/timeline.ts'
import { editClaim, endClaim, enterClaim, reopenClaim } from './actions.ts'
import { type Claim, claimFields, claimOf, telling, valuesOf } from './claim.ts'
import { type ClaimRow, claimStates, claimSums, findClaim, listClaims, stateOf } from './queries.ts'

const No = Type.Object({ no: Type.String({ pattern: '^ZQ[0-9]{4}-[0-9]{4,}$' }) })
const text = (maxLength: number) => Type.Optional(Type.String({ maxLength }))
export const ClaimFilter = Type.Object({
  ...{ q: text(100), kind: text(10), category: text(20), unit: text(20), state: text(10) },
})
const Listed = Type.Object({ ...ClaimFilter.properties, after: text(300), before: text(300) })
const Body = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 2000 }), { maxProperties: 20 })
type OneClaim = { Params: { no: string } }
type Sent = { answers: Answers; problems: readonly Problem[] }

const access = { roles: businessRoles }
const writes = { roles: ['keeper', 'lead'] as const }
const unitField: FormField = { key: 'unit', label: '单位', kind: 'text', max: 40, required: true }
const endFields: readonly FormField[] = [
  { key: 'endedOn', label: '了结日期', kind: 'day', required: true },
  {
    key: 'endedReason',
    label: '怎样了结',
    kind: 'text',
    max: 200,
    required: true,
    hint: '如 已收回、已还清、决议核销',
  },
]
const reopenField: FormField = { key: 'reason', label: '恢复的理由', kind: 'text', max: 200, required: true }

/** 债权债务台账: what collectives are owed and owe. */
export async function claimPages(
  app: FastifyInstance,
  { sentences }: { sentences: Readonly<Record<string, string>> },
): Promise<void> {
  app.get<{ Querystring: Static<typeof Listed> }>(
    '/claims',
    { schema: { querystring: Listed }, config: { access } },
    async (request, reply) => {
      const { after, before, ...filter } = request.query
      const today = app.clock.today()
      const page = await request.as((tx) => listClaims(tx, request.actor, request.query, today))
      const sums = await request.as((tx) => claimSums(tx, request.actor, filter, today))
      return reply.page('claims/list.njk', {
        filter,
        sums,
        kinds: claimKinds,
        categories: claimCategories,
        states: [...Object.entries(claimStates), ['all', { label: '全部' }] as const].map(([value, { label }]) => ({
          ...{ value, label },
        })),
        rows: page.rows.map(rowView),
        previous: page.previous && filterUrl('/claims', filter, { before: page.previous }),
        next: page.next && filterUrl('/claims', filter, { after: page.next }),
        exportHref: filterUrl('/claims.xlsx', filter),
        mayEnter: (await unitsToEnter(request)).length > 0,
      })
    },
  )

  app.get('/claims/new', { config: { access: writes } }, async (request, reply) => formPage(request, reply))

  app.post<{ Body: Answers }>(
    '/claims',
    { schema: { body: Body }, config: { access: writes } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const { values, problems } = readForm([unitField, ...claimFields], request.body)
          const unit = (await unitsToEnter(request)).find(({ code }) => code === values.unit)
          if (values.unit && !unit) problems.push({ field: 'unit', text: '请从列表中选择您经办的集体经济组织。' })
          if (problems.length > 0 || !unit) throw new RuleBroken(problems)
          const { no } = await enterClaim(tx, acting, unit.id, claimOf(values))
          const more = request.body.action === 'next'
          return { location: more ? '/claims/new' : `/claims/${no}`, flash: `已登记，编号 ${no}。` }
        },
        (problems) => formPage(request, reply, { answers: request.body, problems }),
      ),
  )

  app.get<OneClaim>('/claims/:no', { schema: { params: No }, config: { access } }, async (request, reply) =>
    showPage(request, reply),
  )

  app.get<OneClaim>(
    '/claims/:no/edit',
    { schema: { params: No }, config: { access: writes } },
    async (request, reply) => formPage(request, reply, undefined, await find(request)),
  )

  app.post<OneClaim & { Body: Answers }>(
    '/claims/:no',
    { schema: { params: No, body: Body }, config: { access: writes } },
    async (request, reply) => {
      const claim = await find(request)
      const { body } = request
      return reply.submit(
        async (tx, acting) => {
          const { values, problems } = readForm(claimFields, body)
          if (problems.length > 0) throw new RuleBroken(problems)
          await editClaim(tx, acting, claim.id, Number(body.version), claimOf(values))
          return { location: `/claims/${claim.no}`, flash: '已保存。' }
        },
        (problems) => formPage(request, reply, { answers: body, problems }, claim),
      )
    },
  )

  app.post<OneClaim & { Body: Answers }>(
    '/claims/:no/end',
    { schema: { params: No, body: Body }, config: { access: writes } },
    async (request, reply) => {
      const claim = await find(request)
      const { body } = request
      return reply.submit(
        async (tx, acting) => {
          const back = body.action === 'reopen'
          const { values, problems } = readForm(back ? [reopenField] : endFields, body)
          if (problems.length > 0) throw new RuleBroken(problems)
          const { endedOn, endedReason, reason } = values
          const version = Number(body.version)
          if (back) await reopenClaim(tx, acting, claim.id, version, reason ?? '')
          else await endClaim(tx, acting, claim.id, version, { endedOn: endedOn ?? '', endedReason: endedReason ?? '' })
          return { location: `/claims/${claim.no}`, flash: back ? '已恢复为未了结。' : '已登记了结。' }
        },
        (problems) => showPage(request, reply, { answers: body, problems }),
      )
    },
  )

  async function find(request: FastifyRequest) {
    const { no } = request.params as OneClaim['Params']
    return request.as((tx) => findClaim(tx, request.actor, no, app.clock.today()))
  }

  async function unitsToEnter(request: FastifyRequest) {
    const units = await request.as((tx) => enterableUnits(tx, request.actor, app.clock.today()))
    return units.filter(({ id, regime }) => regime === 'collective' && mayEnter(request.actor, id, 'collective'))
  }

  async function showPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const claim = await find(request)
    const events = await request.as((tx) => eventsOf(tx, { kind: 'claim', id: claim.id }))
    return reply.page(
      'claims/show.njk',
      {
        claim,
        occurredOn: fromStored(claim.occurredOn, claim.occurredPrecision),
        kind: choiceLabel(claimKinds, claim.kind),
        category: choiceLabel(claimCategories, claim.category),
        state: stateOf(claim),
        may: mayEnter(request.actor, claim.unitId, 'collective') && !claim.voided,
        version: sent?.answers.version ?? claim.version,
        ...{ endFields, reopenField },
        events: timeline(events, sentences, telling),
      },
      sent ? { status: 422, ...sent } : { answers: { endedOn: app.clock.today() } },
    )
  }

  async function formPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent, claim?: Claim & { unit: string }) {
    const units = await unitsToEnter(request)
    const given = claim ? plain(valuesOf(claim)) : { unit: units.length === 1 ? units[0]?.code : '' }
    return reply.page(
      'claims/form.njk',
      {
        claim: claim ?? null,
        units: units.map(({ code, name }) => ({ value: code, label: name })),
        fields: claimFields,
        version: sent?.answers.version ?? claim?.version ?? null,
      },
      sent ? { status: 422, ...sent } : { answers: given },
    )
  }
}

function rowView(row: ClaimRow) {
  const state = stateOf(row)
  return {
    no: { text: row.no, href: `/claims/${row.no}` },
    unit: row.unit,
    kind: { badge: choiceLabel(claimKinds, row.kind), tone: row.kind === 'claim' ? 'info' : 'warning' },
    category: choiceLabel(claimCategories, row.category),
    counterparty: row.counterparty,
    amount: row.amount,
    occurredOn: fromStored(row.occurredOn, row.occurredPrecision),
    purpose: row.purpose,
    state: { badge: state.label, tone: state.tone },
    ...(row.endedOn || row.voided ? { tone: 'muted' } : {}),
  }
}

function plain(values: Readonly<Record<string, string | null>>): Answers {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value ?? '']))
}
