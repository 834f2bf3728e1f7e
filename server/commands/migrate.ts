import { migrate } from '../../db/migrate.ts'
import { type Config, countySchema } from '../config.ts'
import { readArguments } from './arguments.ts'
import { say, withCounty } from './command.ts'

export async function run(args: readonly string[], config: Config): Promise<undefined> {
  readArguments(args, [], {})
  await withCounty(config, (_county, url) => migrate(url, countySchema(config)))
  say(`数据库已是最新（${countySchema(config)}）。`)
}
