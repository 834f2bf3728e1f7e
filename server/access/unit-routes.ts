import { sql } from 'drizzle-orm'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { businessRoles, has } from '../kernel/actor.ts'
import { NotFound, type Problem } from '../kernel/errors.ts'
import type { Answers } from '../kernel/forms.ts'
import { dayProblems } from '../kernel/past-day.ts'
import { timelineOf } from './timeline.ts'
import { changeUnit, openUnit } from './unit-actions.ts'
import { answersOf, choicesOf, readNewUnit, readUnitChange, regimes } from './unit-forms.ts'
import {
  divisionGroups,
  holdersOf,
  kinOf,
  managedBy,
  periodsOf,
  type Town,
  unitByCode,
  unitTree,
} from './unit-queries.ts'
import { refuseFarAhead, refuseTwin } from './unit-rules.ts'
import { unitKinds, unitStates, unitsOn, unitText } from './units.ts'

const strict = { additionalProperties: false }
const text = Type.Optional(Type.String({ maxLength: 200 }))
const Search = Type.Object({ q: text, asOf: Type.Optional(Type.String({ maxLength: 10 })) }, strict)
export const Params = Type.Object({ code: Type.String({ maxLength: 20 }) }, strict)
const Place = { name: text, division: text, parent: text, entity: text, validFrom: text, token: text }
const NewBody = Type.Object({ ...Place, kind: text, regime: text }, strict)
const ChangeBody = Type.Object({ ...Place, version: Type.Integer({ minimum: 1 }) }, strict)

export type ByCode = { Params: { code: string } }
export const tends = { roles: ['system_administrator'] } as const

export async function unitPages(app: FastifyInstance): Promise<void> {
  app.get<{ Querystring: { q?: string; asOf?: string } }>(
    '/units',
    { schema: { querystring: Search }, config: { access: 'signed-in' } },
    async (request, reply) => {
      const { q: search = '', asOf } = request.query
      const today = app.clock.today()
      const problems = dayProblems(asOf, today)
      const day = problems.length > 0 ? today : asOf || today
      const tree = await request.as((tx) => unitTree(tx, day, search, today))
      const own = homeOf(tree.towns, request.actor.unitId)
      const data = { ...tree, own, search, asOf, past: day < today ? day : null }
      return reply.page(
        'access/units.njk',
        { ...data, mayOpen: has(request.actor, ...tends.roles) },
        { status: problems.length > 0 ? 422 : 200, problems },
      )
    },
  )

  app.get('/units/new', { config: { access: tends } }, async (request, reply) =>
    showNew(request, reply, { validFrom: app.clock.today() }),
  )

  app.post<{ Body: Answers }>(
    '/units',
    { schema: { body: NewBody }, config: { access: tends } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const unit = await readNewUnit(tx, request.body, await divisionCodes(tx, request))
          await refuseTwin(tx, unit)
          const { notes, ...opened } = unit
          refuseFarAhead(unit.validFrom, acting.clock.today())
          const { code } = await openUnit(tx, acting, opened)
          return { location: `/units/${code}`, flash: `已设立${unit.name}，编码 ${code}。${notes}` }
        },
        (problems) => showNew(request, reply, request.body, problems),
      ),
  )

  app.get<ByCode>(
    '/units/:code',
    { schema: { params: Params }, config: { access: 'signed-in' } },
    async (request, reply) => showUnit(request, reply),
  )

  app.get<ByCode>(
    '/units/:code/change',
    { schema: { params: Params }, config: { access: tends } },
    async (request, reply) => showChange(request, reply),
  )

  app.post<ByCode & { Body: Answers & { version: number } }>(
    '/units/:code/change',
    { schema: { params: Params, body: ChangeBody }, config: { access: tends } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const { version, ...answers } = request.body
          const unit = await unitOr404(tx, request)
          const { notes, ...change } = await readUnitChange(tx, answers, await divisionCodes(tx, request))
          refuseFarAhead(change.validFrom, acting.clock.today())
          await refuseTwin(tx, change, unit.id)
          // Left blank, a unit with a regime keeps its own books.
          const entityId = change.entityId ?? (unit.regime === 'none' ? null : unit.id)
          await changeUnit(tx, acting, unit.id, { ...change, entityId }, version)
          return {
            location: `/units/${unit.code}`,
            flash: `${change.name}的变动已保存，自 ${change.validFrom} 起生效。${notes}`,
          }
        },
        (problems) => showChange(request, reply, request.body, problems),
      ),
  )
}

