import { sql } from 'drizzle-orm'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { unitsOn, unitText } from '../access/units.ts'
import { act, type Subscriber } from '../kernel/act.ts'
import { type Problem, problemOf, RuleBroken } from '../kernel/errors.ts'
import { type Answers, readForm, type Values } from '../kernel/forms.ts'
import { allowed } from '../kernel/workflow.ts'
import { determinationMachine } from './actions.ts'
import { decisionFields, readDecision } from './forms.ts'
import { findDetermination } from './queries.ts'
import { recordedFields } from './recorded.ts'
import { determinationWorkflow } from './workflow.ts'

const No = Type.Object({ no: Type.String({ pattern: '^QD[0-9]{4}-[0-9]{4,}$' }) })
const Body = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 4000 }), { maxProperties: 20 })
type NoParams = { Params: { no: string } }

const access = { roles: ['lead', 'approver'] as const }
const ownFields = decisionFields.filter(({ key }) => key === 'decidedOwner' || key === 'decidedTrack')

/** 代录界定结果: the decision of a body without an account, from its paper. */
export async function recordedDeterminations(
  app: FastifyInstance,
  { subscribers }: { subscribers: readonly Subscriber[] },
): Promise<void> {
  app.get<NoParams>(
    '/determinations/:no/recorded',
    { schema: { params: No }, config: { access } },
    async (request, reply) => formPage(request, reply),
  )

  app.post<NoParams & { Body: Answers }>(
    '/determinations/:no/recorded',
    { schema: { params: No, body: Body }, config: { access } },
    async (request, reply) => {
      const answers = request.body
      const document = await request.as((tx) => findDetermination(tx, request.acting, request.params.no))
      return reply.submit(
        async (tx, acting) => {
          const values = await readRecorded(tx, answers, app.clock.today())
          const comment = answers.comment?.trim() || null
          const input = { action: 'record', version: Number(answers.version), comment, values }
          const { message } = await act(tx, acting, determinationMachine, document.id, input, subscribers)
          return { location: `/determinations/${document.no}`, flash: message }
        },
        (problems) => formPage(request, reply, { answers, problems }),
      )
    },
  )

  async function formPage(
    request: FastifyRequest,
    reply: FastifyReply,
    sent?: { answers: Answers; problems: readonly Problem[] },
  ) {
    const { no } = request.params as NoParams['Params']
    const { document, units } = await request.as(async (tx) => ({
      document: await findDetermination(tx, request.acting, no),
      units: await unitsOn(tx, app.clock.today(), sql`u.state <> 'closed'`),
    }))
    const step = allowed(determinationWorkflow, document, request.actor).find(({ key }) => key === 'record')
    const refused = step ? step.reasons : ['现在不能代录界定结果，请看办理进度。']
    const problems = refused.length > 0 ? refused.map((reason) => problemOf(reason)) : (sent?.problems ?? [])
    const owner = units.find((unit) => unit.id === document.proposedOwnerId)
    const proposed = { decidedOwner: owner ? unitText(owner) : '', decidedTrack: document.proposedTrack }
    return reply.page(
      'determinations/recorded.njk',
      {
        document,
        open: refused.length === 0,
        ownFields,
        fields: recordedFields,
        unitNames: units.map(unitText),
        version: sent?.answers.version ?? document.version,
      },
      { answers: sent?.answers ?? proposed, problems, status: problems.length > 0 ? 422 : 200 },
    )
  }
}

/** Owner and track as the county would write them, and what the paper says; every problem at once. */
async function readRecorded(tx: Tx, answers: Answers, today: string): Promise<Values> {
  const { values, problems } = readForm(recordedFields, answers)
  const decided = await readDecision(tx, { ...answers, decidingBody: answers.body }, today).catch((error) => {
    if (!(error instanceof RuleBroken)) throw error
    return error
  })
  const own = decided instanceof RuleBroken ? decided.problems.filter(({ field }) => isOwn(field)) : []
  if (own.length + problems.length > 0) throw new RuleBroken([...own, ...problems])
  return { ...values, ...(decided instanceof RuleBroken ? {} : decided) }
}

function isOwn(field: string | null): boolean {
  return ownFields.some(({ key }) => key === field)
}
