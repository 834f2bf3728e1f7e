import { cardTypes, sources, usages } from './card-choices.ts'
import { countSignatures } from './count-summary.ts'
import type { Column, Sheet } from './sheet.ts'
import { serialColumn } from './sheet.ts'

const unit: Column = { key: 'unit', header: '单位', kind: 'text', width: 18 }
const code: Column = { key: 'code', header: '资产编号', kind: 'text', width: 16 }
const name: Column = { key: 'name', header: '资产名称', kind: 'text', width: 20 }
const place: Column = { key: 'location', header: '存放地点', kind: 'text', width: 18 }
const remark: Column = { key: 'remark', header: '备注', kind: 'longText', width: 16 }
const quantity = (key: string, header: string): Column => ({ key, header, kind: 'quantity', width: 9, sum: true })
const money = (key: string, header: string): Column => ({
  key,
  header,
  kind: 'money',
  unit: '元',
  width: 15,
  sum: true,
})

/** As systems that supervise assets list the outcome of a count; the columns of `more` are ours. */
function outcome(key: string, title: string, more: readonly Column[] = []): Sheet {
  return listOf(key, title, [
    serialColumn,
    unit,
    code,
    name,
    { key: 'specification', header: '规格型号', kind: 'text', width: 12 },
    quantity('bookQuantity', '数量'),
    quantity('countedQuantity', '盘点数量'),
    money('bookCost', '价值(元)'),
    ...more,
    place,
    { key: 'bookedOn', header: '财务入账日期', kind: 'date', width: 12 },
    { key: 'acquiredOn', header: '购置日期', kind: 'date', width: 12 },
    { key: 'usage', header: '使用状态', kind: 'choice', choices: usages, width: 9 },
    { key: 'countedName', header: '盘点人', kind: 'text', width: 9 },
    { key: 'keeper', header: '使用人', kind: 'text', width: 9 },
    remark,
  ])
}

function listOf(key: string, title: string, columns: readonly Column[]): Sheet {
  return {
    key,
    title,
    columns,
    unitLine: '单位：元',
    signatures: countSignatures,
    paper: 'A4',
    orientation: 'landscape',
  }
}

export const lossesSheet = outcome('losses', '盘亏资产清单', [
  quantity('missingQuantity', '盘亏数量'),
  money('missingCost', '盘亏原值(元)'),
  money('missingDepreciation', '盘亏累计折旧(元)'),
  money('missingNet', '盘亏净值(元)'),
  { key: 'missingReason', header: '盘亏原因', kind: 'text', width: 16 },
])

export const uncountedSheet = outcome('uncounted', '未盘资产清单')

/** 无盈亏: nothing more and nothing less than booked; what is to be scrapped or settled is said in the remark. */
export const matchedSheet = outcome('matched', '无盈亏资产清单')

export const gainsSheet = listOf('gains', '盘盈资产清单', [
  serialColumn,
  unit,
  { key: 'baseOn', header: '盘点基准日', kind: 'date', width: 12 },
  { key: 'foundOn', header: '发现日期', kind: 'date', width: 12 },
  name,
  { key: 'cardType', header: '资产分类', kind: 'choice', choices: cardTypes, width: 10 },
  quantity('surplusQuantity', '数量'),
  { key: 'unitOfMeasure', header: '计量单位', kind: 'text', width: 8 },
  { key: 'valueBasis', header: '计价依据', kind: 'text', width: 12 },
  money('surplusCost', '原值(元)'),
  money('surplusDepreciation', '累计折旧(元)'),
  money('surplusNet', '净值(元)'),
  place,
  { key: 'explanation', header: '盘盈说明', kind: 'longText', width: 24 },
  { key: 'countedName', header: '申报人', kind: 'text', width: 9 },
  { key: 'code', header: '资产编号(备案后)', kind: 'text', width: 16 },
])

/** 新增资产: what was acquired since the earlier census, by where it came from. The layout is a recommended one. */
export const additionsSheet = listOf('additions', '新增资产清单', [
  serialColumn,
  unit,
  code,
  name,
  { key: 'cardType', header: '资产类别', kind: 'choice', choices: cardTypes, width: 10 },
  { key: 'source', header: '形成来源', kind: 'choice', choices: sources, width: 11 },
  { key: 'acquiredOn', header: '取得时间', kind: 'date', width: 12 },
  quantity('countedQuantity', '清查数量'),
  { key: 'unitOfMeasure', header: '计量单位', kind: 'text', width: 8 },
  money('countedCost', '原值(元)'),
  money('countedDepreciation', '累计折旧(元)'),
  money('countedNet', '净值(元)'),
  place,
  remark,
])
