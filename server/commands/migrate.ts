import { migrate } from '../../db/migrate.ts'
import { seedCalendar } from '../../db/seeds/calendar.ts'
import { type Config, countySchema } from '../config.ts'
import { readArguments } from './arguments.ts'
import { say, withCounty } from './command.ts'

export async function run(args: readonly string[], config: Config): Promise<undefined> {
  readArguments(args, [], {})
  await withCounty(config, async (county, url) => {
    await migrate(url, countySchema(config))
    await county.transaction({}, seedCalendar)
  })
  say(`数据库已是最新（${countySchema(config)}）。`)
}
