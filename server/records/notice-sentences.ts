import { stepSentences } from '../kernel/workflow.ts'
import { noticeWorkflow } from './notice-workflow.ts'

export const noticeSentences: Record<string, string> = {
  'notice.post': '张榜公示',
  ...stepSentences(noticeWorkflow),
  'notice.objection': '收到异议',
  'notice.answer': '答复异议',
  'resolution.record': '登记决议',
}
