import { cardTypes, usages } from '../../../imports/sheets/card-choices.ts'
import { valueBases } from '../../../imports/sheets/count-sheet.ts'
import { type Field, words } from '../../../imports/sheets/fields.ts'
import type { Identity } from '../../../imports/target.ts'

const text = (key: string, label: string, synonyms: string, max = 200): Field => ({
  ...{ key, label, kind: 'text', max },
  synonyms: words(synonyms),
})
const quantity = (key: string, label: string, synonyms: string): Field => ({
  ...{ key, label, kind: 'quantity' },
  synonyms: words(synonyms),
})

/** What a 盘点单 says of a line: by what it is known, what the books have, what was found, and what a surplus needs. */
const plainFields: readonly Field[] = [
  { key: 'no', label: '行号', kind: 'integer', synonyms: words('清查单行号') },
  text('code', '资产编号', '资产编码 卡片编号 资产卡片编号 编号', 14),
  text('name', '资产名称', '名称 资产 盘盈资产名称'),
  { key: 'cardType', label: '资产类别', kind: 'choice', choices: cardTypes, synonyms: words('类别 资产分类') },
  text('specification', '规格型号', '规格型号/结构 规格 型号 结构'),
  text('unitOfMeasure', '计量单位', '单位 数量单位', 20),
  text('location', '坐落位置', '坐落/存放地点 坐落 存放地点 地点 位置', 300),
  quantity('bookQuantity', '账面数量', '账面数 账面'),
  { key: 'bookCost', label: '账面原值', kind: 'money', unit: '元', synonyms: words('原值 账面价值') },
  quantity('counted', '清查数量', '清查数 实盘数 实盘数量 盘点数 盘点数量 实有数量'),
  quantity('missing', '盘亏数量', '盘亏数 盘亏'),
  text('missingReason', '盘亏原因', '盘亏说明'),
  quantity('scrap', '待报废数量', '待报废数 待报废'),
  text('scrapReason', '待报废原因', '报废原因'),
  quantity('undetermined', '待界定数量', '待界定数 待界定'),
  text('undeterminedReason', '待界定原因', '待界定说明'),
  { key: 'usage', label: '使用状况', kind: 'choice', choices: usages, synonyms: words('使用状态 现使用状况') },
  text('newLocation', '坐落(变更)', '坐落变更 变更后坐落 现坐落', 300),
  text('keeper', '保管人', '使用保管人 责任人', 60),
  { key: 'remark', label: '备注', kind: 'longText', max: 500, synonyms: words('盘点说明 说明') },
  { key: 'foundOn', label: '发现日期', kind: 'date', synonyms: words('盘盈日期 发现时间') },
  {
    key: 'valueBasis',
    label: '计价依据',
    kind: 'choice',
    choices: valueBases,
    synonyms: words('盘盈计价依据 计价方式'),
  },
  { key: 'cost', label: '计价金额', kind: 'money', unit: '元', synonyms: words('盘盈金额 盘盈原值') },
  text('valueNote', '计价说明', '计价原因', 300),
  { key: 'explanation', label: '盘盈说明', kind: 'longText', max: 500, synonyms: words('盘盈原因') },
  { key: 'version', label: '行版本', kind: 'integer', synonyms: words('行的版本') },
]

/** The printed sheet has these under a group of their own, and a count of something else may have them under another. */
const groups: Readonly<Record<string, readonly string[]>> = {
  清查结果: ['counted', 'missing', 'missingReason', 'scrap', 'scrapReason', 'undetermined', 'undeterminedReason'],
  盘盈资产另填: ['foundOn', 'valueBasis', 'cost', 'valueNote', 'explanation', 'version'],
}

export const lineImportFields: readonly Field[] = plainFields.map((field) => {
  const group = Object.keys(groups).find((name) => groups[name]?.includes(field.key))
  return group ? { ...field, synonyms: [...(field.synonyms ?? []), `${group}${field.label}`] } : field
})

/** A row that has neither number is something found that no line stands for. */
export const lineIdentities: readonly Identity[] = [
  { key: 'no', label: '行号', fields: ['no'], unique: true },
  { key: 'code', label: '资产编号', fields: ['code'], unique: true },
]
