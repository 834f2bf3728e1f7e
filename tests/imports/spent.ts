import { readdirSync, readFileSync } from 'node:fs'

export type Spent = {
  seconds: number
  /** The most memory that any process started meanwhile has held at once; null where the system does not tell. */
  megabytes: number | null
}

/** Runs something that starts processes and tells what the largest of them took, seen from outside. */
export async function measured<T>(work: () => Promise<T>): Promise<Spent & { result: T }> {
  const before = new Set(children())
  let most = 0
  const look = () => {
    for (const pid of children()) if (!before.has(pid)) most = Math.max(most, peak(pid))
  }
  const timer = setInterval(look, 20)
  const began = performance.now()
  try {
    const result = await work()
    const seconds = (performance.now() - began) / 1000
    return { result, seconds, megabytes: process.platform === 'linux' ? Math.round(most) : null }
  } finally {
    clearInterval(timer)
  }
}

/** Processes that this one has started and that still run. */
export function children(parent: number = process.pid): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync(`/proc/${parent}/task`).flatMap((thread) => {
    const list = read(`/proc/${parent}/task/${thread}/children`)
    return list.split(' ').filter(Boolean).map(Number)
  })
}

/** The most memory a process has ever held, in MB; 0 when it is gone. */
function peak(pid: number): number {
  const found = /VmHWM:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`))
  return Number(found?.[1] ?? 0) / 1024
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
