import { claimCategories, claimKinds } from '../../imports/sheets/claim-choices.ts'
import { type Field, words } from '../../imports/sheets/fields.ts'
import type { Identity } from '../../imports/target.ts'

const money = (key: string, label: string, synonyms: string): Field => ({
  ...{ key, label, kind: 'money', unit: '元' },
  synonyms: words(synonyms),
})

/** What ledgers of receivables and payables have, under the headers that accountants write. */
export const claimImportFields: readonly Field[] = [
  {
    ...{ key: 'counterparty', label: '对方单位(个人)', kind: 'text', max: 100 },
    synonyms: words(
      '对方单位 对方 往来单位 往来单位(个人) 往来户 债务人 债权人 债务人名称 债权人名称 欠款人 欠款单位 单位或个人 户名 姓名 客户 供应商 对方名称 债权(债务)人 债权债务人',
    ),
  },
  {
    ...{ key: 'unit', label: '单位', kind: 'unit', max: 100 },
    synonyms: words('单位名称 填报单位 所属单位 村(社区) 村社区 集体经济组织 村 组织名称'),
  },
  { key: 'no', label: '编号', kind: 'text', max: 20, synonyms: words('债权债务编号 债权编号 债务编号') },
  { key: 'kind', label: '债权/债务', kind: 'choice', choices: claimKinds, synonyms: words('性质 类型 债权债务') },
  {
    ...{ key: 'category', label: '科目类别', kind: 'choice', choices: claimCategories },
    synonyms: words('科目 科目名称 类别 会计科目 债权类型 债务类型 债权类别 债务类别 往来科目'),
  },
  money('claimAmount', '债权金额', '应收金额 应收余额 借方余额 债权余额 债权数 应收款金额'),
  money('debtAmount', '债务金额', '应付金额 应付余额 贷方余额 债务余额 债务数 应付款金额 借款金额'),
  money('amount', '金额', '余额 期末余额 欠款金额 账面数 账面金额 账面余额 未结金额'),
  {
    ...{ key: 'occurredOn', label: '形成时间', kind: 'date' },
    synonyms: words('形成日期 发生时间 发生日期 借款时间 欠款时间 日期'),
  },
  {
    ...{ key: 'purpose', label: '事由', kind: 'text', max: 300 },
    synonyms: words('用途 摘要 形成原因 原因 内容 欠款原因 借款用途'),
  },
  { key: 'dueOn', label: '到期日', kind: 'date', synonyms: words('到期时间 还款日期 约定还款时间 到期日期') },
  { key: 'voucherNo', label: '凭证号', kind: 'text', max: 60, synonyms: words('凭证编号 凭证字号 合同/凭证号 合同号') },
  { key: 'remark', label: '备注', kind: 'longText', max: 500, synonyms: words('说明 附注') },
]

/** The number Panhuo gave it; without one, the n-th equal row is the n-th equal entry that is not settled. */
export const claimIdentities: readonly Identity[] = [
  { key: 'no', label: '编号', fields: ['no'], unique: true },
  { key: 'alike', label: '单位、科目、对方、形成时间和事由', fields: ['counterparty'], unique: false },
]

/** The fields of a claim that a row may change. */
export const entered = [
  ...(['category', 'counterparty', 'amount', 'occurredOn', 'purpose', 'dueOn', 'voucherNo', 'remark'] as const),
] as const
