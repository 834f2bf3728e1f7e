import { sql } from 'drizzle-orm'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Problem } from '../../kernel/errors.ts'
import { newestEvents } from '../../kernel/events.ts'
import type { Answers } from '../../kernel/forms.ts'
import { fromStored } from '../../kernel/partial-date.ts'
import { timeline } from '../../kernel/timeline.ts'
import type { Count } from '../counts/workflow.ts'
import { inventorySentences } from '../sentences.ts'
import { checkedFields, foundFields } from './fields.ts'
import type { ClaimLineRow } from './queries.ts'
import { claimRowView } from './view.ts'

const recent = 30

/** One claim or debt on a page of its own: what the books say, what was found, and who said so. */
export async function claimRowPage(
  request: FastifyRequest,
  reply: FastifyReply,
  { count, line, mayCount }: { count: Count; line: ClaimLineRow; mayCount: boolean },
  sent?: { answers: Answers; problems: readonly Problem[] },
) {
  const ofLine = sql`(detail ->> 'claimLine')::int = ${line.no}`
  const events = await request.as((tx) => newestEvents(tx, { kind: 'count', id: count.id }, recent, ofLine))
  const found = line.claimId === null
  const stored: Answers = {
    ...{ counted: line.countedAmount ?? '', reason: line.reason ?? '', remark: line.remark ?? '' },
    ...{ category: line.category, counterparty: line.counterparty, purpose: line.purpose ?? '' },
    occurredOn: fromStored(line.occurredOn, line.occurredPrecision) ?? '',
  }
  return reply.page(
    'inventory/claims/line.njk',
    {
      ...{ count, mayCount, row: claimRowView(line), address: `/inventory/counts/${count.no}/claims` },
      fields: found ? foundFields : checkedFields,
      events: timeline(events, inventorySentences),
    },
    sent ? { status: 422, problems: sent.problems, answers: { ...stored, ...sent.answers } } : { answers: stored },
  )
}
