import fp from 'fastify-plugin'
import { Forbidden } from '../kernel/errors.ts'

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses forms sent from other sites. Browsers say where a request comes from in Sec-Fetch-Site on https and
 * localhost, and in Origin on plain-http intranets; a request with neither is no browser's form.
 */
export default fp<{ publicOrigin?: string | undefined }>(
  async (app, { publicOrigin }) => {
    app.addHook('onRequest', async (request) => {
      if (safe.has(request.method)) return
      const site = request.headers['sec-fetch-site']
      if (site === 'same-origin') return
      const own = publicOrigin ?? `${request.protocol}://${request.host}`
      if (site === undefined && request.headers.origin === own) return
      throw new Forbidden('foreign origin')
    })
  },
  { name: 'origin-check' },
)
