import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { cardTypes, tracks } from '../../imports/sheets/card-choices.ts'
import { writeWorkbook } from '../../imports/writing/write.ts'
import { townsIn } from '../access/divisions.ts'
import { businessRoles, unitOfKey } from '../kernel/actor.ts'
import { freeze } from '../kernel/cursor.ts'
import { exportRate, sendWorkbook } from '../kernel/download.ts'
import { type Problem, RuleBroken } from '../kernel/errors.ts'
import { type Filter, filterUrl } from '../kernel/filter.ts'
import { dayProblems } from '../kernel/past-day.ts'
import { unitsNear } from './as-of.ts'
import { changeKinds, type Span, standingOn, sumChanges } from './changes.ts'
import { listChanges } from './changes-rows.ts'
import { changesWorkbook } from './changes-sheet.ts'
import { balanceOf, changesView } from './changes-view.ts'
import { sheetNames } from './sheet-rows.ts'

const oneOf = (values: readonly string[]) =>
  Type.Optional(Type.Union([Type.Literal(''), ...values.map((value) => Type.Literal(value))]))
const ChangesFilter = Type.Object({
  from: Type.Optional(Type.String({ maxLength: 20 })),
  to: Type.Optional(Type.String({ maxLength: 20 })),
  track: oneOf(tracks.map(({ value }) => value)),
  town: Type.Optional(Type.String({ pattern: '^([0-9]{12})?$' })),
  unit: Type.Optional(Type.String({ maxLength: 20 })),
  type: oneOf(cardTypes.map(({ value }) => value)),
  kind: oneOf(Object.keys(changeKinds)),
  after: Type.Optional(Type.String({ maxLength: 300 })),
  before: Type.Optional(Type.String({ maxLength: 300 })),
})
type ChangesFilter = Static<typeof ChangesFilter>
type Asked = { Querystring: ChangesFilter }

/** 增减变动: what lies between the registers of two days, on the screen and as a workbook. */
export async function changesPages(
  app: FastifyInstance,
  { sentences }: { sentences: Readonly<Record<string, string>> },
): Promise<void> {
  const schema = { querystring: ChangesFilter }
  const access = { roles: businessRoles }

  app.get<Asked>('/assets/changes', { schema, config: { access } }, async (request, reply) => {
    const today = app.clock.today()
    const { days, problems } = daysOf(request.query, today)
    const data = await request.as(async (tx) => {
      await freeze(tx)
      const { actor } = request
      const units = await unitsOf(tx, request, days.to)
      const span = spanOf(request.query, days, units)
      const opening = await standingOn(tx, actor, span, span.from)
      const closing = await standingOn(tx, actor, span, span.to)
      return {
        span,
        units,
        balance: balanceOf(opening, await sumChanges(tx, actor, span), closing),
        page: await listChanges(tx, actor, span, request.query),
        names: { old: await sheetNames(tx, span.from), new: await sheetNames(tx, span.to) },
        towns: await townsIn(tx, actor, days.to),
      }
    })
    const filter: Filter = { ...request.query, ...days }
    const asOf = (day: string) => {
      const { track, town, unit, type } = filter
      return filterUrl('/assets', { track, town, unit, type, asOf: day < today ? day : undefined })
    }
    return reply.page(
      'assets/changes.njk',
      {
        ...changesView(filter, data.span, data.page, data.names, sentences, today),
        filter: { ...request.query, from: request.query.from || days.from, to: request.query.to || days.to },
        span: data.span,
        balance: data.balance,
        kindHref: Object.fromEntries(
          Object.keys(changeKinds).map((kind) => [kind, filterUrl('/assets/changes', filter, { kind })]),
        ),
        kind: filter.kind
          ? {
              label: changeKinds[filter.kind as keyof typeof changeKinds],
              clearHref: filterUrl('/assets/changes', filter, { kind: undefined }),
            }
          : null,
        openingHref: asOf(days.from),
        closingHref: asOf(days.to),
        exportHref: filterUrl('/assets/changes.xlsx', filter, { kind: undefined }),
        choices: {
          tracks,
          types: cardTypes,
          towns: data.towns,
          units: data.units.map(({ code, name }) => ({ value: code, label: name })),
        },
      },
      { status: problems.length > 0 ? 422 : 200, problems },
    )
  })

  app.get<Asked>(
    '/assets/changes.xlsx',
    { schema, config: { access, rateLimit: exportRate } },
    async (request, reply) =>
      sendWorkbook(request, reply, async (tx) => {
        const { days, problems } = daysOf(request.query, app.clock.today())
        if (problems.length > 0) throw new RuleBroken(problems)
        await freeze(tx)
        const units = await unitsOf(tx, request, days.to)
        const span = spanOf(request.query, days, units)
        const unit = units.find(({ code }) => code === request.query.unit)?.name ?? request.actor.unitName
        const worksheets = await changesWorkbook(tx, request.actor, span, { unit, sentences })
        return {
          fileName: `资产增减变动表_${days.from}_${days.to}.xlsx`,
          write: (out) => writeWorkbook(worksheets, out),
        }
      }),
  )
}

type Days = { from: string; to: string }

/** The days asked for; where they cannot be reckoned for, those of the present month, and why. */
function daysOf(filter: ChangesFilter, today: string): { days: Days; problems: Problem[] } {
  const problems = [
    ...dayProblems(filter.from, today, 'from', '起始日期'),
    ...dayProblems(filter.to, today, 'to', '截止日期'),
  ]
  const to = problems.length > 0 ? today : filter.to || today
  const days = { from: (problems.length === 0 && filter.from) || endOfMonthBefore(to), to }
  if (days.from < days.to) return { days, problems }
  const text = `起始日期 ${days.from} 要早于截止日期 ${days.to}，请改正。`
  return { days: { from: endOfMonthBefore(today), to: today }, problems: [...problems, { field: 'from', text }] }
}

function endOfMonthBefore(day: string): string {
  return new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, 0)).toISOString().slice(0, 10)
}

function spanOf(filter: ChangesFilter, days: Days, units: readonly Owner[]): Span {
  const { track, town, type, unit } = filter
  const chosen = unit ? { units: units.filter(({ code }) => code === unit).map(({ id }) => id) } : {}
  return { ...days, track, town, type, ...chosen }
}

type Owner = { id: string; code: string; name: string }

/** The units whose cards the actor reads, under their names of the closing day. */
async function unitsOf(tx: Tx, { actor }: FastifyRequest, day: string): Promise<Owner[]> {
  const own = new Set(actor.keys.map(unitOfKey))
  const units = await tx.execute<{ unit_id: string; code: string; name: string }>(unitsNear(day))
  return units
    .filter(({ unit_id }) => own.has(String(unit_id)))
    .map(({ unit_id, code, name }) => ({ id: String(unit_id), code, name }))
    .sort((left, right) => (left.code < right.code ? -1 : 1))
}
