import type { Tone } from '../../kernel/workflow.ts'
import type { Countdown } from '../../records/countdown.ts'
import { countWorkflow } from '../counts/workflow.ts'
import type { ChartRead } from './chart-queries.ts'
import type { Call } from './workflow.ts'

type Column = { key: string; label: string; reached: string }

/** The steps of the wall chart after counting, each with the state in which it is done; 汇总 has no state of its own. */
const columns: readonly Column[] = [
  { key: 'submit', label: '提交', reached: 'submitted' },
  { key: 'check', label: '审核', reached: 'checked' },
  { key: 'post', label: '公示', reached: 'noticed' },
  { key: 'confirm', label: '确认', reached: 'confirmed' },
  { key: 'compile', label: '汇总', reached: '' },
  { key: 'file', label: '备案', reached: 'filed' },
]

/** Those of the state are neither posted nor confirmed by members. */
export function stepColumns(track: Call['track']): readonly Column[] {
  return track === 'collective' ? columns : columns.filter(({ key }) => key !== 'post' && key !== 'confirm')
}

/** When a step was done, or how long is left for the one that is waited for. */
export type StepCell = { text: string; title?: string; tone?: Tone; href?: string; hint?: string }

type Read = Pick<
  ChartRead,
  'state' | 'compilation' | 'notice' | 'noticeEndsOn' | 'objections' | 'clockKey' | 'dueOn'
> & { clock: Countdown | null; days: Readonly<Record<string, string>> }

export function stepCells(
  row: Read,
  call: Pick<Call, 'track' | 'compileOn' | 'state'>,
  today: string,
): Record<string, StepCell | null> {
  const own = stepColumns(call.track)
  const next = own.find((column) => !isReached(column, row))
  const cells = own.map((column) => {
    if (isReached(column, row)) return [column.key, doneCell(column, row)] as const
    return [column.key, column === next ? waitedCell(column, row, call, today) : null] as const
  })
  return Object.fromEntries([['open', dayCell(row.days.open)], ...cells])
}

/** 3月5日 in the chart, the whole day on pointing at it. */
export function shortDay(day: string): string {
  const [, month, date] = day.split('-')
  return `${Number(month)}月${Number(date)}日`
}

/** What a date says that was put off: the day that held first stays to be seen. */
export function extendedText({ from, reason }: { from: string; reason: string }, dueOn: string): string {
  return `原 ${shortDay(from)}，延至 ${shortDay(dueOn)}：${reason}`
}

function isReached({ key, reached }: Column, { state, compilation }: Read): boolean {
  if (key === 'compile') return compilation !== null
  const path: readonly string[] = countWorkflow.path
  return path.indexOf(state) >= path.indexOf(reached)
}

function dayCell(day: string | undefined): StepCell {
  return day ? { text: shortDay(day), title: day } : { text: '已办' }
}

function doneCell({ key }: Column, { days, notice, noticeEndsOn, compilation, state }: Read): StepCell {
  const cell = dayCell(days[key])
  if (key === 'post' && notice) {
    const hint = state === 'noticed' && noticeEndsOn ? { hint: `${shortDay(noticeEndsOn)}期满` } : {}
    return { ...cell, ...hint, href: `/notices/${notice}` }
  }
  return key === 'compile' && compilation ? { ...cell, href: `/inventory/compilations/${compilation}` } : cell
}

/** Which clock is that of which column. */
const clockOf: Readonly<Record<string, string>> = { submit: 'submit', check: 'check', file: 'file' }

function waitedCell(
  { key }: Column,
  row: Read,
  { compileOn, state }: Pick<Call, 'compileOn' | 'state'>,
  today: string,
): StepCell | null {
  if (row.clock && row.clockKey === clockOf[key]) return { text: row.clock.text, tone: row.clock.tone }
  if (key === 'confirm' && isOver(row, today)) return { text: '公示已期满', tone: 'warning' }
  if (key === 'compile' && state === 'open' && compileOn < today) return { text: '汇总逾期', tone: 'danger' }
  return null
}

/** 公示期满: it was up as long as it had to be, and the members have not confirmed. */
export function isOver({ state, noticeEndsOn }: Pick<Read, 'state' | 'noticeEndsOn'>, today: string): boolean {
  return state === 'noticed' && noticeEndsOn !== null && noticeEndsOn < today
}
