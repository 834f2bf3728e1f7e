import { cardTypes, natures, safetyGrades, sources, titleKinds, tracks, usages, valueKinds } from './card-choices.ts'
import { cardHeaders } from './card-headers.ts'
import type { Field } from './fields.ts'

/** Every property of a card that a sheet, a form or an import may carry, in the order of the official form. */
export const cardFields = [
  { key: 'code', label: '资产编号', kind: 'text', max: 14, synonyms: cardHeaders.code },
  { key: 'originalCode', label: '原资产编号', kind: 'text', max: 60, synonyms: cardHeaders.originalCode },
  { key: 'externalCode', label: '外部系统编号', kind: 'text', max: 80, synonyms: cardHeaders.externalCode },
  { key: 'name', label: '资产名称', kind: 'text', max: 200, synonyms: cardHeaders.name },
  { key: 'track', label: '资产属性', kind: 'choice', choices: tracks, synonyms: cardHeaders.track },
  { key: 'nature', label: '资产性质', kind: 'choice', choices: natures, synonyms: cardHeaders.nature },
  { key: 'cardType', label: '资产类别', kind: 'choice', choices: cardTypes, synonyms: cardHeaders.cardType },
  { key: 'classCode', label: '分类代码', kind: 'text', max: 20, synonyms: cardHeaders.classCode },
  { key: 'ownerUnit', label: '权属单位', kind: 'unit', synonyms: cardHeaders.ownerUnit },
  { key: 'usingUnit', label: '使用单位', kind: 'unit', synonyms: cardHeaders.usingUnit },
  { key: 'originalUnit', label: '原乡镇/原村', kind: 'text', max: 120, synonyms: cardHeaders.originalUnit },
  { key: 'division', label: '所在村(社区)', kind: 'division', synonyms: cardHeaders.division },
  { key: 'location', label: '坐落位置', kind: 'text', max: 300, synonyms: cardHeaders.location },
  { key: 'structure', label: '结构', kind: 'text', max: 60, synonyms: cardHeaders.structure },
  { key: 'specification', label: '规格型号', kind: 'text', max: 200, synonyms: cardHeaders.specification },
  { key: 'acquiredOn', label: '建成/取得时间', kind: 'date', synonyms: cardHeaders.acquiredOn },
  { key: 'landArea', label: '占地面积', kind: 'area', unit: '㎡', synonyms: cardHeaders.landArea },
  { key: 'floorArea', label: '建筑面积', kind: 'area', unit: '㎡', synonyms: cardHeaders.floorArea },
  { key: 'idleArea', label: '其中闲置面积', kind: 'area', unit: '㎡', synonyms: cardHeaders.idleArea },
  { key: 'quantity', label: '数量', kind: 'quantity', synonyms: cardHeaders.quantity },
  { key: 'unitOfMeasure', label: '计量单位', kind: 'text', max: 20, synonyms: cardHeaders.unitOfMeasure },
  { key: 'cost', label: '账面原值', kind: 'money', unit: '元', synonyms: cardHeaders.cost },
  { key: 'depreciation', label: '累计折旧', kind: 'money', unit: '元', synonyms: cardHeaders.depreciation },
  { key: 'netValue', label: '账面净值', kind: 'money', unit: '元', synonyms: cardHeaders.netValue },
  { key: 'valueKind', label: '价值类型', kind: 'choice', choices: valueKinds, synonyms: cardHeaders.valueKind },
  { key: 'source', label: '形成来源', kind: 'choice', choices: sources, synonyms: cardHeaders.source },
  { key: 'titleKind', label: '产权形式', kind: 'choice', choices: titleKinds, synonyms: cardHeaders.titleKind },
  { key: 'certificate', label: '权证名称及编号', kind: 'text', max: 200, synonyms: cardHeaders.certificate },
  { key: 'usage', label: '使用状况', kind: 'choice', choices: usages, synonyms: cardHeaders.usage },
  { key: 'idleSince', label: '闲置起始时间', kind: 'date', synonyms: cardHeaders.idleSince },
  { key: 'lessee', label: '承租人', kind: 'text', max: 200, synonyms: cardHeaders.lessee },
  { key: 'leaseTerm', label: '合同起止', kind: 'text', max: 120, synonyms: cardHeaders.leaseTerm },
  { key: 'annualRent', label: '年租金', kind: 'money', unit: '元', synonyms: cardHeaders.annualRent },
  {
    key: 'safetyGrade',
    label: '房屋安全等级',
    kind: 'choice',
    choices: safetyGrades,
    synonyms: cardHeaders.safetyGrade,
  },
  { key: 'keeper', label: '保管人', kind: 'text', max: 60, synonyms: cardHeaders.keeper },
  { key: 'voucherNo', label: '会计凭证号', kind: 'text', max: 60, synonyms: cardHeaders.voucherNo },
  { key: 'problem', label: '存在问题', kind: 'longText', max: 1000, synonyms: cardHeaders.problem },
  { key: 'remark', label: '备注', kind: 'longText', max: 1000, synonyms: cardHeaders.remark },
] as const satisfies readonly Field[]

export type CardFieldKey = (typeof cardFields)[number]['key']
