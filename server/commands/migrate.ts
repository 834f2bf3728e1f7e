import { migrate } from '../../db/migrate.ts'
import { type Config, countySchema } from '../config.ts'
import { upgrade } from '../upgrade.ts'
import { readArguments } from './arguments.ts'
import { say, withCounty } from './command.ts'

export async function run(args: readonly string[], config: Config): Promise<undefined> {
  readArguments(args, [], {})
  await withCounty(config, async (county, url) => {
    await migrate(url, countySchema(config))
    await upgrade(county)
  })
  say(`数据库已是最新（${countySchema(config)}）。`)
}
