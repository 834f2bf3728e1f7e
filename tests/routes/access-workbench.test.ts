import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestApp, type TestApp } from '../support/app.ts'
import type { Account } from '../support/county.ts'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
})
afterAll(() => test.close())
const workbench = async (account: Account) => (await (await test.as(account)).get('/')).body

it.each(['zhang', 'cai'] as const)('tells %s, who enters cards, to import the sheet at hand first', async (account) => {
  const body = await workbench(account)
  expect(body).toContain('先导入现有的资产表格')
  expect(body).toContain('href="/imports/new"')
})

it.each(['ju', 'ji', 'zhen-ling'] as const)('tells %s, who enters none, who does', async (account) => {
  const body = await workbench(account)
  expect(body).toContain('管理范围内还没有资产卡片')
  expect(body).not.toContain('href="/imports/new"')
})

it('shows administrators accounts and units, and no cards', async () => {
  for (const account of ['xi', 'an'] as const) {
    const body = await workbench(account)
    expect(body).toContain('还没有岗位的账号')
    expect(body).not.toContain('资产卡片')
  }
  expect(await workbench('shen')).toContain('href="/audit"')
})

it('marks the place one is at, and the place that another page belongs to', async () => {
  const zhang = await test.as('zhang')
  const marked = async (path: string) =>
    /<a[^>]*href="([^"]*)"[^>]*aria-current="page"/.exec((await zhang.get(path)).body)?.[1]
  expect([await marked('/'), await marked('/imports/new'), await marked('/restrictions')]).toEqual([
    '/',
    '/imports',
    '/assets',
  ])
})

it('tells someone without a role whom to ask', async () => {
  const shi = await test.as('shi')
  await test.db((tx) => tx.execute(sql`delete from memberships where person_id = ${test.fixture.people.shi ?? ''}`))
  const { body } = await shi.get('/')
  expect(body).toContain('您还没有岗位')
  expect(body).toContain('安全管理员')
})
