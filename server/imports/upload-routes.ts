import { sql } from 'drizzle-orm'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { tracks } from '../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { endedSentence, enterableUnits } from '../access/enterable.ts'
import { findUnits, unitsOn, unitText } from '../access/units.ts'
import { type Actor, has, mayEnter, type Track } from '../kernel/actor.ts'
import { isPassing, NotFound, type Problem, RuleBroken } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import { type Answers, type FormField, readForm } from '../kernel/forms.ts'
import { numberBatch, openBatch } from './actions.ts'
import { awaitJob } from './awaited.ts'
import { askToRead } from './job-actions.ts'
import { allOfferedTo, isPlaced, type OfferKey, offeredTo, offers, writers } from './offers.ts'
import { type ImportOptions, targetOf } from './options.ts'
import { readUpload, type Sent } from './upload.ts'

const unitField: FormField = { key: 'unit', label: '单位', kind: 'unit', max: 100, required: true }
const uploadFields: readonly FormField[] = [
  unitField,
  { key: 'track', label: '资产属性', kind: 'choice', choices: tracks, required: true },
  { key: 'effectiveOn', label: '数据日期', kind: 'day', required: true },
]

const Target = Type.Object({
  target: Type.Optional(Type.String({ maxLength: 20 })),
  count: Type.Optional(Type.String({ maxLength: 20 })),
})
type Asked = { target?: string; count?: string }

