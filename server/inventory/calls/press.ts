import type { Tone } from '../../kernel/workflow.ts'
import type { ChartGroup, ChartRow } from './chart.ts'
import { isOver, shortDay } from './chart-steps.ts'

export type Why = { rank: number; text: string; tone: Tone }
export type Pressed = ChartRow & { why: Why; by: string }

/** 要催的, the most urgent first: what is not handed in, not checked in time, or not confirmed after its notice. */
export function toPress(groups: readonly ChartGroup[], today: string) {
  const rows = groups.flatMap((group) => group.rows)
  const pressed = (why: (row: ChartRow) => Why | null) =>
    rows
      .flatMap((row) => {
        const found = why(row)
        return found ? [{ ...row, why: found, by: checkerOf(row) }] : []
      })
      .sort((one, other) => one.why.rank - other.why.rank)
  return {
    counting: pressed((row) => (row.state === 'counting' ? whyCounting(row) : null)),
    checking: pressed((row) => (row.state === 'submitted' ? whyChecking(row) : null)),
    confirming: pressed((row) => (isOver(row, today) ? whyConfirming(row) : null)),
  }
}

function whyCounting({ clock, begun, round, nothing }: ChartRow): Why {
  if (clock?.late) return { rank: 0, text: clock.text, tone: 'danger' }
  if (round > 1) return { rank: 1, text: '退回后还没有再提交', tone: 'warning' }
  if (nothing) return { rank: 4, text: '已写明无资产，还没有提交', tone: 'info' }
  return begun ? { rank: 3, text: '盘点中', tone: 'info' } : { rank: 2, text: '还没有开始', tone: 'warning' }
}

function whyChecking({ clock }: ChartRow): Why | null {
  return clock?.late ? { rank: 0, text: clock.text, tone: 'danger' } : null
}

function whyConfirming({ noticeEndsOn, objections }: ChartRow): Why {
  const ended = noticeEndsOn ? `公示 ${shortDay(noticeEndsOn)}已期满` : '公示已期满'
  return objections > 0
    ? { rank: 0, text: `${ended}，还有 ${objections} 条异议没有答复`, tone: 'danger' }
    : { rank: 1, text: `${ended}，还没有登记成员确认`, tone: 'warning' }
}

/** Who checks, as counts/queries.ts has it. */
function checkerOf({ kind, leads }: ChartRow): string {
  if (kind === 'stationed') return '主管部门'
  return kind === 'county_department' || kind === 'state_company' || leads ? '县级' : '镇牵头'
}
