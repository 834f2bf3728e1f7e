import { defineWorkflow, type WorkflowDocument } from '../../kernel/workflow.ts'
import {
  all,
  baselineSettled,
  claimsChecked,
  collectiveOnly,
  confirmedFirst,
  duplicatesSettled,
  firstRound,
  notHandedIn,
  noticeOver,
  seenAgain,
} from './guards.ts'

/** How far a count is, in lines. */
export type Tally = {
  lines: number
  counted: number
  returned: number
  /** Cards that changed, or went to another unit, since the unit looked at them. */
  moved: number
  surplus: number
  missing: number
  scrap: number
  undetermined: number
  changed: number
  claims: number
  claimsChecked: number
  claimsReturned: number
  /** Claims and debts whose ledger entry changed since the unit looked at them. */
  claimsMoved: number
  /** Entries of the earlier census that nothing stands for yet. */
  baselineOpen: number
  /** Groups of the unit's cards that look like one asset. */
  duplicates: number
}

export type Count = WorkflowDocument & {
  callId: string
  callNo: string
  callTitle: string
  callState: string
  baseOn: string
  /** What the call starts from. */
  baseline: string
  track: 'state' | 'collective'
  unitId: string
  scopeKey: string
  unitCode: string
  unitName: string
  unitKind: string
  round: number
  nothing: boolean
  compilation: { no: string; state: string } | null
  notice: { no: string; state: string; endsOn: string | null; open: number } | null
  /** Number of the resolution by which the members confirmed it. */
  resolution: string | null
  tally: Tally
  today: string
}

/**
 * 单位清查: the unit counts and hands in, the township's lead checks; a collective posts what it found and has its members
 * confirm it; then it is compiled and filed by the county (行政事业性国有资产管理条例 §38; 农村集体经济组织法 §43, §45).
 * A stationed unit is checked by its department, a county unit by the bureau, and a lead's own office by whoever else may.
 */
export const countWorkflow = defineWorkflow<Count>()({
  kind: 'count',
  label: '单位清查',
  states: {
    counting: { label: '盘点中', tone: 'info' },
    submitted: { label: '待审核', tone: 'info' },
    checked: { label: '已审核', tone: 'info' },
    noticed: { label: '公示中', tone: 'info' },
    confirmed: { label: '成员已确认', tone: 'info' },
    filed: { label: '已备案', tone: 'success' },
    cancelled: { label: '已取消', tone: 'neutral' },
  },
  path: ['counting', 'submitted', 'checked', 'noticed', 'confirmed', 'filed'],
  groups: {
    open: ['counting', 'submitted', 'checked', 'noticed', 'confirmed'],
    done: ['filed'],
    dropped: ['cancelled'],
  },
  parties: {
    unit: '清查单位',
    town: '清查单位（镇内）',
    department: '派驻机构的主管部门',
    bureau: '县级单位或牵头办公室自己',
    county: '清查单位（全县）',
    issuer: '发出单位',
  },
  guards: {
    all,
    seenAgain,
    claimsChecked,
    baselineSettled,
    duplicatesSettled,
    notHandedIn,
    collectiveOnly,
    noticeOver,
    confirmedFirst,
    firstRound,
  },
  steps: {
    submit: {
      from: ['counting'],
      to: 'submitted',
      by: [
        { role: 'keeper', of: 'unit' },
        { role: 'lead', of: 'town' },
      ],
      label: '提交清查结果',
      done: '清查结果已提交，等待审核。',
      sentence: '提交清查结果',
      guards: ['all', 'seenAgain', 'claimsChecked', 'baselineSettled', 'duplicatesSettled'],
      comment: 'optional',
    },
    check: {
      from: ['submitted'],
      to: 'checked',
      by: [
        { role: 'lead', of: 'town' },
        { role: 'keeper', of: 'department' },
        { role: 'approver', of: 'bureau' },
      ],
      label: '审核通过',
      done: '已审核通过。',
      sentence: '审核通过清查结果',
      comment: 'optional',
      notAfter: ['submit'],
    },
    return: {
      from: ['submitted', 'checked', 'noticed', 'confirmed'],
      to: 'counting',
      by: [
        { role: 'lead', of: 'town' },
        { role: 'keeper', of: 'department' },
        { role: 'approver', of: 'bureau' },
      ],
      label: '退回',
      done: '已退回，清查单位将看到退回的明细和理由。',
      sentence: '退回清查结果',
      guards: ['notHandedIn'],
      comment: 'required',
      asks: true,
      tone: 'warning',
    },
    post: {
      from: ['checked'],
      to: 'noticed',
      by: [
        { role: 'keeper', of: 'unit' },
        { role: 'lead', of: 'town' },
      ],
      label: '公示',
      done: '已张榜公示，期满且异议都已答复后请成员确认。',
      sentence: '公示清查结果',
      guards: ['collectiveOnly'],
      asks: true,
    },
    confirm: {
      from: ['noticed'],
      to: 'confirmed',
      by: [
        { role: 'keeper', of: 'unit' },
        { role: 'lead', of: 'town' },
      ],
      label: '登记成员确认',
      done: '成员确认已登记，等待镇里汇总。',
      sentence: '登记成员确认清查结果的决议',
      guards: ['noticeOver'],
      asks: true,
    },
    file: {
      from: ['checked', 'confirmed'],
      to: 'filed',
      by: [
        { role: 'approver', of: 'county' },
        { role: 'lead', of: 'town' },
        { role: 'keeper', of: 'department' },
      ],
      label: '备案',
      done: '已备案。',
      sentence: '备案清查结果，差异已入账',
      guards: ['confirmedFirst'],
      along: true,
    },
    cancel: {
      from: ['counting'],
      to: 'cancelled',
      by: [
        { role: 'lead', of: 'issuer' },
        { role: 'approver', of: 'issuer' },
      ],
      label: '取消该单位的清查',
      done: '该单位不再清查。',
      sentence: '取消该单位的清查',
      guards: ['firstRound'],
      comment: 'required',
      tone: 'danger',
    },
  },
})

/** The straight way of a count: those of the state are neither posted nor confirmed by members. */
export function pathOf({ track }: Pick<Count, 'track'>): readonly string[] {
  return track === 'collective'
    ? countWorkflow.path
    : countWorkflow.path.filter((state) => state !== 'noticed' && state !== 'confirmed')
}
