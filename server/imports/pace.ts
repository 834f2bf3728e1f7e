import type { Progress, Watch } from '../../imports/watch.ts'
import type { JobRun } from '../kernel/jobs.ts'

/** Where in the whole work a phase ends, as measured on large files: what comes in the order it comes. */
const phases: Record<string, readonly (readonly [phase: string, end: number])[]> = {
  'import.read': [
    ['正在读取', 0.85],
    ['正在存放', 0.88],
    ['正在与台账比对', 0.95],
    ['正在核对', 1],
  ],
  'import.commit': [
    ['正在与台账比对', 0.15],
    ['正在核对', 0.3],
    ['正在更新卡片', 0.45],
    ['正在记录变动', 0.55],
    ['正在写入台账', 1],
  ],
}

/** Tells the phases of the work as a share of the whole, which never goes back. */
export function paced({ kind, watch }: Pick<JobRun, 'kind' | 'watch'>): Watch {
  let last: Progress = { phase: '', rows: 0, of: null }
  let part = 0
  let share = 0
  return {
    signal: watch.signal,
    progress(next) {
      // One phase may be told of from two sides: who counts rows, and who knows how much of the file is read.
      if (next.phase !== last.phase) part = 0
      const rows = next.phase === last.phase ? Math.max(last.rows, next.rows) : next.rows
      part = Math.max(part, next.share ?? (next.of ? next.rows / next.of : 0))
      last = { ...next, rows }
      share = Math.max(share, shareOf(kind, next.phase, part) ?? share)
      watch.progress({ phase: next.phase, rows, of: next.of, share })
    },
  }
}

function shareOf(kind: string, phase: string, part: number): number | undefined {
  const own = phases[kind] ?? []
  const at = own.findIndex(([name]) => name === phase)
  const end = own[at]?.[1]
  if (end === undefined) return undefined
  const from = own[at - 1]?.[1] ?? 0
  return from + (end - from) * Math.min(1, part)
}
