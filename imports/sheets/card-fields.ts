import { cardHeaders } from './card-headers.ts'
import type { Choice, Field } from './fields.ts'

/** 条线: which of the two parallel tracks leads, decides and keeps the books. */
export const tracks: readonly Choice[] = [
  { value: 'state', label: '国有', synonyms: ['国有资产', '国家', '国家所有', '全民', '镇属'] },
  { value: 'collective', label: '集体', synonyms: ['集体资产', '集体所有', '村集体', '组集体', '村属'] },
]

/** 资产属性 of collective assets (农村集体经济组织法 §36, §40). */
export const natures: readonly Choice[] = [
  { value: 'operating', label: '经营性', synonyms: ['经营性资产', '经营'] },
  { value: 'non_operating', label: '非经营性', synonyms: ['非经营性资产', '公益性', '公益性资产', '非经营'] },
  { value: 'resource', label: '资源性', synonyms: ['资源性资产', '资源'] },
]

export const cardTypes: readonly Choice[] = [
  { value: 'land', label: '土地', synonyms: ['建设用地', '宗地', '房屋空地'] },
  {
    value: 'house',
    label: '房屋',
    synonyms: ['房屋建筑物', '房屋及建筑物', '房产', '办公房', '房产土地', '建筑物', '商铺', '门面'],
  },
  { value: 'structure', label: '构筑物', synonyms: ['线型', '围墙', '晒坝'] },
  {
    value: 'public_facility',
    label: '公共基础设施',
    synonyms: ['公路', '道路', '桥梁', '水利设施', '农田水利设施', '路灯'],
  },
  { value: 'vehicle', label: '车辆', synonyms: ['运输工具', '交通运输设备'] },
  { value: 'equipment', label: '设备', synonyms: ['通用设备', '专用设备', '机械设备', '机器设备', '办公设备'] },
  { value: 'furniture', label: '家具', synonyms: ['家具用具', '家具和用具', '家具、用具、装具及动植物'] },
  { value: 'intangible', label: '无形资产', synonyms: ['20年经营权', '经营权', '软件'] },
  { value: 'resource', label: '资源性资产', synonyms: ['林木', '公益林', '林地', '耕地', '水面', '堰塘', '山坪塘'] },
  { value: 'other', label: '其他' },
]

export const usages: readonly Choice[] = [
  {
    value: 'in_use',
    label: '在用',
    synonyms: ['使用', '自用', '使用中', '公益性用途', '集体自主经营', '集体经营', '正常使用', '村自用'],
  },
  { value: 'leased', label: '出租', synonyms: ['出租经营', '租赁', '已出租', '发包', '承包'] },
  { value: 'lent', label: '出借', synonyms: ['借用', '借出', '他人使用'] },
  { value: 'invested', label: '对外投资', synonyms: ['入股投资', '入股', '投资', '作价入股'] },
  { value: 'idle', label: '闲置', synonyms: ['空置', '闲置中', '未使用', '空闲', '已荒废'] },
  { value: 'awaiting_disposal', label: '待处置', synonyms: ['待报废', '毁损待报废', '待报废、毁损'] },
  { value: 'awaiting_write_off', label: '待核销' },
  { value: 'disposed', label: '已处置', synonyms: ['已报废', '已出售', '已核销'] },
]

export const sources: readonly Choice[] = [
  { value: 'government', label: '政府投入', synonyms: ['财政拨款', '财政资金', '上级拨款', '财政投入', '项目资金'] },
  { value: 'tax_relief', label: '税费减免' },
  { value: 'donation', label: '社会捐赠', synonyms: ['捐赠', '接受捐赠', '受赠'] },
  { value: 'collective', label: '集体投资', synonyms: ['集体积累', '自筹', '集体自筹', '集体投资(积累)'] },
  { value: 'members', label: '村民投资投劳', synonyms: ['村民集资', '投工投劳', '一事一议'] },
  { value: 'allocation', label: '划拨', synonyms: ['调拨', '无偿调拨', '无偿划转', '划转', '平调返还'] },
  { value: 'purchase', label: '购置', synonyms: ['新购', '购买', '外购', '采购'] },
  { value: 'construction', label: '自建', synonyms: ['建设', '修建', '新建', '自行建造'] },
  { value: 'exchange', label: '置换' },
  { value: 'surplus', label: '盘盈' },
  { value: 'other', label: '其他' },
]

export const valueKinds: readonly Choice[] = [
  { value: 'original', label: '原值' },
  { value: 'provisional', label: '暂估值', synonyms: ['暂估', '估价'] },
  { value: 'appraised', label: '评估值', synonyms: ['评估'] },
  { value: 'replacement', label: '重置值', synonyms: ['重置', '重置成本'] },
  { value: 'nominal', label: '名义金额', synonyms: ['名义价值', '1元'] },
]

export const safetyGrades: readonly Choice[] = ['A', 'B', 'C', 'D'].map((grade) => ({
  value: grade,
  label: grade,
  synonyms: [`${grade}级`, `${grade}级危房`],
}))

export const titleKinds: readonly Choice[] = [
  { value: 'titled', label: '有产权', synonyms: ['有', '有证', '已办证', '是'] },
  { value: 'untitled', label: '无产权', synonyms: ['无', '无证', '未办证', '否'] },
  { value: 'undetermined', label: '产权待界定', synonyms: ['待界定'] },
]

