import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { asBooked, saveLine } from '../../server/inventory/lines/actions.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import { enterCards, village } from '../support/cards.ts'
import type { Account } from '../support/county.ts'
import { acted, issueCall, linesOf, stepped, storedCount } from '../support/inventory.ts'

const people = 50
const counters: readonly Account[] = ['zhang', 'zhen', 'nong']

let test: TestApp
let address: string
beforeAll(async () => {
  test = await openTestApp()
  address = await test.listen()
})
afterAll(() => test.close())

/** A form sent over a connection of its own, as a browser sends it. */
async function sent(cookie: string, path: string, fields: Record<string, string>) {
  return fetch(`${address}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, origin: address, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields),
  })
}

it('fifty people count at once, and nothing of what they find is lost', async () => {
  await enterCards(
    test,
    Array.from({ length: people }, (_, at) => ({ name: `课桌 ${at}`, quantity: '10', cost: '100.00' })),
  )
  const { id = '', no } = (await issueCall(test)).counts[village] ?? {}
  const cookies = await Promise.all(counters.map((account) => test.sessionOf(account)))
  const lines = await linesOf(test, id)
  const replies = await Promise.all(
    lines.map((line, at) =>
      sent(cookies[at % cookies.length] ?? '', `/inventory/counts/${no}/lines/${line.no}`, {
        from: 'row',
        version: '1',
        counted: String(at % 10),
        missingReason: `第 ${at} 人`,
      }),
    ),
  )
  expect(replies.map(({ status }) => status)).toEqual(lines.map(() => 303))
  const after = await linesOf(test, id)
  expect(after.map(({ countedQuantity, missingReason }) => [Number(countedQuantity), missingReason])).toEqual(
    lines.map((_, at) => [at % 10, `第 ${at} 人`]),
  )
  const [told] = await test.db((tx) =>
    tx.execute<{ events: number }>(
      sql`select count(*)::int as events from events where count_id = ${id} and action = 'count.line'`,
    ),
  )
  expect(told?.events).toBe(people)
})

it('of fifty who count one line, one is saved and the others are told', async () => {
  await enterCards(test, [{ name: '讲台', quantity: '60', cost: '600.00' }])
  const { id = '', no } = (await issueCall(test)).counts[village] ?? {}
  const line = (await linesOf(test, id)).find(({ name }) => name === '讲台')
  const cookies = await Promise.all(counters.map((account) => test.sessionOf(account)))
  const replies = await Promise.all(
    Array.from({ length: people }, (_, at) =>
      sent(cookies[at % cookies.length] ?? '', `/inventory/counts/${no}/lines/${line?.no}`, {
        from: 'row',
        version: '1',
        counted: String(at),
        missingReason: `第 ${at} 人`,
      }),
    ),
  )
  const statuses = replies.map(({ status }) => status)
  expect(statuses.filter((status) => status === 303)).toHaveLength(1)
  const others = await Promise.all(replies.filter(({ status }) => status !== 303).map((reply) => reply.text()))
  for (const body of others) expect(body).toContain('刚保存了这一行')
  const saved = (await linesOf(test, id)).find(({ name }) => name === '讲台')
  expect(saved?.missingReason).toBe(`第 ${Number(saved?.countedQuantity)} 人`)
})

it('a count that is handed in meanwhile takes a line whole or not at all', async () => {
  const { id = '', no } = (await issueCall(test)).counts[village] ?? {}
  const zhang = await test.as('zhang')
  const lines = await linesOf(test, id)
  await zhang.post(`/inventory/counts/${no}/booked`, { lines: lines.map((line) => String(line.no)) })
  const cookie = await test.sessionOf('zhen')
  const [handed, ...late] = await Promise.all([
    zhang.post(`/inventory/counts/${no}/steps`, {
      action: 'submit',
      version: String((await storedCount(test, id)).version),
    }),
    ...lines.map((line) =>
      sent(cookie, `/inventory/counts/${no}/lines/${line.no}`, {
        from: 'row',
        version: '2',
        counted: '0',
        missingReason: '丢失',
      }),
    ),
  ])
  expect(handed?.statusCode).toBe(303)
  expect((await storedCount(test, id)).state).toBe('submitted')
  const after = await linesOf(test, id)
  for (const [at, line] of after.entries()) {
    expect([303, 422]).toContain(late[at]?.status)
    expect(Number(line.countedQuantity) === 0).toBe(late[at]?.status === 303)
  }
  const [order] = await test.db((tx) =>
    tx.execute<{ late: number }>(sql`
      select count(*)::int as late from events l join events s on s.count_id = l.count_id and s.action = 'count.submit'
      where l.count_id = ${id} and l.action = 'count.line' and l.id > s.id`),
  )
  expect(order?.late).toBe(0)
})

it('a count is handed in only when what is being saved is saved', async () => {
  const { id = '', no } = (await issueCall(test)).counts[village] ?? {}
  const zhang = await test.as('zhang')
  const lines = await linesOf(test, id)
  await zhang.post(`/inventory/counts/${no}/booked`, { lines: lines.map((line) => String(line.no)) })
  const [first] = await linesOf(test, id)
  if (!first) throw new Error('no line')
  let end = (): void => undefined
  const gate = new Promise<void>((open) => {
    end = open
  })
  const entry = { version: first.version, findings: asBooked(first), changes: {}, condition: 'fair', remark: null }
  const saving = acted(test, 'zhen', async (tx, acting) => {
    await saveLine(tx, acting, { countId: id, no: first.no }, { ...entry, via: 'screen' })
    await gate
  })
  await new Promise((passed) => setTimeout(passed, 100))
  const handing = stepped(test, 'zhang', id, 'submit')
  const early = await Promise.race([handing, new Promise((passed) => setTimeout(passed, 400, 'waits'))])
  expect(early).toBe('waits')
  end()
  await Promise.all([saving, handing])
  expect((await storedCount(test, id)).state).toBe('submitted')
})
