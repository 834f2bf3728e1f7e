import { stepSentences } from '../kernel/workflow.ts'
import { restrictionWorkflow } from './workflow.ts'

export const restrictionSentences: Record<string, string> = {
  'restriction.record': '登记限制',
  ...stepSentences(restrictionWorkflow),
}