/** Every property of a card that a sheet, a form or an import may carry, in the order of the official form. */
export const cardFields = [
  { key: 'code', label: '资产编号', kind: 'text', max: 14, synonyms: cardHeaders.code },
  {
    key: 'originalCode',
    label: '原资产编号',
    kind: 'text',
    max: 60,
    synonyms: cardHeaders.originalCode,
  },
  {
    key: 'externalCode',
    label: '外部系统编号',
    kind: 'text',
    max: 80,
    synonyms: cardHeaders.externalCode,
  },
  {
    key: 'name',
    label: '资产名称',
    kind: 'text',
    max: 200,
    synonyms: cardHeaders.name,
  },
  {
    key: 'track',
    label: '资产属性',
    kind: 'choice',
    choices: tracks,
    synonyms: cardHeaders.track,
  },
  {
    key: 'nature',
    label: '资产性质',
    kind: 'choice',
    choices: natures,
    synonyms: cardHeaders.nature,
  },
  {
    key: 'cardType',
    label: '资产类别',
    kind: 'choice',
    choices: cardTypes,
    synonyms: cardHeaders.cardType,
  },
  {
    key: 'classCode',
    label: '分类代码',
    kind: 'text',
    max: 20,
    synonyms: cardHeaders.classCode,
  },
  {
    key: 'ownerUnit',
    label: '权属单位',
    kind: 'unit',
    synonyms: cardHeaders.ownerUnit,
  },
  {
    key: 'usingUnit',
    label: '使用单位',
    kind: 'unit',
    synonyms: cardHeaders.usingUnit,
  },
  {
    key: 'originalUnit',
    label: '原乡镇/原村',
    kind: 'text',
    max: 120,
    synonyms: cardHeaders.originalUnit,
  },
  {
    key: 'division',
    label: '所在村(社区)',
    kind: 'division',
    synonyms: cardHeaders.division,
  },
  {
    key: 'location',
    label: '坐落位置',
    kind: 'text',
    max: 300,
    synonyms: cardHeaders.location,
  },
  {
    key: 'structure',
    label: '结构',
    kind: 'text',
    max: 60,
    synonyms: cardHeaders.structure,
  },
  {
    key: 'specification',
    label: '规格型号',
    kind: 'text',
    max: 200,
    synonyms: cardHeaders.specification,
  },
  {
    key: 'acquiredOn',
    label: '建成/取得时间',
    kind: 'date',
    synonyms: cardHeaders.acquiredOn,
  },
  {
    key: 'landArea',
    label: '占地面积',
    kind: 'area',
    unit: '㎡',
    synonyms: cardHeaders.landArea,
  },
  {
    key: 'floorArea',
    label: '建筑面积',
    kind: 'area',
    unit: '㎡',
    synonyms: cardHeaders.floorArea,
  },
  {
    key: 'idleArea',
    label: '其中闲置面积',
    kind: 'area',
    unit: '㎡',
    synonyms: cardHeaders.idleArea,
  },
  {
    key: 'quantity',
    label: '数量',
    kind: 'quantity',
    synonyms: cardHeaders.quantity,
  },
  { key: 'unitOfMeasure', label: '计量单位', kind: 'text', max: 20, synonyms: cardHeaders.unitOfMeasure },
  {
    key: 'cost',
    label: '账面原值',
    kind: 'money',
    unit: '元',
    synonyms: cardHeaders.cost,
  },
  {
    key: 'depreciation',
    label: '累计折旧',
    kind: 'money',
    unit: '元',
    synonyms: cardHeaders.depreciation,
  },
  {
    key: 'netValue',
    label: '账面净值',
    kind: 'money',
    unit: '元',
    synonyms: cardHeaders.netValue,
  },
  {
    key: 'valueKind',
    label: '价值类型',
    kind: 'choice',
    choices: valueKinds,
    synonyms: cardHeaders.valueKind,
  },
  {
    key: 'source',
    label: '形成来源',
    kind: 'choice',
    choices: sources,
    synonyms: cardHeaders.source,
  },
  {
    key: 'titleKind',
    label: '产权形式',
    kind: 'choice',
    choices: titleKinds,
    synonyms: cardHeaders.titleKind,
  },
  {
    key: 'certificate',
    label: '权证名称及编号',
    kind: 'text',
    max: 200,
    synonyms: cardHeaders.certificate,
  },
  {
    key: 'usage',
    label: '使用状况',
    kind: 'choice',
    choices: usages,
    synonyms: cardHeaders.usage,
  },
  {
    key: 'idleSince',
    label: '闲置起始时间',
    kind: 'date',
    synonyms: cardHeaders.idleSince,
  },
  {
    key: 'lessee',
    label: '承租人',
    kind: 'text',
    max: 200,
    synonyms: cardHeaders.lessee,
  },
  {
    key: 'leaseTerm',
    label: '合同起止',
    kind: 'text',
    max: 120,
    synonyms: cardHeaders.leaseTerm,
  },
  {
    key: 'annualRent',
    label: '年租金',
    kind: 'money',
    unit: '元',
    synonyms: cardHeaders.annualRent,
  },
  {
    key: 'safetyGrade',
    label: '房屋安全等级',
    kind: 'choice',
    choices: safetyGrades,
    synonyms: cardHeaders.safetyGrade,
  },
  {
    key: 'keeper',
    label: '保管人',
    kind: 'text',
    max: 60,
    synonyms: cardHeaders.keeper,
  },
  {
    key: 'voucherNo',
    label: '会计凭证号',
    kind: 'text',
    max: 60,
    synonyms: cardHeaders.voucherNo,
  },
  {
    key: 'problem',
    label: '存在问题',
    kind: 'longText',
    max: 1000,
    synonyms: cardHeaders.problem,
  },
  {
    key: 'remark',
    label: '备注',
    kind: 'longText',
    max: 1000,
    synonyms: cardHeaders.remark,
  },
] as const satisfies readonly Field[]

export type CardFieldKey = (typeof cardFields)[number]['key']
