import { inspectJson, inspectText } from '../../imports/inspect.ts'
import { RuleBroken } from '../kernel/errors.ts'
import { readArguments } from './arguments.ts'
import { say } from './command.ts'

/** What Panhuo sees in a file, before any meaning. */
export async function run(args: readonly string[]): Promise<undefined> {
  const { words, flags } = readArguments(args, ['文件'], { rows: 'text', json: 'flag' })
  const rows = flags.rows === undefined ? undefined : Number(flags.rows)
  if (rows !== undefined && !(Number.isInteger(rows) && rows > 0)) throw new RuleBroken('--rows 后面请写一个正整数。')
  const inspection = await inspectJson(words[0] ?? '', rows === undefined ? {} : { rows })
  say(flags.json ? JSON.stringify(inspection) : inspectText(inspection).trimEnd())
}
