import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('../../server/cli.ts', import.meta.url))

/** Runs `bin/panhuo` without its shell part, in an environment of its own. */
export function runCommand(args: readonly string[], env: Record<string, string>) {
  return new Promise<{ exit: number; out: string; err: string }>((done) => {
    const child = execFile(process.execPath, [script, ...args], { env, maxBuffer: 64 << 20 }, (_error, out, err) =>
      done({ exit: child.exitCode ?? -1, out, err }),
    )
  })
}
