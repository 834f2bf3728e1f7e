import type { Config } from '../config.ts'
import { start } from '../main.ts'
import { readArguments } from './arguments.ts'
import { complain } from './command.ts'

/** Serves until a signal; never fills in demonstration data. */
export async function run(args: readonly string[], config: Config): Promise<undefined> {
  readArguments(args, [], {})
  await start(config, { say: complain })
}
