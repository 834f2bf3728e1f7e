import type { Tx } from '../../../db/client.ts'
import type { Actor } from '../../kernel/actor.ts'
import type { Tone } from '../../kernel/workflow.ts'
import { loadCalendar } from '../../records/calendar-queries.ts'
import { type Countdown, countdown } from '../../records/countdown.ts'
import { noLines, talliesOf } from '../counts/queries.ts'
import { countWorkflow } from '../counts/workflow.ts'
import { type ChartRead, chartRows, happeningsOf, inChart } from './chart-queries.ts'
import { extendedText, type StepCell, stepCells } from './chart-steps.ts'
import type { Call } from './workflow.ts'

/** A unit's line of the wall chart 挂图. */
export type ChartRow = Omit<ChartRead, 'unitOfTime'> & {
  lines: number
  counted: number
  surplus: number
  percent: number
  begun: boolean
  clock: Countdown | null
  badge: string
  tone: Tone
  /** By the key of the column. */
  steps: Readonly<Record<string, StepCell | null>>
  /** 原 3月31日，延至 4月10日：道路不通 */
  extended: string | null
  mayExtend: boolean
}

export type ChartGroup = {
  town: string
  rows: ChartRow[]
  lines: number
  counted: number
  handedIn: number
  filed: number
}

type Charted = Pick<Call, 'id' | 'track' | 'compileOn' | 'state'>
type Looking = { today: string; sort?: string | undefined; keeps: boolean }

const { states, path } = countWorkflow

/**
 * The counts of a call that the actor reads, by township, in the order asked for; stationed units stand apart. A handful
 * of queries, however many units there are.
 */
export async function chartOf(tx: Tx, actor: Actor, call: Charted, { today, sort, keeps }: Looking) {
  const which = inChart(actor, call.id)
  const rows = await chartRows(tx, which, today)
  const tallies = await talliesOf(tx, which)
  const happenings = await happeningsOf(tx, which)
  const calendar = await loadCalendar(tx)
  const groups = new Map<string, ChartGroup>()
  for (const { unitOfTime, ...row } of rows) {
    const { lines, counted, surplus } = tallies.get(row.id) ?? noLines
    const { days, extended } = happenings.get(row.id) ?? { days: {}, extended: null }
    const clock = row.dueOn ? countdown(calendar, today, { dueOn: row.dueOn, unit: unitOfTime }) : null
    const percent = lines > 0 ? Math.floor((counted * 100) / lines) : row.state === 'counting' ? 0 : 100
    // 无资产 is an answer.
    const begun = row.state !== 'counting' || row.nothing || counted + surplus > 0
    const group = groups.get(row.town) ?? { town: row.town, rows: [], lines: 0, counted: 0, handedIn: 0, filed: 0 }
    groups.set(row.town, group)
    group.rows.push({
      ...{ ...row, lines, counted, surplus, percent, begun, clock },
      ...badgeOf({ ...row, begun }),
      steps: stepCells({ ...row, clock, days }, call, today),
      extended: extended && row.dueOn ? extendedText(extended, row.dueOn) : null,
      mayExtend: keeps && row.state === 'counting' && row.dueOn !== null,
    })
    group.lines += lines
    group.counted += counted
    group.handedIn += row.state === 'counting' ? 0 : 1
    group.filed += row.state === 'filed' ? 1 : 0
  }
  const found = [...groups.values()]
  const order = orderOf(sort)
  if (order) for (const { rows: own } of found) own.sort(order)
  return found
}

/** `progress` the least first, `-progress` the farthest; `due` the earliest day first. Anything else: by the unit's code. */
export const sorts = ['progress', 'due'] as const

function orderOf(sort: string | undefined): ((one: ChartRow, other: ChartRow) => number) | undefined {
  const turn = sort?.startsWith('-') ? -1 : 1
  switch (sort?.replace(/^-/, '')) {
    case 'progress':
      return (one, other) => turn * (farness(one) - farness(other))
    case 'due':
      // Without a day nothing is waited for: last, whichever way.
      return (one, other) => {
        if (!one.dueOn || !other.dueOn) return Number(one.dueOn === null) - Number(other.dueOn === null)
        return turn * (one.dueOn < other.dueOn ? -1 : one.dueOn > other.dueOn ? 1 : 0)
      }
    default:
      return undefined
  }
}

function farness({ state, percent, begun, nothing, compilation }: ChartRow): number {
  const within = state === 'counting' ? (nothing ? 100 : percent) + Number(begun) : compilation ? 1 : 0
  return (path as readonly string[]).indexOf(state) * 1000 + within
}

function badgeOf({ state, begun, nothing, round }: Pick<ChartRow, 'state' | 'begun' | 'nothing' | 'round'>) {
  const badge = (text: string, tone: Tone) => ({ badge: text, tone })
  if (state === 'counting' && round > 1) return badge('已退回', 'warning')
  if (state === 'counting' && nothing) return badge('无资产', 'info')
  if (!begun) return badge('还没有开始', 'warning')
  const { label, tone } = states[state as keyof typeof states]
  return badge(label, tone)
}
