import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApp, type TestApp } from '../support/app.ts'
import { enterCards, village } from '../support/cards.ts'
import type { Account } from '../support/county.ts'
import { counted, type IssuedCall, issueCall, linesOf, stepped } from '../support/inventory.ts'
import { police, town } from '../support/inventory-lines.ts'

const office = '蓬莱镇财政办'

let test: TestApp
beforeAll(async () => {
  test = await openTestApp()
  const state = (unit: string) => ({
    track: 'state',
    ownerUnit: test.fixture.units[unit] ?? '',
    division: '510923100000',
  })
  await enterCards(test, [
    { name: '会议桌' },
    { ...state(town), name: '办公楼' },
    { ...state(police), name: '警车' },
    { ...state(office), name: '保险柜' },
  ])
})
afterAll(() => test.close())

const page = async (account: Account, path: string) => (await (await test.as(account)).get(path)).body
const toCheck = (account: Account) => page(account, '/inventory/waiting?for=check')

async function handIn(call: IssuedCall, unit: string, by: Account): Promise<string> {
  const count = call.counts[unit] ?? { id: '', no: '' }
  for (const { no } of await linesOf(test, count.id)) await counted(test, by, { countId: count.id, no })
  await stepped(test, by, count.id, 'submit')
  return `href="/inventory/counts/${count.no}"`
}

describe('what waits to be checked', () => {
  it('is led to from the workbench, each with the page where it is checked, until it is', async () => {
    const call = await issueCall(test)
    expect(await page('nong', '/')).not.toContain('清查：待审核')
    const link = await handIn(call, village, 'zhang')
    expect(await page('nong', '/')).toMatch(/href="\/inventory\/waiting\?for=check"[\s\S]*?清查：待审核/)
    expect(await page('nong', '/inventory')).toContain('href="/inventory/waiting?for=check"')
    expect(await toCheck('nong')).toMatch(new RegExp(`${link}>${village}</a>[\\s\\S]*?2026-03-10`))
    for (const account of ['zhang', 'cai', 'tian', 'ji'] as const) expect(await toCheck(account)).not.toContain(link)
    await stepped(test, 'nong', call.counts[village]?.id ?? '', 'check')
    expect(await toCheck('nong')).toContain('没有等您审核的清查')
  })

  it('of an office that leads is the county’s, and of a stationed unit nobody’s in the township', async () => {
    const call = await issueCall(test, {
      by: 'ju',
      issuer: '大英县财政局',
      track: 'state',
      units: [town, office, police],
    })
    const own = await handIn(call, town, 'zhen')
    const led = await handIn(call, office, 'cai')
    await test.db(async (tx) => tx.execute("update counts set state = 'submitted' where unit_kind = 'stationed'"))
    expect([(await toCheck('cai')).includes(own), (await toCheck('cai')).includes(led)]).toEqual([true, false])
    expect([(await toCheck('ju')).includes(own), (await toCheck('ju')).includes(led)]).toEqual([false, true])
    expect(await toCheck('cai')).not.toContain(police)
  })

  it('is not offered to who handed it in', async () => {
    const call = await issueCall(test, { by: 'cai', track: 'state', units: [town] })
    const link = await handIn(call, town, 'cai')
    expect(await toCheck('cai')).not.toContain(link)
  })
})

describe('what waits to be filed', () => {
  it('is counted on the workbench of the county, and listed there', async () => {
    const call = await issueCall(test, { by: 'cai', track: 'state', units: [town] })
    await handIn(call, town, 'zhen')
    const { id = '' } = call.counts[town] ?? {}
    await stepped(test, 'cai', id, 'check')
    const cai = await test.as('cai')
    const send = (path: string, fields: Record<string, string>) =>
      cai.post(path, { token: crypto.randomUUID(), ...fields })
    const made = String((await send(`/inventory/calls/${call.no}/compile`, { counts: id })).headers.location)
    expect(await page('ju', '/')).not.toContain('清查：待备案')
    expect((await send(`${made}/steps`, { action: 'submit', version: '1' })).statusCode).toBe(303)
    expect(await page('ju', '/')).toMatch(/href="\/inventory\/waiting\?for=file"[\s\S]*?清查：待备案/)
    const list = '/inventory/waiting?for=file'
    expect(await page('ju', list)).toMatch(new RegExp(`href="${made}"[\\s\\S]*?${office}`))
    for (const account of ['cai', 'tian', 'zhen-ling'] as const) expect(await page(account, list)).not.toContain(made)
  })
})
