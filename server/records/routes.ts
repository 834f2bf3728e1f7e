import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { businessRoles } from '../kernel/actor.ts'
import { NotFound, type Problem, RuleBroken } from '../kernel/errors.ts'
import type { Answers } from '../kernel/forms.ts'
import { acceptedNames } from './content-kinds.ts'
import { addPaper, amendPaper, linkPaper, unlinkPaper, withdrawPaper } from './paper-actions.ts'
import { type PaperOptions, sendPaper, sendThumbnail } from './paper-download.ts'
import { answersOf, fingerprint, paperFields, photoFields, readPaper, readSentPaper } from './paper-forms.ts'
import { paperPage } from './paper-page.ts'
import { findPaper, mayOpenFile, type Paper, type PaperInPlace } from './paper-queries.ts'
import { findPaperSubject, type PaperSubject, type PaperSubjectKind, paperSubjects } from './paper-subjects.ts'

const Id = Type.Object({ id: Type.String({ pattern: '^[0-9]{1,18}$' }) })
const Ref = Type.Optional(Type.String({ maxLength: 30 }))
const Place = Type.Object({ ...Object.fromEntries(paperSubjects.map((kind) => [kind, Ref])), kind: Ref })
const Body = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 4000 }), { maxProperties: 20 })
type Place = Partial<Record<PaperSubjectKind | 'kind', string>>
type OnePaper = { Params: { id: string } }
type Sent = { answers: Answers; problems: readonly Problem[] }

const access = { roles: businessRoles }
const writes = { roles: ['keeper', 'lead', 'approver'] as const }
/** Above the limits of the form itself, so that its own sentence is the one people read. */
const bodyLimit = 110 * 1024 * 1024

