import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Forbidden, NotFound, RuleBroken, Stale } from '../kernel/errors.ts'

/** Every error becomes a page that says what happened and what to do; details stay in the log. */
export default fp(
  async (app) => {
    app.setErrorHandler(async (error: FastifyError, request, reply) => {
      const status = error.statusCode ?? (isUnsavable(error) ? 400 : 500)
      if (status >= 500) request.log.error({ err: error }, 'request failed')
      else request.log.info({ code: error.code, status }, 'request refused')
      return answer(error, status, request, reply)
    })
    app.setNotFoundHandler(async (_request, reply) => reply.page('errors/not-found.njk', {}, { status: 404 }))
  },
  { name: 'error-pages', dependencies: ['pages'] },
)

/** A text with a NUL byte in it: the database stores none, and no keyboard writes one. */
function isUnsavable(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && (at.code === '22021' || at.code === '22P05')) return true
  }
  return false
}

async function answer(error: FastifyError, status: number, request: FastifyRequest, reply: FastifyReply) {
  if (error instanceof NotFound) return reply.page('errors/not-found.njk', {}, { status })
  if (error instanceof Forbidden) return reply.page('errors/forbidden.njk', {}, { status })
  if (error instanceof Stale) {
    const back = URL.parse(request.headers.referer ?? '')?.pathname ?? '/'
    return reply.page('errors/stale.njk', { differences: error.differences, back }, { status })
  }
  if (error instanceof RuleBroken) return reply.page('errors/refused.njk', {}, { status, problems: error.problems })
  if (status === 429) return refused(reply, status, '操作太频繁，请稍等一分钟再试。')
  if (status === 413) return refused(reply, status, '提交的内容太大，请分几次提交。')
  if (status < 500) return refused(reply, status, '提交的内容不完整或格式不对，请返回上一页检查后再提交。')
  return reply.page('errors/broken.njk', {}, { status: 500 })
}

function refused(reply: FastifyReply, status: number, text: string) {
  return reply.page('errors/refused.njk', {}, { status, problems: [{ field: null, text }] })
}
