import { sql } from 'drizzle-orm'
import type { FastifyInstance } from 'fastify'

/** Whether this process reaches its county's database; for probes, without signing in. */
export async function health(app: FastifyInstance): Promise<void> {
  app.get('/health', { config: { access: 'public' } }, async (request, reply) => {
    await request.county.transaction({ readOnly: true, timeout: 2000 }, (tx) => tx.execute(sql`select 1`))
    return reply.send({ status: 'ok' })
  })
}
