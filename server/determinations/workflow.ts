import type { Reason } from '../kernel/errors.ts'
import { defineWorkflow, type WorkflowDocument } from '../kernel/workflow.ts'

export type Determination = WorkflowDocument & {
  applicantId: string
  applicantName: string
  track: string
  reason: string
  proposedOwnerId: string
  proposedOwnerName: string
  proposedTrack: string
  decidedOwnerName: string | null
  decidedTrack: string | null
  decidingBody: string | null
  documentNo: string | null
  decidedOn: string | null
  cards: readonly { id: string; code: string; name: string; owner: string; track: string; cost: string | null }[]
  claimants: readonly { unitId: string; name: string; claim: string }[]
  papers: readonly { id: string; title: string }[]
  /** Other documents' holds on the cards. */
  blocks: readonly Reason[]
}

/**
 * 权属界定: the keeper or the lead states the case, the lead reviews, the county decides.
 * Whose property an asset is, is settled before anything else is done with it (行政事业性国有资产管理条例 §40;
 * 农村集体经济组织法 §36 for what belongs to the collective).
 */
export const determinationWorkflow = defineWorkflow<Determination>()({
  kind: 'determination',
  label: '权属界定',
  states: {
    draft: { label: '草稿', tone: 'neutral' },
    submitted: { label: '待牵头审核', tone: 'info' },
    reviewed: { label: '待县级界定', tone: 'info' },
    decided: { label: '已界定', tone: 'success' },
    withdrawn: { label: '已撤回', tone: 'neutral' },
  },
  path: ['draft', 'submitted', 'reviewed', 'decided'],
  groups: { open: ['draft', 'submitted', 'reviewed'], done: ['decided'], dropped: ['withdrawn'] },
  parties: { applicant: '申请单位' },
  guards: {
    hasCards: {
      label: '列有待界定的资产',
      check: ({ cards }) => (cards.length > 0 ? [] : ['请写明要界定的资产。']),
    },
    hasClaimants: {
      label: '写明主张权属的单位',
      check: ({ claimants }) => (claimants.length > 0 ? [] : ['请写明哪些单位主张权属、理由是什么。']),
    },
    hasPapers: {
      label: '列有权属依据',
      check: ({ papers }) => (papers.length > 0 ? [] : ['请至少添加一份权属依据（如建设批复、土地证、捐赠协议）。']),
    },
    free: { label: '资产未被其他事项占用', check: ({ blocks }) => blocks },
  },
  steps: {
    submit: {
      from: ['draft'],
      to: 'submitted',
      by: [
        { role: 'keeper', of: 'applicant' },
        { role: 'lead', of: 'applicant' },
      ],
      label: '提交审核',
      done: '已提交，等待牵头单位审核。',
      sentence: '提交权属界定',
      guards: ['hasCards', 'hasClaimants', 'hasPapers', 'free'],
      comment: 'optional',
    },
    review: {
      from: ['submitted'],
      to: 'reviewed',
      by: [{ role: 'lead', of: 'applicant' }],
      label: '审核通过',
      done: '已审核，等待县级部门界定。',
      sentence: '审核通过权属界定',
      comment: 'optional',
      notAfter: ['submit'],
    },
    return: {
      from: ['submitted'],
      to: 'draft',
      by: [{ role: 'lead', of: 'applicant' }],
      label: '退回补充',
      done: '已退回申请单位补充。',
      sentence: '退回权属界定，要求补充',
      comment: 'required',
      tone: 'warning',
    },
    decide: {
      from: ['reviewed'],
      to: 'decided',
      by: [{ role: 'approver', of: 'applicant' }],
      label: '作出界定',
      done: '已界定，资产卡片的权属已更新。',
      sentence: '作出权属界定',
      comment: 'optional',
      asks: true,
      notAfter: ['submit', 'review'],
    },
    record: {
      from: ['reviewed'],
      to: 'decided',
      by: [
        { role: 'lead', of: 'applicant' },
        { role: 'approver', of: 'applicant' },
      ],
      label: '代录界定结果',
      done: '已代录界定结果，资产卡片的权属已更新。',
      sentence: '代录权属界定结果（决定机关没有账号，照文件录入）',
      comment: 'optional',
      asks: true,
      notAfter: ['submit'],
    },
    object: {
      from: ['reviewed'],
      to: 'draft',
      by: [{ role: 'approver', of: 'applicant' }],
      label: '退回重报',
      done: '已退回申请单位重报。',
      sentence: '退回权属界定，要求重报',
      comment: 'required',
      tone: 'warning',
    },
    withdraw: {
      from: ['draft', 'submitted'],
      to: 'withdrawn',
      by: [
        { role: 'keeper', of: 'applicant' },
        { role: 'lead', of: 'applicant' },
      ],
      label: '撤回',
      done: '已撤回，资产不再被占用。',
      sentence: '撤回权属界定',
      comment: 'required',
      tone: 'danger',
    },
  },
})

/** A lower-case word of the address and of `holds.document_kind`. */
export const determinationKind = determinationWorkflow.kind
