import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { NotFound, type Problem, problemOf } from '../kernel/errors.ts'
import { findBatch } from './queries.ts'
import { hungUp } from './upload.ts'

/**
 * Starts the job that a form has asked for and waits for it as long as a person does: small work shows its outcome at
 * once, large work its progress.
 */
export async function awaitJob(
  app: FastifyInstance,
  request: FastifyRequest,
  reply: FastifyReply,
  no: string,
  kind: string,
): Promise<{ flash: string } | { problems: Problem[] }> {
  app.jobs.wake()
  const batch = await request.as((tx) => findBatch(tx, request.actor, no))
  if (!batch) throw new NotFound()
  const job = await app.jobs.awaited(request.county, batch.id, hungUp(reply))
  if (job?.kind !== kind) return { flash: '' }
  if (job.failure !== null) return { problems: [problemOf(job.failure)] }
  return { flash: job.message ?? '' }
}
