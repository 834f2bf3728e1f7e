import { stepSentences } from '../kernel/workflow.ts'
import { callWorkflow } from './calls/workflow.ts'
import { compilationWorkflow } from './compilations/workflow.ts'
import { countWorkflow } from './counts/workflow.ts'

export const inventorySentences: Record<string, string> = {
  ...stepSentences(callWorkflow),
  ...stepSentences(countWorkflow),
  ...stepSentences(compilationWorkflow),
  'call.draft': '起草清查通知',
  'call.redraft': '修改清查通知草稿',
  'call.add': '增加清查单位',
  'count.open': '收到清查通知',
  'count.line': '盘点',
  'count.lines': '批量盘点',
  'count.surplus': '登记盘盈',
  'count.drop-surplus': '删去盘盈',
  'count.seen': '复核变动的资产',
  'count.claim': '核对债权债务',
  'count.claim-found': '登记账外债权债务',
  'count.claim-drop': '删去账外债权债务',
  'count.claims-taken': '补入台账的债权债务',
  'count.nothing': '写明无资产',
  'count.remind': '催办',
  'count.compile': '列入汇总',
  'count.release': '移出汇总',
  'count.match': '对应基准清单',
  'count.unmatch': '撤销基准清单的对应',
  'count.settle': '写明基准清单的去向',
  'compilation.draft': '开始汇总',
  'compilation.choose': '调整汇总的单位',
}
