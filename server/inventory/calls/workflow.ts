import { defineWorkflow, type WorkflowDocument } from '../../kernel/workflow.ts'

export type Call = WorkflowDocument & {
  title: string
  track: 'state' | 'collective'
  issuerId: string
  issuerName: string
  baseOn: string
  baseline: 'register' | 'census'
  baselineName: string | null
  baselineOn: string | null
  dueOn: string
  compileOn: string
  note: string | null
  openedAt: Date | null
  /** Called units while it is drafted; afterwards each has a count. */
  unitCount: number
  /** Counts by their state. */
  states: Readonly<Record<string, number>>
}

/** States of counts that have been handed in at least as far as the lead. */
const handedIn = ['submitted', 'checked', 'noticed', 'confirmed', 'filed']

/**
 * 清查通知: a township's lead or the county has units count what they have (行政事业性国有资产管理条例 §37;
 * 农村集体经济组织法 §43 for collectives).
 */
export const callWorkflow = defineWorkflow<Call>()({
  kind: 'call',
  label: '清查通知',
  states: {
    draft: { label: '草稿', tone: 'neutral' },
    open: { label: '清查中', tone: 'info' },
    closed: { label: '已办结', tone: 'success' },
    cancelled: { label: '已取消', tone: 'neutral' },
  },
  path: ['draft', 'open', 'closed'],
  groups: { open: ['draft', 'open'], done: ['closed'], dropped: ['cancelled'] },
  parties: { issuer: '发出单位' },
  guards: {
    hasUnits: {
      label: '选定了清查单位',
      check: ({ unitCount }) => (unitCount > 0 ? [] : ['请先选定要清查的单位。']),
    },
    noneHandedIn: {
      label: '还没有单位提交清查结果',
      check: ({ states }) => {
        const count = sum(states, handedIn)
        return count > 0 ? [`已有 ${count} 个单位提交了清查结果，不能取消；不再清查的单位可逐个取消。`] : []
      },
    },
    allFiled: {
      label: '各单位的清查都已备案或取消',
      check: ({ states }) => {
        const open = Object.entries(states).filter(([state]) => state !== 'filed' && state !== 'cancelled')
        const count = open.reduce((total, [, number]) => total + number, 0)
        return count > 0 ? [`还有 ${count} 个单位没有备案，请催办，或取消不再清查的单位。`] : []
      },
    },
  },
  steps: {
    issue: {
      from: ['draft'],
      to: 'open',
      by: [
        { role: 'lead', of: 'issuer' },
        { role: 'approver', of: 'issuer' },
      ],
      label: '发出通知',
      done: '清查通知已发出，各单位可以开始盘点。',
      sentence: '发出清查通知',
      guards: ['hasUnits'],
      comment: 'optional',
    },
    close: {
      from: ['open'],
      to: 'closed',
      by: [
        { role: 'lead', of: 'issuer' },
        { role: 'approver', of: 'issuer' },
      ],
      label: '办结',
      done: '本次清查已办结。',
      sentence: '办结清查',
      guards: ['allFiled'],
      comment: 'optional',
    },
    cancel: {
      from: ['draft', 'open'],
      to: 'cancelled',
      by: [
        { role: 'lead', of: 'issuer' },
        { role: 'approver', of: 'issuer' },
      ],
      label: '取消清查',
      done: '清查通知已取消。',
      sentence: '取消清查通知',
      guards: ['noneHandedIn'],
      comment: 'required',
      tone: 'danger',
    },
  },
})

function sum(states: Readonly<Record<string, number>>, wanted: readonly string[]): number {
  return wanted.reduce((total, state) => total + (states[state] ?? 0), 0)
}
