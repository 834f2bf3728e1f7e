import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { memberships, people } from '../../db/schema/access.ts'
import { issueCode } from '../../server/access/activation.ts'
import { addPerson, grantRole } from '../../server/access/people-actions.ts'
import { asSystem } from '../../server/access/system.ts'
import type { Role } from '../../server/kernel/actor.ts'
import { openTestApp, type TestApp, type Visitor } from '../support/app.ts'
import type { Account } from '../support/county.ts'

const today = '2026-03-10'
const bureau = '大英县财政局'
const village = '古井村股份经济合作联合社'
let test: TestApp
let an: Visitor
let an2: Visitor
beforeAll(async () => {
  test = await openTestApp()
  await another('an2', 'security_administrator')
  an = await test.as('an')
  an2 = await test.as('an2' as Account)
})
afterAll(() => test.close())

/** Somebody who can sign in, with a role unless none is given. */
async function another(account: string, role?: Role): Promise<void> {
  await test.db(async (tx) => {
    const acting = asSystem(test.clock)
    const personId = await addPerson(tx, acting, { account, name: account, password: null, mustChange: false })
    await tx.update(people).set({ passwordHash: 'x' }).where(eq(people.id, personId))
    const unitId = test.fixture.units[bureau] ?? ''
    if (role) await grantRole(tx, acting, { personId, unitId, role, track: 'both', validFrom: today })
    test.fixture.people[account] = personId
  })
}

const rolesOf = (account: string) =>
  test.db(async (tx) => {
    const rows = await tx
      .select()
      .from(memberships)
      .where(eq(memberships.personId, test.fixture.people[account] ?? ''))
    return rows.map(({ role, validTo }) => (validTo === null || validTo >= today ? role : `${role} ended`))
  })
const grant = (by: Visitor, account: string, fields: Record<string, string>) =>
  by.post(`/people/${account}/grant`, { unit: bureau, track: 'both', validFrom: today, ...fields })
const revoke = async (by: Visitor, account: string) => {
  const [row] = await test.db((tx) =>
    tx
      .select()
      .from(memberships)
      .where(eq(memberships.personId, test.fixture.people[account] ?? '')),
  )
  return by.post(`/people/${account}/revoke`, { membership: row?.id ?? '' })
}

it('gives one of two administrations when two security administrators grant both at once', async () => {
  await another('neu')
  const replies = await Promise.all([
    grant(an, 'neu', { role: 'audit_administrator' }),
    grant(an2, 'neu', { role: 'system_administrator' }),
  ])
  expect(replies.map(({ statusCode }) => statusCode).sort()).toEqual([303, 422])
  expect(await rolesOf('neu')).toHaveLength(1)
})

it('gives either business or administration when both are granted at once', async () => {
  await another('neu2')
  const replies = await Promise.all([
    grant(an, 'neu2', { role: 'audit_administrator' }),
    grant(an2, 'neu2', { role: 'keeper', unit: village }),
  ])
  expect(replies.map(({ statusCode }) => statusCode).sort()).toEqual([303, 422])
})

it('takes a second kind neither now nor for a time that overlaps', async () => {
  const later = { role: 'system_administrator', validFrom: '2026-06-01' }
  expect((await grant(an, 'shen', later)).body).toContain('不能由同一人担任')
  expect((await grant(an, 'zhang', { role: 'audit_administrator' })).body).toContain('管理员不能兼任业务岗位')
})

it('keeps one security administrator when two take away each other’s role at once', async () => {
  const replies = await Promise.all([revoke(an, 'an2'), revoke(an2, 'an')])
  expect(replies.map(({ statusCode }) => statusCode).filter((status) => status === 303)).toHaveLength(1)
  const left = [...(await rolesOf('an')), ...(await rolesOf('an2'))]
  expect(left.filter((role) => role === 'security_administrator')).toHaveLength(1)
})

it('lets the first of a kind end by no date, and nobody who waits for a code stand in for the last', async () => {
  await test.db((tx) => tx.delete(memberships).where(eq(memberships.role, 'audit_administrator')))
  const by = (await rolesOf('an')).includes('security_administrator') ? an : an2
  await another('neu3')
  const dated = await grant(by, 'neu3', { role: 'audit_administrator', validTo: '2026-12-31' })
  expect(dated.body).toContain('还没有长期任职的审计管理员，第一位请不填最后一天。')
  expect((await grant(by, 'neu3', { role: 'audit_administrator' })).statusCode).toBe(303)
  await another('neu4')
  expect((await grant(by, 'neu4', { role: 'audit_administrator' })).statusCode).toBe(303)
  const xi = await test.as('xi')
  await test.db((tx) => issueCode(tx, asSystem(test.clock), test.fixture.people.neu4 ?? '', 24))
  expect((await xi.post('/people/neu3/disable')).body).toContain('是最后一位审计管理员')
  expect((await xi.post('/people/neu4/disable')).statusCode).toBe(303)
})

it('shows who made the account and who gave the role', async () => {
  const xi = await test.as('xi')
  await xi.post('/people', { account: 'wu', name: '吴会计' })
  const by = (await rolesOf('an')).includes('security_administrator') ? an : an2
  expect((await grant(by, 'wu', { role: 'keeper', unit: village })).statusCode).toBe(303)
  const { body } = await xi.get('/people/wu')
  expect(body).toContain('席工，2026-03-10 10:00')
  expect(body).toContain(by === an ? '安工' : 'an2')
})