export async function showUnit(
  request: FastifyRequest<ByCode>,
  reply: FastifyReply,
  problems: readonly Problem[] = [],
) {
  const today = request.server.clock.today()
  const data = await request.as(async (tx) => {
    const unit = await unitOr404(tx, request)
    const periods = await periodsOf(tx, unit.id)
    return {
      unit,
      periods,
      present: periods.find(({ validFrom }) => validFrom <= today) ?? periods.at(-1),
      ...(await kinOf(tx, unit.id)),
      holders: await holdersOf(tx, unit.id, today),
      managed: await managedBy(tx, unit.id, today),
      events: await timelineOf(tx, { kind: 'unit', id: unit.id }),
    }
  })
  const page = {
    ...data,
    kind: unitKinds[data.unit.kind],
    state: unitStates[data.unit.state],
    regime: regimes[data.unit.regime],
    seesCards: has(request.actor, ...businessRoles),
    mayChange: has(request.actor, ...tends.roles),
  }
  return reply.page('access/unit.njk', page, { problems, status: problems.length > 0 ? 422 : 200 })
}

/** The township one's own unit lies in: the one that stands open. */
function homeOf(towns: readonly Town[], unitId: string | null): string {
  const home = towns.find((town) => [town, ...town.villages].some(({ units }) => units.some(({ id }) => id === unitId)))
  return home?.code ?? towns[0]?.code ?? ''
}

async function showNew(
  request: FastifyRequest,
  reply: FastifyReply,
  answers: Answers,
  problems: readonly Problem[] = [],
) {
  const data = await request.as((tx) => pickers(tx, request))
  const choices = { kinds: choicesOf(unitKinds), regimes: choicesOf(regimes) }
  return reply.page('access/unit-new.njk', { ...data, ...choices, answers }, shown(problems, answers))
}

async function showChange(
  request: FastifyRequest<ByCode>,
  reply: FastifyReply,
  sent?: Answers & { version: number },
  problems: readonly Problem[] = [],
) {
  const { unit, periods, ...data } = await request.as(async (tx) => {
    const unit = await unitOr404(tx, request)
    return { unit, periods: await periodsOf(tx, unit.id), ...(await pickers(tx, request)) }
  })
  // The newest row is the one that a change follows, also when it begins later than today.
  const [newest] = periods
  const answers: Answers = sent
    ? { ...sent, version: undefined }
    : { ...(newest && answersOf(newest)), validFrom: request.server.clock.today() }
  const version = sent?.version ?? unit.version
  return reply.page(
    'access/unit-change.njk',
    { ...data, unit, version, since: newest?.validFrom ?? '', answers },
    shown(problems, answers),
  )
}

export function shown(problems: readonly Problem[], answers: Answers) {
  return { problems, answers, status: problems.length > 0 ? 422 : 200 }
}

export async function pickers(tx: Tx, request: FastifyRequest) {
  const today = request.server.clock.today()
  const units = await unitsOn(tx, today, sql`u.state <> 'closed'`)
  return { divisions: await divisionGroups(tx, today), unitNames: units.map(unitText) }
}

async function divisionCodes(tx: Tx, request: FastifyRequest): Promise<Set<string>> {
  const groups = await divisionGroups(tx, request.server.clock.today())
  return new Set(groups.flatMap(({ items }) => items.map(({ value }) => value)))
}

export async function unitOr404(tx: Tx, request: FastifyRequest) {
  const { code } = request.params as ByCode['Params']
  const unit = await unitByCode(tx, code, request.server.clock.today())
  if (!unit) throw new NotFound()
  return unit
}
