import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { County } from '../../db/client.ts'
import { migrate } from '../../db/migrate.ts'
import { seededCounty } from '../../db/seeds/base.ts'
import { type Seeded, seedDemo } from '../../db/seeds/demo.ts'
import { type Config, countySchema } from '../config.ts'
import { fileStoreOf } from '../file-store.ts'
import { systemClock } from '../kernel/clock.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { readArguments } from './arguments.ts'
import { say, withCounty } from './command.ts'
import { seedCounty } from './seed-county.ts'
import { table } from './table.ts'

export async function run(args: readonly string[], config: Config): Promise<number | undefined> {
  if (args[0] === 'county') return seedCounty(args.slice(1), config)
  const [what] = readArguments(args, ['demo 或 county'], {}).words
  if (what !== 'demo') throw new RuleBroken(`没有“${what}”这种数据，请写 seed demo，或 seed county --divisions 文件。`)
  const seeded = await withCounty(config, async (county, url) => {
    await migrate(url, countySchema(config))
    return fillDemo(county, config)
  })
  if (!seeded.made) say('这个县已有单位，没有写入演示数据。')
  for (const line of demoAccountLines(config)) say(line)
  return undefined
}

/** Makes the demonstration data where there is none and keeps the accounts for the next start. */
export async function fillDemo(county: County, config: Config): Promise<Seeded> {
  if (config.PANHUO_COUNTY !== seededCounty) {
    throw new RuleBroken(`演示数据只有 ${seededCounty} 的：请去掉 PANHUO_COUNTY，或改为 ${seededCounty}。`)
  }
  const store = fileStoreOf(config)
  const seeded = await seedDemo(county, systemClock, store).finally(() => store.close())
  if (seeded.made) {
    const { accounts, password } = seeded
    const lines = table([
      ['职责', '单位', '姓名', '账号', '密码'],
      ...accounts.map(({ duty, unit, name, account }) => [duty, unit, name, account, password]),
    ])
    mkdirSync(config.PANHUO_DATA, { recursive: true })
    writeFileSync(accountsFile(config), `${lines.join('\n')}\n`, { mode: 0o600 })
    chmodSync(accountsFile(config), 0o600)
  }
  return seeded
}

/** The accounts as they were made; someone may have changed a password since. */
export function demoAccountLines(config: Config): string[] {
  const file = accountsFile(config)
  if (existsSync(file)) return [...readFileSync(file, 'utf8').trimEnd().split('\n'), '', `（以上账号保存在 ${file}）`]
  return [
    '演示账号的密码没有保存在本机：可用 bin/panhuo account reset 账号 重新开通，例如 bin/panhuo account reset caizheng。',
  ]
}

function accountsFile(config: Config): string {
  return join(config.PANHUO_DATA, 'demo-accounts.txt')
}
