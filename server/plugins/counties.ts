import fp from 'fastify-plugin'
import { type County, type CountyEntry, openCounties } from '../../db/client.ts'
import { NotFound } from '../kernel/errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    counties: County[]
  }
  interface FastifyRequest {
    county: County
  }
}

/** Finds the county by host name; nothing after this point needs to know that there are several. */
export default fp<{ entries: readonly CountyEntry[] }>(
  async (app, { entries }) => {
    const counties = openCounties(entries)
    app.decorate('counties', counties.all)
    app.decorateRequest('county')
    app.addHook('onRequest', async (request) => {
      const county = counties.byHost(request.hostname)
      if (!county) throw new NotFound('no county at this address')
      request.county = county
    })
    app.addHook('onClose', async () => {
      await Promise.all(counties.all.map((county) => county.driver.end({ timeout: 5 })))
    })
  },
  { name: 'counties' },
)
