import type { Reason } from '../../kernel/errors.ts'
import { defineWorkflow, type WorkflowDocument } from '../../kernel/workflow.ts'

export type Compilation = WorkflowDocument & {
  callId: string
  callNo: string
  callTitle: string
  baseOn: string
  track: 'state' | 'collective'
  unitId: string
  unitName: string
  filedOn: string | null
  documentNo: string | null
  /** All of them, whoever looks; pages show those of the reader's scope. */
  counts: readonly {
    id: string
    no: string
    state: string
    version: number
    unitCode: string
    unitName: string
    unitKind: string
    scopeKey: string
  }[]
  /** Called units whose counts should be here and are not handed in, checked or confirmed yet. */
  silent: readonly string[]
  /** Why a difference cannot be entered into the register as things stand: holds, later changes. */
  blocks: readonly Reason[]
}

/** 汇总: who checked the counts compiles them, and the county files (行政事业性国有资产管理条例 §38, §39). */
export const compilationWorkflow = defineWorkflow<Compilation>()({
  kind: 'compilation',
  label: '清查汇总',
  states: {
    draft: { label: '汇总中', tone: 'neutral' },
    submitted: { label: '待县级备案', tone: 'info' },
    filed: { label: '已备案', tone: 'success' },
    withdrawn: { label: '已撤销', tone: 'neutral' },
  },
  path: ['draft', 'submitted', 'filed'],
  groups: { open: ['draft', 'submitted'], done: ['filed'], dropped: ['withdrawn'] },
  parties: { compiler: '汇总单位' },
  guards: {
    hasCounts: {
      label: '列有单位的清查结果',
      check: ({ counts }) => (counts.length > 0 ? [] : ['请先选入已审核（集体：已确认）的单位。']),
    },
    free: { label: '没有被占用或又有变动的资产', check: ({ blocks }) => blocks },
  },
  steps: {
    submit: {
      from: ['draft'],
      to: 'submitted',
      by: [
        { role: 'lead', of: 'compiler' },
        { role: 'keeper', of: 'compiler' },
        { role: 'approver', of: 'compiler' },
      ],
      label: '上报',
      done: '已上报，等待县级备案。',
      sentence: '上报清查汇总',
      guards: ['hasCounts'],
      comment: 'optional',
    },
    return: {
      from: ['submitted'],
      to: 'draft',
      by: [{ role: 'approver', of: 'compiler' }],
      label: '退回',
      done: '已退回，由汇总单位退回相关单位或更正后再报。',
      sentence: '退回清查汇总',
      comment: 'required',
      tone: 'warning',
    },
    file: {
      from: ['submitted'],
      to: 'filed',
      by: [{ role: 'approver', of: 'compiler' }],
      label: '备案',
      done: '已备案，清查差异已记入台账。',
      sentence: '备案清查汇总',
      guards: ['hasCounts', 'free'],
      asks: true,
      notAfter: ['submit'],
    },
    record: {
      from: ['submitted'],
      to: 'filed',
      by: [
        { role: 'lead', of: 'compiler' },
        { role: 'keeper', of: 'compiler' },
        { role: 'approver', of: 'compiler' },
      ],
      label: '代录备案结果',
      done: '已代录备案结果，清查差异已记入台账。',
      sentence: '代录清查备案结果（备案机关没有账号，照文件录入）',
      guards: ['hasCounts', 'free'],
      asks: true,
      notAfter: ['submit'],
    },
    withdraw: {
      from: ['draft'],
      to: 'withdrawn',
      by: [
        { role: 'lead', of: 'compiler' },
        { role: 'keeper', of: 'compiler' },
        { role: 'approver', of: 'compiler' },
      ],
      label: '撤销汇总',
      done: '汇总已撤销，各单位的清查结果可重新汇总。',
      sentence: '撤销清查汇总',
      comment: 'required',
      tone: 'danger',
    },
  },
})