/** The form that takes a file and says whose it is. */
export async function uploads(app: FastifyInstance, options: ImportOptions): Promise<void> {
  const { store } = options
  app.get<{ Querystring: Asked }>(
    '/imports/new',
    { schema: { querystring: Target }, config: { access: writers } },
    async (request, reply) => {
      const { target, count = '' } = request.query
      return uploadPage(request, reply, offered(request.actor, target), { target: target ?? '', count })
    },
  )

  app.post('/imports', { bodyLimit: 110 * 1024 * 1024, config: { access: writers } }, async (request, reply) => {
    const sent = await readUpload(request, store)
    const again = async (problems: readonly Problem[]) => {
      await sent.file?.drop()
      return uploadPage(request, reply, offered(request.actor, sent.answers.target), sent.answers, problems)
    }
    const work = async (tx: Tx, acting: Acting) => {
      const target = offered(acting.actor, sent.answers.target)
      const read = isPlaced(target) ? readPlaced : offers[target].scoped ? readAnswers : readPlain
      const { values, file } = await read(tx, acting, sent)
      const { key } = targetOf(options, target, acting)
      const opened = await openBatch(tx, acting, key, { file, fileName: file.name, ...values }).catch(unlessHeld)
      await file.settle()
      const batch = await numberBatch(tx, acting, opened)
      await askToRead(tx, acting, batch.id)
      return { location: `/imports/${batch.no}`, flash: '' }
    }
    try {
      return await reply.submit(work, again, {
        fingerprint: `${sent.file?.sha256} ${JSON.stringify(sent.answers)}`,
        settled: async ({ location }) => {
          const end = await awaitJob(app, request, reply, location.split('/')[2] ?? '', 'import.read')
          return 'problems' in end ? { problems: end.problems.map(({ text }) => ({ field: 'file', text })) } : end
        },
      })
    } finally {
      await sent.file?.drop()
    }
  })

  async function readAnswers(tx: Tx, acting: Acting, sent: Sent) {
    const today = app.clock.today()
    const { values, problems } = readForm(uploadFields, sent.answers)
    problems.push(...sent.problems)
    if (!sent.file && sent.problems.length === 0) problems.push({ field: 'file', text: '请选择要导入的表格文件。' })
    const [unit, ...others] = values.unit ? await findUnits(tx, values.unit, today) : []
    const track = values.track as Track | null
    if (values.unit && (!unit || others.length > 0)) {
      problems.push({ field: 'unit', text: `没有找到单位“${values.unit}”，请从列表中选择。` })
    } else if (unit?.state === 'closed') {
      problems.push({ field: 'unit', text: await endedSentence(tx, unit) })
    } else if (unit && track && !mayEnter(acting.actor, unit.id, track)) {
      problems.push({
        field: 'unit',
        text: `您不经办${unit.name}的${choiceLabel(tracks, track)}资产，请选择您经办的单位和属性。`,
      })
    }
    if (problems.length > 0 || !sent.file || !unit || !track) throw new RuleBroken(problems)
    return { values: { unitId: unit.id, track, effectiveOn: values.effectiveOn ?? today }, file: sent.file }
  }

  /** What belongs to a document is whose that says; the form asks for the file alone. */
  async function readPlaced(tx: Tx, acting: Acting, sent: Sent) {
    const { target = '', count = '' } = sent.answers
    const { unitId, track, effectiveOn, callId } = await placingOf(target)(tx, acting, count)
    if (sent.problems.length > 0) throw new RuleBroken(sent.problems)
    if (!sent.file) throw new RuleBroken([{ field: 'file', text: '请选择要导入的表格文件。' }])
    return { values: { unitId, track, effectiveOn, callId }, file: sent.file }
  }

  function placingOf(target: string) {
    const placing = options.placings[target]
    if (!placing) throw new NotFound()
    return placing
  }

  /** What belongs to no track is as of today, and its unit may be any. */
  async function readPlain(tx: Tx, _acting: Acting, sent: Sent) {
    const today = app.clock.today()
    const { values, problems } = readForm([unitField], sent.answers)
    problems.push(...sent.problems)
    if (!sent.file && sent.problems.length === 0) problems.push({ field: 'file', text: '请选择要导入的人员名单。' })
    const [unit, ...others] = values.unit ? await findUnits(tx, values.unit, today) : []
    if (values.unit && (!unit || others.length > 0)) {
      problems.push({ field: 'unit', text: `没有找到单位“${values.unit}”，请从列表中选择，或写单位编码。` })
    } else if (unit?.state === 'closed') {
      problems.push({ field: 'unit', text: await endedSentence(tx, unit) })
    }
    if (problems.length > 0 || !sent.file || !unit) throw new RuleBroken(problems)
    return { values: { unitId: unit.id, track: null, effectiveOn: today }, file: sent.file }
  }

  async function uploadPage(
    request: FastifyRequest,
    reply: FastifyReply,
    target: OfferKey,
    given: Answers,
    problems: readonly Problem[] | null = null,
  ) {
    const today = app.clock.today()
    const status = problems === null ? 200 : 422
    const page = (name: string, context: Record<string, unknown>, answers: Answers) =>
      reply.page(name, context, { status, answers, problems: problems ?? [] })
    if (isPlaced(target)) {
      const count = given.count ?? ''
      const placed = await request.as((tx) => placingOf(target)(tx, request.acting, count))
      return page('imports/new-placed.njk', { placed, target, count }, given)
    }
    if (target === 'people') {
      const units = await request.as((tx) => unitsOn(tx, today, sql`u.state <> 'closed'`))
      const own = units.find(({ id }) => id === request.actor.unitId)
      const context = { makes: has(request.actor, 'system_administrator'), unitNames: units.map(unitText) }
      return page('imports/new-people.njk', context, problems === null ? { unit: own ? unitText(own) : '' } : given)
    }
    const units = await request.as((tx) => enterableUnits(tx, request.actor, today))
    const own = units.find(({ id }) => id === request.actor.unitId) ?? (units.length === 1 ? units[0] : undefined)
    const claims = target === 'claims'
    const track = claims ? 'collective' : firstTrack(request, own)
    const answers = { unit: own?.code ?? '', track, effectiveOn: today }
    const ofTrack = units.filter(({ id }) => !claims || mayEnter(request.actor, id, 'collective'))
    const context = { tracks, claims, units: ofTrack.map((unit) => ({ value: unit.code, label: unit.name })) }
    return page('imports/new.njk', context, problems === null ? answers : given)
  }
}

/** What somebody uploads: whatever the form says, only what is theirs. */
function offered(actor: Actor, target: string | undefined): OfferKey {
  const own = offeredTo(actor)
  const offer = allOfferedTo(actor).find((key) => key === (target || own))
  if (offer === undefined) throw new NotFound()
  return offer
}

/** Somebody is just sending the same file, over a slow line to its store. */
function unlessHeld(error: unknown): never {
  if (!isPassing(error)) throw error
  throw new RuleBroken([{ field: 'file', text: '别人正在上传同一个文件，您的还没有保存，请过一分钟再上传。' }])
}

/** The track that leaves no choice: of the only track someone acts on, or of the unit's own books. */
function firstTrack(request: FastifyRequest, own: { regime: string } | undefined): string {
  const held = new Set(
    request.actor.grants.filter(({ role }) => role === 'keeper' || role === 'lead').map(({ track }) => track),
  )
  if (held.size === 1 && !held.has('both')) return [...held][0] ?? ''
  return own?.regime === 'collective' ? 'collective' : own ? 'state' : ''
}
