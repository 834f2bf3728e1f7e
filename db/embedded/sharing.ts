import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Home } from './account.ts'

/** One command's claim on the server: a file named after its process. */
export type Use = {
  /** Gives the claim back and says how many living ones are left. */
  release: () => number
}

/** Marks the server as used, so that the command that started it does not take it away from another one. */
export function useServer({ folder }: Home): Use {
  const uses = join(folder, 'uses')
  const name = `${process.pid}-${randomBytes(4).toString('hex')}`
  mkdirSync(uses, { recursive: true })
  writeFileSync(join(uses, name), '')
  return {
    release: () => {
      rmSync(join(uses, name), { force: true })
      const left = readdirSync(uses)
      const dead = left.filter((use) => !isAlive(Number(use.split('-')[0])))
      for (const use of dead) rmSync(join(uses, use), { force: true })
      return left.length - dead.length
    },
  }
}

/**
 * Stops on SIGTERM, SIGINT and SIGHUP where nobody else listens for them: a server process that closes with grace stops
 * the database itself, after its last request. `abandon` is the last resort of a process that ends without stopping.
 * Returns how to forget about it.
 */
export function onExit(stop: () => Promise<void>, abandon: () => void): () => void {
  const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
  const leave = (signal: NodeJS.Signals) => {
    if (process.listenerCount(signal) > 1) return
    void stop().finally(() => process.kill(process.pid, signal))
  }
  for (const signal of signals) process.on(signal, leave)
  process.on('exit', abandon)
  return () => {
    for (const signal of signals) process.off(signal, leave)
    process.off('exit', abandon)
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
