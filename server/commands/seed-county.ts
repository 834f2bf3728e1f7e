import { eq, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { migrate } from '../../db/migrate.ts'
import { divisions } from '../../db/schema/access.ts'
import { asSystem } from '../access/system.ts'
import { openUnit } from '../access/unit-actions.ts'
import { unitText } from '../access/units.ts'
import { type Config, countySchema } from '../config.ts'
import { systemClock } from '../kernel/clock.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { isDay, readPartialDate } from '../kernel/partial-date.ts'
import { readArguments, required } from './arguments.ts'
import { complain, say, withCounty } from './command.ts'
import { type Division, readDivisions } from './divisions-file.ts'

/** Rows of the file named in the answer. */
const mostNamed = 50

/** Enters a county's divisions and opens its first unit, so that accounts can be made; what is there already stays. */
export async function seedCounty(args: readonly string[], config: Config): Promise<number> {
  const { flags } = readArguments(args, [], { divisions: 'text', unit: 'text', since: 'text' })
  const file = required(flags.divisions, 'divisions')
  const since = readSince(flags.since)
  const county = config.PANHUO_COUNTY
  return withCounty(config, async (opened, url) => {
    await migrate(url, countySchema(config))
    return opened.transaction({}, async (tx) => {
      const stored = await storedDivisions(tx)
      const { divisions: read, refused } = await readDivisions(file, county, new Set(stored.keys()))
      for (const { row, text } of refused.slice(0, mostNamed)) complain(`第 ${row} 行：${text}`)
      if (refused.length > mostNamed) complain(`…… 共 ${refused.length} 行没有录入。`)
      const { entered, ended } = await enter(tx, read, stored)
      const kept = read.length - entered - ended
      const counts = [`新录入 ${entered} 个`, ended > 0 && `登记撤销 ${ended} 个`, kept > 0 && `原有 ${kept} 个不变`]
      say(`区划：${[...counts, refused.length > 0 && `${refused.length} 行没有录入`].filter(Boolean).join('，')}。`)
      const known = await storedDivisions(tx)
      const place = known.get(`${county}000000`)
      if (!place) {
        complain(`表里没有本县 ${county}000000，没有设立单位：请补上这一行再运行。`)
        return 1
      }
      await openFirst(tx, place, flags.unit?.trim(), since)
      return read.length > 0 ? 0 : 1
    })
  })
}

function readSince(text: string | undefined): string {
  const today = systemClock.today()
  if (text === undefined) return today
  const day = readPartialDate(text)
  if (day === null || !isDay(day)) throw new RuleBroken(`--since 后面的日期要写到日，如 ${today}。`)
  if (day > today) throw new RuleBroken(`--since 后面的日期不能晚于今天 ${today}。`)
  return day
}

async function storedDivisions(tx: Tx): Promise<Map<string, Division>> {
  return new Map((await tx.select().from(divisions)).map((division) => [division.code, division]))
}

async function enter(tx: Tx, read: readonly Division[], stored: ReadonlyMap<string, Division>) {
  const fresh = read.filter(({ code }) => !stored.has(code))
  // Parameters of a statement are limited.
  for (let from = 0; from < fresh.length; from += 1000) {
    await tx.insert(divisions).values(fresh.slice(from, from + 1000))
  }
  let ended = 0
  for (const division of read) {
    const old = stored.get(division.code)
    if (!old) continue
    if (old.name !== division.name) {
      complain(`${division.code} 已录为“${old.name}”，表里写“${division.name}”，没有改动。`)
    }
    if (division.validTo === null || old.validTo !== null) continue
    const { validTo, mergedInto } = division
    await tx.update(divisions).set({ validTo, mergedInto }).where(eq(divisions.code, division.code))
    ended++
  }
  return { entered: fresh.length, ended }
}

/** The first unit: accounts of the three administrators belong to it. */
async function openFirst(tx: Tx, place: Division, given: string | undefined, since: string): Promise<void> {
  const [taken] = await tx.execute<{ n: number }>(sql`select count(*)::int as n from units`)
  if (taken && taken.n > 0) {
    say(`这个县已有 ${taken.n} 个单位，没有再设立。`)
    return
  }
  const name = given || `${place.name}财政局`
  const { code } = await openUnit(tx, asSystem(systemClock), {
    kind: 'county_department',
    name,
    divisionCode: place.code,
    regime: 'government',
    validFrom: since,
  })
  say(`已设立第一个单位 ${unitText({ name, code })}，自 ${since} 起。`)
  say(`接着建立三员账号，例如 bin/panhuo account add xitong --name 姓名 --unit ${code} --role system_administrator`)
}
