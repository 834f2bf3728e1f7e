import type { JobState } from '../kernel/jobs.ts'
import type { BatchRow } from './actions.ts'
import type { BatchListRow } from './queries.ts'
import { stateOf, wordingOf } from './wording.ts'

export type Waiting = {
  /** How far it is, for who watches; null where nothing is under way. */
  bar: { label: string; note: string; value: number | null } | null
  /** Has somebody asked for its end? */
  stopping: boolean
  /** Why there is nothing to review, where nothing is under way. */
  sentence: string | null
}

/** What stands in place of a batch's rows while something is done with them, or when there are none. */
export function waitingView(batch: BatchRow, last: JobState | undefined): Waiting | null {
  const open = last?.state === 'queued' || last?.state === 'running'
  if (last && open) {
    return {
      bar: last.cancelAsked ? { label: '正在停止…', note: '', value: null } : barOf(last),
      stopping: last.cancelAsked,
      sentence: null,
    }
  }
  const sentence = wordingOf(batch).idle[batch.state]
  if (sentence === undefined) return null
  return { bar: null, stopping: false, sentence: batch.failure ?? sentence }
}

function barOf({ kind, state, progress, seconds, before }: JobState): Waiting['bar'] {
  if (state === 'queued') {
    const note = before > 0 ? `前面还有 ${before} 个` : '马上开始'
    return { label: '排队等待办理', note, value: null }
  }
  if (!progress) return { label: kind === 'import.read' ? '正在打开文件' : '正在开始', note: '', value: null }
  const { phase, rows, of, share } = progress
  const counted = of === null ? `${grouped(rows)} 行` : `${grouped(rows)} / ${grouped(of)} 行`
  return {
    label: rows > 0 || of !== null ? `${phase}：${counted}` : phase,
    note: secondsLeft(seconds ?? 0, share),
    value: Math.round(share * 100),
  }
}

/** From what has been done in what time; nothing as long as that says little. */
function secondsLeft(passed: number, share: number): string {
  if (share < 0.05 || share >= 1 || passed < 2) return ''
  const left = (passed * (1 - share)) / share
  return left < 55 ? `约还需 ${Math.max(5, Math.ceil(left / 5) * 5)} 秒` : `约还需 ${Math.ceil(left / 60)} 分钟`
}

/** The state of a batch in the list, with how far it is or how many come before it. */
export function stateBadge(batch: Pick<BatchListRow, 'state' | 'origin' | 'job'>): { badge: string; tone: string } {
  const { state, job } = batch
  if (job?.state === 'queued') return { badge: job.before > 0 ? `排队（前面 ${job.before} 个）` : '排队', tone: 'info' }
  const { label, tone } = stateOf(batch)
  if (!job) return { badge: label, tone }
  const doing = state === 'checked' ? '导入中' : state === 'committed' ? '撤销中' : '读取中'
  return { badge: job.share === null ? doing : `${doing} ${Math.round(job.share * 100)}%`, tone: 'info' }
}

const grouped = (count: number) => count.toLocaleString('en-US')
