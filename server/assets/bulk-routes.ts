import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { writeSheet } from '../../imports/writing/write.ts'
import { enterableUnits } from '../access/enterable.ts'
import { unitText } from '../access/units.ts'
import { trackLabels } from '../kernel/actor.ts'
import { type Problem, RuleBroken } from '../kernel/errors.ts'
import { type Filter, filterUrl } from '../kernel/filter.ts'
import type { Answers } from '../kernel/forms.ts'
import { AskedCards, editedCards, type Reach, reachesOf } from './bulk.ts'
import { actFields, bulkFields, readBulkForm } from './bulk-form.ts'
import type { BulkEdits } from './ports.ts'

const Body = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 5000 }), { maxProperties: 40 })
type Asked = { Querystring: AskedCards }

/** 批量修改: what the cards of a list are to become; from there on it goes the way of a table that is imported. */
export async function bulkEditing(app: FastifyInstance, { edits }: { edits: BulkEdits }): Promise<void> {
  const config = { access: { roles: ['keeper', 'lead'] as const } }

  app.get<Asked>('/assets/bulk', { schema: { querystring: AskedCards }, config }, async (request, reply) =>
    page(request, reply),
  )

  app.post<Asked & { Body: Answers }>(
    '/assets/bulk',
    { schema: { querystring: AskedCards, body: Body }, config },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const today = app.clock.today()
          const { reaches } = await reachesOf(tx, acting.actor, request.query, today)
          const wanted = await readBulkForm(tx, request.body, today)
          const reach = reaches.length === 1 ? reaches[0] : reaches.find((one) => keyOf(one) === request.body.reach)
          if (!reach) wanted.problems.push({ field: 'reach', text: '请选择这次修改哪个单位、哪种属性的资产。' })
          if (wanted.problems.length > 0 || !reach) throw new RuleBroken(wanted.problems)
          const worksheet = await editedCards(tx, acting.actor, request.query, reach, wanted, today)
          const location = await edits.open(tx, acting, {
            name: `批量修改：${Object.keys(wanted.shown).join('、')}`,
            ...{ unitId: reach.unit.id, track: reach.track },
            ...{ effectiveOn: wanted.effectiveOn, reason: wanted.reason, changes: wanted.shown },
            write: (out) => writeSheet(worksheet, out),
          })
          return { location, flash: '' }
        },
        (problems) => page(request, reply, { answers: request.body, problems }),
        { settled: ({ location }) => edits.read(request, reply, location) },
      ),
  )

  async function page(
    request: FastifyRequest,
    reply: FastifyReply,
    sent?: { answers: Answers; problems: readonly Problem[] },
  ) {
    const asked = request.query as AskedCards
    const today = app.clock.today()
    const { count, reaches, units } = await request.as(async (tx) => ({
      ...(await reachesOf(tx, request.actor, asked, today)),
      units: await enterableUnits(tx, request.actor, today),
    }))
    const { code, ticked: _ticked, after: _after, before: _before, ...filter } = asked
    const [only, ...others] = reaches
    return reply.page(
      'assets/bulk.njk',
      {
        count,
        whole: !code && Object.keys(filter).every((key) => key === 'sort' || !filter[key as keyof typeof filter]),
        ticked: code !== undefined,
        action: `/assets/bulk?${new URLSearchParams(queryOf(asked))}`,
        listHref: filterUrl('/assets', filter as Filter),
        fields: bulkFields,
        actFields,
        reach: only && others.length === 0 ? reachText(only) : null,
        reaches: reaches.map((reach) => ({ value: keyOf(reach), label: `${reachText(reach)}（${reach.count} 项）` })),
        unitNames: units.map(unitText),
      },
      sent ? { status: 422, ...sent } : { answers: { effectiveOn: today, reach: only ? keyOf(only) : '' } },
    )
  }
}

function keyOf({ unit, track }: Reach): string {
  return `${unit.code}-${track}`
}

function reachText({ unit, track }: Reach): string {
  return `${unit.name} · ${trackLabels[track]}`
}

/** The same cards once more: the filter as it was asked, and every code. */
function queryOf({ code, ...filter }: AskedCards): [string, string][] {
  const pairs = Object.entries(filter).filter((pair): pair is [string, string] => Boolean(pair[1]))
  return [...pairs, ...(code ?? []).map((one): [string, string] => ['code', one])]
}
