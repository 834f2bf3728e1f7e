import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type Problem, RuleBroken } from '../kernel/errors.ts'
import { type Answers, type FormField, readForm } from '../kernel/forms.ts'
import { withdrawChange } from './unit-actions.ts'
import { blockersOf } from './unit-blockers.ts'
import { readDissolution } from './unit-forms.ts'
import { closeUnit, dissolveUnit, reopenUnit } from './unit-life.ts'
import { kinOf } from './unit-queries.ts'
import { type ByCode, Params, pickers, shown, showUnit, tends, unitOr404 } from './unit-routes.ts'

const strict = { additionalProperties: false }
const text = Type.Optional(Type.String({ maxLength: 200 }))
const version = Type.Integer({ minimum: 1 })
/** Rows for successors on the form. */
export const successorRows = 4
const successors = Object.fromEntries(Array.from({ length: successorRows }, (_, row) => [`successor${row + 1}`, text]))
const DissolveBody = Type.Object(
  { on: text, reason: Type.Optional(Type.String({ maxLength: 1000 })), ...successors, token: text, version },
  strict,
)
const CloseBody = Type.Object({ on: text, comment: text, token: text, version }, strict)
const WithdrawBody = Type.Object({ token: text, version }, strict)
const ReopenBody = Type.Object({ reason: text, token: text, version }, strict)

type Form = ByCode & { Body: Answers & { version: number } }

const closing: readonly FormField[] = [
  { key: 'on', label: '办结日期', kind: 'day', required: true },
  { key: 'comment', label: '说明', kind: 'text', max: 200 },
]
const reopening: readonly FormField[] = [{ key: 'reason', label: '撤回的原因', kind: 'text', required: true, max: 200 }]

/** What a unit's page does besides changing it. 撤销: a unit is dissolved, wound up and closed; as long as it is not closed, that can be taken back. */
export async function unitLifePages(app: FastifyInstance): Promise<void> {
  app.get<ByCode>(
    '/units/:code/dissolve',
    { schema: { params: Params }, config: { access: tends } },
    async (request, reply) => showDissolve(request, reply),
  )

  app.post<Form>(
    '/units/:code/dissolve',
    { schema: { params: Params, body: DissolveBody }, config: { access: tends } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const { version, ...answers } = request.body
          const unit = await unitOr404(tx, request)
          const { notes, ...dissolution } = await readDissolution(tx, answers, successorRows)
          await dissolveUnit(tx, acting, unit.id, dissolution, version)
          const flash = `已登记${unit.name}自 ${dissolution.on} 起撤销，进入清算：资产和岗位保留到移交完毕，不再登记新的资产。${notes}`
          return { location: `/units/${unit.code}`, flash }
        },
        (problems) => showDissolve(request, reply, request.body, problems),
      ),
  )

  app.get<ByCode>(
    '/units/:code/close',
    { schema: { params: Params }, config: { access: tends } },
    async (request, reply) => showClose(request, reply),
  )

  app.post<Form>(
    '/units/:code/close',
    { schema: { params: Params, body: CloseBody }, config: { access: tends } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const { version, ...answers } = request.body
          const unit = await unitOr404(tx, request)
          const values = read(closing, answers)
          await closeUnit(tx, acting, unit.id, { on: values.on ?? '', comment: values.comment ?? null }, version)
          return {
            location: `/units/${unit.code}`,
            flash: `${unit.name}已于 ${values.on} 撤销办结，历史资料照常可查。`,
          }
        },
        (problems) => showClose(request, reply, request.body, problems),
      ),
  )

  app.post<Form>(
    '/units/:code/reopen',
    { schema: { params: Params, body: ReopenBody }, config: { access: tends } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const { version, ...answers } = request.body
          const unit = await unitOr404(tx, request)
          await reopenUnit(tx, acting, unit.id, { reason: read(reopening, answers).reason ?? '' }, version)
          return { location: `/units/${unit.code}`, flash: `已撤回${unit.name}的撤销，恢复正常。` }
        },
        (problems) => showClose(request, reply, request.body, problems),
      ),
  )

  app.post<Form>(
    '/units/:code/withdraw',
    { schema: { params: Params, body: WithdrawBody }, config: { access: tends } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const unit = await unitOr404(tx, request)
          const day = await withdrawChange(tx, acting, unit.id, request.body.version)
          return { location: `/units/${unit.code}`, flash: `已撤回自 ${day} 起的变动。` }
        },
        (problems) => showUnit(request, reply, problems),
      ),
  )
}

function read(fields: readonly FormField[], answers: Answers) {
  const { values, problems } = readForm(fields, answers)
  if (problems.length > 0) throw new RuleBroken(problems)
  return values
}

async function showDissolve(
  request: FastifyRequest<ByCode>,
  reply: FastifyReply,
  sent?: Answers & { version: number },
  problems: readonly Problem[] = [],
) {
  const { unit, unitNames } = await request.as(async (tx) => {
    const unit = await unitOr404(tx, request)
    return { unit, unitNames: (await pickers(tx, request)).unitNames }
  })
  if (!sent && unit.state !== 'active') return reply.redirect(`/units/${unit.code}/close`, 303)
  const answers: Answers = sent ? { ...sent, version: undefined } : { on: request.server.clock.today() }
  const rows = Array.from({ length: successorRows }, (_, row) => row + 1)
  return reply.page(
    'access/unit-dissolve.njk',
    { unit, unitNames, rows, answers, version: sent?.version ?? unit.version },
    shown(problems, answers),
  )
}

async function showClose(
  request: FastifyRequest<ByCode>,
  reply: FastifyReply,
  sent?: Answers & { version: number },
  problems: readonly Problem[] = [],
) {
  const today = request.server.clock.today()
  const data = await request.as(async (tx) => {
    const unit = await unitOr404(tx, request)
    return { unit, ...(await kinOf(tx, unit.id)), blockers: await blockersOf(tx, unit.id, today) }
  })
  const { unit } = data
  // Nothing to wind up yet, or nothing left to do.
  if (!sent && unit.state === 'active') return reply.redirect(`/units/${unit.code}/dissolve`, 303)
  if (!sent && unit.state === 'closed') return reply.redirect(`/units/${unit.code}`, 303)
  const answers: Answers = sent ? { ...sent, version: undefined } : { on: today }
  return reply.page(
    'access/unit-close.njk',
    { ...data, answers, version: sent?.version ?? unit.version },
    shown(problems, answers),
  )
}
