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

it('says that the disk is full', async () => {
  const counties = [{ dsn: 'postgres://nobody@127.0.0.1:9/none', schema: 'county_510923' }]
  const app = await buildApp({ config: readConfig({}), counties })
  app.addHook('onRequest', async () => {
    throw new Error('writing failed', { cause: Object.assign(new Error('no space'), { code: 'ENOSPC' }) })
  })
  const reply = await app.inject({ url: '/nothing-there', headers: { host: 'localhost' } })
  expect(reply.statusCode).toBe(507)
  expect(reply.body).toContain('服务器的磁盘已满，内容没有保存，请告诉系统管理员清理后再试。')
  await app.close()
})
