import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type Answers, answersOf, noAnswers } from '../../imports/answers.ts'
import { limits } from '../../imports/reading/limits.ts'
import type { ImportTarget } from '../../imports/target.ts'
import { takesUnit } from '../../imports/values/units.ts'
import { NotFound, type Problem, RuleBroken } from '../kernel/errors.ts'
import { filterUrl } from '../kernel/filter.ts'
import type { Answers as Sent } from '../kernel/forms.ts'
import { choicesOf, fieldGroups, type Known, knownTo, nobody, nothing, unitChoices } from './mapping-choices.ts'
import { clashes, readValue } from './mapping-form.ts'
import { changeMapping, findMapping, forgetMapping, listMappings, type MappingRow } from './mappings.ts'
import { writers } from './offers.ts'
import { type ImportOptions, targetOf } from './options.ts'

const Place = Type.Object({
  after: Type.Optional(Type.String({ maxLength: 300 })),
  before: Type.Optional(Type.String({ maxLength: 300 })),
})
const Id = Type.Object({ id: Type.String({ pattern: '^[0-9]{1,18}$' }) })
const Body = Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 300 }), {
  maxProperties: 2 * limits.tableColumns + 2000,
})
type One = { Params: { id: string } }

const access = writers
/** Words of one mapping that its page shows. */
const mostWords = 1000

/** What a unit's people decided for layouts of tables: seen, changed and forgotten. */
export async function mappings(app: FastifyInstance, options: ImportOptions): Promise<void> {
  app.get<{ Querystring: { after?: string; before?: string } }>(
    '/imports/mappings',
    { schema: { querystring: Place }, config: { access } },
    async (request, reply) => {
      const found = await request.as((tx) => listMappings(tx, request.actor, request.query))
      return reply.page('imports/mappings.njk', {
        unitName: request.actor.unitName,
        rows: found.rows.map(({ id, name, headers, person, at, used }) => ({
          name: { text: name, href: `/imports/mappings/${id}` },
          headers: headers
            .map(({ header }) => header)
            .join('、')
            .slice(0, 200),
          at: new Date(at),
          person: person ?? '系统',
          used: used === null ? null : new Date(used),
        })),
        previous: found.previous && filterUrl('/imports/mappings', {}, { before: found.previous }),
        next: found.next && filterUrl('/imports/mappings', {}, { after: found.next }),
      })
    },
  )

  app.get<One>('/imports/mappings/:id', { schema: { params: Id }, config: { access } }, async (request, reply) =>
    page(request, reply),
  )

  app.post<One & { Body: Sent }>(
    '/imports/mappings/:id',
    { schema: { params: Id, body: Body }, config: { access } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const row = await findMapping(tx, acting.actor, request.params.id)
          const target = targetOf(options, row.target, acting)
          const known = row.unitId === null ? nobody : await knownTo(tx, row.unitId, app.clock.today())
          const { answers, problems } = readEdited(request.body, row, target, known)
          if (problems.length > 0) throw new RuleBroken(problems)
          await changeMapping(tx, acting, row.id, { version: Number(request.body.version), answers })
          return { location: `/imports/mappings/${row.id}`, flash: '已保存，以后同样表头的文件按这个读取。' }
        },
        (problems) => page(request, reply, { answers: request.body, problems }),
      ),
  )

  app.post<One & { Body: Sent }>(
    '/imports/mappings/:id/delete',
    { schema: { params: Id, body: Body }, config: { access } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          await forgetMapping(tx, acting, request.params.id, Number(request.body.version))
          return { location: '/imports/mappings', flash: '已删除，以后同样表头的文件重新询问。' }
        },
        (problems) => page(request, reply, { answers: request.body, problems }),
      ),
  )

  async function page(
    request: FastifyRequest,
    reply: FastifyReply,
    sent?: { answers: Sent; problems: readonly Problem[] },
  ) {
    const { id } = request.params as One['Params']
    const data = await request.as(async (tx) => {
      const row = await findMapping(tx, request.actor, id)
      const target = options.targets[row.target]?.(request.acting)
      if (!target) throw new NotFound()
      const known = row.unitId === null ? nobody : await knownTo(tx, row.unitId, app.clock.today())
      return { mapping: row, ...editView(row, target, known, sent?.answers) }
    })
    return reply.page('imports/mapping-edit.njk', data, sent ? { status: 422, ...sent } : {})
  }
}

type Word = { name: string; field: string; text: string; value: string | null }

/** The words of a mapping in a fixed order: a control is named by its place. */
function wordsOf(row: MappingRow): Word[] {
  return Object.entries(answersOf(row.answers).values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([field, texts]) =>
      Object.entries(texts)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([text, value]) => ({ field, text, value })),
    )
    .map((word, at) => ({ ...word, name: `value-${at}` }))
}

function editView(row: MappingRow, target: ImportTarget<never>, known: Known, sent: Sent = {}) {
  const { columns, units } = answersOf(row.answers)
  const fieldOf = (key: string | null | undefined) => target.fields.find((field) => field.key === key)
  const stored = (value: string | null | undefined) => (value === undefined ? '' : (value ?? nothing))
  return {
    groups: fieldGroups(target.fields, target.name),
    columns: row.headers.map(({ column, header }) => {
      const value = sent[`column-${column}`] ?? stored(columns[column])
      const unit = units[column] ?? null
      return {
        ...{ column, header, value, name: `column-${column}`, unitName: `unit-${column}` },
        units: unitChoices(fieldOf(value), unit),
        unitValue: sent[`unit-${column}`] ?? unit ?? '',
      }
    }),
    words: wordsOf(row)
      .slice(0, mostWords)
      .map((word) => {
        const field = fieldOf(word.field)
        const all = choicesOf(field, known)
        const now = sent[word.name] ?? stored(word.value)
        // Of long lists only the present one: another is chosen where the file is imported.
        const items = all.length > 60 ? all.filter(({ value }) => value === now) : all
        return { ...word, label: field?.label ?? word.field, items, value: now }
      }),
  }
}

function readEdited(
  sent: Sent,
  row: MappingRow,
  target: ImportTarget<never>,
  known: Known,
): { answers: Answers; problems: Problem[] } {
  const old = answersOf(row.answers)
  const fields = new Map(target.fields.map((field) => [field.key, field]))
  const problems: Problem[] = []
  const columns: Record<string, string | null> = {}
  const units: Record<string, string> = {}
  for (const { column } of row.headers) {
    const before = old.columns[column]
    const text = sent[`column-${column}`] ?? (before === undefined ? '' : (before ?? nothing))
    const field = fields.get(text)
    if (text === '') continue
    if (text !== nothing && !field)
      problems.push({ field: `column-${column}`, text: `请为 ${column} 列从列表中选择一栏。` })
    columns[column] = field?.key ?? null
    const unit = sent[`unit-${column}`] ?? old.units[column] ?? ''
    if (field && unit !== '' && takesUnit(field, unit)) units[column] = unit
  }
  problems.push(...clashes(columns, fields))
  const values: Record<string, Record<string, string | null>> = {}
  for (const { name, field, text, value } of wordsOf(row)) {
    const chosen = sent[name]
    const read =
      chosen === undefined ? value : chosen === '' ? undefined : readValue(chosen, choicesOf(fields.get(field), known))
    if (read === undefined) {
      if (chosen !== '') problems.push({ field: name, text: `请为「${text}」从列表中选一项。` })
      continue
    }
    values[field] = { ...values[field], [text]: read }
  }
  return { answers: { ...noAnswers, ...old, columns, units, values }, problems }
}
