import { expect, it } from 'vitest'
import { buildApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'

it('says that the database cannot be reached instead of failing without a word', async () => {
  const counties = [{ dsn: 'postgres://nobody@127.0.0.1:9/none', schema: 'county_510923' }]
  const app = await buildApp({ config: readConfig({}), counties })
  const reply = await app.inject({ url: '/health', headers: { host: 'localhost' } })
  expect(reply.statusCode).toBe(503)
  expect(reply.body).toContain('数据库暂时连不上')
  await app.close()
})
