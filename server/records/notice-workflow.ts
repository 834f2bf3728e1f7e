import type { Reason } from '../kernel/errors.ts'
import { defineWorkflow, type WorkflowDocument } from '../kernel/workflow.ts'

export type NoticeColumn = { key: string; header: string; right?: boolean }

export type Notice = WorkflowDocument & {
  title: string
  body: string
  unitId: string
  unitName: string
  track: 'state' | 'collective'
  columns: readonly NoticeColumn[]
  days: number
  startsOn: string
  endsOn: string
  place: string
  contact: string
  rowCount: number
  objectionCount: number
  /** Objections that nobody has answered. */
  open: number
  /** Address of the document it shows, with its number. */
  about: { no: string; path: string } | null
  today: string
}

/**
 * 公示: what is posted stays as it was posted for its whole period, and every objection is answered before it ends
 * (农村集体经济组织法 §45; 村民委员会组织法 §30).
 */
export const noticeWorkflow = defineWorkflow<Notice>()({
  kind: 'notice',
  label: '公示',
  states: {
    posted: { label: '公示中', tone: 'info' },
    ended: { label: '已期满', tone: 'success' },
    withdrawn: { label: '已撤下', tone: 'neutral' },
  },
  path: ['posted', 'ended'],
  groups: { open: ['posted'], done: ['ended'], dropped: ['withdrawn'] },
  parties: { unit: '公示单位' },
  opening: { key: 'post', label: '公示' },
  guards: {
    over: {
      label: '公示期已满',
      check: ({ endsOn, today }): readonly Reason[] =>
        today <= endsOn ? [`公示到 ${endsOn}，期满次日才能办结。`] : [],
    },
    answered: {
      label: '异议都已答复',
      check: ({ open }) => (open > 0 ? [`还有 ${open} 条异议没有答复。`] : []),
    },
  },
  steps: {
    end: {
      from: ['posted'],
      to: 'ended',
      by: [
        { role: 'keeper', of: 'unit' },
        { role: 'lead', of: 'unit' },
      ],
      label: '公示期满',
      done: '公示已办结。',
      sentence: '办结公示',
      guards: ['over', 'answered'],
      comment: 'optional',
    },
    withdraw: {
      from: ['posted'],
      to: 'withdrawn',
      by: [
        { role: 'keeper', of: 'unit' },
        { role: 'lead', of: 'unit' },
        { role: 'approver', of: 'unit' },
      ],
      label: '撤下公示',
      done: '公示已撤下。',
      sentence: '撤下公示',
      comment: 'required',
      // With the document it shows: else that would wait for a notice that is gone.
      along: true,
      tone: 'danger',
    },
  },
})
