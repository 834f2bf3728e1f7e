import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Tx } from '../../db/client.ts'
import { endReaders } from '../../imports/reading/confined.ts'
import { tracks } from '../../imports/sheets/card-choices.ts'
import { choiceLabel } from '../../imports/sheets/fields.ts'
import { endedSentence, enterableUnits } from '../access/enterable.ts'
import { findUnits } from '../access/units.ts'
import { mayEnter, type Track } from '../kernel/actor.ts'
import { type Problem, RuleBroken } from '../kernel/errors.ts'
import type { Acting } from '../kernel/events.ts'
import { type Answers, type FormField, readForm } from '../kernel/forms.ts'
import { numberBatch, openBatch } from './actions.ts'
import { recallOf } from './mappings.ts'
import { type ImportOptions, takeTurn, targetOf } from './options.ts'
import { readBatch } from './read.ts'
import { asProblem, readUpload, type Sent } from './upload.ts'

const uploadFields: readonly FormField[] = [
  { key: 'unit', label: '单位', kind: 'unit', required: true },
  { key: 'track', label: '资产属性', kind: 'choice', choices: tracks, required: true },
  { key: 'effectiveOn', label: '数据日期', kind: 'day', required: true },
]

const writes = { roles: ['keeper', 'lead'] as const }

/** The form that takes a file and says whose it is. */
export async function uploads(app: FastifyInstance, options: ImportOptions): Promise<void> {
  const { store } = options
  // What is being read when the server closes is given up, and what waits for it: large files would hold it up for minutes.
  let ending: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    options.turns.close()
    endReaders()
    // A file is read in two passes: whoever is between them starts the next one yet.
    ending = setInterval(endReaders, 50)
  })
  app.addHook('onClose', async () => clearInterval(ending))
  app.get('/imports/new', { config: { access: writes } }, async (request, reply) => uploadPage(request, reply))

  app.post('/imports', { bodyLimit: 110 * 1024 * 1024, config: { access: writes } }, async (request, reply) => {
    const sent = await readUpload(request, store)
    const again = async (problems: readonly Problem[]) => {
      await sent.file?.drop()
      return uploadPage(request, reply, { answers: sent.answers, problems })
    }
    const submit = () =>
      reply.submit(
        async (tx, acting) => {
          const { values, file } = await readAnswers(tx, acting, sent)
          const batch = await openBatch(tx, acting, 'cards', { file, fileName: file.name, ...values })
          await readBatch(tx, batch, file.path, targetOf(options, 'cards', acting), {
            recall: recallOf(tx, acting, batch.target),
          }).catch(asProblem)
          await file.settle()
          const { no } = await numberBatch(tx, acting, batch)
          return { location: `/imports/${no}`, flash: '文件已读取，请核对后导入。' }
        },
        again,
        { fingerprint: `${sent.file?.sha256} ${JSON.stringify(sent.answers)}` },
      )
    try {
      return await (sent.file ? takeTurn(options, reply, submit, again) : submit())
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

  async function uploadPage(
    request: FastifyRequest,
    reply: FastifyReply,
    sent?: { answers: Answers; problems: readonly Problem[] },
  ) {
    const today = app.clock.today()
    const units = await request.as((tx) => enterableUnits(tx, request.actor, today))
    const own = units.find(({ id }) => id === request.actor.unitId) ?? (units.length === 1 ? units[0] : undefined)
    const answers = { unit: own?.code ?? '', track: firstTrack(request, own), effectiveOn: today }
    return reply.page(
      'imports/new.njk',
      { tracks, units: units.map((unit) => ({ value: unit.code, label: unit.name })) },
      sent ? { status: 422, ...sent } : { answers },
    )
  }
}

/** The track that leaves no choice: of the only track someone acts on, or of the unit's own books. */
function firstTrack(request: FastifyRequest, own: { regime: string } | undefined): string {
  const held = new Set(
    request.actor.grants.filter(({ role }) => role === 'keeper' || role === 'lead').map(({ track }) => track),
  )
  if (held.size === 1 && !held.has('both')) return [...held][0] ?? ''
  return own?.regime === 'collective' ? 'collective' : own ? 'state' : ''
}
