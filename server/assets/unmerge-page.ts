import type { FastifyReply, FastifyRequest } from 'fastify'
import { NotFound, type Problem } from '../kernel/errors.ts'
import type { Answers } from '../kernel/forms.ts'
import { mayKeep } from './actions.ts'
import { effectFields } from './form.ts'
import { findCard } from './list.ts'
import { openMerge } from './merge-actions.ts'

/** Asks from which day a merge is taken back. */
export async function unmergePage(
  request: FastifyRequest,
  reply: FastifyReply,
  sent?: { answers: Answers; problems: readonly Problem[] },
) {
  const { code } = request.params as { code: string }
  const data = await request.as(async (tx) => {
    const card = await findCard(tx, request.actor, code)
    if (!card || !mayKeep(request.actor, card)) throw new NotFound()
    return { card, merge: await openMerge(tx, card) }
  })
  if (!data.merge && !sent) throw new NotFound()
  return reply.page(
    'assets/unmerge.njk',
    {
      card: data.card,
      version: sent?.answers.version ?? data.card.version,
      other: data.merge?.code ?? null,
      effectFields,
    },
    {
      answers: sent?.answers ?? { effectiveOn: request.server.clock.today() },
      problems: sent?.problems ?? [],
      status: sent ? 422 : 200,
    },
  )
}
