import { sql } from 'drizzle-orm'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { cardTypes, natures, tracks, usages } from '../../imports/sheets/card-choices.ts'
import { isCardField } from '../../imports/sheets/register.ts'
import { townsIn } from '../access/divisions.ts'
import { businessRoles, has } from '../kernel/actor.ts'
import type { Problem } from '../kernel/errors.ts'
import { type Filter, filterUrl } from '../kernel/filter.ts'
import { dayProblems } from '../kernel/past-day.ts'
import type { ViewPanel } from '../kernel/views.ts'
import { AskedColumns, readColumns } from './columns.ts'
import { CardFilter, findCard, pastDay } from './list.ts'
import { listView } from './list-view.ts'
import { registerPage } from './register.ts'

const Asked = Type.Object({ ...CardFilter.properties, columns: AskedColumns })

/** 资产台账: the cards of a filter, a page at a time, with the columns and in the order that its address says. */
export async function registerList(app: FastifyInstance, { viewPanel }: { viewPanel: ViewPanel }): Promise<void> {
  app.get<{ Querystring: Static<typeof Asked> }>(
    '/assets',
    { schema: { querystring: Asked }, config: { access: { roles: businessRoles } } },
    async (request, reply) => {
      const today = app.clock.today()
      const { columns: asked, ...sent } = request.query
      const { chosen, problems: unknown } = readColumns(asked, sent.type || null)
      const problems = dayProblems(sent.asOf, today, 'asOf', '时点')
      const filter = problems.length > 0 ? { ...sent, asOf: '' } : sent
      const columns = chosen?.join(',')
      const { after: _after, before: _before, ...address } = { ...filter, columns } as Filter
      const day = pastDay(filter, today)
      const code = wholeCode(filter)
      const wanted = code && (await request.as((tx) => findCard(tx, request.actor, code)))
      if (wanted && !wanted.voided) return jump(request, reply, `/assets/${wanted.code}`)
      const data = await request.as(async (tx) => ({
        ...(await registerPage(tx, request.actor, filter, today, chosen)),
        towns: await townsIn(tx, request.actor, day ?? today),
        gone: await gone(tx, filter),
        viewPanel: await viewPanel(tx, request.actor, filterUrl('/assets', address)),
      }))
      problems.push(...data.gone)
      if (data.problem) problems.push({ field: 'q', text: data.problem })
      const columnsHref = filterUrl('/assets/columns', address)
      problems.push(...unknown.map(({ text }) => ({ field: null, text, href: columnsHref })))
      return reply.page(
        'assets/list.njk',
        {
          ...listView(request.actor, filter, data, day, chosen),
          filter: { ...sent, columns },
          towns: data.towns,
          choices: { tracks, types: cardTypes, natures, usages },
          // Columns are no condition; those of a type are only there with it.
          clearHref: filterUrl('/assets', { columns: chosen?.filter(isCardField).join(',') }),
          exportHref: filterUrl('/assets.xlsx', address),
          columnsHref,
          usualHref: columns === undefined ? null : filterUrl('/assets', address, { columns: undefined }),
          changesHref: changesHref(filter),
          labelsHref: day ? null : filterUrl('/assets/labels', filter as Filter, { asOf: undefined }),
          mayEnter: !day && has(request.actor, 'keeper', 'lead'),
          bulkHref: filterUrl('/assets/bulk', filter as Filter, { asOf: undefined }),
          viewPanel: data.viewPanel,
        },
        { status: problems.length > 0 ? 422 : 200, problems },
      )
    },
  )
}

/** Addresses that were kept name towns and units by their codes, also those that are there no longer. */
async function gone(tx: Tx, { town, unit }: CardFilter): Promise<Problem[]> {
  if (!town && !unit) return []
  const [known] = await tx.execute<{ town: boolean; unit: boolean }>(sql`
    select exists (select 1 from divisions where code = ${town ?? ''} and level = 4) as town,
      exists (select 1 from units where code = ${unit ?? ''}) as unit`)
  const problems: Problem[] = []
  if (town && !known?.town)
    problems.push({ field: null, href: '#filter-town', text: `已没有代码为 ${town} 的乡镇，请重新选择乡镇。` })
  if (unit && !known?.unit)
    problems.push({ field: null, href: '/assets', text: `已没有编码为 ${unit} 的单位，请清空条件重新筛选。` })
  return problems
}

/** A search for a whole code is after that card. */
function wholeCode({ q, asOf }: CardFilter): string | undefined {
  return asOf ? undefined : /^\d{14}$/.exec(q?.normalize('NFKC').replaceAll(/\s/g, '') ?? '')?.[0]
}

/** htmx follows a redirect into the list: it is told to open the page instead. */
function jump(request: FastifyRequest, reply: FastifyReply, url: string) {
  return request.headers['hx-request'] === 'true' ? reply.header('hx-redirect', url).send('') : reply.redirect(url, 303)
}

/** The changes up to the list's day, of the part that both pages can name. */
function changesHref({ track, type, town, unit, asOf }: CardFilter): string {
  return filterUrl('/assets/changes', { track, type, town, unit, to: asOf })
}
