import { sql } from 'drizzle-orm'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../db/client.ts'
import { NotFound, type Problem, RuleBroken } from '../kernel/errors.ts'
import type { Answers } from '../kernel/forms.ts'
import { type Code, issueCode } from './activation.ts'
import { heldBy } from './people-actions.ts'
import { isOpenedByOperator } from './people-rules.ts'
import { policyOn } from './policy.ts'

const No = Type.Object({ no: Type.String({ pattern: '^DR[0-9]{4}-[0-9]{4,}$' }) }, { additionalProperties: false })
const Body = Type.Object({ token: Type.Optional(Type.String({ maxLength: 200 })) }, { additionalProperties: false })
const access = { roles: ['system_administrator'] } as const
/** Codes made at once: each is a handful of statements. */
const most = 200

type ByNo = { Params: { no: string } }
type Waiting = { id: string; account: string; name: string; unit: string | null }
type Given = { people: (Waiting & { code: string })[]; until: Date; address: string }

/**
 * Codes for the accounts that an import of people has made, on one sheet to print: those who have neither a password nor
 * a code that still opens. As on the page of one account they stand in this answer alone.
 */
export async function importCodes(app: FastifyInstance, { origin }: { origin: string | null }): Promise<void> {
  app.get<ByNo>('/imports/:no/codes', { schema: { params: No }, config: { access } }, async (request, reply) =>
    page(request, reply),
  )

  app.post<ByNo & { Body: Answers }>(
    '/imports/:no/codes',
    { schema: { params: No, body: Body }, config: { access } },
    async (request, reply) => {
      try {
        const given = await request.as((tx) => give(tx, request))
        return page(request, reply, { given })
      } catch (error) {
        if (error instanceof RuleBroken) return page(request, reply, { problems: error.problems })
        throw error
      }
    },
  )

  async function give(tx: Tx, request: FastifyRequest<ByNo>): Promise<Given> {
    const { activationHours } = await policyOn(tx, app.clock.today(), app.sessionLimits)
    const waiting = await waitingFor(tx, request.params.no, app.clock.now())
    const people: Given['people'] = []
    let made: Code | undefined
    for (const person of waiting.slice(0, most)) {
      // Whoever has become such an administrator since is opened by the operator.
      if (isOpenedByOperator(await heldBy(tx, person.id), app.clock.today())) continue
      made = await issueCode(tx, request.acting, person.id, activationHours)
      people.push({ ...person, code: made.code })
    }
    if (!made) throw new RuleBroken('这批账号都已开通，或开通码还有效。重新生成请到各人的账号页。')
    return { people, until: made.until, address: `${origin ?? `${request.protocol}://${request.host}`}/activate` }
  }

  async function page(
    request: FastifyRequest<ByNo>,
    reply: FastifyReply,
    { given, problems = [] }: { given?: Given; problems?: readonly Problem[] } = {},
  ) {
    const { no } = request.params
    const waiting = await request.as((tx) => waitingFor(tx, no, app.clock.now()))
    return reply.page(
      'access/import-codes.njk',
      { no, given: given ?? null, waiting: waiting.slice(0, most), more: Math.max(0, waiting.length - most) },
      problems.length > 0 ? { status: 422, problems } : {},
    )
  }
}

/** Accounts of the batch without a password and without a code that still opens, in the order of the list. */
async function waitingFor(tx: Tx, no: string, now: Date): Promise<Waiting[]> {
  const [batch] = await tx.execute<{ id: string }>(
    sql`select id::text as id from import_batches where no = ${no} and target = 'people' and state = 'committed'`,
  )
  if (!batch) throw new NotFound()
  return tx.execute<Waiting>(sql`
    select p.id::text as id, p.account, p.name, r.unit from people p
    join (select entry_id, min(row) as row, (array_agg(coalesce(resolved ->> 'unit', "values" ->> 'unit') order by row))[1] as unit
      from import_rows where batch_id = ${batch.id} and status = 'new' group by entry_id) r on r.entry_id = p.id
    where p.password_hash is null and p.disabled_at is null and not exists (
      select from account_tokens t where t.person_id = p.id and t.used_at is null and t.expires_at > ${now.toISOString()})
    order by r.row`)
}
