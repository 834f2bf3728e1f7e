import { expect, test } from 'vitest'
import { buildDictionary } from '../../imports/recognising/dictionary.ts'
import { readHeader } from '../../imports/recognising/header.ts'
import { unitLine } from '../../imports/recognising/unit-line.ts'
import { type CardFieldKey, cardFields } from '../../imports/sheets/card-fields.ts'

const dictionary = buildDictionary(cardFields)
const meaning = (header: string) => {
  const path = header.split('>')
  return dictionary.look(path.at(-1) ?? '', path.slice(0, -1))[0]
}

/** Headers as registers, published lists and exports of other systems print them. */
const real: Partial<Record<CardFieldKey, string[]>> = {
  name: [
    '*名称',
    '标的名称',
    '标的物',
    '招租摊位',
    '物业(标的)名称',
    '建筑物名称',
    '设施名称',
    '土地名称',
    '设备名称',
    '房屋名称',
    '固定资产名称',
    '厂房名称',
  ],
  originalCode: ['*编号', '资产编码', '土地编码', '固定资产编号', '财产编号'],
  cardType: ['*资源类型', '*资产类型', '*类型', '资产分类', '设施类型', '资产类别', '土地类型', '管理类别', '物业用途'],
  classCode: ['分类代码', '固定资产分类代码'],
  ownerUnit: ['权属', '物业权属单位', '*权属情况', '土地使用权人'],
  usingUnit: ['使用部门', '管理部门', '责任部门', '资产使用部门（单位）', '管理机构'],
  division: ['村别', '所在村', '区域名称', '村（社区）'],
  location: ['坐落或\n置放位置', '坐落位置', '存放地点', '详细地址', '标的物基本位置', '清理情况>存放地点'],
  structure: ['结构类型', '建筑结构'],
  specification: ['规格型号', '规格'],
  acquiredOn: [
    '*构（购）建时间',
    '竣工日期',
    '取得日期',
    '投产日期',
    '开始使用日期',
    '入账日期',
    '购置日期',
    '建造日期',
    '起用时间',
  ],
  landArea: ['*占地面积\n（平方米）', '宗地面积(㎡)', '土地面积', '批准面积', '面积（亩）'],
  floorArea: ['*建筑面积\n（平方米）', '建筑面积(m²)', '招租面积 (㎡)'],
  idleArea: ['闲置面积'],
  quantity: ['数量', '资产数量', '实际数量', '清理情况>数量'],
  unitOfMeasure: ['计量单位', '单位', '清理情况>单位'],
  cost: ['*原值\n（万元）', '账面原值(元)', '金额(元)', '资产原值', '总价', '清理情况>金额(元)', '原值/万元'],
  depreciation: ['累计摊销(元)', '累计折旧(元)', '累计折旧金额(元)', '累计折旧'],
  netValue: ['净值', '账面净值(元)', '账面价值(元)', '当前净值(元)'],
  source: ['取得方式', '资产来源', '增加方式', '资金来源'],
  certificate: ['*证件号', '权属证号', '权证号'],
  usage: ['*经营方式', '使用状态', '状态', '资产状态', '使用状况', '现状'],
  lessee: ['承租方或投资对象', '承租人或投资对象', '利用方'],
  leaseTerm: ['经营起止时间', '合同起止时间', '租期 (年)', '拟招租期限>起止日期'],
  annualRent: ['*年租金或收益（万元）', '年租金(元)', '租金（元/月）'],
  keeper: ['保管或管理人', '保管人', '责任人', '使用人', '清理情况>保管人'],
  voucherNo: ['会计凭证号'],
  remark: ['备注'],
}

test('real headers are recognised', () => {
  const pairs = Object.entries(real).flatMap(([field, headers]) => headers.map((header) => [header, field] as const))
  const missed = pairs.filter(
    ([header, field]) => !dictionary.look(...path(header)).some((one) => one.field.key === field),
  )
  expect(missed).toEqual([])
  const certain = pairs.filter(([header]) => meaning(header)?.sure).length
  expect(certain / pairs.length).toBeGreaterThan(0.95)
})

function path(header: string): [string, string[]] {
  const parts = header.split('>')
  return [parts.at(-1) ?? '', parts.slice(0, -1)]
}

test.for([
  '保证金 (元)',
  '竞价增幅(元/次)',
  '评估租赁单价(元/㎡/月)',
  '单价(元)',
  '减值准备',
  '月折旧额',
  '净残值率(%)',
  '起点坐标',
  '远景照片',
  '投资金额(元)',
  '银行存款>账面数额',
  '部门名称',
  '出厂编号',
  '联系电话',
  '是否闲置',
  '蓄积（立方米）',
])('「%s」 is none of ours', (header) => {
  expect(meaning(header)).toBeUndefined()
})

test.for(['本月增加>金额', '本月减少>数量', '拟招租底价>租金(70%)(元/月)', '租赁费用调整>租期', '原使用状态'])(
  '「%s」 is asked about',
  (header) => {
    expect(meaning(header)?.sure).toBe(false)
  },
)

test('a header is taken apart into name and unit', () => {
  expect(readHeader('*原值\n（万元）')).toMatchObject({ key: '原值', unit: '万元' })
  expect(readHeader('建筑面积【㎡】')).toMatchObject({ key: '建筑面积', unit: 'm2' })
  expect(readHeader('年租金 万元')).toMatchObject({ bare: '年租金', unit: '万元' })
  expect(readHeader('构（购）建时间')).toMatchObject({ key: '构购建时间', bare: '构建时间', unit: null })
  expect(readHeader('所在单元')).toMatchObject({ bare: '所在单元', unit: null })
  expect(unitLine('金额单位：万元')).toEqual({ money: '万元', area: null })
  expect(unitLine('单位：元、平方米')).toEqual({ money: '元', area: '平方米' })
  expect(unitLine('填报单位：蓬莱镇')).toEqual({ money: null, area: null })
  expect(unitLine('填报单位：蓬莱镇   单位：万元、亩')).toEqual({ money: '万元', area: '亩' })
  expect(unitLine('金额单位：千元 面积单位：公顷')).toEqual({ money: '千元', area: '公顷' })
})
