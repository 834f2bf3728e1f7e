import type { Reason } from '../../kernel/errors.ts'
import type { GuardRule } from '../../kernel/workflow.ts'
import type { Count } from './workflow.ts'

type Guard = GuardRule<Count>

const page = (no: string, part: string) => `/inventory/counts/${no}${part}`

/** 不漏: every booked line is counted; a unit without any says so. */
export const all: Guard = {
  label: '全部盘点完',
  check: ({ no, tally, nothing }) => {
    const left = tally.lines - tally.counted
    if (left > 0) return [{ text: `还有 ${left} 项没有盘点。`, href: page(no, '?show=uncounted') }]
    if (tally.returned > 0)
      return [{ text: `退回的 ${tally.returned} 项还没有重新盘点。`, href: page(no, '?show=returned') }]
    if (tally.lines === 0 && !nothing) return ['本单位没有要盘点的资产：请登记盘盈，或写明“无资产”后再提交。']
    return []
  },
}

export const seenAgain: Guard = {
  label: '盘点后有变动的资产已复核',
  check: ({ no, tally }) =>
    tally.moved > 0
      ? [{ text: `有 ${tally.moved} 项资产在通知发出后有变动，请核对后再确认。`, href: page(no, '?show=moved') }]
      : [],
}

export const claimsChecked: Guard = {
  label: '债权债务核对完',
  check: ({ no, tally }) => {
    const left = tally.claims - tally.claimsChecked
    const said = (text: string, show: string) => [{ text, href: page(no, `/claims?show=${show}`) }]
    if (left > 0) return said(`还有 ${left} 笔债权债务没有核对。`, 'open')
    if (tally.claimsReturned > 0) return said(`退回的 ${tally.claimsReturned} 笔债权债务还没有重新核对。`, 'returned')
    if (tally.claimsMoved > 0) return said(`有 ${tally.claimsMoved} 笔债权债务的台账后来有变动，请再核对。`, 'moved')
    return []
  },
}

/** 不漏: whatever the earlier census had is found again, or it is said where it went. */
export const baselineSettled: Guard = {
  label: '基准清单逐项有去向',
  check: ({ no, tally }) =>
    tally.baselineOpen > 0
      ? [{ text: `基准清单还有 ${tally.baselineOpen} 项没有对上，请逐项对应或写明去向。`, href: page(no, '/baseline') }]
      : [],
}

/** 不重 */
export const duplicatesSettled: Guard = {
  label: '疑似重复已处理',
  check: ({ unitCode, track, tally }) =>
    tally.duplicates > 0
      ? [
          {
            text: `还有 ${tally.duplicates} 组疑似重复的资产，请合并或确认不同。`,
            href: `/assets/duplicates?unit=${unitCode}&track=${track}`,
          },
        ]
      : [],
}

export const notHandedIn: Guard = {
  label: '汇总还没有上报',
  check: ({ compilation }) =>
    compilation?.state === 'submitted'
      ? [
          {
            text: `已列入 ${compilation.no} 上报县里，请先由县里退回汇总。`,
            href: `/inventory/compilations/${compilation.no}`,
          },
        ]
      : [],
}

export const collectiveOnly: Guard = {
  label: '集体资产',
  check: ({ track }) => (track === 'collective' ? [] : ['国有资产的清查结果不用公示，审核后直接汇总。']),
}

export const noticeOver: Guard = {
  label: '公示期满，异议都已答复',
  check: ({ notice, today }): readonly Reason[] => {
    if (!notice) return ['还没有公示。']
    const href = `/notices/${notice.no}`
    if (notice.endsOn !== null && today <= notice.endsOn) {
      return [{ text: `公示到 ${notice.endsOn} 才期满，请次日再登记成员确认。`, href }]
    }
    return notice.open > 0 ? [{ text: `还有 ${notice.open} 条异议没有答复。`, href }] : []
  },
}

export const confirmedFirst: Guard = {
  label: '集体资产须经成员确认',
  check: ({ track, state }) =>
    track === 'collective' && state !== 'confirmed' ? ['集体资产要先公示并经成员确认，才能汇总、备案。'] : [],
}

/** What a unit has once handed in is not given up any more: it is counted again. */
export const firstRound: Guard = {
  label: '还没有提交过',
  check: ({ round }) => (round > 1 ? ['该单位提交过清查结果，退回后要重新提交，不能取消。'] : []),
}
