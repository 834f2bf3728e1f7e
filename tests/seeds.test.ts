import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type County, openCounty } from '../db/client.ts'
import { cards } from '../db/schema/assets.ts'
import { readablePassword } from '../db/seeds/demo/password.ts'
import { seededRandom } from '../db/seeds/demo/random.ts'
import type { Seeded } from '../db/seeds/demo.ts'
import { passwordProblem } from '../server/access/password-rules.ts'
import { verifyPassword } from '../server/access/passwords.ts'
import { valuesOf } from '../server/assets/card.ts'
import { checkCard } from '../server/assets/rules.ts'
import { demoAccountLines, fillDemo } from '../server/commands/seed.ts'
import { readConfig } from '../server/config.ts'
import { systemClock } from '../server/kernel/clock.ts'
import { password as testPassword } from './support/county.ts'
import { freshDatabase, testSchema } from './support/database.ts'

let database: Awaited<ReturnType<typeof freshDatabase>>
let county: County
let seeded: Seeded
const folder = mkdtempSync(join(tmpdir(), 'panhuo-seeds-'))
const config = readConfig({ PANHUO_DATA: folder })
const file = join(folder, 'demo-accounts.txt')

beforeAll(async () => {
  // An old file, readable by all, must not stay so.
  writeFileSync(file, 'old\n', { mode: 0o644 })
  database = await freshDatabase()
  county = openCounty({ dsn: database.url, schema: testSchema }, { max: 2 })
  seeded = await fillDemo(county, config)
})
afterAll(async () => {
  await county.driver.end()
  await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

const rows = <T extends Record<string, unknown>>(query: ReturnType<typeof sql>) =>
  county.transaction({ readOnly: true }, async (tx) => [...(await tx.execute<T>(query))])
const count = async (query: ReturnType<typeof sql>) =>
  Number((await rows<{ n: string }>(sql`select count(*) as n from (${query}) as found`))[0]?.n)
const made = () => {
  if (!seeded.made) throw new Error('nothing was seeded')
  return seeded
}

test('an empty county is filled, a filled one is left alone', async () => {
  expect(made().units).toBeGreaterThan(400)
  expect(made().cards).toBeGreaterThan(2500)
  expect(await count(sql`select 1 from cards`)).toBe(made().cards)
  const kept = readFileSync(file, 'utf8')
  expect(await fillDemo(county, config)).toEqual({ made: false })
  expect(await count(sql`select 1 from cards`)).toBe(made().cards)
  expect(readFileSync(file, 'utf8')).toBe(kept)
})

test('another county than that of the divisions is refused', async () => {
  await expect(fillDemo(county, readConfig({ PANHUO_COUNTY: '411323' }))).rejects.toThrow('演示数据只有 510923 的')
})

test('every unit has one row for every day, a parent where it has one, and someone who keeps its books', async () => {
  const present = sql`valid_from <= '2026-01-01' and (valid_to is null or valid_to > '2026-01-01')`
  expect(await count(sql`select unit_id from unit_periods where ${present}`)).toBe(made().units)
  const bookless = await rows(sql`
    select p.name from unit_periods p join units e on e.id = p.entity_id where ${present} and e.regime = 'none'
    union all select name from unit_periods where entity_id is null`)
  expect(bookless).toEqual([])
  const apart = await rows(sql`
    select p.name from unit_periods p
    join units c on c.id = p.unit_id and c.kind = 'village_committee'
    join units e on e.id = p.entity_id
    where e.kind <> 'village_collective' or left(e.code, 12) <> p.division_code`)
  expect(apart).toEqual([])
  const misplaced = await rows(sql`
    select p.name from unit_periods p left join divisions d on d.code = p.division_code where d.code is null
    union all select c.name from cards c left join divisions d on d.code = c.division_code where d.code is null`)
  expect(misplaced).toEqual([])
})

test('villages that were renamed are known by both names', async () => {
  const names = await rows<{ name: string }>(sql`
    select name from unit_periods where division_code = '510923100267' order by valid_from, name`)
  expect(names.map(({ name }) => name)).toEqual([
    '犀牛村村民委员会',
    '犀牛村股份经济合作联合社',
    '新犀牛村村民委员会',
    '新犀牛村股份经济合作联合社',
  ])
})

test('a village that was merged into another is closed, with the one that carries on', async () => {
  const ends = await rows(sql`
    select p.name, u.state, u.closed_on, (select n.name from unit_periods n where n.unit_id = s.successor_id) as heir
    from units u join unit_periods p on p.unit_id = u.id join unit_successions s on s.predecessor_id = u.id`)
  expect(ends).toEqual([
    { name: '虎林村村民委员会', state: 'closed', closed_on: '2020-12-31', heir: '古井村村民委员会' },
  ])
  expect(await count(sql`select 1 from units where state <> 'active'`)).toBe(1)
})

test('no card breaks a rule, and none is told anything either', async () => {
  const all = await county.transaction({ readOnly: true }, (tx) => tx.select().from(cards))
  const today = systemClock.today()
  const findings = all.flatMap((card) =>
    checkCard(valuesOf(card), today).map(({ text }) => `${card.code} ${card.name}: ${text}`),
  )
  expect(findings).toEqual([])
  const later = all.filter(
    ({ validFrom, acquiredOn, idleSince }) => (acquiredOn ?? '') > validFrom || (idleSince ?? '') > validFrom,
  )
  expect(later).toEqual([])
})

test('the county looks like one: both tracks, idle and leased, undetermined, with a history', async () => {
  const total = made().cards
  const idle = await count(sql`select 1 from cards where usage = 'idle' and idle_since is not null`)
  expect(idle / total).toBeGreaterThan(0.06)
  expect(idle / total).toBeLessThan(0.1)
  expect(await count(sql`select 1 from cards where usage = 'leased' and annual_rent > 0`)).toBeGreaterThan(200)
  expect(await count(sql`select 1 from cards where track = 'state'`)).toBeGreaterThan(800)
  expect(await count(sql`select 1 from cards where track = 'collective'`)).toBeGreaterThan(1500)
  for (const [state, many] of [
    ['submitted', 2],
    ['reviewed', 1],
    ['decided', 2],
  ] as const) {
    expect(await count(sql`select 1 from determinations where state = ${state}`)).toBe(many)
  }
  expect(await count(sql`select 1 from decisions`)).toBe(1)
  expect(await count(sql`select 1 from deadlines where met_on is null and due_on < '2026-08-01'`)).toBe(2)
  expect(await count(sql`select 1 from holds where released_at is null`)).toBe(4)
  expect(await count(sql`select 1 from cards where undetermined`)).toBeGreaterThan(5)
  expect(await count(sql`select 1 from card_versions`)).toBeGreaterThan(100)
  expect(await count(sql`select distinct actor_id from events where action = 'card.edit'`)).toBeGreaterThan(5)
  expect(await count(sql`select 1 from cards where certificate is not null`)).toBe(
    await count(sql`select distinct certificate from cards where certificate is not null`),
  )
})

test('the accounts open with one password, drawn for this county alone', async () => {
  const { accounts, password } = made()
  const people = await rows<{ account: string; hash: string; change: boolean }>(
    sql`select account, password_hash as hash, must_change_password as change from people order by id`,
  )
  expect(people.map(({ account }) => account)).toEqual(accounts.map(({ account }) => account))
  expect(password).not.toBe(readablePassword([]))
  expect(password).not.toBe(testPassword)
  for (const { account, hash, change } of people) {
    expect(change).toBe(false)
    expect(passwordProblem(password, account)).toBeNull()
    expect(await verifyPassword(password, hash)).toBe(true)
  }
})

test('the accounts are kept for the next start, for nobody else to read', () => {
  const { accounts, password } = made()
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const lines = demoAccountLines(config)
  for (const { account } of accounts) {
    expect(lines.filter((line) => line.includes(`  ${account}  `) && line.endsWith(password))).toHaveLength(1)
  }
})

test('chance comes out the same on every machine', () => {
  const random = seededRandom(7)
  expect(Array.from({ length: 5 }, () => random.between(1, 1000))).toEqual([12, 62, 977, 700, 522])
})
