import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type Actor, has, type Role, trackLabels } from '../kernel/actor.ts'
import { NotFound, type Problem, RuleBroken } from '../kernel/errors.ts'
import type { Answers } from '../kernel/forms.ts'
import { changeSetting, readValue } from './actions.ts'
import { type SettingDefinition, settingDefinitions } from './definitions.ts'
import { type Defaults, type SettingKind, type SettingTrack, settingOf, settingsOf, tracksOf } from './queries.ts'

/** One page of settings: where it is, what it holds, who sets them and who reads along. */
export type SettingsPage = {
  path: string
  kind: SettingKind
  title: string
  subtitle: string
  writer: Role
  readers: readonly Role[]
  /** What counts instead of a declared default. */
  defaults?: Defaults
}

const strict = { additionalProperties: false }
const text = Type.Optional(Type.String({ maxLength: 500 }))
const Params = Type.Object({ key: Type.String({ maxLength: 60 }) }, strict)
const Query = Type.Object({ track: text }, strict)
const Body = Type.Object({ value: text, validFrom: text, reason: text, track: text, token: text }, strict)

type ByKey = { Params: { key: string } }
type One = ByKey & { Querystring: { track?: string } }
type Sent = ByKey & { Body: Answers }

/** Dated settings of one kind: the table, and for each its history and the form that changes it. */
export async function settingPages(app: FastifyInstance, page: SettingsPage): Promise<void> {
  const { path, kind, writer, readers, defaults = {} } = page
  const read = { roles: [writer, ...readers] }

  app.get(path, { config: { access: read } }, async (request, reply) => {
    const lines = await request.as((tx) => settingsOf(tx, kind, app.clock.today(), defaults))
    const rows = lines.map((line) => ({
      ...line,
      href: `${path}/${line.key}${line.track === 'both' ? '' : `?track=${line.track}`}`,
    }))
    return reply.page('settings/list.njk', { page, rows, tracked: rows.some(({ trackLabel }) => trackLabel !== '') })
  })

  app.get<One>(
    `${path}/:key`,
    { schema: { params: Params, querystring: Query }, config: { access: read } },
    async (request, reply) => show(request, reply, page, request.query.track),
  )

  app.post<Sent>(
    `${path}/:key`,
    { schema: { params: Params, body: Body }, config: { access: { roles: [writer] } } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const definition = definitionOr404(request, kind)
          const track = trackOf(definition, request, writer, request.body.track)
          if (!maySet(acting.actor, writer, track)) {
            throw new RuleBroken(
              `这是${track === 'both' ? '' : trackLabels[track]}条线的参数，请由该条线的县级部门修改。`,
            )
          }
          const next = readValue(definition, request.body, acting.clock.today())
          await changeSetting(tx, acting, definition, track, next, defaults)
          return { location: path, flash: `已保存：${definition.label}，自 ${next.validFrom} 起。` }
        },
        (problems) => show(request, reply, page, request.body.track, { problems, answers: request.body }),
      ),
  )
}

type Again = { problems?: readonly Problem[]; answers?: Answers }

async function show(
  request: FastifyRequest<ByKey>,
  reply: FastifyReply,
  page: SettingsPage,
  wanted: string | undefined,
  { problems = [], answers }: Again = {},
) {
  const today = request.server.clock.today()
  const definition = definitionOr404(request, page.kind)
  const track = trackOf(definition, request, page.writer, wanted)
  const one = await request.as((tx) => settingOf(tx, definition, track, today, page.defaults ?? {}))
  return reply.page(
    'settings/one.njk',
    { page, one, value: definition.value, mayChange: maySet(request.actor, page.writer, track) },
    {
      problems,
      answers: answers ?? { validFrom: today },
      status: problems.length > 0 ? 422 : 200,
    },
  )
}

function definitionOr404(request: FastifyRequest<ByKey>, kind: SettingKind): SettingDefinition {
  const found: SettingDefinition | undefined = settingDefinitions.find(({ key }) => key === request.params.key)
  if (found?.kind !== kind) throw new NotFound()
  return found
}

/** The track that is asked for, else the one the person may set. */
function trackOf(
  definition: SettingDefinition,
  request: FastifyRequest,
  writer: Role,
  wanted: string | undefined,
): SettingTrack {
  const tracks = tracksOf(definition)
  if (wanted) {
    const found = tracks.find((track) => track === wanted)
    if (!found) throw new NotFound()
    return found
  }
  return tracks.find((track) => maySet(request.actor, writer, track)) ?? tracks[0] ?? 'both'
}

function maySet(actor: Actor, writer: Role, track: SettingTrack): boolean {
  if (track === 'both') return has(actor, writer)
  return actor.grants.some((grant) => grant.role === writer && (grant.track === 'both' || grant.track === track))
}
