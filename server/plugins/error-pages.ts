import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Forbidden, NotFound, RuleBroken, Stale } from '../kernel/errors.ts'

/** Every error becomes a page that says what happened and what to do; details stay in the log. */
export default fp(
  async (app) => {
    app.setErrorHandler(async (error: FastifyError, request, reply) => {
      const status = statusOf(error)
      if (status >= 500) request.log.error({ err: error }, 'request failed')
      else request.log.info({ code: error.code, status }, 'request refused')
      return answer(error, status, request, reply)
    })
    app.setNotFoundHandler(async (_request, reply) => reply.page('errors/not-found.njk', {}, { status: 404 }))
  },
  { name: 'error-pages', dependencies: ['pages'] },
)

/** A text with a NUL byte in it: the database stores none, and no keyboard writes one. */
const unsavable = ['22021', '22P05']
/** The county's database is down or restarting; other counties may go on. */
const unavailable = [
  '08006',
  '57P01',
  '57P03',
  'ECONNREFUSED',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECT_TIMEOUT',
]

/** No room is left for a file, or for the database's own. */
const full = ['ENOSPC', 'EDQUOT', '53100']

/** Somebody else's transaction holds what this one needs, longer than a person should wait or each what the other needs. */
const busy = ['55P03', '40P01']

function statusOf(error: FastifyError): number {
  if (error.statusCode !== undefined) return error.statusCode
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = 'code' in at ? String(at.code) : ''
    if (unsavable.includes(code)) return 400
    if (unavailable.includes(code)) return 503
    if (busy.includes(code)) return 423
    if (full.includes(code)) return 507
  }
  return 500
}

async function answer(error: FastifyError, status: number, request: FastifyRequest, reply: FastifyReply) {
  // An address that cannot be one of ours is no mistake of a form: there is nothing at it.
  if (error instanceof NotFound || error.validationContext === 'params')
    return reply.page('errors/not-found.njk', {}, { status: 404 })
  if (error instanceof Forbidden) return reply.page('errors/forbidden.njk', {}, { status })
  if (error instanceof Stale) {
    const back = URL.parse(request.headers.referer ?? '')?.pathname ?? '/'
    return reply.page('errors/stale.njk', { differences: error.differences, back }, { status })
  }
  if (error instanceof RuleBroken) return reply.page('errors/refused.njk', {}, { status, problems: error.problems })
  if (status === 503) return refused(reply, status, '数据库暂时连不上，内容没有保存，请过一两分钟再试。')
  if (status === 423) return refused(reply, status, '别人正在办理同一批数据，您的内容没有保存，请稍等一分钟再试。')
  if (status === 502) return refused(reply, status, '文件存储暂时连不上，内容没有保存，请过一两分钟再试。')
  if (status === 507) return refused(reply, status, '服务器的磁盘已满，内容没有保存，请告诉系统管理员清理后再试。')
  if (status === 429) return refused(reply, status, '操作太频繁，请稍等一分钟再试。')
  if (status === 413) return refused(reply, status, '提交的内容太大，请分几次提交。')
  if (status < 500) return refused(reply, status, '提交的内容不完整或格式不对，请返回上一页检查后再提交。')
  return reply.page('errors/broken.njk', {}, { status: 500 })
}

function refused(reply: FastifyReply, status: number, text: string) {
  return reply.page('errors/refused.njk', {}, { status, problems: [{ field: null, text }] })
}
