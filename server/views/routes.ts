import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { setFlash } from '../access/sessions.ts'
import { businessRoles } from '../kernel/actor.ts'
import { NotFound, type Problem, RuleBroken } from '../kernel/errors.ts'
import { type FormField, readForm } from '../kernel/forms.ts'
import type { ViewedList } from '../kernel/views.ts'
import { addressOf, addressToKeep, readAddress } from './addresses.ts'
import { allViews, editedView, unsavedView } from './pages.ts'
import { changeView, deleteView, findView, saveView } from './views.ts'

const From = Type.Optional(Type.String({ maxLength: 4000 }))
const Asked = Type.Object({ from: From })
type Asked = Static<typeof Asked>
const Id = Type.Object({ id: Type.String({ pattern: '^[0-9]{1,18}$' }) })
const Version = Type.Optional(Type.String({ maxLength: 20 }))
const Token = Type.Optional(Type.String({ maxLength: 100 }))
const Kept = Type.Object({
  from: From,
  name: Type.Optional(Type.String({ maxLength: 1000 })),
  /** `present`: the address one comes from instead of the one that is kept. */
  conditions: Type.Optional(Type.Union([Type.Literal('kept'), Type.Literal('present')])),
  version: Version,
  token: Token,
})
type Kept = Static<typeof Kept>
const Gone = Type.Object({ from: From, version: Version, token: Token })
type One = { Params: { id: string } }

const nameField: FormField = { key: 'name', label: '名称', kind: 'text', max: 30, required: true }

/** 常用视图: addresses of lists that people keep for themselves, opened, renamed, replaced and deleted. */
export async function views(app: FastifyInstance, { lists }: { lists: readonly ViewedList[] }): Promise<void> {
  const access = { roles: businessRoles }

  app.get<{ Querystring: Asked }>(
    '/views',
    { schema: { querystring: Asked }, config: { access } },
    async (request, reply) => {
      const { from } = request.query
      const page = await request.as((tx) => allViews(tx, request.actor, { lists, from, today: app.clock.today() }))
      return reply.page('views/list.njk', page)
    },
  )

  app.post<{ Body: Kept }>('/views', { schema: { body: Kept }, config: { access } }, async (request, reply) =>
    reply.submit(
      async (tx, acting) => {
        const view = { ...addressToKeep(lists, request.body.from ?? ''), name: nameIn(request.body) }
        await saveView(tx, acting, view)
        return { location: addressOf(view), flash: `已存为常用视图“${view.name}”。` }
      },
      (problems) => savePage(request, reply, problems),
    ),
  )

  app.get<One>('/views/:id', { schema: { params: Id }, config: { access } }, async (request, reply) => {
    const view = await request.as((tx) => findView(tx, request.actor, request.params.id))
    const read = readAddress(lists, addressOf(view))
    if (!read) throw new NotFound()
    const { session } = request
    if (session && read.problems.length > 0) {
      const text = `常用视图“${view.name}”：${read.problems.join('')}请核对后重新保存。`
      await request.county.transaction({}, (tx) => setFlash(tx, session.idHash, text))
    }
    return reply.redirect(addressOf({ list: read.list.path, query: read.query }), 303)
  })

  app.get<One & { Querystring: Asked }>(
    '/views/:id/edit',
    { schema: { params: Id, querystring: Asked }, config: { access } },
    async (request, reply) => editPage(request, reply, request.query.from),
  )

  app.post<One & { Body: Kept }>(
    '/views/:id',
    { schema: { params: Id, body: Kept }, config: { access } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const { from, conditions, version } = request.body
          const { list } = await findView(tx, acting.actor, request.params.id)
          const name = nameIn(request.body)
          const present = conditions === 'present' ? addressToKeep(lists, from ?? '') : null
          if (present && present.list !== list) throw new RuleBroken('请回到列表，从那里保存常用视图。')
          const changes = { version: Number(version), name, ...(present && { query: present.query }) }
          const view = await changeView(tx, acting, request.params.id, changes)
          return { location: addressOf(view), flash: `常用视图“${view.name}”已保存。` }
        },
        (problems) => editPage(request, reply, request.body.from, problems, request.body),
      ),
  )

  app.post<One & { Body: Static<typeof Gone> }>(
    '/views/:id/delete',
    { schema: { params: Id, body: Gone }, config: { access } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const { from, version } = request.body
          const view = await deleteView(tx, acting, request.params.id, Number(version))
          const query = from === undefined ? '' : new URLSearchParams({ from }).toString()
          return { location: addressOf({ list: '/views', query }), flash: `常用视图“${view.name}”已删除。` }
        },
        (problems) => editPage(request, reply, request.body.from, problems),
      ),
  )

  /** What could not be saved, with the way to put it in the place of the view that has the name. */
  async function savePage(request: FastifyRequest<{ Body: Kept }>, reply: FastifyReply, problems: readonly Problem[]) {
    const { body, actor } = request
    const where = { lists, from: body.from, today: app.clock.today() }
    const page = await request.as((tx) => unsavedView(tx, actor, readName(body).values.name ?? '', where))
    return reply.page('views/save.njk', page, { status: 422, problems, answers: body })
  }

  async function editPage(
    request: FastifyRequest,
    reply: FastifyReply,
    from: string | undefined,
    problems: readonly Problem[] = [],
    sent?: Kept,
  ) {
    const { id } = request.params as One['Params']
    const page = await request.as(async (tx) => {
      const view = await findView(tx, request.actor, id)
      return editedView(tx, view, { lists, from, today: app.clock.today() })
    })
    const answers = sent ?? { name: page.view.name, conditions: 'kept' }
    return reply.page('views/edit.njk', page, { status: problems.length > 0 ? 422 : 200, problems, answers })
  }
}

function readName({ name }: Kept) {
  return readForm([nameField], { name })
}

function nameIn(body: Kept): string {
  const { values, problems } = readName(body)
  if (problems.length > 0) throw new RuleBroken(problems)
  return values.name ?? ''
}
