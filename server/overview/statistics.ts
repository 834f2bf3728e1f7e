import type { Writable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Tx } from '../../db/client.ts'
import { tracks } from '../../imports/sheets/card-choices.ts'
import { writeWorkbook } from '../../imports/writing/write.ts'
import { townsIn } from '../access/divisions.ts'
import { unitText } from '../access/units.ts'
import { sheetNames } from '../assets/sheet-rows.ts'
import { businessRoles } from '../kernel/actor.ts'
import { freeze } from '../kernel/cursor.ts'
import { exportRate, sendWorkbook } from '../kernel/download.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { type Filter, filterUrl } from '../kernel/filter.ts'
import { dayProblems } from '../kernel/past-day.ts'
import { cutOf, StatisticsFilter, scopeHint } from './statistics-cut.ts'
import { figuresOf, statisticsUnits } from './statistics-queries.ts'
import { statisticsWorkbook } from './statistics-sheet.ts'
import { figureColumns, statisticsView } from './statistics-view.ts'

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
          otherSheets: otherSheets(filter as Filter),
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

/** What else is made of the same cards. */
function otherSheets(filter: Filter) {
  const icon = 'file-spreadsheet'
  return [
    { text: '存量情况', href: filterUrl('/statistics/stock', filter), icon: 'history', small: true },
    {
      text: '导出《单位资产卡片》',
      href: filterUrl('/statistics/cards.xlsx', filter),
      icon,
      download: true,
      small: true,
    },
    {
      text: '导出《村资产现状表》',
      href: filterUrl('/statistics/village-status.xlsx', filter),
      icon,
      download: true,
      small: true,
    },
  ]
}
