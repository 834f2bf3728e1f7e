import { stepSentences } from '../kernel/workflow.ts'
import { determinationWorkflow } from './workflow.ts'

export const determinationSentences: Record<string, string> = {
  'determination.draft': '起草权属界定',
  'determination.redraft': '修改权属界定草稿',
  ...stepSentences(determinationWorkflow),
}
