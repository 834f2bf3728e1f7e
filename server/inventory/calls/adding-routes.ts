import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Actor, holds, scopeKey } from '../../kernel/actor.ts'
import { Forbidden, type Problem } from '../../kernel/errors.ts'
import { addUnits } from './actions.ts'
import { callableUnits } from './callable.ts'
import { unitGroups } from './forms.ts'
import { calledUnits, findCall } from './queries.ts'
import { CallNo, UnitIds, writes } from './routes.ts'
import type { Call } from './workflow.ts'

const text = (maxLength: number) => Type.Optional(Type.String({ maxLength }))
const Body = Type.Object({ units: UnitIds, token: text(64), version: text(12) }, { additionalProperties: false })
type NoParams = { Params: { no: string } }
type Sent = { units: readonly string[]; version: string | undefined; problems: readonly Problem[] }

/** Whoever issued a call keeps it: calls more units, gives them more time. */
export function keepsCall(actor: Actor, { state, issuerId, track }: Pick<Call, 'state' | 'issuerId' | 'track'>) {
  return state === 'open' && holds(actor, ['lead', 'approver'], scopeKey(issuerId, track))
}

/** 增加单位 to a call that has gone out. */
export async function callAdding(app: FastifyInstance): Promise<void> {
  app.get<NoParams>(
    '/inventory/calls/:no/units',
    { schema: { params: CallNo }, config: { access: writes } },
    async (request, reply) => formPage(request, reply),
  )

  app.post<NoParams & { Body: Static<typeof Body> }>(
    '/inventory/calls/:no/units',
    { schema: { params: CallNo, body: Body }, config: { access: writes } },
    async (request, reply) => {
      const call = await find(request)
      const { units = [], version } = request.body
      return reply.submit(
        async (tx, acting) => {
          const count = await addUnits(tx, acting, call.id, Number(version), units)
          const flash = `已增加 ${count} 个单位，可以开始盘点。`
          return { location: `/inventory/calls/${call.no}?tab=progress`, flash }
        },
        (problems) => formPage(request, reply, { units, version, problems }),
      )
    },
  )

  async function find(request: FastifyRequest): Promise<Call> {
    const { no } = request.params as NoParams['Params']
    const call = await request.as((tx) => findCall(tx, request.acting, no))
    if (!keepsCall(request.actor, { ...call, state: 'open' })) throw new Forbidden()
    return call
  }

  async function formPage(request: FastifyRequest, reply: FastifyReply, sent?: Sent) {
    const call = await find(request)
    const today = app.clock.today()
    const units = await request.as(async (tx) => {
      const called = new Set(await calledUnits(tx, call.id))
      const callable = await callableUnits(tx, request.actor, call, today)
      return callable.filter(({ id }) => !called.has(id))
    })
    const closed: Problem[] = call.state === 'open' ? [] : [{ field: null, text: '只有清查中的通知可以增加单位。' }]
    const problems = sent?.problems ?? closed
    return reply.page(
      'inventory/call-units.njk',
      {
        call,
        open: call.state === 'open',
        // Who is called late has the day of the call; where that is over, more time has to be given.
        late: call.dueOn < today,
        groups: unitGroups(units),
        chosen: sent?.units ?? [],
        version: sent?.version ?? call.version,
      },
      { problems, status: problems.length > 0 ? 422 : 200 },
    )
  }
}