/** 材料: added, corrected, taken out of use, cited and downloaded. */
export async function papers(app: FastifyInstance, options: PaperOptions): Promise<void> {
  const { store } = options
  app.get<{ Querystring: Place }>(
    '/papers/new',
    { schema: { querystring: Place }, config: { access: writes } },
    async (request, reply) => newPage(request, reply, request.query),
  )

  app.post('/papers', { bodyLimit, config: { access: writes } }, async (request, reply) => {
    const sent = await readSentPaper(request, store)
    try {
      return await reply.submit(
        async (tx, acting) => {
          const subject = await subjectIn(tx, request, sent.answers)
          const { values, file } = readPaper(store, sent)
          await addPaper(tx, acting, subject, values, file)
          const next = `/papers/new?${subject.kind}=${subject.ref}&kind=${values.kind}`
          return sent.answers.action === 'next'
            ? { location: next, flash: `已保存“${values.title}”，请继续添加。` }
            : { location: subject.path, flash: `材料“${values.title}”已保存。` }
        },
        (problems) => newPage(request, reply, sent.answers, { answers: sent.answers, problems }),
        fingerprint(sent),
      )
    } finally {
      await sent.received?.drop()
    }
  })

  app.get<OnePaper>('/papers/:id', { schema: { params: Id }, config: { access } }, async (request, reply) =>
    showPage(request, reply),
  )

  app.get<OnePaper>(
    '/papers/:id/edit',
    { schema: { params: Id }, config: { access: writes } },
    async (request, reply) => editPage(request, reply),
  )

  app.post<OnePaper>(
    '/papers/:id',
    { schema: { params: Id }, bodyLimit, config: { access: writes } },
    async (request, reply) => {
      const { paper } = await find(request)
      const sent = await readSentPaper(request, store)
      try {
        return await reply.submit(
          async (tx, acting) => {
            const inPlace = await findPaper(tx, acting.actor, paper.id)
            if (!inPlace) throw new NotFound()
            const { values, file } = readPaper(store, sent)
            await amendPaper(tx, acting, inPlace, Number(sent.answers.version), values, file)
            return { location: `/papers/${paper.id}`, flash: '修改已保存。' }
          },
          (problems) => editPage(request, reply, { answers: sent.answers, problems }),
          fingerprint(sent),
        )
      } finally {
        await sent.received?.drop()
      }
    },
  )

  app.post<OnePaper & { Body: Answers }>(
    '/papers/:id/withdraw',
    { schema: { params: Id, body: Body }, config: { access: writes } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const inPlace = await findPaper(tx, acting.actor, request.params.id)
          if (!inPlace) throw new NotFound()
          const { version, reason } = request.body
          await withdrawPaper(tx, acting, inPlace, Number(version), reason?.trim().slice(0, 300) || null)
          return { location: inPlace.subjects[0]?.path ?? '/', flash: `材料“${inPlace.paper.title}”已撤下。` }
        },
        (problems) => showPage(request, reply, { answers: request.body, problems }),
      ),
  )

  app.post<OnePaper & { Body: Answers }>(
    '/papers/:id/links',
    { schema: { params: Id, body: Body }, config: { access: writes } },
    async (request, reply) =>
      reply.submit(
        async (tx, acting) => {
          const inPlace = await findPaper(tx, acting.actor, request.params.id)
          if (!inPlace) throw new NotFound()
          const subject = await subjectIn(tx, request, request.body)
          const gone = request.body.action === 'unlink'
          await (gone ? unlinkPaper : linkPaper)(tx, acting, inPlace, subject)
          return { location: subject.path, flash: gone ? '已不再引用这份材料。' : '已引用这份材料。' }
        },
        (problems) => showPage(request, reply, { answers: request.body, problems }),
      ),
  )

  app.get<OnePaper>('/papers/:id/file', { schema: { params: Id }, config: { access } }, async (request, reply) =>
    sendPaper(reply, options, await open(request)),
  )

  app.get<OnePaper>('/papers/:id/thumbnail', { schema: { params: Id }, config: { access } }, async (request, reply) =>
    sendThumbnail(reply, options, await open(request)),
  )

  async function find(request: FastifyRequest): Promise<PaperInPlace> {
    const { id } = request.params as OnePaper['Params']
    const found = await request.as((tx) => findPaper(tx, request.actor, id))
    if (!found) throw new NotFound()
    return found
  }

  async function open(request: FastifyRequest): Promise<Paper> {
    const inPlace = await find(request)
    if (!mayOpenFile(inPlace)) throw new NotFound()
    return inPlace.paper
  }

  /** What the form or the address says that the paper hangs on, when this person may hang papers on it. */
  async function subjectIn(tx: Tx, request: FastifyRequest, place: Answers): Promise<PaperSubject> {
    const kind = paperSubjects.find((one) => place[one])
    if (!kind) throw new RuleBroken('请从资产卡片或单据的“材料”里添加。')
    const ref = place[kind] ?? ''
    const subject = await findPaperSubject(tx, request.actor, kind, { ref })
    if (!subject) throw new NotFound()
    return subject
  }

  async function newPage(request: FastifyRequest, reply: FastifyReply, place: Place | Answers, sent?: Sent) {
    const subject = await request.as((tx) => subjectIn(tx, request, place as Answers))
    if (!subject.mayAdd && !sent) throw new RuleBroken(`${subject.title}现在不能添加材料。`)
    const answers = sent?.answers ?? { kind: place.kind ?? '' }
    const photo = answers.kind === 'photo'
    return reply.page(
      'records/paper-new.njk',
      {
        subject,
        hidden: { kind: photo ? 'photo' : null, [subject.kind]: subject.ref },
        photo,
        fields: photo ? photoFields : paperFields,
        accept: photo ? 'image/jpeg,image/png,image/webp' : acceptedNames,
      },
      sent ? { status: 422, ...sent } : { answers },
    )
  }

  async function editPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const { paper, subjects } = await find(request)
    if (!subjects.some(({ mayAdd }) => mayAdd) || paper.withdrawnAt) throw new NotFound()
    return reply.page(
      'records/paper-edit.njk',
      { paper, fields: paperFields, accept: acceptedNames, version: sent?.answers.version ?? paper.version },
      sent ? { status: 422, ...sent } : { answers: answersOf(paper) },
    )
  }

  async function showPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const inPlace = await find(request)
    const data = await request.as((tx) => paperPage(tx, inPlace, options, app.clock.today()))
    return reply.page('records/paper.njk', data, sent ? { status: 422, ...sent } : {})
  }
}
