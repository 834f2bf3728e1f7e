import type { Config } from '../config.ts'
import { fileStoreOf } from '../file-store.ts'
import { systemClock } from '../kernel/clock.ts'
import { freeze } from '../kernel/cursor.ts'
import { type Finding, verify } from '../verify/verify.ts'
import { readArguments } from './arguments.ts'
import { say, withCounty } from './command.ts'

/** Milliseconds a single check may take on a county's data. */
const patience = 10 * 60_000
/** Rows named per broken invariant; `--json` names all. */
const mostNamed = 20

/** Exit 1 and names when something does not hold. */
export async function run(args: readonly string[], config: Config): Promise<number> {
  const { flags } = readArguments(args, [], { json: 'flag', files: 'flag' })
  const store = fileStoreOf(config)
  const findings = await withCounty(config, (county) =>
    county.transaction({ readOnly: true, timeout: patience }, async (tx) => {
      await freeze(tx)
      const look = { today: systemClock.today(), county: config.PANHUO_COUNTY }
      return verify(tx, look, { store, all: flags.files ?? false })
    }),
  ).finally(() => store.close())
  for (const line of flags.json ? [JSON.stringify(findings, null, 2)] : report(findings)) say(line)
  return findings.every(({ holds }) => holds) ? 0 : 1
}

export function report(findings: readonly Finding[]): string[] {
  const broken = findings.filter(({ holds }) => !holds)
  return [
    ...findings.flatMap(({ name, holds, broken: rows }) => [
      `${holds ? '相符' : '不符'}  ${name}`,
      ...rows.slice(0, mostNamed).map((row) => `      ${row}`),
      ...(rows.length > mostNamed ? [`      …… 共 ${rows.length} 处，用 --json 查看全部`] : []),
    ]),
    broken.length === 0
      ? `共 ${findings.length} 项，全部相符。`
      : `共 ${findings.length} 项，${broken.length} 项不符：${broken.map(({ name }) => name).join('；')}。`,
  ]
}
