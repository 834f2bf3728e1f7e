import { defineWorkflow, type WorkflowDocument } from '../kernel/workflow.ts'

export const restrictionKinds = { disputed: '争议', mortgaged: '抵押' } as const
export type RestrictionKind = keyof typeof restrictionKinds

export type Restriction = WorkflowDocument & {
  kind: RestrictionKind
  card: { id: string; code: string; name: string; owner: string }
  /** The parts it is about; none are the whole card. */
  partNos: readonly number[]
  /** 部位 2（二楼）、部位 3（三楼）, or 整项资产. */
  extent: string
  reason: string
  body: string
  documentNo: string | null
  since: string
  liftedOn: string | null
  liftedBy: string | null
}

/**
 * 限制登记: a mortgage or a dispute is recorded from its paper and holds the card, or parts of it, until another person
 * records that it is lifted.
 */
export const restrictionWorkflow = defineWorkflow<Restriction>()({
  kind: 'restriction',
  label: '限制登记',
  states: {
    in_force: { label: '生效中', tone: 'warning' },
    lifted: { label: '已解除', tone: 'neutral' },
  },
  path: ['in_force', 'lifted'],
  groups: { open: ['in_force'], done: ['lifted'], dropped: [] },
  parties: { owner: '权属单位' },
  opening: { key: 'record', label: '登记限制' },
  guards: {},
  steps: {
    lift: {
      from: ['in_force'],
      to: 'lifted',
      by: [
        { role: 'keeper', of: 'owner' },
        { role: 'lead', of: 'owner' },
      ],
      label: '解除限制',
      done: '限制已解除，资产不再被占用。',
      sentence: '解除限制',
      comment: 'required',
      asks: true,
      // One person alone cannot take a mortgage off; where the unit has one keeper, the lead does it.
      notAfter: ['record'],
    },
  },
})

/** A lower-case word of the address and of `holds.document_kind`. */
export const restrictionKind = restrictionWorkflow.kind
