import { expect, test } from 'vitest'
import { buildDictionary } from '../../imports/recognising/dictionary.ts'
import { readHeader } from '../../imports/recognising/header.ts'
import { unitLine } from '../../imports/recognising/unit-line.ts'
import { cardFields } from '../../imports/sheets/card-fields.ts'
import { allTypeFields } from '../../imports/sheets/type-fields.ts'

const dictionary = buildDictionary([...cardFields, ...allTypeFields])
const meaning = (header: string) => {
  const path = header.split('>')
  const best = dictionary.look(path.at(-1) ?? '', path.slice(0, -1))[0]
  return best && { field: best.field.key, sure: best.sure }
}

test.for<[field: string, ways: string[]]>([
  ['name', ['资 产\n名  称', '【资产名称】', '＊资产名称', '1.资产名称', '（1）资产名称', '①资产名称', 'A、资产名称']],
  [
    'name',
    ['资产名称 Asset Name', '资产名称\nName', 'Asset Name 资产名称', '资产名称（必填）', '一、资产名称', '资产名称：'],
  ],
  ['location', ['坐  落', '座落', '座落位置', '房屋坐落位置', '坐落/存放地点', '坐落位置（如有）', '坐落（存放地点）']],
  [
    'cost',
    [
      '帐面原值',
      '账面原值（元）',
      '原值/万元',
      '原值（单位：万元）',
      '资产账面原值',
      '账面原值\n（人民币元）',
      '账面原值(5)',
    ],
  ],
  ['netValue', ['帐面净值', '净  值', '账面净值（元）7=5-6', '净值③＝①－②']],
  ['specification', ['规格形号', '规格、型号', '规格/型号', '规格型号（选填）']],
  ['acquiredOn', ['取得日期（yyyy-MM-dd）', '取得日期（如2020-01-01）', '购建时间（年月）']],
  ['floorArea', ['建筑面积【㎡】', '建筑面积（m²）', '建筑面积 M2', '建筑面积(平方米)', '面积>建筑']],
  ['landArea', ['占地面积（亩）', '占地面积/公顷', '占地']],
  ['idleArea', ['其中：闲置面积', '其中:闲置面积（㎡）', '其中>闲置面积']],
  ['annualRent', ['年租金（万元/年）', '租金（元/月）', '月租金（元）', '租金/月', '租金元/年', '年租金(含税)']],
  ['usage', ['使用状况（在用/出租/出借/闲置）', '使用状况(在用、闲置)', '资产使用状况']],
  ['titleKind', ['是否有证（是/否）', '有无产权证']],
  ['remark', ['银行存款>备注', '备  注', '备注（其他需要说明的情况）', '备注(说明)']],
  ['lessee', ['承租人>名称', '承租方>姓名', '承租人（单位）']],
  ['leaseTerm', ['出租情况>租期', '合同>起止', '租赁情况>起止日期']],
  ['certificate', ['权证>证号', '产权证书>编号']],
  ['originalCode', ['编号', '基础属性>编号', '通用>编号']],
  ['boundaryEast', ['四至>东', '四至边界\n东', '东至']],
])('%s is known however its header is written', ([field, ways]) => {
  expect(ways.map((way) => [way, meaning(way)])).toEqual(ways.map((way) => [way, { field, sure: true }]))
})

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
  '联系电话',
  '是否闲置',
  '预计使用年限(年)',
  '折旧年限',
  '长度(公里)',
  '账面原值(元/㎡)',
  '本月增加>金额',
  '本月减少>数量',
  '期初数>原值',
  '盘亏>金额',
  '合同>编号',
  '承包经营>面积',
  '拟招租底价>租金(70%)(元/月)',
  '租赁费用调整>租期',
])('「%s」 is none of ours', (header) => {
  expect(meaning(header)).toBeUndefined()
})

test.for([
  ['usage', '原使用状态'],
  ['cost', '清查数>原值'],
  ['cost', '原值(2023年)'],
  ['cost', '其中：原值'],
  ['cost', '2023年>原值'],
  ['annualRent', '租金(70%)(元/月)'],
  ['annualRent', '租金(元)'],
  ['leaseTerm', '合同到期时间'],
  ['name', '名称(承租人)'],
  ['name', '登记>名称'],
  ['unitOfMeasure', '单位(部门)'],
  ['landArea', '占地面积(㎡/亩)'],
  ['specification', '规格型号/结构'],
  ['usingUnit', '管理部门'],
  ['ownerUnit', '权属情况'],
] as const)('as %s 「%s」 is asked about', ([field, header]) => {
  expect(meaning(header)).toEqual({ field, sure: false })
})

test.for(['序号', '序  号', '序号 No.', 'No.', '行次', '（1）序号'])('「%s」 counts lines', (header) => {
  expect(dictionary.isSerial(header)).toBe(true)
})

test('a header is taken apart into name and unit', () => {
  expect(readHeader('*原值\n（万元）')).toMatchObject({ key: '原值', unit: '万元' })
  expect(readHeader('建筑面积【㎡】')).toMatchObject({ key: '建筑面积', unit: 'm2' })
  expect(readHeader('年租金 万元')).toMatchObject({ bare: '年租金', unit: '万元' })
  expect(readHeader('构（购）建时间')).toMatchObject({ key: '构购建时间', bare: '构建时间', unit: null })
  expect(readHeader('所在单元')).toMatchObject({ bare: '所在单元', unit: null })
  expect(readHeader('占地面积（㎡/亩）')).toMatchObject({ bare: '占地面积', unit: null, mixed: true })
  expect(readHeader('楼栋ID')).toMatchObject({ bare: '楼栋id' })
  expect(readHeader('2.5倍')).toMatchObject({ bare: '25倍' })
  expect(unitLine('金额单位：万元')).toEqual({ money: '万元', area: null })
  expect(unitLine('单位：元、平方米')).toEqual({ money: '元', area: '平方米' })
  expect(unitLine('填报单位：蓬莱镇')).toEqual({ money: null, area: null })
  expect(unitLine('填报单位：蓬莱镇   单位：万元、亩')).toEqual({ money: '万元', area: '亩' })
  expect(unitLine('金额单位：千元 面积单位：公顷')).toEqual({ money: '千元', area: '公顷' })
})

test('a cell of any length is taken apart at once', () => {
  const started = performance.now()
  for (const text of ['资产 a a a '.repeat(4000), '资产('.repeat(8000), '1.'.repeat(16_000), '名称/'.repeat(8000)]) {
    dictionary.look(text)
  }
  expect(performance.now() - started).toBeLessThan(200)
})
