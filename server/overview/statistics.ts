import type { Writable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { tracks } from '../../imports/sheets/card-choices.ts'
import { writeWorkbook } from '../../imports/writing/write.ts'
import { townsIn } from '../access/divisions.ts'
import { unitText } from '../access/units.ts'
import type { Cut } from '../assets/as-of.ts'
import { sheetNames } from '../assets/sheet-rows.ts'
import { businessRoles } from '../kernel/actor.ts'
import { freeze } from '../kernel/cursor.ts'
import { exportRate, sendWorkbook } from '../kernel/download.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { type Filter, filterUrl } from '../kernel/filter.ts'
import { dayProblems } from '../kernel/past-day.ts'
import { figuresOf, type StatisticsUnit, statisticsUnit, statisticsUnits, unitsUnder } from './statistics-queries.ts'
import { statisticsWorkbook } from './statistics-sheet.ts'
import { figureColumns, statisticsView } from './statistics-view.ts'

const StatisticsFilter = Type.Object({
  track: Type.Optional(Type.Union([Type.Literal(''), Type.Literal('state'), Type.Literal('collective')])),
  town: Type.Optional(Type.String({ pattern: '^([0-9]{12})?$' })),
  unit: Type.Optional(Type.String({ maxLength: 20 })),
  asOf: Type.Optional(Type.String({ maxLength: 10 })),
})
type StatisticsFilter = Static<typeof StatisticsFilter>
type Asked = { Querystring: StatisticsFilter }

const access = { roles: businessRoles }

/** 镇村公有资产清理统计表 on the screen and as a workbook, as of any day. */
export async function statistics(app: FastifyInstance): Promise<void> {
  app.get<Asked>(
    '/statistics',
    { schema: { querystring: StatisticsFilter }, config: { access } },
    async (request, reply) => {
      const filter = request.query
      const today = app.clock.today()
      const problems = dayProblems(filter.asOf, today)
      const day = problems.length > 0 ? today : filter.asOf || today
      const data = await request.as(async (tx) => {
        await freeze(tx)
        const { actor } = request
        const { cut, unit } = await cutOf(tx, filter, day)
        const units = await statisticsUnits(tx, actor, { day, track: cut.track, town: cut.town })
        if (unit && !units.some(({ id }) => id === unit.id)) units.push(unit)
        return {
          unit,
          units,
          under: cut.units?.length ?? 0,
          figures: await figuresOf(tx, actor, cut, today),
          names: await sheetNames(tx, day),
          towns: await townsIn(tx, actor, today),
        }
      })
      const codes = new Map(data.units.map(({ id, code }) => [id, code]))
      const past = day < today ? { asOf: day } : {}
      const changed = { track: filter.track, town: filter.town, unit: data.unit && filter.unit, to: day }
      const linkOf = (unit: string | null, type: string | null) =>
        unit === null && data.unit
          ? null
          : filterUrl('/assets', {
              ...(unit === null ? {} : { unit: codes.get(unit) }),
              ...(type === null ? {} : { type }),
              track: filter.track,
              town: filter.town,
              ...past,
            })
      return reply.page(
        'overview/statistics.njk',
        {
          filter: { ...filter, asOf: filter.asOf || today },
          day,
          past: day < today,
          ...statisticsView(data.figures, data.names, linkOf),
          columns: figureColumns,
          towns: data.towns,
          tracks,
          scopeHint: data.unit ? scopeHint(data.unit) : '',
          units: data.units.map((unit) => ({ value: unit.code, label: data.names.unit(unit.id) ?? unitText(unit) })),
          exportHref: filterUrl('/statistics.xlsx', filter as Filter),
          // The changes of one unit are its own; those of a unit with others under it would not add up to this page.
          changesHref: data.under > 1 ? null : filterUrl('/assets/changes', changed),
        },
        { status: problems.length > 0 ? 422 : 200, problems },
      )
    },
  )

  app.get<Asked>(
    '/statistics.xlsx',
    { schema: { querystring: StatisticsFilter }, config: { access, rateLimit: exportRate } },
    async (request, reply) => sendWorkbook(request, reply, (tx) => prepare(tx, request)),
  )

  async function prepare(tx: Tx, { query: filter, actor }: FastifyRequest<Asked>) {
    const today = app.clock.today()
    const problems = dayProblems(filter.asOf, today)
    if (problems.length > 0) throw new RuleBroken(problems)
    const day = filter.asOf || today
    await freeze(tx)
    const { cut, unit } = await cutOf(tx, filter, day)
    const worksheets = await statisticsWorkbook(tx, actor, cut, { unit: unit?.name ?? actor.unitName })
    return {
      fileName: `镇村公有资产清理统计表_${day}.xlsx`,
      write: (out: Writable) => writeWorkbook(worksheets, out),
    }
  }
}

function scopeHint({ name, kind }: StatisticsUnit): string {
  return kind === 'town_government' ? '含辖区内全部单位' : `${name}及其管理的单位`
}

async function cutOf(
  tx: Tx,
  filter: StatisticsFilter,
  day: string,
): Promise<{ cut: Cut; unit: StatisticsUnit | undefined }> {
  const cut: Cut = { day, track: filter.track, town: filter.town }
  if (!filter.unit) return { cut, unit: undefined }
  const unit = await statisticsUnit(tx, filter.unit, day)
  if (!unit) throw new RuleBroken([{ field: 'unit', text: '没有找到这个单位，请从列表中重新选择。' }])
  return { cut: { ...cut, units: await unitsUnder(tx, unit.id, day) }, unit }
}
