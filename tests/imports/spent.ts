import { readdirSync, readFileSync } from 'node:fs'

export type Spent = {
  seconds: number
  /** What this process and those it has started meanwhile have reckoned: the same however busy the machine is. */
  processorSeconds: number
  /** The most memory that any process started meanwhile has held at once; null where the system does not tell. */
  megabytes: number | null
}

/** Runs something that starts processes and tells what they took, seen from outside. */
export async function measured<T>(work: () => Promise<T>): Promise<Spent & { result: T }> {
  const before = new Set(children())
  const reckoned = new Map<number, number>()
  let most = 0
  const look = () => {
    for (const pid of children()) {
      if (before.has(pid)) continue
      most = Math.max(most, peakOf(pid))
      reckoned.set(pid, Math.max(reckoned.get(pid) ?? 0, reckonedBy(pid)))
    }
  }
  const timer = setInterval(look, 20)
  const began = performance.now()
  const own = process.cpuUsage()
  try {
    const result = await work()
    const seconds = (performance.now() - began) / 1000
    const { user, system } = process.cpuUsage(own)
    const processorSeconds = (user + system) / 1e6 + [...reckoned.values()].reduce((sum, each) => sum + each, 0)
    return { result, seconds, processorSeconds, megabytes: process.platform === 'linux' ? Math.round(most) : null }
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
export function peakOf(pid: number): number {
  const found = /VmHWM:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`))
  return Number(found?.[1] ?? 0) / 1024
}

/** Seconds of the processor; the system counts in hundredths. */
function reckonedBy(pid: number): number {
  const [user = 0, system = 0] =
    read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ').slice(11, 13).map(Number) ?? []
  return (user + system) / 100
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
