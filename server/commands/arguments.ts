import { parseArgs } from 'node:util'
import { RuleBroken } from '../kernel/errors.ts'

type Flags = Record<string, 'text' | 'flag'>
type Given<F extends Flags> = { [K in keyof F]?: F[K] extends 'text' ? string : boolean }

/** Reads a command's arguments: so many words, then `--name text` and `--name` as declared. */
export function readArguments<F extends Flags>(
  args: readonly string[],
  words: readonly string[],
  flags: F,
): { words: string[]; flags: Given<F> } {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, kind]) => [name, { type: kind === 'text' ? 'string' : 'boolean' } as const]),
  )
  const { tokens, positionals, values } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const kind = flags[token.name]
    if (kind === undefined) {
      const known = Object.keys(flags).map((name) => `--${name}`)
      const cure = known.length > 0 ? `可用的有 ${known.join('、')}` : '这个命令没有选项'
      throw new RuleBroken(`没有选项 ${token.rawName}，${cure}。`)
    }
    if (kind === 'text' && (token.value === undefined || token.value === '')) {
      throw new RuleBroken(`请在 --${token.name} 后面写上内容。`)
    }
    if (kind === 'flag' && token.value !== undefined) throw new RuleBroken(`--${token.name} 后面不写内容。`)
  }
  const missing = words[positionals.length]
  if (missing !== undefined) throw new RuleBroken(`缺少 ${missing}，请补上。`)
  const surplus = positionals[words.length]
  if (surplus !== undefined) throw new RuleBroken(`多了“${surplus}”，请去掉；含空格的内容要加引号。`)
  return { words: positionals, flags: values as Given<F> }
}

/** An option that must be there. */
export function required(value: string | undefined, name: string): string {
  if (value === undefined) throw new RuleBroken(`缺少 --${name}，请补上。`)
  return value
}
