import { determinationWorkflow } from './determinations/workflow.ts'
import { callWorkflow } from './inventory/calls/workflow.ts'
import { compilationWorkflow } from './inventory/compilations/workflow.ts'
import { countWorkflow } from './inventory/counts/workflow.ts'
import type { Workflow } from './kernel/workflow.ts'
import { noticeWorkflow } from './records/notice-workflow.ts'
import { restrictionWorkflow } from './restrictions/workflow.ts'

/** Every document's workflow; the printed pages and the tests of all workflows read this list. */
export const workflows: readonly Workflow<never>[] = [
  determinationWorkflow,
  callWorkflow,
  countWorkflow,
  compilationWorkflow,
  noticeWorkflow,
  restrictionWorkflow,
]
