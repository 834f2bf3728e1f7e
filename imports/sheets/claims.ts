import { claimCategories } from './claim-choices.ts'
import { countSignatures } from './count-summary.ts'
import { type Column, type Sheet, serialColumn } from './sheet.ts'

const amount = (key: string, header: string, group?: string): Column => ({
  ...{ key, header, kind: 'money', unit: '元', width: 15, sum: true },
  ...(group === undefined ? {} : { group }),
})
const unit: Column = { key: 'unit', header: '单位', kind: 'text', width: 20 }
const category: Column = {
  ...{ key: 'category', header: '科目类别', kind: 'choice', width: 15 },
  choices: claimCategories,
}
const counterparty: Column = { key: 'counterparty', header: '对方单位(个人)', kind: 'text', width: 20 }
const occurredOn: Column = { key: 'occurredOn', header: '形成时间', kind: 'date', width: 12 }
const purpose: Column = { key: 'purpose', header: '事由', kind: 'longText', width: 22 }
const remark: Column = { key: 'remark', header: '备注', kind: 'longText', width: 16 }

/** 债权债务台账: one line each, what is owed to the collective and what it owes in columns of their own. */
export const claimsSheet: Sheet = {
  key: 'claims',
  title: '债权债务台账',
  columns: [
    serialColumn,
    { key: 'no', header: '编号', kind: 'text', width: 14 },
    unit,
    category,
    counterparty,
    amount('claimAmount', '债权金额(元)'),
    amount('debtAmount', '债务金额(元)'),
    occurredOn,
    purpose,
    { key: 'dueOn', header: '到期日', kind: 'date', width: 12 },
    { key: 'voucherNo', header: '凭证号', kind: 'text', width: 12 },
    remark,
  ],
  unitLine: '单位：元',
  signatures: countSignatures,
  paper: 'A4',
  orientation: 'landscape',
}

/** What a count found of them. The official columns were not found; these are a recommended layout. */
function censusSheet(key: string, title: string, counterpartyHeader: string): Sheet {
  return {
    key,
    title,
    columns: [
      serialColumn,
      { key: 'form', header: '农清明细', kind: 'text', width: 9 },
      unit,
      { key: 'no', header: '编号', kind: 'text', width: 14 },
      category,
      { ...counterparty, header: counterpartyHeader },
      occurredOn,
      purpose,
      amount('book', '账面数(元)'),
      amount('more', '调增(元)', '核实差额'),
      amount('less', '调减(元)', '核实差额'),
      amount('open', '未核对(元)'),
      amount('counted', '核实数(元)'),
      { key: 'reason', header: '差额原因', kind: 'longText', width: 18 },
      remark,
    ],
    unitLine: '单位：元',
    signatures: countSignatures,
    paper: 'A4',
    orientation: 'landscape',
  }
}

export const claimsCensusSheet = censusSheet('claims-census', '债权清查登记表', '债务人')
export const debtsCensusSheet = censusSheet('debts-census', '债务清查登记表', '债权人')
