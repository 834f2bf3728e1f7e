import { accessFields, accessSentences } from './access/sentences.ts'
import { cardSentences } from './assets/sentences.ts'
import { exportSentences } from './audit/sentences.ts'
import { claimSentences } from './claims/sentences.ts'
import { determinationSentences } from './determinations/sentences.ts'
import { importSentences } from './imports/sentences.ts'
import { inventorySentences } from './inventory/sentences.ts'
import { clockSentences } from './records/clock-sentences.ts'
import { noticeSentences } from './records/notice-sentences.ts'
import { paperSentences } from './records/paper-sentences.ts'
import { restrictionSentences } from './restrictions/sentences.ts'
import { settingSentences } from './settings/sentences.ts'

/** Every action that can stand in an event, with the line it makes in a timeline. */
export const sentences: Readonly<Record<string, string>> = {
  // Written before accounts were opened by codes.
  'person.reset-password': '生成了初始密码',
  ...accessSentences,
  ...cardSentences,
  ...claimSentences,
  ...determinationSentences,
  ...importSentences,
  ...inventorySentences,
  ...noticeSentences,
  ...paperSentences,
  ...settingSentences,
  ...exportSentences,
  ...clockSentences,
  ...restrictionSentences,
}

/** How the log calls changed fields that are no card fields. */
export const fieldLabels: Readonly<Record<string, string>> = {
  ...accessFields,
  value: '值',
  title: '名称',
  no: '文号',
  issuer: '出具单位',
  issuedOn: '日期',
  kind: '类别',
}
