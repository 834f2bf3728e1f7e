import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { cardTypes } from '../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { isCardField, type RegisterColumn, registerColumns } from '../../imports/sheets/register.ts'
import { businessRoles } from '../kernel/actor.ts'
import { type Filter, filterUrl } from '../kernel/filter.ts'
import { AskedColumns, readColumns } from './columns.ts'
import { conditionsOf } from './conditions.ts'
import { CardFilter } from './list.ts'

const Key = Type.Optional(Type.String({ maxLength: 60 }))
const Asked = Type.Object({ ...CardFilter.properties, columns: AskedColumns, earlier: Key, later: Key })

/** What the list shows of a card while nobody has chosen. */
const usual: readonly RegisterColumn[] = [
  ...(['code', 'name', 'track', 'cardType', 'ownerUnit', 'location'] as const),
  ...(['acquiredOn', 'landArea', 'floorArea', 'cost', 'netValue', 'usage'] as const),
]

/** The columns of the register's list and of its export, to be chosen and put in order. */
export async function columnPages(app: FastifyInstance): Promise<void> {
  app.get<{ Querystring: Static<typeof Asked> }>(
    '/assets/columns',
    { schema: { querystring: Asked }, config: { access: { roles: businessRoles } } },
    async (request, reply) => {
      const { after: _after, before: _before, columns: asked, earlier, later, ...filter } = request.query
      const type = filter.type || null
      const { chosen = usual, problems } = readColumns(asked, type)
      const ordered = moved(moved(chosen, earlier, -1), later, 1)
      const all = registerColumns(type)
      const rest = all.filter(({ key }) => !ordered.includes(key)).map(({ key, label }) => ({ value: key, label }))
      const data = {
        filter,
        conditions: conditionsOf(filter).filter(Boolean),
        chosen: ordered.map((key) => ({ key, label: all.find((field) => field.key === key)?.label ?? key })),
        rest: rest.filter(({ value }) => isCardField(value)),
        ofType: rest.filter(({ value }) => !isCardField(value)),
        typeLabel: choiceLabel(cardTypes, type),
        listHref: filterUrl('/assets', { ...filter, columns: asked && ordered.join(',') } as Filter),
        usualHref: filterUrl('/assets', filter as Filter),
      }
      return reply.page('assets/columns.njk', data, { status: problems.length > 0 ? 422 : 200, problems })
    },
  )
}

/** The columns with one of them a place earlier or later; at the end of the row it stays. */
function moved(columns: readonly RegisterColumn[], key: string | undefined, by: -1 | 1): readonly RegisterColumn[] {
  const from = (columns as readonly (string | undefined)[]).indexOf(key)
  const [one, other] = [columns[from], columns[from + by]]
  if (!one || !other) return columns
  return columns.with(from, other).with(from + by, one)
}
