import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { tracks } from '../../imports/sheets/card-choices.ts'
import { writeSheet } from '../../imports/writing/write.ts'
import { townsIn } from '../access/divisions.ts'
import { unitText } from '../access/units.ts'
import type { Span } from '../assets/changes.ts'
import { sheetNames } from '../assets/sheet-rows.ts'
import { businessRoles } from '../kernel/actor.ts'
import { freeze } from '../kernel/cursor.ts'
import { exportRate, sendWorkbook } from '../kernel/download.ts'
import { type Problem, RuleBroken } from '../kernel/errors.ts'
import { filterUrl } from '../kernel/filter.ts'
import { dayProblems } from '../kernel/past-day.ts'
import { cutOf, StatisticsFilter } from './statistics-cut.ts'
import { type StatisticsUnit, statisticsUnits } from './statistics-queries.ts'
import { checkText, stockNotes, stockOn, stockWorksheet } from './stock-sheet.ts'
import { stockView } from './stock-view.ts'

const StockFilter = Type.Object({
  ...StatisticsFilter.properties,
  since: Type.Optional(Type.String({ maxLength: 10 })),
})
type StockFilter = Static<typeof StockFilter>
type Asked = { Querystring: StockFilter }

/** 固定和无形资产存量情况表 between any two days, on the screen and as a workbook. */
export async function stockPages(app: FastifyInstance): Promise<void> {
  const schema = { querystring: StockFilter }
  const access = { roles: businessRoles }

  app.get<Asked>('/statistics/stock', { schema, config: { access } }, async (request, reply) => {
    const { actor, query: filter } = request
    const { days, problems } = daysOf(filter, app.clock.today())
    const data = await request.as(async (tx) => {
      await freeze(tx)
      const { span, unit } = await spanOf(tx, filter, days)
      const { track, town } = span
      const units = await statisticsUnits(tx, actor, { day: days.to, track, town })
      if (unit && !units.some(({ id }) => id === unit.id)) units.push(unit)
      return {
        units,
        stock: await stockOn(tx, actor, span),
        names: await sheetNames(tx, days.to),
        towns: await townsIn(tx, actor, days.to),
      }
    })
    return reply.page(
      'overview/stock.njk',
      {
        filter: { ...filter, since: filter.since || days.from, asOf: filter.asOf || days.to },
        days,
        ...stockView(data.stock),
        check: { text: checkText(data.stock), agrees: data.stock.wrong.length === 0 },
        notes: stockNotes(data.stock),
        tracks,
        towns: data.towns,
        units: data.units.map((unit) => ({ value: unit.code, label: data.names.unit(unit.id) ?? unitText(unit) })),
        exportHref: filterUrl('/statistics/stock.xlsx', { ...filter, since: days.from, asOf: days.to }),
      },
      { status: problems.length > 0 ? 422 : 200, problems },
    )
  })

  app.get<Asked>(
    '/statistics/stock.xlsx',
    { schema, config: { access, rateLimit: exportRate } },
    async (request, reply) =>
      sendWorkbook(request, reply, async (tx) => {
        const { days, problems } = daysOf(request.query, app.clock.today())
        if (problems.length > 0) throw new RuleBroken(problems)
        await freeze(tx)
        const { actor } = request
        const { span, unit } = await spanOf(tx, request.query, days)
        const worksheet = await stockWorksheet(tx, actor, span, unit?.name ?? actor.unitName)
        return {
          fileName: `固定和无形资产存量情况表_${days.from}_${days.to}.xlsx`,
          write: (out) => writeSheet(worksheet, out),
        }
      }),
  )
}

type Days = { from: string; to: string }

/** The days asked for, by default this year from its beginning; where they cannot be reckoned for, those, and why. */
function daysOf({ since, asOf }: StockFilter, today: string): { days: Days; problems: Problem[] } {
  const problems = [...dayProblems(since, today, 'since', '期初日期'), ...dayProblems(asOf, today, 'asOf', '期末日期')]
  const to = (problems.length === 0 && asOf) || today
  const days = { from: (problems.length === 0 && since) || endOfYearBefore(to), to }
  if (days.from < days.to) return { days, problems }
  const text = `期初日期 ${days.from} 要早于期末日期 ${days.to}，请改正。`
  return { days: { from: endOfYearBefore(today), to: today }, problems: [{ field: 'since', text }] }
}

function endOfYearBefore(day: string): string {
  return `${String(Number(day.slice(0, 4)) - 1).padStart(4, '0')}-12-31`
}

/** Both ends are about the units that belong together on the closing day. */
async function spanOf(
  tx: Tx,
  filter: StockFilter,
  days: Days,
): Promise<{ span: Span; unit: StatisticsUnit | undefined }> {
  const { cut, unit } = await cutOf(tx, filter, days.to)
  const { day: _day, ...part } = cut
  return { span: { ...part, ...days }, unit }
}
