import type { Choice } from './fields.ts'

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

/** Whether track and owner are settled; only a determination 权属界定 settles what is not. */
export const ownerships: readonly Choice[] = [
  { value: 'settled', label: '权属明确', synonyms: ['明确', '清晰', '权属清晰', '无争议'] },
  { value: 'undetermined', label: '待界定', synonyms: ['权属待界定', '有争议', '权属不清', '权属不明'] },
]

export const titleKinds: readonly Choice[] = [
  { value: 'titled', label: '有产权', synonyms: ['有', '有证', '已办证', '是'] },
  { value: 'untitled', label: '无产权', synonyms: ['无', '无证', '未办证', '否'] },
  { value: 'undetermined', label: '产权待界定', synonyms: ['待界定'] },
]
